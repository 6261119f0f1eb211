"""A plain sketch of ways: stores as squares, needs as numbers, lines between them; no boundaries, no tiles.

A line without a road is straight: from where to where, not which way. The list beside it has the same.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from jingwei.doors.web.sketch import (
    HEIGHT,
    WIDTH,
    Frame,
    Point,
    frame_round,
    graticule_of,
    label,
    overlap,
    scale_of,
)

Box = tuple[float, float, float, float]


class Spot(msgspec.Struct):
    """A store (`kind` store), a need (need, with its number) or a load on its way (load)."""

    key: str
    kind: str
    lon: float
    lat: float
    text: str
    name_zh: str
    name_en: str
    href: str = ""
    x: float = 0
    y: float = 0
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"

    @property
    def base(self) -> float:
        return round(self.y + 4, 1)


class Way(msgspec.Struct):
    """From a store to a need. `kind`: proposed (dashed), ordered, under_way."""

    begin: str
    end: str
    kind: str
    road: Sequence[Sequence[float]] = ()
    path: str = ""


class Outline(msgspec.Struct, frozen=True):
    """Where roads are closed or slow: along a line, or in an area (`kind`)."""

    kind: str
    path: str


class Closed(Protocol):
    """A closure, as far as it is drawn."""

    @property
    def shape(self) -> str: ...
    @property
    def points(self) -> tuple[tuple[float, float], ...]: ...


class Drawn(msgspec.Struct):
    spots: list[Spot]
    ways: list[Way]
    points: list[Point] = []
    lines: list[str] = []
    scale_path: str = ""
    scale_x: float = 0
    scale_y: float = 0
    scale_text: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    #: Of the middle, and pixels a degree to the east and north: so that a click is a point.
    lon: float = 0
    lat: float = 0
    east: float = 1
    north: float = 1
    closed: list[Outline] = []

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        return self.width / 2 + (lon - self.lon) * self.east, self.height / 2 - (lat - self.lat) * self.north

    def outline(self, closures: Iterable[Closed]) -> None:
        """Draw closed areas and lines; a point is a cross, a spot like the others."""
        for one in closures:
            if one.shape in ("area", "line"):
                points = " L".join("{:.1f} {:.1f}".format(*self.xy(lon, lat)) for lon, lat in one.points)
                self.closed.append(Outline(one.shape, f"M{points}{'Z' if one.shape == 'area' else ''}"))


def draw_ways(
    spots: Sequence[Spot],
    ways: Sequence[Way],
    points: Sequence[Point],
    *,
    least_km: float = 12,
    frame_by: Sequence[tuple[float, float]] = (),
) -> Drawn:
    """The sketch round all spots, or round other points; spots at one point stand side by side."""
    if not spots and not frame_by:
        return Drawn([], [])
    frame = frame_round(frame_by or [(s.lon, s.lat) for s in spots], least_km)
    taken: list[Box] = []
    for spot in spots:
        spot.x, spot.y = frame.xy(spot.lon, spot.lat)
        _aside(spot, taken)
    at = {spot.key: spot for spot in spots}
    for way in ways:
        a, b = at[way.begin], at[way.end]
        if way.road:
            inner = " ".join("L{} {}".format(*frame.xy(lon, lat)) for lon, lat in way.road)
            way.path = f"M{a.x} {a.y}{inner}L{b.x} {b.y}"
            continue
        # bent a little, so that there and back, and two to one place, are two lines
        x, y = (a.x + b.x) / 2 + (b.y - a.y) * 0.12, (a.y + b.y) / 2 - (b.x - a.x) * 0.12
        way.path = f"M{a.x} {a.y}Q{x:.1f} {y:.1f} {b.x} {b.y}"
    scale_path, scale_x, scale_y, scale_text = scale_of(frame)
    taken.append((WIDTH - 200, HEIGHT - 34, WIDTH, HEIGHT))
    for spot in spots:
        label(spot, 13, taken, WIDTH, HEIGHT)
    return Drawn(
        spots=list(spots),
        ways=list(ways),
        points=_near(points, frame, taken),
        lines=graticule_of(frame)[0],
        scale_path=scale_path,
        scale_x=scale_x,
        scale_y=scale_y,
        scale_text=scale_text,
        lon=frame.lon,
        lat=frame.lat,
        east=frame.per_degree * frame.shrink,
        north=frame.per_degree,
    )


def _near(points: Sequence[Point], frame: Frame, taken: list[Box]) -> list[Point]:
    near = [p for p in points if frame.inside(p.lon, p.lat)][:40]
    for point in near:
        point.x, point.y = frame.xy(point.lon, point.lat)
        label(point, 6, taken, WIDTH, HEIGHT)
    return near


#: Steps aside, ring by ring, in pixels.
_STEPS = [
    (22.0 * x, 22.0 * y)
    for ring in range(4)
    for x in range(-ring, ring + 1)
    for y in range(-ring, ring + 1)
    if max(abs(x), abs(y)) == ring
]


def _aside(spot: Spot, taken: list[Box]) -> None:
    """Beside what stands there already: half of the needs of a district have only its middle."""
    for dx, dy in _STEPS:
        box = (spot.x + dx - 10, spot.y + dy - 10, spot.x + dx + 10, spot.y + dy + 10)
        inside = box[0] > 0 and box[1] > 0 and box[2] < WIDTH and box[3] < HEIGHT
        if inside and not any(overlap(box, other) for other in taken):
            spot.x, spot.y = round(spot.x + dx, 1), round(spot.y + dy, 1)
            break
    taken.append((spot.x - 10, spot.y - 10, spot.x + 10, spot.y + 10))
