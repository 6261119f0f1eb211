"""The shapes in which the API answers: stable names, independent of tables."""

import uuid
from datetime import date, datetime

from ninja import Schema


class Page(Schema):
    """Which part of a list this is."""

    total: int
    offset: int
    limit: int


class FigureOut(Schema):
    measure: str
    area: str
    value: float
    unit: str
    as_of_at: datetime
    precision: str
    source: str
    evidence: str
    report_id: uuid.UUID


class GradeOut(Schema):
    """`state`: confirmed, preliminary, proposed, not_gradable, no_table. Only a person confirms."""

    grade: int | None
    state: str
    clauses: list[str]
    missing: list[str]
    proposed_grade: int | None
    could_be: int | None


class IncidentOut(Schema):
    id: uuid.UUID
    title_zh: str
    title_en: str
    kind: str
    place: str
    site: str
    lon: float | None
    lat: float | None
    state: str
    opened_at: datetime
    precision: str
    last_at: datetime
    report_count: int
    event_ref: str
    version: int
    grading: GradeOut


class IncidentsOut(Schema):
    page: Page
    incidents: list[IncidentOut]


class WhyOut(Schema):
    """One part of the reason why a report stands in an incident, from 0 to 1."""

    name: str
    value: float
    detail: dict[str, str | float]


class ReportOut(Schema):
    """A report as told. The caller is masked; a person may look, and the look is recorded."""

    id: uuid.UUID
    type: str
    channel: str
    state: str
    words: str
    lang: str
    occurred_at: datetime
    precision: str
    received_at: datetime
    kind: str
    place: str
    site: str
    lon: float | None
    lat: float | None
    datum: str
    organization: str
    source: str
    evidence: str
    level: int | None
    number: int | None
    rescue: bool
    flags: list[str]
    caller: str
    incident_id: uuid.UUID | None = None
    figures: list[FigureOut]


class ReportsOut(Schema):
    page: Page
    reports: list[ReportOut]


class JoinedOut(Schema):
    report: ReportOut
    score: float | None
    threshold: float | None
    why: list[WhyOut]


class ChainOut(Schema):
    """Figures of one measure in one area, in order of the time they speak of."""

    measure: str
    area: str
    figures: list[FigureOut]


class RoomOut(Schema):
    incident: IncidentOut
    reports: list[JoinedOut]
    chains: list[ChainOut]


class AreaAtOut(Schema):
    """An area that is no division; `sure` is false where only the nearest named point says it."""

    id: uuid.UUID
    name: str
    kind: str
    place: str
    owner: str
    form: str
    valid_from: date | None
    valid_to: date | None
    sure: bool


class PlaceAtOut(Schema):
    """Where a point lies. `within`: what an outline says, `source`: whose; both '' where none is held.

    `precision` is exact where `code` is that division, approximate where the nearest named point names it:
    `site` is that point when it is no division's own, and `distance_m` how far away it is. `areas`: those
    that are no division and that the caller's post sees.
    """

    code: str
    site: str
    name: str
    path: str
    distance_m: float | None
    precision: str
    within: str
    within_path: str
    source: str
    areas: list[AreaAtOut]


class NeighborOut(Schema):
    """A division that adjoins; `border_m` null where a list told of it. `source`: who says so."""

    code: str
    name: str
    name_en: str
    path: str
    border_m: float | None
    source: str


class PlaceChangeOut(Schema):
    """What became of a code or name, and from when; `kind`: renamed, recoded, merged, split, ended."""

    code: str
    name: str
    kind: str
    successor: str
    on: str
    source: str


class DivisionOut(Schema):
    """What a code of any year stands for. `name` is what it bore `on` that day, without one what it bears.

    `became`: the codes it is now (itself while it stands; none: nobody has recorded it). `sure` is false
    where only what holds it is known to have changed.
    """

    code: str
    name: str
    name_en: str
    path: str
    level: int | None
    valid_from: str
    valid_to: str
    became: list[str]
    sure: bool
    changes: list[PlaceChangeOut]


class PlaceOut(Schema):
    """`former`: the name or code of older years by which it was found; the hit is what that became."""

    code: str
    site: str
    name: str
    path: str
    level: int
    lon: float | None
    lat: float | None
    precision: str
    former: str = ""
    valid_to: str = ""


class NodeOut(Schema):
    """The node's clock and how much there is to do."""

    node: str
    at: datetime
    scenario: bool
    speed: float
    paused: bool
    entries: int
    due: int
    failed: int
