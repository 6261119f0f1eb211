"""Shelters that are or were open: who is in them by numbers, by need, by hour, and what there is per head."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.needs.queries import needed_by

from .. import rules
from ..models import OnHand, Opening, Stay
from ..rules import Hour, PerHead, Presence

#: Stays that count: not undone, of people who are neither struck through nor joined to another line.
COUNTS = Q(undone_at=None, guest__struck_at=None, guest__joined_into=None)


class OpeningLine(msgspec.Struct, frozen=True):
    """A shelter that is or was open, with the heads in it now. `room` None: not known."""

    id: uuid.UUID
    shelter_id: uuid.UUID
    incident_id: uuid.UUID | None
    name: str
    place: str
    lon: float | None
    lat: float | None
    space: str
    accessible: bool | None
    stage: str
    kind: str
    room: int | None
    by_what: str
    rule_id: str
    words: str
    opened_by: uuid.UUID
    opened_at: datetime
    closed_by: uuid.UUID | None
    closed_at: datetime | None
    closed_reason: str
    version: int
    heads: int = 0

    @property
    def free(self) -> int | None:
        return None if self.room is None else max(0, self.room - self.heads)

    @property
    def over(self) -> int:
        return 0 if self.room is None else max(0, self.heads - self.room)

    @property
    def share(self) -> int | None:
        """How full, percent."""
        return None if not self.room else round(100 * self.heads / self.room)

    @property
    def stands(self) -> bool:
        return self.closed_at is None


_PLAIN = [name for name in OpeningLine.__struct_fields__ if name != "heads"]


class Sought(msgspec.Struct, frozen=True):
    """What a list of openings is narrowed to. `state` open, closed, or '' for both."""

    text: str = ""
    state: str = "open"
    incident_id: uuid.UUID | None = None


ALL = Sought()


def visible(authority: Authority) -> QuerySet:
    rows = Opening.objects.all()
    return rows.filter(place__startswith=authority.place) if authority.place else rows


def _filtered(sought: Sought, authority: Authority) -> QuerySet:
    rows = visible(authority)
    if sought.state:
        rows = rows.filter(closed_at__isnull=sought.state == "open")
    if sought.incident_id is not None:
        rows = rows.filter(incident_id=sought.incident_id)
    for word in sought.text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(words__icontains=word))
    return rows


def list_openings(
    sought: Sought = ALL, *, authority: Authority, offset: int = 0, limit: int = 50
) -> list[OpeningLine]:
    """A page of openings: those that are open first, by division and name."""
    rows = _filtered(sought, authority).order_by("-closed_at", "place", "name", "pk")
    if sought.state == "open":
        rows = rows.order_by("place", "name", "pk")
    return lines_of(list(rows[offset : offset + limit]))


def count_openings(sought: Sought = ALL, *, authority: Authority) -> int:
    return _filtered(sought, authority).count()


def find_opening(opening_id: uuid.UUID, *, authority: Authority) -> OpeningLine | None:
    found = lines_of(list(visible(authority).filter(pk=opening_id)))
    return found[0] if found else None


def lines_of(rows: list[Opening]) -> list[OpeningLine]:
    heads = _heads([row.pk for row in rows])
    return [OpeningLine(**{n: getattr(row, n) for n in _PLAIN}, heads=heads.get(row.pk, 0)) for row in rows]


def _heads(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = Stay.objects.filter(COUNTS, opening_id__in=ids, until_at=None)
    return dict(rows.values_list("opening_id").annotate(n=Count("pk")).order_by())


class Totals(msgspec.Struct, frozen=True):
    """All open shelters of an area together. `unknown`: openings whose room is not known."""

    openings: int
    heads: int
    room: int
    free: int
    over: int
    unknown: int


def get_totals(*, authority: Authority) -> Totals:
    found = lines_of(list(visible(authority).filter(closed_at=None)))
    return Totals(
        openings=len(found), heads=sum(o.heads for o in found), room=sum(o.room or 0 for o in found),
        free=sum(o.free or 0 for o in found), over=sum(o.over for o in found),
        unknown=sum(o.room is None for o in found),
    )  # fmt: skip


class PublicShelter(msgspec.Struct, frozen=True):
    """What anybody may know of an open shelter: where it is, whether there is room. No number of people."""

    name: str
    place: str
    lon: float | None
    lat: float | None
    accessible: bool | None
    has_room: bool | None
    opened_at: datetime


def list_public_shelters(*, most: int = 500) -> list[PublicShelter]:
    """Open shelters, by division and name."""
    rows = list(Opening.objects.filter(closed_at=None).order_by("place", "name", "pk")[:most])
    return [
        PublicShelter(
            o.name, o.place, o.lon, o.lat, o.accessible, None if o.free is None else o.free > 0, o.opened_at
        )
        for o in lines_of(rows)
    ]


def list_hours(opening_id: uuid.UUID, *, at: datetime, hours: int = 24) -> list[Hour]:
    """Heads, who came and who left, and heads by need, at each full hour up to now."""
    since = at - timedelta(hours=hours + 1)
    rows = Stay.objects.filter(COUNTS, opening_id=opening_id).filter(Q(until_at=None) | Q(until_at__gt=since))
    stays = [Presence(a, b, tuple(n)) for a, b, n in rows.values_list("from_at", "until_at", "guest__needs")]
    return rules.list_hours(stays, until=at, hours=hours)


def count_needs(openings: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """How many of those who are there now have each need."""
    found: dict[uuid.UUID, list[list[str]]] = defaultdict(list)
    rows = Stay.objects.filter(COUNTS, opening_id__in=openings, until_at=None)
    for opening_id, needs in rows.values_list("opening_id", "guest__needs"):
        found[opening_id].append(needs)
    return {opening_id: rules.count_needs(needs) for opening_id, needs in found.items()}


def list_per_head(opening: OpeningLine, *, at: datetime) -> list[PerHead]:
    """Every standard that is estimated from people, beside what was counted here last."""
    on_hand = {r.rule_id: r for r in OnHand.objects.filter(opening_id=opening.id)}
    return [
        PerHead(
            standard=one,
            heads=opening.heads,
            needed=needed_by(one, opening.heads),
            on_hand=on_hand[one.rule_id].quantity if one.rule_id in on_hand else None,
            counted_at=on_hand[one.rule_id].at if one.rule_id in on_hand else None,
        )
        for one in hazards.list_standards(on=localdate(at))
        if one.measures
    ]


class AreaHeads(msgspec.Struct, frozen=True):
    """Heads in an incident's shelters of one division."""

    area: str
    heads: int
    openings: int


def list_heads_by_area(incident_id: uuid.UUID, *, authority: Authority) -> list[AreaHeads]:
    rows = visible(authority).filter(incident_id=incident_id)
    stays = Count("stays", filter=Q(
        stays__until_at=None, stays__undone_at=None, stays__guest__struck_at=None,
        stays__guest__joined_into=None,
    ), distinct=True)  # fmt: skip
    found = rows.values("place").annotate(heads=stays, number=Count("pk", distinct=True)).order_by("place")
    return [AreaHeads(f["place"], f["heads"], f["number"]) for f in found]
