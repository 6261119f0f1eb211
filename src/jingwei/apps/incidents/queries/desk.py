"""Incidents as lists show them."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal.queries import count_many
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import ReportLine

from ..models import Incident, Membership, Unplaced


class IncidentLine(msgspec.Struct, frozen=True):
    """An incident as lists show it.

    `grade` with `grade_state`: confirmed (by a person), preliminary (a person's first judgement),
    proposed (the machine's, nobody's decision yet), not_gradable, no_table.
    `pending` is a proposal that differs from the grade a person gave.
    """

    id: uuid.UUID
    title_zh: str
    title_en: str
    kind: str
    place: str
    site: str
    lon: float | None
    lat: float | None
    state: str
    grade: int | None
    grade_state: str
    pending: int | None
    proposed_grade: int | None
    proposed_state: str
    clauses: tuple[str, ...]
    missing: tuple[str, ...]
    figures: dict[str, float]
    could_be: int | None
    opened_at: datetime
    precision: str
    last_at: datetime
    report_count: int
    version: int
    event_ref: str
    judged_grade: int | None = None
    judged_reason: str = ""
    judged_by: uuid.UUID | None = None
    judged_at: datetime | None = None
    confirmed_grade: int | None = None
    confirmed_reason: str = ""
    confirmed_by: uuid.UUID | None = None
    confirmed_at: datetime | None = None
    merged_into: uuid.UUID | None = None

    def title(self, lang: str) -> str:
        return self.title_zh if lang.startswith("zh") else self.title_en


def line_of(row: Incident) -> IncidentLine:
    grade, state, clauses = _grade(row)
    given = row.confirmed_grade or row.judged_grade
    pending = row.proposed_grade if given and row.proposed_grade not in (None, given) else None
    return IncidentLine(
        id=row.id,
        title_zh=row.title_zh,
        title_en=row.title_en,
        kind=row.kind,
        place=row.place,
        site=row.site,
        lon=row.lon,
        lat=row.lat,
        state=row.state,
        grade=grade,
        grade_state=state,
        pending=pending,
        proposed_grade=row.proposed_grade,
        proposed_state=row.proposed_state,
        clauses=tuple(clauses),
        missing=tuple(row.proposed_missing),
        figures=row.proposed_figures,
        could_be=row.could_be,
        opened_at=row.opened_at,
        precision=row.precision,
        last_at=row.last_at,
        report_count=row.report_count,
        version=row.version,
        event_ref=row.event_ref,
        judged_grade=row.judged_grade,
        judged_reason=row.judged_reason,
        judged_by=row.judged_by,
        judged_at=row.judged_at,
        confirmed_grade=row.confirmed_grade,
        confirmed_reason=row.confirmed_reason,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        merged_into=row.merged_into_id,
    )


def _grade(row: Incident) -> tuple[int | None, str, list[str]]:
    if row.confirmed_grade:
        return row.confirmed_grade, "confirmed", row.confirmed_clauses
    if row.judged_grade:
        return row.judged_grade, "preliminary", []
    if row.proposed_grade:
        return row.proposed_grade, "proposed", row.proposed_clauses
    return None, "no_table" if row.proposed_state == "no_table" else "not_gradable", []


def visible(rows: QuerySet, authority: Authority) -> QuerySet:
    """Incidents in this post's area, and those of the areas above that cover it."""
    if not authority.place:
        return rows
    over = [authority.place[:n] for n in (2, 4, 6, 9) if n < len(authority.place)]
    return rows.filter(Q(place__startswith=authority.place) | Q(place__in=over))


def _filtered(
    authority: Authority, state: str, search: str, grade: int | None, kind: str, place: str
) -> QuerySet:
    rows = visible(Incident.objects.all(), authority)
    # a merged incident stands in no list: its reports are in another
    rows = rows.filter(state=state) if state else rows.exclude(state="merged")
    if search:
        rows = rows.filter(Q(title_zh__icontains=search) | Q(title_en__icontains=search))
    if grade:
        rows = rows.annotate(_g=Coalesce("confirmed_grade", "judged_grade", "proposed_grade")).filter(
            _g=grade
        )
    if kind:
        rows = rows.filter(kind__startswith=kind)
    if place:
        rows = rows.filter(place__startswith=place)
    return rows


def list_incidents(
    *,
    authority: Authority,
    state: str = "open",
    search: str = "",
    grade: int | None = None,
    kind: str = "",
    place: str = "",
    offset: int = 0,
    limit: int = 50,
) -> list[IncidentLine]:
    """Incidents, gravest first, ungraded after them, newest first within a grade."""
    rows = _filtered(authority, state, search, grade, kind, place)
    rows = rows.annotate(
        rank=Coalesce("confirmed_grade", "judged_grade", "proposed_grade", Value(9))
    ).order_by("rank", F("last_at").desc(), "id")
    return _in_order(rows.values_list("pk", flat=True)[offset : offset + limit])


def _in_order(ids: Iterable[uuid.UUID]) -> list[IncidentLine]:
    """Numbers first, from an index alone: only those that are shown are read whole."""
    numbers = list(ids)
    found = Incident.objects.in_bulk(numbers)
    return [line_of(found[one]) for one in numbers if one in found]


def count_incidents(
    *,
    authority: Authority,
    state: str = "open",
    search: str = "",
    grade: int | None = None,
    kind: str = "",
    place: str = "",
) -> int:
    return _filtered(authority, state, search, grade, kind, place).count()


def count_by_grade(*, authority: Authority) -> dict[int | None, int]:
    """Open incidents by the grade a person gave; 0 stands for a proposal, None for no grade."""
    given = Coalesce("confirmed_grade", "judged_grade")
    rows = visible(Incident.objects.filter(state="open"), authority).annotate(
        g=Case(When(proposed_grade__isnull=False, then=Coalesce(given, Value(0))), default=given)
    )
    counted = rows.values("g").annotate(n=Count("id"))
    return count_many(lambda: {r["g"]: r["n"] for r in counted.all()}, "grades", authority.place)


def list_grade_waiting(*, authority: Authority, limit: int = 20) -> list[IncidentLine]:
    """Open incidents whose proposed grade nobody has confirmed, or differs from the one given."""
    rows = visible(Incident.objects.filter(state="open", proposed_grade__isnull=False), authority)
    rows = rows.exclude(confirmed_grade=F("proposed_grade"))
    return _in_order(rows.order_by("proposed_grade", "-last_at").values_list("pk", flat=True)[:limit])


def find_incident(incident_id: uuid.UUID, *, authority: Authority) -> IncidentLine | None:
    row = visible(Incident.objects.filter(pk=incident_id), authority).first()
    return line_of(row) if row else None


def list_incidents_by_id(ids: Iterable[uuid.UUID], *, authority: Authority) -> dict[uuid.UUID, IncidentLine]:
    """Those of these incidents that this post may see."""
    rows = visible(Incident.objects.filter(pk__in=set(ids)), authority)
    return {row.pk: line_of(row) for row in rows}


def find_line(incident_id: uuid.UUID) -> IncidentLine | None:
    """The incident for an action that asks for its right itself."""
    row = Incident.objects.filter(pk=incident_id).first()
    return line_of(row) if row else None


def list_first_told(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When the first of each incident's reports reached us: on paper, that is the time on the paper."""
    members = Membership.objects.filter(incident_id__in=ids, left_at=None)
    found = members.values("incident_id").annotate(first=Min("report__received_at")).order_by()
    return dict(found.values_list("incident_id", "first"))


def get_incident_of_reports(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, IncidentLine]:
    """Which incident each report belongs to now; reports without one are left out."""
    rows = Membership.objects.filter(report_id__in=list(ids), left_at=None).select_related("incident")
    return {m.report_id: line_of(m.incident) for m in rows}


def list_incident_ids(report_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Which incident each report belongs to now, by its id alone."""
    rows = Membership.objects.filter(report_id__in=list(report_ids), left_at=None)
    return dict(rows.values_list("report_id", "incident_id"))


class Waiting(msgspec.Struct, frozen=True):
    """A report that waits for a person, and why."""

    report: ReportLine
    reason: str
    since_at: datetime


def find_reason_to_wait(report_id: uuid.UUID, *, authority: Authority) -> str:
    """Why this report waits for a person; '' when it does not."""
    row = _unplaced(authority).filter(pk=report_id).first()
    return row.reason if row else ""


def list_reasons_to_wait(report_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Why these reports wait for a person; those that do not are left out."""
    return dict(Unplaced.objects.filter(pk__in=list(report_ids)).values_list("pk", "reason"))


def list_unplaced(*, authority: Authority, offset: int = 0, limit: int = 30) -> list[Waiting]:
    """Reports that belong to no incident and wait for a person, rescue calls first, then newest."""
    ordered = _unplaced(authority).order_by("-report__rescue", "-since_at", "-pk")
    rows = list(ordered[offset : offset + limit])
    lines = {r.id: r for r in reports.list_reports_by_id([row.report_id for row in rows])}
    return [
        Waiting(report=lines[row.report_id], reason=row.reason, since_at=row.since_at)
        for row in rows
        if row.report_id in lines
    ]


def count_unplaced(*, authority: Authority) -> int:
    return count_many(_unplaced(authority).count, "unplaced", authority.place)


def _unplaced(authority: Authority) -> QuerySet:
    # the few that wait are gone through, each with its report: never all reports of the area
    return Unplaced.objects.filter(Exists(reports.visible_reports(authority).filter(pk=OuterRef("pk"))))


def count_channels(ids: Sequence[uuid.UUID]) -> Counter[str]:
    """How many of these reports came by which channel."""
    return Counter(r.channel for r in reports.list_reports_by_id(ids))
