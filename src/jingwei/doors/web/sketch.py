"""A plain sketch of points for one panel: no boundaries, no tiles, drawn by the server.

Positions are true to scale within a county or a prefecture (plate carrée, longitude shrunk by the
latitude); a label that finds no free place is left out, the list below the sketch has it.
"""

import math
from collections.abc import Sequence
from typing import Protocol

import msgspec

WIDTH, HEIGHT = 532, 300
_MARGIN = 42
#: Length of one degree of latitude, km. Source: WGS 84, mean meridian degree 111.13 km.
KM_PER_DEGREE = 111.13


class Mark(msgspec.Struct):
    """An incident on the sketch; the fields from `x` on are set by `draw`."""

    id: str
    lon: float
    lat: float
    level: int | None
    proposed: bool
    name_zh: str
    name_en: str
    href: str
    x: float = 0
    y: float = 0
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"

    @property
    def left(self) -> float:
        return round(self.x - 9, 1)

    @property
    def top(self) -> float:
        return round(self.y - 9, 1)

    @property
    def base(self) -> float:
        return round(self.y + 4, 1)

    @property
    def lonlat(self) -> str:
        return f"{self.lon:.3f}, {self.lat:.3f}"


class Point(msgspec.Struct):
    """A named place, for orientation."""

    lon: float
    lat: float
    name_zh: str
    name_en: str = ""
    x: float = 0
    y: float = 0
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"


class Named(Protocol):
    """What a name can be put beside."""

    name_zh: str
    name_en: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


class Sketch(msgspec.Struct):
    marks: list[Mark]
    points: list[Point]
    lines: list[str] = []
    ticks: list[dict[str, object]] = []
    scale_path: str = ""
    scale_x: float = 0
    scale_y: float = 0
    scale_text: str = ""
    width: int = WIDTH
    height: int = HEIGHT


class Frame(msgspec.Struct):
    lon: float
    lat: float
    per_degree: float
    shrink: float

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        x = WIDTH / 2 + (lon - self.lon) * self.per_degree * self.shrink
        return round(x, 1), round(HEIGHT / 2 - (lat - self.lat) * self.per_degree, 1)

    def inside(self, lon: float, lat: float) -> bool:
        x, y = self.xy(lon, lat)
        return 8 <= x <= WIDTH - 8 and 8 <= y <= HEIGHT - 8


def draw(marks: Sequence[Mark], points: Sequence[Point], *, least_km: float = 12) -> Sketch:
    """The sketch around the marks, at least so wide; of the places only those that fall into it are drawn."""
    if not marks:
        return Sketch(marks=[], points=[])
    frame = frame_round([(m.lon, m.lat) for m in marks], least_km)
    taken: list[tuple[float, float, float, float]] = []
    for mark in marks:
        mark.x, mark.y = frame.xy(mark.lon, mark.lat)
        _step_aside(mark, taken)
        taken.append((mark.x - 10, mark.y - 10, mark.x + 10, mark.y + 10))
    scale_path, scale_x, scale_y, scale_text = scale_of(frame)
    taken.append((WIDTH - 200, HEIGHT - 34, WIDTH, HEIGHT))
    for mark in marks:
        label(mark, 13, taken, WIDTH, HEIGHT)
    near = [p for p in points if frame.inside(p.lon, p.lat)][:40]
    for point in near:
        point.x, point.y = frame.xy(point.lon, point.lat)
        taken.append((point.x - 3, point.y - 3, point.x + 3, point.y + 3))
    for point in near:
        label(point, 6, taken, WIDTH, HEIGHT)
    lines, ticks = graticule_of(frame)
    return Sketch(
        marks=list(marks),
        points=near,
        lines=lines,
        ticks=ticks,
        scale_path=scale_path,
        scale_x=scale_x,
        scale_y=scale_y,
        scale_text=scale_text,
    )


def frame_round(places: Sequence[tuple[float, float]], least_km: float) -> Frame:
    lons, lats = [p[0] for p in places], [p[1] for p in places]
    lat = (min(lats) + max(lats)) / 2
    shrink = max(0.05, math.cos(math.radians(lat)))
    # one incident alone must not look like the whole world
    least = least_km / KM_PER_DEGREE
    wide = max((max(lons) - min(lons)) * shrink, least)
    high = max(max(lats) - min(lats), least / 2)
    per_degree = min((WIDTH - 3 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / high)
    return Frame(lon=(min(lons) + max(lons)) / 2, lat=lat, per_degree=per_degree, shrink=shrink)


def _step_aside(mark: Mark, taken: Sequence[tuple[float, float, float, float]]) -> None:
    for step in range(12):
        dx = (0, 22, 0, -22, 22, -22, 22, -22, 44, -44, 0, 0)[step]
        dy = (0, 0, 22, 0, 22, 22, -22, -22, 0, 0, 44, -44)[step]
        box = (mark.x + dx - 10, mark.y + dy - 10, mark.x + dx + 10, mark.y + dy + 10)
        if not any(overlap(box, other) for other in taken):
            mark.x, mark.y = round(mark.x + dx, 1), round(mark.y + dy, 1)
            return


def text_width(text: str) -> float:
    return sum(13 if ord(c) > 0x2E80 else 8.2 for c in text)


def label(
    one: "Named", gap: float, taken: list[tuple[float, float, float, float]], width: int, height: int
) -> None:
    """Put the name beside its point where it covers nothing; where there is no such place, nowhere."""
    # both languages are drawn from one layout, so the longer of the two must fit
    wide = max(text_width(one.name_zh), text_width(one.name_en))
    places = (
        ("start", one.x + gap, one.y + 4),
        ("end", one.x - gap, one.y + 4),
        ("middle", one.x, one.y - gap),
        ("middle", one.x, one.y + gap + 11),
        ("start", one.x + gap - 4, one.y - gap),
        ("start", one.x + gap - 4, one.y + gap + 8),
        ("end", one.x - gap + 4, one.y - gap),
        ("end", one.x - gap + 4, one.y + gap + 8),
    )
    for anchor, x, y in places:
        left = x if anchor == "start" else x - wide if anchor == "end" else x - wide / 2
        box = (left, y - 12, left + wide, y + 4)
        if left < 2 or left + wide > width - 2 or y < 14 or y > height - 4:
            continue
        if not any(overlap(box, other) for other in taken):
            one.label_x, one.label_y, one.anchor = round(x, 1), round(y, 1), anchor
            taken.append(box)
            return


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def scale_of(frame: Frame) -> tuple[str, float, float, str]:
    per_km = frame.per_degree / KM_PER_DEGREE
    km = max((n for n in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if n * per_km <= 110), default=0.5)
    right, y = WIDTH - 14, HEIGHT - 12
    left = right - km * per_km
    path = f"M{left:.1f} {y - 4}v4H{right}v-4"
    return path, round(left - 6, 1), y, f"{km:g} km"


def graticule_of(frame: Frame) -> tuple[list[str], list[dict[str, object]]]:
    wide, high = WIDTH / frame.per_degree / frame.shrink, HEIGHT / frame.per_degree
    step = next((s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5) if wide / s <= 6), 10)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    lines, ticks = [], []
    lon = math.ceil((frame.lon - wide / 2) / step) * step
    while lon < frame.lon + wide / 2:
        x, _ = frame.xy(lon, frame.lat)
        lines.append(f"M{x} 0V{HEIGHT}")
        if 16 < x < WIDTH - 220:
            ticks.append(
                {"x": x + 3, "y": HEIGHT - 6, "text": f"{abs(lon):.{digits}f}°{'E' if lon >= 0 else 'W'}"}
            )
        lon += step
    lat = math.ceil((frame.lat - high / 2) / step) * step
    while lat < frame.lat + high / 2:
        _, y = frame.xy(frame.lon, lat)
        lines.append(f"M0 {y}H{WIDTH}")
        if 20 < y < HEIGHT - 30:
            ticks.append({"x": 4, "y": y - 4, "text": f"{abs(lat):.{digits}f}°{'N' if lat >= 0 else 'S'}"})
        lat += step
    return lines, ticks
