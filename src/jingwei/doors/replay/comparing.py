"""Both tracks of a case: as it was recorded, and as the rules say; each on a node of its own."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.assessments import queries as assessments
from jingwei.apps.assessments.facts import (
    Assessment,
    Claimed,
    Compared,
    RunFact,
    RunLine,
    Withheld,
    Words,
)
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.queries import Said
from jingwei.apps.reports.facts import ReportReceived

from .as_rules import DELAY, Tick, play_as_rules
from .case import Case, CaseRow
from .player import Settle, play_all


class AsRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """The first track: the rows as told, the checks, the entries behind both."""

    lines: tuple[RunLine, ...]
    facts: tuple[RunFact, ...]
    assessment: Assessment
    entries: int
    failures: int


class AsRules(msgspec.Struct, frozen=True, kw_only=True):
    """The second track: what was proposed and decided, the entries it rests on."""

    lines: tuple[RunLine, ...]
    facts: tuple[RunFact, ...]
    until_at: datetime
    told: int
    entries: int
    failures: int


def run_as_recorded(case: Case, *, settle: Settle | None = None) -> AsRecorded:
    """Tell every row of the case on this node, and check what came of it."""
    before = _last()
    play_all(case, settle=settle)
    entries = journal.list_entries(after=before)
    rows = _rows_of(entries, case.rows)
    return AsRecorded(
        lines=tuple(_recorded_line(case, row, entry) for entry, row in rows),
        facts=_facts([e for e, _ in rows], rows=dict(_row_ids(rows))),
        assessment=assessments.assess_case(case.name, folder=case.folder),
        entries=len(entries),
        failures=journal.count_failures(),
    )


def run_as_rules(case: Case, *, ticks: Sequence[Tick], delay: timedelta = DELAY) -> AsRules:
    """Tell what the world did on this node, and decide by the rights; what came of it as lines."""
    before = _last()
    outcome = play_as_rules(case, ticks=ticks, delay=delay)
    entries = journal.list_entries(after=before)
    rows = _rows_of(entries, case.given.rows)
    lines = assessments.list_outcome(entries, outcome.unmade, zone=ZoneInfo(case.info.time_zone))
    used = {f for line in lines for f in line.facts} | {str(e.id) for e, _ in rows}
    by_row = dict(_row_ids(rows))
    return AsRules(
        lines=tuple(lines),
        facts=_facts([e for e in entries if str(e.id) in used], rows=by_row),
        until_at=outcome.until_at,
        told=outcome.told,
        entries=len(entries),
        failures=journal.count_failures(),
    )


def put_together(
    case: Case, recorded: AsRecorded, said: AsRules, *, delay: timedelta, took_s: float
) -> Compared:
    """One outcome of both tracks, with the pairs between them."""
    claims = {row.seq: [Claimed(c.measure, c.area, c.value, c.unit, c.words) for c in row.told.figures]
              for row in case.rows}  # fmt: skip
    pairs = assessments.list_pairs(
        case.info,
        recorded.lines,
        said.lines,
        found=recorded.assessment,
        claims=claims,
        zone=ZoneInfo(case.info.time_zone),
    )
    return Compared(
        case=case.name,
        title=case.info.title,
        delay_min=delay / timedelta(minutes=1),
        inputs=digest_of(case),
        version=_version(),
        from_at=case.live_from_at,
        until_at=said.until_at,
        rows=len({r.told.key for r in case.rows}),
        told=said.told,
        withheld=tuple(_withheld(case)),
        entries=recorded.entries + said.entries,
        failures=recorded.failures + said.failures,
        lines=(*recorded.lines, *said.lines),
        pairs=tuple(pairs),
        facts=(*recorded.facts, *said.facts),
        assessment=recorded.assessment,
        took_s=round(took_s, 2),
    )


def digest_of(case: Case) -> str:
    """SHA-256 over the case's files, in order of their names."""
    found = hashlib.sha256()
    for file in sorted(case.folder.iterdir(), key=lambda f: f.name):
        if file.is_file() and file.name.endswith((".csv", ".json")):
            found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def _version() -> str:
    try:
        return version("jingwei")
    except PackageNotFoundError:
        return ""


def _last() -> int:
    return max((e.seq for e in journal.list_entries(newest=1)), default=0)


def _rows_of(entries: Sequence[Said], rows: Sequence[CaseRow]) -> list[tuple[Said, CaseRow]]:
    """Which entry tells which row: they were told once each, in this order."""
    told = [e for e in entries if isinstance(e.fact, ReportReceived)]
    once = list({r.told.key: r for r in rows}.values())
    return list(zip(told, once, strict=True))


def _row_ids(rows: Sequence[tuple[Said, CaseRow]]) -> list[tuple[str, CaseRow]]:
    return [(str(entry.id), row) for entry, row in rows]


def _recorded_line(case: Case, row: CaseRow, entry: Said) -> RunLine:
    told = row.told
    body = agencies.find_organization(told.organization) if told.organization else None
    return RunLine(
        id=f"r{row.seq}",
        track="recorded",
        at=row.at.astimezone(ZoneInfo(case.info.time_zone)),
        precision=told.precision,
        what=row.act,
        words=Words(told.words, row.title_en),
        by=Words(body.name_zh, body.name_en) if body else Words(),
        place=told.place,
        level=told.level,
        marks=assessments.marks_of_evidence(told.evidence),
        facts=(str(entry.id),),
        row=row.seq,
        part=row.part,
        source=told.source,
        evidence=told.evidence,
    )


def _facts(entries: Sequence[Said], *, rows: Mapping[str, CaseRow]) -> tuple[RunFact, ...]:
    who = agencies.list_authorities({e.by for e in entries if e.by})
    return tuple(_fact(e, who.get(e.by) if e.by else None, rows.get(str(e.id))) for e in entries)


def _fact(entry: Said, found: Authority | None, row: CaseRow | None) -> RunFact:
    body: dict[str, Any] = msgspec.to_builtins(entry.fact)
    return RunFact(
        id=str(entry.id),
        kind=entry.kind,
        at=entry.at,
        post=found.post_code if found else "",
        by=assessments.post_words(found) if found else Words(),
        machine=found is not None and found.person_kind == "machine",
        row=row.seq if row else "",
        words=row.told.words if row else "",
        body=body,
    )


def _withheld(case: Case) -> list[Withheld]:
    """Rows that are answers, and figures nobody could know yet."""
    found = []
    for row in {r.told.key: r for r in case.rows}.values():
        if row.part == "answer":
            found.append(Withheld(row=row.seq, words=row.told.words, why=row.why))
        elif row.withheld:
            measures = tuple(c.measure for c in row.withheld)
            found.append(Withheld(row=row.seq, words=row.told.words, why=row.why, measures=measures))
    return found
