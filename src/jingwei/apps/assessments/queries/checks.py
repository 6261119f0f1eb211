"""What the journal says about a case, checked. Reads the journal and what it refers to; keeps nothing."""

import csv
import io
import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.queries import Said
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.facts import ReportReceived
from jingwei.apps.reports.queries import ReportLine
from jingwei.kernel.codes import place_within
from jingwei.kernel.refusals import Refused

from .. import rules
from ..facts import Assessment, CaseInfo, Checked, CheckRule, Claimed, Measure, Record, Term, Words

_DATA = files("jingwei") / "data"


class CaseRefused(Refused):
    """`case_unknown`: no case of that name ships with the node, and there is no such folder."""


def list_cases() -> list[str]:
    """The names of the cases that ship with the node."""
    return sorted(f.name for f in (_DATA / "cases").iterdir() if (f / "case.json").is_file())


def get_folder(name: str) -> Traversable:
    """Where a case's files are. Raises `CaseRefused` for a name nobody knows."""
    if name not in list_cases():
        raise CaseRefused("case_unknown", name=name, known=", ".join(list_cases()))
    return _DATA / "cases" / name


def get_case(folder: Traversable) -> CaseInfo:
    """What a case is called, what kind, where, when."""
    told = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return CaseInfo(
        name=told["name"],
        title=Words(told["name_zh"], told["name_en"]),
        event_ref=told["event_ref"],
        kind=told["kind"],
        region=told["region"],
        prefecture=told["prefecture"],
        time_zone=told["time_zone"],
        live_from_at=datetime.fromisoformat(told["live_from_at"]),
        live_until_at=datetime.fromisoformat(told["live_until_at"]),
        feed_organization=told["feed_organization"],
        feed_role=told["feed_role"],
        lang=told.get("lang", "zh"),
        country=told.get("country", "CN"),
    )


def list_check_rules(folder: Traversable) -> list[CheckRule]:
    """The checks of a case: what was to be expected, by which rule, and what a check still needs."""
    return [
        CheckRule(
            id=row["id"],
            title=Words(row["title_zh"], row["title_en"]),
            expected=Words(row["expected_zh"], row["expected_en"]),
            rule=row["rule"],
            source=row["source"],
            evidence=row["evidence"],
            needs=row["needs"],
        )
        for row in _rows(folder / "checks.csv")
    ]


def list_terms(folder: Traversable) -> list[Term]:
    """The words whose revision a case asks about; none where it has no such file."""
    file = folder / "wordings.csv"
    return [
        Term(
            term=Words(row["term_zh"], row["term_en"]),
            speaker=Words(row["speaker_zh"], row["speaker_en"]),
            then=row["said"] == "then",
        )
        for row in (_rows(file) if file.is_file() else ())
    ]


@cache
def get_measures() -> dict[str, Measure]:
    """What figures count, by code. Package data: fixed while a process runs."""
    return {
        row["code"]: Measure(row["code"], row["unit"], Words(row["zh"], row["en"]), row["group"])
        for row in _rows(_DATA / "measures.csv")
    }


def _rows(file: Traversable) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))


def assess_case(
    name: str, *, folder: Traversable | None = None, authority: Authority | None = None
) -> Assessment:
    """All checks of the case over this node's journal; with `authority`, over what that post sees.

    `folder` gives the case's own files where they do not ship with the node.
    """
    folder = folder or get_folder(name)
    case, zone = get_case(folder), ZoneInfo(get_case(folder).time_zone)
    records = _list_records(case, zone, authority)
    announcements = _list_announcements(records)
    terms = list_terms(folder)
    checks = [_check(r, records, announcements, terms, zone) for r in list_check_rules(folder)]
    return Assessment(
        case=case.name,
        title=case.title,
        event_ref=case.event_ref,
        records=len(records),
        checks=tuple(checks),
    )


def _check(
    rule: CheckRule,
    records: Sequence[Record],
    announcements: Sequence[Sequence[Record]],
    terms: Sequence[Term],
    zone: ZoneInfo,
) -> Checked:
    """The check under its number; one that names what it needs, or that nobody wrote, waits."""
    if rule.needs:
        return rules.check_later(rule)
    if rule.id == "C1":
        return rules.check_delay(rule, records, announcements, zone=zone)
    if rule.id == "C3":
        return rules.check_silence(rule, records, measures=get_measures(), zone=zone)
    if rule.id == "C4":
        return rules.check_conflicts(rule, announcements, zone=zone)
    if rule.id == "C5":
        return rules.check_chains(rule, records, measures=get_measures())
    if rule.id == "C8":
        return rules.check_wording(rule, records, terms, zone=zone)
    return rules.check_later(rule)


def _list_records(case: CaseInfo, zone: ZoneInfo, authority: Authority | None) -> list[Record]:
    """The reports of the case's region, as the journal attests them, in order of writing."""
    said = journal.list_entries(kinds=[ReportReceived])
    lines = {str(r.id): r for r in reports.list_reports_by_id([uuid.UUID(e.subject) for e in said])}
    return [
        _record(entry, lines[entry.subject], zone)
        for entry in said
        if entry.subject in lines
        and place_within(lines[entry.subject].place, case.region)
        and (authority is None or agencies.sees(authority, lines[entry.subject].place))
    ]


def _record(entry: Said, line: ReportLine, zone: ZoneInfo) -> Record:
    return Record(
        entry_id=str(entry.id),
        report_id=str(line.id),
        type=line.type,
        channel=line.channel,
        organization=line.organization,
        kind=line.kind,
        place=line.place,
        level=line.level,
        from_level=line.from_level,
        number=line.number,
        at=entry.at.astimezone(zone),
        occurred_at=line.occurred_at.astimezone(zone),
        precision=line.precision,
        source=line.source,
        evidence=line.evidence,
        title=line.title,
        words=line.words,
        claims=tuple(Claimed(f.measure, f.area, f.value, f.unit, f.words) for f in line.figures),
    )


def _list_announcements(records: Sequence[Record]) -> list[list[Record]]:
    """Warnings and response levels; those that tell of the same one stand together."""
    known = {r.report_id: r for r in records}
    groups = reports.list_announcements(ids=[uuid.UUID(i) for i in known])
    return [[known[one.report_id] for one in group] for group in groups]
