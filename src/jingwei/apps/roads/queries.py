"""Reads of roads: which net counts, what is closed, how long it takes."""

import importlib.util
import math
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import msgspec
from django.db.models import Q, QuerySet

from jingwei.apps.agencies.queries import Authority

from .models import Closure, Net

Point = tuple[float, float]
#: A point so far outside the net's box does not meet it, degrees: about five kilometres.
#: Source: as `engines.roads.travel.FARTHEST_M`.
BESIDE_DEG = 0.05


class NetCard(msgspec.Struct, frozen=True):
    """The net that counts, without its content."""

    id: uuid.UUID
    file: str
    crossings: int
    stretches: int
    box: tuple[float, float, float, float]
    at: datetime


class ClosureLine(msgspec.Struct, frozen=True):
    """Where roads are closed or slow, as pages show it."""

    id: uuid.UUID
    shape: str
    points: tuple[Point, ...]
    radius_m: float
    factor: float
    place: str
    reason: str
    by: uuid.UUID
    at: datetime
    until_at: datetime | None
    reopened_at: datetime | None


class Ways(Protocol):
    """Travel by road under the closures of one moment. Pure from here on: asks no database."""

    def matrix(self, sources: Sequence[Point], targets: Sequence[Point]) -> list[list[float]]:
        """(sources, targets) seconds; inf where there is no way, nan where a point is outside the net."""
        ...

    def route(self, source: Point, target: Point) -> tuple[tuple[Point, ...], tuple[str, ...]]:
        """The line and the streets of the quickest way; empty where there is none."""
        ...

    def bands(self, source: Point, limits_s: Sequence[float]) -> list[list[Point]]:
        """Points of the roads reached within each of these times and no shorter one; none off the net."""
        ...


def find_net() -> NetCard | None:
    row = Net.objects.defer("content").order_by("-at", "-pk").first()
    if row is None:
        return None
    return NetCard(row.pk, row.file, row.crossings, row.stretches, tuple(row.box), row.at)


def _standing(at: datetime) -> QuerySet[Closure]:
    rows = Closure.objects.filter(reopened_at=None, at__lte=at)
    return rows.filter(Q(until_at=None) | Q(until_at__gt=at))


def list_closures(
    *, authority: Authority, at: datetime, over: bool = False, limit: int = 200
) -> list[ClosureLine]:
    """What is closed or slow in one's area, the newest first; `over`: what was."""
    rows = Closure.objects.exclude(pk__in=_standing(at).values("pk")) if over else _standing(at)
    if authority.place:
        rows = rows.filter(place__startswith=authority.place)
    return [_line(row) for row in rows.order_by("-at", "-pk")[:limit]]


def find_closure(closure_id: uuid.UUID, *, authority: Authority) -> ClosureLine | None:
    row = Closure.objects.filter(pk=closure_id, place__startswith=authority.place).first()
    return _line(row) if row else None


def _line(row: Closure) -> ClosureLine:
    points = tuple((lon, lat) for lon, lat in row.points)
    return ClosureLine(
        row.pk, row.shape, points, row.radius_m, row.factor, row.place, row.reason, row.by, row.at,
        row.until_at, row.reopened_at,
    )  # fmt: skip


def find_ways(*, at: datetime) -> Ways | None:
    """Travel by road as it is at that time; None without a net, or without the extra `roads`."""
    if importlib.util.find_spec("scipy") is None:
        return None
    card = find_net()
    return _Ways(_net_of(card.id), [_line(row) for row in _standing(at)]) if card else None


@lru_cache(maxsize=1)
def _net_of(net_id: uuid.UUID) -> Any:
    """The net itself, kept in this process: it never changes under its id."""
    from jingwei.engines.roads.net import net_of

    content = Net.objects.filter(pk=net_id).values_list("content", flat=True).get()
    return net_of(bytes(content))


class _Ways:
    def __init__(self, net: Any, closures: Sequence[ClosureLine]) -> None:
        from jingwei.engines.roads.closures import Closure as Closed
        from jingwei.engines.roads.travel import Travel

        closed = [
            Closed(shape=c.shape, points=c.points, radius_m=c.radius_m, factor=c.factor)  # type: ignore[arg-type]
            for c in closures
        ]
        self._box, self._travel = net.box, Travel(net, closed)

    def _knows(self, point: Point) -> bool:
        west, south, east, north = self._box
        lon, lat = point
        return (
            west - BESIDE_DEG <= lon <= east + BESIDE_DEG and south - BESIDE_DEG <= lat <= north + BESIDE_DEG
        )

    def matrix(self, sources: Sequence[Point], targets: Sequence[Point]) -> list[list[float]]:
        found = self._travel.matrix(sources, targets)
        known = [self._knows(point) for point in targets]
        return [
            [float(found[s][t]) if self._knows(a) and known[t] else math.nan for t in range(len(targets))]
            for s, a in enumerate(sources)
        ]

    def route(self, source: Point, target: Point) -> tuple[tuple[Point, ...], tuple[str, ...]]:
        if not (self._knows(source) and self._knows(target)):
            return (), ()
        found = self._travel.route(source, target)
        return (found.line, found.streets) if found else ((), ())

    def bands(self, source: Point, limits_s: Sequence[float]) -> list[list[Point]]:
        if not self._knows(source):
            return [[] for _ in limits_s]
        found = self._travel.bands(source, limits_s)
        return [[(lon, lat) for lon, lat in points.tolist()] for points in found]
