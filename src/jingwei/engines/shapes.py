"""Shapes that people draw or write: polygons, lines, circles; read from text and GeoJSON, asked. Pure.

As text: a point as `lon,lat` or in any form that a coordinate has, points parted by semicolons or line ends,
parts (rings, lines) by `|` or a blank line. A ring inside another is a hole.
"""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from jingwei.kernel.lonlat import EARTH_RADIUS_M, distance_m, is_lonlat

from .coordinates import read_point
from .outlines import Ring, covers, ring_of
from .outlines import middle as middle_of

Point = tuple[float, float]
Box = tuple[float, float, float, float]

FORMS = ("polygon", "line", "circle")
#: Points of a part at least. Source: a triangle, a stretch, a middle.
LEAST = {"polygon": 3, "line": 2, "circle": 1}
#: Points of a shape at most. Source: our estimate, as many as fit into its text, 2026-11-29.
MOST_POINTS = 1_500
#: Corners of the ring as which a circle is drawn. Source: our estimate, round to the eye, 2026-11-29.
CORNERS = 48

_PLAIN = re.compile(r"\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,2}(?:\.\d+)?)\s*\)?")


class ShapeUnreadable(ValueError):
    """`what`: point (which stands in `given`), few, many, parts, radius."""

    def __init__(self, what: str, given: str = "") -> None:
        super().__init__(what, given)
        self.what, self.given = what, given


class Shape(msgspec.Struct, frozen=True):
    """A shape in WGS 84. `radius_m`: of a circle, or how far on each side of a line still belongs to it."""

    form: str
    parts: tuple[tuple[Point, ...], ...]
    radius_m: float = 0.0


def read_shape(form: str, text: str, *, radius_m: float = 0.0) -> Shape:
    """The shape that is written. Raises `ShapeUnreadable`."""
    parts = [
        tuple(_point(word) for word in re.split(r"[;；\n]", part) if word.strip())
        for part in re.split(r"\||\n\s*\n", text.replace("\r", ""))
        if part.strip()
    ]
    if form == "polygon":
        parts = [part[:-1] if len(part) > 1 and part[0] == part[-1] else part for part in parts]
    if not parts or any(len(set(part)) < LEAST[form] for part in parts):
        raise ShapeUnreadable("few", str(LEAST[form]))
    if sum(map(len, parts)) > MOST_POINTS:
        raise ShapeUnreadable("many", str(MOST_POINTS))
    if form == "circle" and (len(parts) > 1 or len(parts[0]) > 1):
        raise ShapeUnreadable("parts")
    if radius_m < 0 or (form == "circle" and radius_m == 0):
        raise ShapeUnreadable("radius")
    return Shape(form, tuple(parts), radius_m)


def _point(word: str) -> Point:
    plain = _PLAIN.fullmatch(word.strip())
    if plain and is_lonlat(float(plain[1]), float(plain[2])):
        return float(plain[1]), float(plain[2])
    read = read_point(word.strip())
    if read is None or read.order == "assumed":  # two numbers that could stand either way are not guessed at
        raise ShapeUnreadable("point", word.strip()[:40])
    return read.lon, read.lat


def text_of(parts: Sequence[Sequence[Point]]) -> str:
    """Parts as the text that `read_shape` reads."""
    return "|".join(";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in part) for part in parts)


def from_geojson(geometry: Mapping[str, Any]) -> tuple[str, str]:
    """Form and text of a GeoJSON geometry (RFC 7946). Raises `ShapeUnreadable` for others."""
    found = geometry.get("coordinates")
    try:
        match geometry.get("type"):
            case "Point":
                return "circle", text_of([[_pair(found)]])
            case "LineString":
                return "line", text_of([list(map(_pair, found or []))])
            case "MultiLineString" | "Polygon" as kind:
                form = "line" if kind == "MultiLineString" else "polygon"
                return form, text_of([list(map(_pair, part)) for part in found or []])
            case "MultiPolygon":
                return "polygon", text_of(
                    [list(map(_pair, part)) for polygon in found or [] for part in polygon]
                )
    except (TypeError, ValueError, IndexError) as error:
        raise ShapeUnreadable("point") from error
    raise ShapeUnreadable("parts", str(geometry.get("type"))[:40])


def _pair(position: Any) -> Point:
    return float(position[0]), float(position[1])


def contains(shape: Shape, lon: float, lat: float) -> bool:
    """Whether the point belongs to the shape: inside it, within its radius, or so near to its line."""
    if shape.form == "polygon":
        return covers(rings_of(shape), lon, lat)
    if shape.form == "circle":
        return distance_m(lon, lat, *shape.parts[0][0]) <= shape.radius_m
    return any(
        _from_stretch_m((lon, lat), a, b) <= shape.radius_m for part in shape.parts for a, b in pairwise(part)
    )


def _from_stretch_m(point: Point, a: Point, b: Point) -> float:
    """Metres from a stretch of a line, on ground that is flat around the point."""
    wide = math.radians(1) * EARTH_RADIUS_M
    east = wide * math.cos(math.radians(point[1]))
    ax, ay = (a[0] - point[0]) * east, (a[1] - point[1]) * wide
    bx, by = (b[0] - point[0]) * east, (b[1] - point[1]) * wide
    long = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0.0, min(1.0, -(ax * (bx - ax) + ay * (by - ay)) / long)) if long else 0.0
    return math.hypot(ax + along * (bx - ax), ay + along * (by - ay))


def rings_of(shape: Shape) -> list[Ring]:
    """The shape's parts as they are drawn: rings of micro-degrees, a line's parts as they run."""
    if shape.form == "circle":
        lon, lat = shape.parts[0][0]
        high = math.degrees(shape.radius_m / EARTH_RADIUS_M)
        wide = high / max(0.01, math.cos(math.radians(lat)))
        turns = (math.tau * n / CORNERS for n in range(CORNERS))
        return [ring_of((lon + wide * math.cos(t), lat + high * math.sin(t)) for t in turns)]
    return [ring_of(part) for part in shape.parts]


def box_of(shape: Shape) -> Box:
    """West, south, east, north of all that belongs to it."""
    points = [point for part in shape.parts for point in part]
    lats = [lat for _, lat in points]
    high = math.degrees(shape.radius_m / EARTH_RADIUS_M)
    wide = high / max(0.01, math.cos(math.radians(max(map(abs, lats)))))
    lons = [lon for lon, _ in points]
    return min(lons) - wide, min(lats) - high, max(lons) + wide, max(lats) + high


def middle(shape: Shape) -> Point:
    """A point that belongs to it: inside a polygon, the middle point of a line's longest part."""
    if shape.form == "circle":
        return shape.parts[0][0]
    if shape.form == "line":
        part = max(shape.parts, key=len)
        return part[len(part) // 2]
    return middle_of(rings_of(shape))
