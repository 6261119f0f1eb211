"""What rows of pages show, made from what the apps read. Names in both languages, nothing computed twice."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Head, ReportLine

from .names import Names

#: Flags that a row shows: the others stand on the report's own page.
ROW_FLAGS = (
    "rumor", "key_reused", "time_in_future", "clock_hours_off", "point_impossible", "place_unknown",
    "kind_unknown", "outside_area", "json_unreadable",
)  # fmt: skip


class IncidentRow(msgspec.Struct, frozen=True):
    """An incident in a list."""

    id: uuid.UUID
    title_zh: str
    title_en: str
    kind_zh: str
    kind_en: str
    place_zh: str
    place_en: str
    grade: int | None
    grade_state: str
    pending: int | None
    proposed_grade: int | None
    missing: tuple[str, ...]
    opened_at: datetime
    last_at: datetime
    precision: str
    report_count: int
    state: str
    version: int
    lon: float | None
    lat: float | None
    line: IncidentLine


class ReportRow(msgspec.Struct, frozen=True):
    """A report in a list, or several of one incident behind their newest."""

    id: uuid.UUID
    at: datetime
    precision: str
    title: str
    lang: str
    words: str
    told: bool
    kind_zh: str
    kind_en: str
    place_zh: str
    place_en: str
    channels: tuple[tuple[str, int], ...]
    rescue: bool
    state: str
    flags: tuple[str, ...]
    incident: IncidentRow | None
    waits: str
    count: int


def know(lines: Iterable[IncidentLine | ReportLine], names: Names) -> None:
    """Before these become rows: what they will be called, asked for together."""
    lines = list(lines)
    names.know(
        kinds=[i.kind for i in lines], divisions=[i.place for i in lines], sites=[i.site for i in lines]
    )


def incident_rows(lines: Iterable[IncidentLine], names: Names) -> list[IncidentRow]:
    lines = list(lines)
    know(lines, names)
    return [incident_row(line, names) for line in lines]


def incident_row(line: IncidentLine, names: Names) -> IncidentRow:
    kind, place = names.kind(line.kind), names.place(line.place)
    # a title made by the node holds the kind's name already: it is not said twice
    if kind[0] and kind[0] in line.title_zh:
        kind = ("", "")
    return IncidentRow(
        id=line.id,
        title_zh=line.title_zh,
        title_en=line.title_en,
        kind_zh=kind[0],
        kind_en=kind[1],
        place_zh=place[0],
        place_en=place[1],
        grade=line.grade,
        grade_state=line.grade_state,
        pending=line.pending,
        proposed_grade=line.proposed_grade,
        missing=line.missing,
        opened_at=line.opened_at,
        last_at=line.last_at,
        precision=line.precision,
        report_count=line.report_count,
        state=line.state,
        version=line.version,
        lon=line.lon,
        lat=line.lat,
        line=line,
    )


def report_row(
    line: ReportLine, names: Names, *, incident: IncidentRow | None = None, waits: str = ""
) -> ReportRow:
    kind, place = names.kind(line.kind), names.place(line.place, line.site)
    return ReportRow(
        id=line.id,
        at=line.occurred_at,
        precision=line.precision,
        title=line.title,
        lang=line.lang,
        words=line.words or line.raw,
        told=bool(line.words),
        kind_zh=kind[0],
        kind_en=kind[1],
        place_zh=place[0] or line.place_words,
        place_en=place[1] or line.place_words,
        channels=((line.channel, 1),),
        rescue=line.rescue,
        state=line.state,
        flags=tuple(f for f in line.flags if f in ROW_FLAGS),
        incident=incident,
        waits=waits,
        count=1,
    )


def report_rows(lines: Sequence[ReportLine], names: Names, waits: dict[uuid.UUID, str]) -> list[ReportRow]:
    """Rows one by one, each with the incident it stands in."""
    where = incidents.get_incident_of_reports([line.id for line in lines])
    know([*lines, *where.values()], names)
    return [
        report_row(
            line,
            names,
            incident=incident_row(where[line.id], names) if line.id in where else None,
            waits=waits.get(line.id, ""),
        )
        for line in lines
    ]


def grouped(heads: Iterable[Head]) -> list[list[Head]]:
    """Reports of one incident behind their newest, asked for by their ids alone."""
    heads = list(heads)
    where = incidents.list_incident_ids([one.id for one in heads])
    groups: dict[uuid.UUID, list[Head]] = {}
    for one in heads:
        groups.setdefault(where.get(one.id, one.id), []).append(one)
    return list(groups.values())


def group_rows(groups: Sequence[Sequence[Head]], names: Names) -> list[ReportRow]:
    """The newest of each group, with how many stand behind it, and by which channels they came."""
    ids = [group[0].id for group in groups]
    waits = incidents.list_reasons_to_wait(ids)
    rows = {row.id: row for row in report_rows(reports.list_reports_by_id(ids), names, waits)}
    return [_together(rows[group[0].id], group) for group in groups if group[0].id in rows]


def _together(row: ReportRow, group: Sequence[Head]) -> ReportRow:
    channels = Counter(one.channel for one in group)
    return msgspec.structs.replace(
        row,
        count=len(group),
        channels=tuple(sorted(channels.items(), key=lambda c: (-c[1], c[0]))),
        rescue=any(one.rescue for one in group),
    )
