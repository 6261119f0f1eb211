"""What the record says for a draft: each line with its source, nothing typed again."""

import uuid
from collections.abc import Sequence

import msgspec

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import Chain, Room
from jingwei.apps.people import queries as people
from jingwei.apps.people.queries import CountChain
from jingwei.apps.plans import queries as plans
from jingwei.apps.reports.queries import ReportLine
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..models import Sitrep, SitrepVersion
from ..rules import FigureLine, SitrepRefused

#: Lines of what happened in one report; the room holds the rest.
MOST_LINES = 8

#: Types of reports that tell what happened, and those that tell what was done.
HAPPENED, DONE = ("occurrence", "observation", "finding"), ("action", "response")


def locked_sitrep(sitrep_id: uuid.UUID) -> Sitrep:
    row = Sitrep.objects.select_for_update().filter(pk=sitrep_id).first()
    if row is None:
        raise SitrepRefused("sitrep_unknown")
    return row


def kept(row: Sitrep, *, by: By, moment: Moment) -> None:
    """Save the report, and its content as a version for ever."""
    row.save()
    SitrepVersion.objects.create(
        sitrep=row, version=row.version, content=row.content, to_check=row.to_check, at=moment.at, by=by
    )


def draft_content(
    incident_id: uuid.UUID, stage: str, *, authority: Authority, texts: dict[str, str]
) -> rules.Content:
    """What the record says for a report now; a person's pieces are carried over."""
    room = incidents.get_room(incident_id, authority=authority)
    if room is None:
        raise SitrepRefused("sitrep_unknown")
    line = room.incident
    content = rules.Content(
        occurred_at=line.opened_at,
        precision=line.precision,
        place=line.place,
        site=line.site,
        kind=line.kind,
        grade=line.grade,
        grade_state=line.grade_state,
        clauses=line.clauses,
        happened=tuple(_happened(room)),
        figures=tuple(_figures(room)),
        measures=tuple(_done(room, authority)),
        texts=texts,
    )
    area = line.site or line.place
    gaps = rules.find_gaps(stage, content.figures, area=area)
    return rules.numbered(msgspec.structs.replace(content, gaps=gaps))


def _happened(room: Room) -> list[rules.Line]:
    found = [
        joined.report
        for joined in room.reports
        if joined.report.type in HAPPENED and joined.report.words and not joined.report.has("rumor")
    ]
    newest = sorted(found, key=lambda r: (r.occurred_at, r.received_at))[-MOST_LINES:]
    return [_told(report) for report in newest]


def _told(report: ReportLine) -> rules.Line:
    return rules.Line(
        at=report.occurred_at,
        what=report.type,
        precision=report.precision,
        words=report.words,
        lang=report.lang,
        organization=report.organization,
        level=report.level,
        report_id=str(report.id),
        source=report.source or report.channel,
        evidence=report.evidence,
    )


def _figures(room: Room) -> list[FigureLine]:
    """One figure a measure and area: of people the count we stand by, else what was told last."""
    found = {(chain.measure, chain.area): _told_figure(chain) for chain in room.chains}
    for chain in people.list_count_chains(room.incident.id):
        if chain.stands is not None:
            found[chain.measure, chain.area] = _adopted(chain)
    return list(found.values())


def _told_figure(chain: Chain) -> FigureLine:
    return FigureLine(
        measure=chain.measure,
        area=chain.area,
        value=chain.newest.value,
        unit=chain.newest.unit,
        as_of_at=chain.newest.as_of_at,
        precision=chain.newest.precision,
        report_id=str(chain.newest.report_id),
        source=chain.newest.source,
        evidence=chain.newest.evidence,
    )


def _adopted(chain: CountChain) -> FigureLine:
    """The count we stand by; one that was lowered says from what, and why."""
    count = chain.counts[0]
    before = chain.counts[1].value if len(chain.counts) > 1 else None
    lowered = before is not None and before > count.value
    told = next((f for f in chain.told if f.report_id == count.report_id), None)
    return FigureLine(
        measure=chain.measure,
        area=chain.area,
        value=float(count.value),
        unit=count.unit,
        as_of_at=count.as_of_at,
        precision=told.precision if told else "minute",
        report_id=str(count.report_id or ""),
        source=count.source,
        evidence=told.evidence if told else "",
        count_id=str(count.id),
        from_list=count.from_list,
        before=float(before) if lowered and before is not None else None,
        reason=count.reason if lowered else "",
    )


def _done(room: Room, authority: Authority) -> Sequence[rules.Line]:
    """What was done: reports of it, decisions on the incident, steps of the responses to it."""
    lines = [
        _told(entry.report)
        if entry.report is not None
        else rules.Line(
            at=entry.at,
            what=entry.fact.KIND if entry.fact else "",
            level=getattr(entry.fact, "grade", None),
            words=getattr(entry.fact, "reason", ""),
            by=str(entry.by or ""),
        )
        for entry in room.timeline
        if (entry.report is not None and entry.report.type in DONE)
        or (entry.report is None and entry.mark == "decision")
    ]
    lines += [
        rules.Line(at=s.at, what=s.fact.KIND, level=s.level, words=s.reason, by=str(s.by or ""))
        for s in plans.list_steps_for(room.incident.id, authority=authority)
    ]
    return sorted(lines, key=lambda line: line.at)
