"""Reads of parties that are watched: those that were not heard first; names stay masked."""

import uuid
from datetime import datetime

import msgspec
from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When

from jingwei.apps.agencies.queries import Authority

from . import rules
from .models import CheckIn, Watch

#: Words of check-ins read for one page. Source: our estimate, every two minutes for a shift, 2026-11-30.
MOST_WORDS = 300


class WatchLine(msgspec.Struct, frozen=True):
    """A party as lists and its own page show it. `named`: whether names were written down."""

    id: uuid.UUID
    party: str
    heads: int
    place: str
    spot: str
    incident_id: uuid.UUID | None
    task_id: uuid.UUID | None
    every_min: int
    until_at: datetime | None
    tell_post: str
    then_post: str
    started_by: uuid.UUID
    started_at: datetime
    heard_at: datetime
    due_at: datetime
    level: int
    told_post: str
    told_at: datetime | None
    ended_by: uuid.UUID | None
    ended_at: datetime | None
    heads_out: int | None
    end_words: str
    version: int
    named: bool
    missed: bool

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def difference(self) -> int:
        """Heads that went in and are not said to be out; below nothing: more came out than went in."""
        return 0 if self.heads_out is None else self.heads - self.heads_out


_PLAIN = [name for name in WatchLine.__struct_fields__ if name not in ("named", "missed")]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for. `state`: open, missed, ended, differs, or '' for all."""

    state: str = "open"
    text: str = ""
    incident_id: uuid.UUID | None = None
    task_id: uuid.UUID | None = None


STATES = ("open", "missed", "differs", "ended", "")


def visible(authority: Authority) -> QuerySet[Watch]:
    """Parties in one's area, those of one's organization, and those one's post is told of."""
    if not authority.place:
        return Watch.objects.all()
    own = authority.post_code
    return Watch.objects.filter(
        Q(place__startswith=authority.place)
        | Q(organization=authority.organization_code)
        | Q(tell_post=own)
        | Q(then_post=own)
        | Q(told_post=own)
    )


def _states(at: datetime) -> dict[str, Q]:
    is_open = Q(ended_at=None)
    return {
        "open": is_open,
        "missed": is_open & (Q(level__gt=0) | Q(due_at__lt=at)),
        "differs": ~is_open & ~Q(heads_out=F("heads")),
        "ended": ~is_open,
    }


def _filtered(asked: Asked, authority: Authority, at: datetime) -> QuerySet[Watch]:
    rows = visible(authority).filter(_states(at).get(asked.state, Q()))
    if asked.incident_id:
        rows = rows.filter(incident_id=asked.incident_id)
    if asked.task_id:
        rows = rows.filter(task_id=asked.task_id)
    for word in asked.text.replace("\0", "").split():
        rows = rows.filter(Q(party__icontains=word) | Q(spot__icontains=word))
    return rows


def list_watches(
    asked: Asked, *, authority: Authority, at: datetime, offset: int = 0, limit: int = 50
) -> list[WatchLine]:
    """Not heard first, by how far it was escalated; then the next due; ended ones last, newest first."""
    order = (
        Case(When(ended_at=None, then=Value(0)), default=Value(1)),
        Case(When(ended_at=None, then=F("level")), default=Value(0)).desc(),
        Case(When(ended_at=None, then=F("due_at"))).asc(nulls_last=True),
        F("ended_at").desc(nulls_last=True),
        "id",
    )
    rows = _filtered(asked, authority, at).order_by(*order)[offset : offset + limit]
    return [_line(row, at) for row in rows]


def count_states(asked: Asked, *, authority: Authority, at: datetime) -> dict[str, int]:
    """How many parties there are in each state, of those that fit the search, and `inside`: their heads."""
    rows = _filtered(msgspec.structs.replace(asked, state=""), authority, at)
    if not rows.exists():  # most incidents have none, and looking is a third of counting
        return dict.fromkeys(("all", "inside", *_states(at)), 0)
    counts = {name: Count("pk", filter=wanted) for name, wanted in _states(at).items()}
    found = rows.aggregate(all=Count("pk"), inside=Sum("heads", filter=Q(ended_at=None)), **counts)
    return {name: n or 0 for name, n in found.items()}


def find_watch(watch_id: uuid.UUID, *, authority: Authority, at: datetime) -> WatchLine | None:
    row = visible(authority).filter(pk=watch_id).first()
    return _line(row, at) if row else None


def _line(row: Watch, at: datetime) -> WatchLine:
    return WatchLine(
        **{name: getattr(row, name) for name in _PLAIN},
        named=bool(row.names),
        missed=row.ended_at is None and rules.is_missed(level=row.level, due_at=row.due_at, at=at),
    )


def list_words(watch_id: uuid.UUID) -> dict[str, str]:
    """What a party said at its check-ins, by the check-in, for a page that has checked who may see it."""
    rows = CheckIn.objects.filter(watch_id=watch_id).exclude(words="").order_by("-at")[:MOST_WORDS]
    return {str(pk): words for pk, words in rows.values_list("pk", "words")}
