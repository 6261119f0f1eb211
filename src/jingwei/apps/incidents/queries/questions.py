"""What the matcher asks of people: whether a report speaks of an incident."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import ReportLine

from ..models import Apart, Incident, Membership, Question
from .desk import IncidentLine, get_incident_of_reports, line_of, visible

#: Reports of the incident shown beside the one asked about. Source: our estimate, 2026-11-29.
SHOWN = 2


class Asked(msgspec.Struct, frozen=True):
    """One open question. `chance`: how likely the matcher holds it; `stands`: where the report stands now.

    `others` are the first reports of the incident, to compare with.
    """

    id: int
    report: ReportLine
    incident: IncidentLine
    stands: IncidentLine | None
    others: tuple[ReportLine, ...]
    chance: float
    value: float
    life: bool
    parts: tuple[dict, ...]
    asked_at: datetime


def list_questions(*, authority: Authority, limit: int = 20) -> list[Asked]:
    """Open questions about incidents that this post's area holds, the most valuable first."""
    rows = list(_open(authority).select_related("incident").order_by("-value", "pk")[:limit])
    return _as_asked(rows)


def count_questions(*, authority: Authority) -> int:
    return _open(authority).count()


def find_question(question_id: int, *, authority: Authority) -> Asked | None:
    """The question, answered or not; None when there is none this post may see."""
    row = Question.objects.filter(pk=question_id).select_related("incident").first()
    if row is None or not visible(Incident.objects.filter(pk=row.incident_id), authority).exists():
        return None
    return next(iter(_as_asked([row])), None)


def _as_asked(rows: Sequence[Question]) -> list[Asked]:
    firsts = _first_reports({q.incident_id for q in rows})
    wanted = {q.report_id for q in rows}.union(*firsts.values())
    lines = {r.id: r for r in reports.list_reports_by_id(list(wanted))}
    stands = get_incident_of_reports([q.report_id for q in rows])
    return [
        Asked(
            id=row.pk,
            report=lines[row.report_id],
            incident=line_of(row.incident),
            stands=stands.get(row.report_id),
            others=tuple(
                lines[r] for r in firsts.get(row.incident_id, ()) if r in lines and r != row.report_id
            )[:SHOWN],
            chance=row.chance,
            value=row.value,
            life=row.life,
            parts=tuple(row.why),
            asked_at=row.asked_at,
        )
        for row in rows
        if row.report_id in lines
    ]


def _first_reports(incident_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """A few reports of each incident, the first ones."""
    turn = Window(RowNumber(), partition_by=[F("incident")], order_by="pk")
    rows = Membership.objects.filter(incident__in=list(incident_ids), left_at=None).annotate(turn=turn)
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    pairs = rows.filter(turn__lte=SHOWN + 1).order_by("pk").values_list("incident_id", "report_id")
    for incident_id, report_id in pairs:
        found.setdefault(incident_id, []).append(report_id)
    return found


def _open(authority: Authority) -> QuerySet[Question]:
    """Not answered, and not settled otherwise: closed, merged, parted, or put there by a person."""
    seen = Incident.objects.filter(state="open")
    if authority.place:
        seen = seen.filter(place__startswith=authority.place)
    parted = Apart.objects.filter(report_id=OuterRef("report_id"), incident_id=OuterRef("incident_id"))
    return Question.objects.filter(same=None, incident__in=seen).exclude(Exists(parted))
