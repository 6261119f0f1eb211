"""Rings and lines of micro-degrees as GeoJSON (RFC 7946), and whether they meet a box of degrees. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from .outlines import PARTS, Ring, covers, nested
from .shapes import Shape, rings_of

Box = tuple[float, float, float, float]


def surface(rings: Sequence[Ring]) -> dict[str, Any]:
    """What the rings enclose: outer rings run against the clock, holes with it (RFC 7946, 3.1.6)."""
    polygons = [
        [_closed(ring, against_clock=n == 0) for n, ring in enumerate(polygon)] for polygon in nested(rings)
    ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def lines(parts: Sequence[Sequence[tuple[float, float]]]) -> dict[str, Any]:
    return {"type": "MultiLineString", "coordinates": [[list(point) for point in part] for part in parts]}


def of_shape(shape: Shape) -> dict[str, Any]:
    """A drawn shape: a circle as the ring it is drawn as, a line as it runs, without its reach."""
    return lines(shape.parts) if shape.form == "line" else surface(rings_of(shape))


def _closed(ring: Ring, *, against_clock: bool) -> list[list[float]]:
    twice = sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]))
    way = ring if (twice > 0) == against_clock else ring[::-1]
    return [[x / PARTS, y / PARTS] for x, y in [*way, way[0]]]


def surface_meets(rings: Sequence[Ring], box: Box) -> bool:
    """Whether the surface has a point in the box, edges included."""
    west, south, east, north = (value * PARTS for value in box)
    for ring in rings:
        if any(_enters(a, b, (west, south, east, north)) for a, b in pairwise([*ring, ring[0]])):
            return True
    return covers(rings, box[0], box[1])  # no edge in the box: all of it lies inside, or none


def lines_meet(parts: Sequence[Sequence[tuple[float, float]]], box: Box) -> bool:
    """Whether a stretch of the lines has a point in the box, edges included."""
    return any(_enters(a, b, box) for part in parts for a, b in pairwise(part))


def shape_meets(shape: Shape, box: Box) -> bool:
    """Whether what `of_shape` gives has a point in the box."""
    if shape.form == "line":
        return lines_meet(shape.parts, box)
    return surface_meets(rings_of(shape), box)


def _enters(a: Sequence[float], b: Sequence[float], box: Box) -> bool:
    """Whether a stretch has a point in the box.

    Source: Liang and Barsky, A new concept and method for line clipping, ACM TOG 3 (1984).
    """
    first, last = 0.0, 1.0
    west, south, east, north = box
    for start, step, low, high in ((a[0], b[0] - a[0], west, east), (a[1], b[1] - a[1], south, north)):
        if step == 0:
            if not low <= start <= high:
                return False
            continue
        enter, leave = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, enter), min(last, leave)
        if first > last:
            return False
    return True
