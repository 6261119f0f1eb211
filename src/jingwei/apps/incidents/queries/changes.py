"""What people changed in incidents, and what of it can be undone; which incidents may be one."""

import uuid
from datetime import datetime

import msgspec
from django.db.models import Prefetch, QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.engines.fusion import place_report

from ..models import Change, Incident
from .desk import IncidentLine, line_of, visible
from .seen import seen_of_incident


class ChangeLine(msgspec.Struct, frozen=True):
    """One act of a person on one or several incidents.

    `standing`: it holds and may be undone. `undoes` is the sort of act that an undoing took back.
    """

    entry_id: uuid.UUID
    what: str
    at: datetime
    by: uuid.UUID
    reason: str
    report_count: int
    incidents: tuple[IncidentLine, ...]
    standing: bool
    undoes: str
    undoes_entry: uuid.UUID | None


def is_standing(change: Change) -> bool:
    """An act holds unless its undoing does: an undoing that was undone counts for nothing."""
    return change.undone_by is None or not is_standing(change.undone_by)


def list_changes(incident_id: uuid.UUID, *, authority: Authority, limit: int = 100) -> list[ChangeLine]:
    """What people changed in this incident, newest first."""
    if not visible(Incident.objects.filter(pk=incident_id), authority).exists():
        return []
    return _lines(Change.objects.filter(touched=incident_id).order_by("-seq")[:limit], authority)


def find_change(entry_id: uuid.UUID, *, authority: Authority) -> ChangeLine | None:
    row = Change.objects.filter(entry_id=entry_id).first()
    if row is None or not visible(Incident.objects.filter(pk=row.incident_id), authority).exists():
        return None
    return _lines(Change.objects.filter(pk=row.pk), authority)[0]


def _lines(rows: QuerySet[Change], authority: Authority) -> list[ChangeLine]:
    seen = Prefetch("touched", visible(Incident.objects.order_by("pk"), authority))
    rows = rows.select_related("undoes", "undone_by__undone_by").prefetch_related(seen)
    return [
        ChangeLine(
            entry_id=row.entry_id,
            what=row.what,
            at=row.at,
            by=row.by,
            reason=row.reason,
            report_count=len(row.moves),
            incidents=tuple(line_of(i) for i in row.touched.all()),
            standing=is_standing(row),
            undoes=row.undoes.what if row.undoes else "",
            undoes_entry=row.undoes.entry_id if row.undoes else None,
        )
        for row in rows
    ]


class Alike(msgspec.Struct, frozen=True):
    """An open incident that may be the same event, with what the matcher thinks of it."""

    incident: IncidentLine
    score: float


def list_alike(
    incident_id: uuid.UUID, *, authority: Authority, search: str = "", limit: int = 12
) -> list[Alike]:
    """Open incidents that may be merged with this one, best match first."""
    own = visible(Incident.objects.filter(pk=incident_id), authority).first()
    if own is None:
        return []
    rows = visible(Incident.objects.filter(state="open"), authority).exclude(pk=incident_id)
    if search:
        rows = rows.filter(title_zh__icontains=search) | rows.filter(title_en__icontains=search)
    seen = seen_of_incident(own)
    found = [
        Alike(incident=line_of(r), score=place_report(seen, [seen_of_incident(r)]).score)
        for r in rows.order_by("-last_at")[:200]
    ]
    return sorted(found, key=lambda a: (-a.score, a.incident.title_zh))[:limit]


def list_merged_into(incident_id: uuid.UUID, *, authority: Authority) -> list[IncidentLine]:
    """Incidents whose reports stand in this one now, directly or through another."""
    found, level = [], [incident_id]
    while level:
        below = Incident.objects.filter(merged_into__in=level)
        rows = list(visible(below, authority).order_by("opened_at", "pk"))
        found += [line_of(r) for r in rows]
        level = [r.pk for r in rows]
    return found
