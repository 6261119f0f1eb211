"""Which areas a point lies in, and what a map draws: of those that the post sees, as they hold on a day."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.places import queries as places
from jingwei.apps.registers.queries import seen_by
from jingwei.engines import shapes
from jingwei.engines.cells import Box
from jingwei.engines.outlines import Ring
from jingwei.kernel.codes import place_within

from . import rules
from .models import Area

#: Shapes of one map at most, the first by name. Source: our estimate, more cannot be told apart, 2026-11-29.
MOST_DRAWN = 200


class AreaCard(msgspec.Struct, frozen=True):
    """An area as pages name it. `sure` is false where only the nearest named point says it."""

    id: uuid.UUID
    name: str
    kind: str
    place: str
    owner: str
    form: str
    valid_from: date | None
    valid_to: date | None
    sure: bool = True


class DrawnArea(msgspec.Struct, frozen=True):
    """An area's shape for a map, in micro-degrees; `closed` for surfaces."""

    id: uuid.UUID
    name: str
    kind: str
    rings: list[Ring]
    closed: bool


def list_areas_at(lon: float, lat: float, *, on: date, authority: Authority) -> list[AreaCard]:
    """The areas that the WGS 84 point lies in on that day, by name."""
    over = Q(west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat)
    rows = _held(on, authority).filter(over | Q(form=rules.DIVISIONS)).order_by("name", "id")
    found: list[AreaCard] = []
    at: places.PlaceAt | None = None
    asked = False
    for row in rows:
        shape = rules.shape_of(vars(row))
        if shape is not None:
            if shapes.contains(shape, lon, lat):
                found.append(_card(row))
            continue
        if not asked:
            at, asked = places.find_place_at(lon, lat), True
        if at is not None and _holds(row, at.code):
            found.append(_card(row, sure=_holds(row, at.within)))
    return found


def list_drawn_areas(box: Box, *, on: date, authority: Authority, zoom: float = 12) -> list[DrawnArea]:
    """Shapes in the box that a map draws; areas of divisions where all of them have outlines."""
    west, south, east, north = box
    within = Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    rows = _held(on, authority).filter(within).order_by("name", "id")
    found = []
    for row in rows[:MOST_DRAWN]:
        shape = rules.shape_of(vars(row))
        if shape is None:
            rings = places.list_rings(rules.codes_of(row.divisions), zoom)
        else:
            rings = shapes.rings_of(shape)
        closed = shape is None or shape.form != "line"
        found.append(DrawnArea(row.pk, row.name, row.kind, rings, closed))
    return found


def _held(on: date, authority: Authority) -> QuerySet[Any]:
    since = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    until = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return Area.objects.filter(since, until, removed_at__isnull=True).filter(seen_by(authority))


def _holds(row: Area, code: str) -> bool:
    codes: Iterable[str] = rules.codes_of(row.divisions)
    return bool(code) and any(place_within(code, of) for of in codes)


def _card(row: Area, *, sure: bool = True) -> AreaCard:
    return AreaCard(
        row.pk, row.name, row.kind, row.place, row.owner, row.form, row.valid_from, row.valid_to, sure
    )
