"""Steps that several actions share: what is owed now, and what the record says for a draft."""

import uuid
from collections.abc import Sequence

import msgspec
from django.utils.timezone import get_current_timezone

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DeadlineRule
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine, Room
from jingwei.apps.reports.queries import ReportLine
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import ObligationArose, ObligationMet, ObligationVoided
from .models import Computed, Obligation, Sitrep, SitrepVersion
from .queries.owed import HURT, Book, list_owed
from .rules import Owed, SitrepRefused

#: Lines of what happened in one report; the room holds the rest.
MOST_LINES = 8

#: Types of reports that tell what happened, and those that tell what was done.
HAPPENED, DONE = ("occurrence", "observation", "finding"), ("action", "response")


def recomputed(line: IncidentLine, book: Book, *, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """Bring the incident's obligations to what is owed now: voided, replaced, added. Facts, rows saved.

    What lapsed or was met stays as it is, and is not asked for again. Nothing is done for an incident
    that is in every respect as it was the last time.
    """
    basis = basis_of(line)
    if Computed.objects.filter(incident_id=line.id, basis=basis).exists():
        return []
    Computed.objects.update_or_create(incident_id=line.id, defaults={"basis": basis})
    wanted = {_key(o): o for o in (list_owed(line, book) if line.state == "open" else [])}
    said: list[tuple[Fact, Obligation]] = []
    rows = Obligation.objects.select_for_update().filter(incident_id=line.id).exclude(state="void")
    for row in rows.order_by("arose_at", "pk"):
        owed = wanted.get(_key(row))
        if owed is not None and (row.state != "open" or _same(row, owed)):
            del wanted[_key(row)]
        elif row.state == "open":
            if owed is not None and _of_a_series(row):
                del wanted[_key(row)]
                continue
            reason = "incident_closed" if line.state != "open" else "changed"
            said.append((_voided(row, reason), row))
    said += [arisen(line, owed, moment=moment) for owed in wanted.values()]
    return said


def basis_of(line: IncidentLine) -> str:
    """All of an incident that decides what is owed, in one line."""
    hurt = [m for m in HURT if line.figures.get(m, 0) > 0]
    parts = (line.kind, line.place, line.opened_at.isoformat(), line.state, line.grade, line.grade_state,
             line.judged_grade, line.judged_at and line.judged_at.isoformat(), ",".join(hurt))  # fmt: skip
    return " ".join(str(part) for part in parts)


def _key(one: Obligation | Owed) -> tuple[str, str, str, str, str]:
    return (one.rule_id, one.from_organization, one.from_place, one.to_organization, one.to_role)


def _same(row: Obligation, owed: Owed) -> bool:
    return (row.trigger_at, row.due_at) == (owed.trigger_at, owed.due_at)


def _of_a_series(row: Obligation) -> bool:
    """One of a series of continued reports: its time follows the one before, not the event."""
    return row.stage == "continued" and row.due_at is not None


def _voided(row: Obligation, reason: str) -> ObligationVoided:
    row.state, row.next_at = "void", None
    row.save()
    return ObligationVoided(
        incident_id=str(row.incident_id), obligation_id=str(row.id), rule_id=row.rule_id, reason=reason
    )


def arisen(line: IncidentLine, owed: Owed, *, moment: Moment) -> tuple[ObligationArose, Obligation]:
    """A new obligation with its fact."""
    row = Obligation(
        incident_id=line.id,
        **msgspec.structs.asdict(owed),
        grade=line.grade,
        basis=line.grade_state,
        arose_at=moment.at,
        next_at=rules.warn_at(owed.trigger_at, owed.due_at) if owed.due_at else None,
    )
    row.save(force_insert=True)
    return arose(row), row


def arose(row: Obligation) -> ObligationArose:
    return ObligationArose(
        incident_id=str(row.incident_id),
        obligation_id=str(row.id),
        rule_id=row.rule_id,
        stage=row.stage,
        from_role=row.from_role,
        from_organization=row.from_organization,
        to_role=row.to_role,
        to_organization=row.to_organization,
        mode=row.mode,
        trigger_at=row.trigger_at,
        due_at=row.due_at,
        grade=row.grade,
        basis=row.basis,
    )


def follow_on(row: Obligation, *, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """The next of a series of reports, once this one has lapsed or was met."""
    rule = hazards.find_rule(row.rule_id)
    if row.due_at is None or not isinstance(rule, DeadlineRule):
        return []
    zone = get_current_timezone()
    due_at = rules.next_due(row.trigger, rule.limit_minutes, row.due_at, zone=zone)
    same = Obligation.objects.filter(incident_id=row.incident_id, rule_id=row.rule_id, due_at__gt=row.due_at)
    ends = {n: getattr(row, n) for n in ("from_organization", "from_place", "to_organization", "to_role")}
    if due_at is None or same.filter(**ends).exclude(state="void").exists():
        return []
    copied = ("incident_id", "rule_id", "stage", "from_role", "mode", "trigger", "grade", "basis")
    after = Obligation(
        **{name: getattr(row, name) for name in copied},
        **ends,
        trigger_at=row.due_at,
        due_at=due_at,
        arose_at=moment.at,
        next_at=rules.warn_at(row.due_at, due_at),
    )
    after.save(force_insert=True)
    return [(arose(after), after)]


def met(
    row: Obligation, *, sitrep: Sitrep | None, words: str, by: By, moment: Moment
) -> tuple[ObligationMet, Obligation]:
    """Hold the obligation to be met now; that it was late stays."""
    if row.due_at is not None and moment.at > row.due_at:
        row.lapsed_at = row.lapsed_at or row.due_at
    row.state, row.next_at, row.met_at, row.met_by = "met", None, moment.at, by
    row.sitrep, row.met_words = sitrep, words[:300]
    row.save()
    late_s = max(0.0, (moment.at - row.due_at).total_seconds()) if row.due_at else 0.0
    fact = ObligationMet(
        incident_id=str(row.incident_id),
        obligation_id=str(row.id),
        rule_id=row.rule_id,
        sitrep_id=str(sitrep.id) if sitrep else "",
        took_s=(moment.at - row.trigger_at).total_seconds(),
        late_s=late_s,
        words=row.met_words,
    )
    return fact, row


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


# --- the draft -------------------------------------------------------------------------------------------


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
        measures=tuple(_done(room)),
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


def _figures(room: Room) -> list[rules.FigureLine]:
    return [
        rules.FigureLine(
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
        for chain in room.chains
    ]


def _done(room: Room) -> Sequence[rules.Line]:
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
    return sorted(lines, key=lambda line: line.at)
