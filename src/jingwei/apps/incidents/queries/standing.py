"""Incidents on the map, now or as they stood at an earlier time by what the journal says since."""

import uuid
from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal
from jingwei.apps.places import queries as places
from jingwei.engines.cells import Box, Cell, Grid

from ..facts import GradeConfirmed, GradeJudged, GradeProposed, IncidentClosed, IncidentReopened
from ..models import Change, Incident
from .desk import IncidentLine, line_of, visible

_Graded = GradeConfirmed | GradeJudged | GradeProposed


def count_standing_cells(
    box: Box, grid: Grid, *, authority: Authority, at: datetime | None = None
) -> list[Cell]:
    """How many incidents with a point were open at that time in each cell; without a time: are open."""
    return places.count_cells(_standing(authority, at), box, grid)


def list_standing_points(
    box: Box, *, authority: Authority, at: datetime | None = None, limit: int
) -> list[IncidentLine]:
    """Those in the box, the last opened first, graded as they were then."""
    rows = places.within_box(_standing(authority, at), box).order_by("-opened_at", "id")[:limit]
    return _as_graded([line_of(row) for row in rows], at)


def list_standing_by_id(
    ids: Collection[str], *, authority: Authority, at: datetime | None = None
) -> dict[str, IncidentLine]:
    """Those of these incidents that this post may see, under their id as it was given."""
    asked = {uuid.UUID(one): one for one in ids}
    rows = visible(Incident.objects.filter(pk__in=list(asked)), authority)
    return {asked[line.id]: line for line in _as_graded([line_of(row) for row in rows], at)}


def _standing(authority: Authority, at: datetime | None) -> QuerySet[Incident]:
    rows = visible(Incident.objects.filter(lon__isnull=False), authority)
    if at is None:
        return rows.filter(state="open")
    states = _states_then(at)
    opened = [pk for pk, state in states.items() if state == "open"]
    others = [pk for pk, state in states.items() if state != "open"]
    then = Q(pk__in=opened) | (Q(state="open") & ~Q(pk__in=others))
    return rows.filter(then, opened_at__lte=at)


def _states_then(at: datetime) -> dict[uuid.UUID, str]:
    """The state at that time of every incident whose state changed since: the first change says it."""
    said: list[tuple[datetime, int, uuid.UUID, str]] = []
    for entry in journal.list_entries(kinds=[IncidentClosed, IncidentReopened], later_than=at):
        before = "open" if isinstance(entry.fact, IncidentClosed) else "closed"
        said.append((entry.at, entry.seq, uuid.UUID(entry.subject), before))
    # merging, and the undoing of anything; closing too, but not on a node that closed before it kept this
    for change in Change.objects.filter(at__gt=at).order_by("seq"):
        said += [
            (change.at, change.seq, uuid.UUID(pk), str(fields["state"][0]))
            for pk, fields in change.fields.items()
            if "state" in fields
        ]
    found: dict[uuid.UUID, str] = {}
    for _, _, pk, before in sorted(said, key=lambda one: one[:2]):
        found.setdefault(pk, before)
    return found


def _as_graded(lines: list[IncidentLine], at: datetime | None) -> list[IncidentLine]:
    """The lines with the grade that was held at that time, as the journal has it."""
    if at is None or not lines:
        return lines
    subjects = [str(line.id) for line in lines]
    entries = journal.list_entries(subjects=subjects, kinds=[GradeProposed, GradeJudged, GradeConfirmed])
    held: dict[str, dict[str, int | None]] = {}
    for entry in entries:
        if entry.at <= at and isinstance(entry.fact, _Graded):
            held.setdefault(entry.subject, {})[entry.fact.KIND] = entry.fact.grade
    return [_graded(line, held.get(str(line.id), {})) for line in lines]


def _graded(line: IncidentLine, held: dict[str, int | None]) -> IncidentLine:
    for kind, state in (
        (GradeConfirmed, "confirmed"),
        (GradeJudged, "preliminary"),
        (GradeProposed, "proposed"),
    ):
        grade = held.get(kind.KIND)
        if grade:
            return msgspec.structs.replace(line, grade=grade, grade_state=state, pending=None)
    return msgspec.structs.replace(line, grade=None, grade_state="not_gradable", pending=None)
