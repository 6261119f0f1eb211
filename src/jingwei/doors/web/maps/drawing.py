"""The map as the server draws it: marks, names, a line that is measured, scale and graticule, as SVG."""

import math
from collections.abc import Mapping, Sequence

import msgspec

from jingwei.apps.places import queries as places
from jingwei.doors.entry.mapping import Layer, Mark
from jingwei.doors.web import sketch, terms
from jingwei.engines.mercator import MOST_ZOOM, View, fitting
from jingwei.kernel.grades import NUMERALS

from . import shapes
from .asked import ONE_ZOOM, MapAsked

#: Names of divisions on one view at most; the higher levels come first.
MOST_NAMES = 40
#: Length of the scale bar at most, in units of the drawing.
LONGEST_BAR = 140

Box = tuple[float, float, float, float]


class Drawn(msgspec.Struct):
    """One mark: `shape` is grade, square, round, many (a circle), or told (a diamond)."""

    mark: Mark
    shape: str
    text_zh: str
    text_en: str
    size: float
    href: str
    x: float
    y: float
    dx: float = 0
    dy: float = 0
    name_zh: str = ""
    name_en: str = ""
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"
    zooms: bool = False
    words: str = ""
    kind: str = ""
    lang: str = ""

    @property
    def half(self) -> float:
        return self.size / 2

    @property
    def place(self) -> str:
        return f"{self.x:.1f} {self.y:.1f}"

    @property
    def rel_x(self) -> float:
        return round(self.label_x - self.x, 1)

    @property
    def rel_y(self) -> float:
        return round(self.label_y - self.y, 1)


class Name(msgspec.Struct):
    """The name of a division, for orientation."""

    lon: float
    lat: float
    name_zh: str
    name_en: str
    x: float
    y: float
    level: int = 0
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"

    @property
    def side(self) -> str:
        """Which side of its name the point is on, as MapLibre says it."""
        if self.anchor == "middle":
            return "bottom" if self.label_y < self.y else "top"
        return "left" if self.anchor == "start" else "right"


class Line(msgspec.Struct):
    """A line of the graticule: at which longitude or latitude."""

    d: str
    axis: str
    value: float


class Tick(msgspec.Struct):
    """What a line of the graticule is called."""

    x: float
    y: float
    text: str


class Picture(msgspec.Struct):
    """All that the drawing shows."""

    marks: list[Drawn]
    names: list[Name]
    lines: list[Line]
    ticks: list[Tick]
    scale_path: str
    scale_x: float
    scale_y: float
    scale_text: str
    width: int
    height: int
    outlines: str = ""
    outlines_at: str = ""
    outlines_by: tuple[str, ...] = ()
    areas: list[shapes.DrawnShape] = []
    measured: str = ""
    knots: list[tuple[float, float]] = []
    pin: tuple[float, float] | None = None

    @property
    def north(self) -> str:
        """Where the arrow stands: beside the scale."""
        return f"{self.width / 2 - LONGEST_BAR / 2 - 24:.1f} {self.height - 26}"


def draw(asked: MapAsked, marks: Sequence[Mark], layers: Mapping[str, Layer]) -> Picture:
    """The marks over a graticule and the names of divisions; what falls outside is not drawn."""
    view, taken = asked.view, list[Box]()
    path, scale_x, scale_y, text = _scale(view)
    taken.append((scale_x - LONGEST_BAR / 2 - 40, view.height - 44, scale_x + LONGEST_BAR / 2, view.height))
    lines, ticks = _graticule(view)
    taken += [(t.x, t.y - 12, t.x + 52, t.y + 4) for t in ticks]
    drawn = [_spoken(_drawn(mark, asked, layers), layers) for mark in marks]
    # what happens goes first where two would cover one another; it is drawn last, on top
    shown = [one for one in reversed(drawn) if _is_inside(one, view)]
    for one in shown:
        _step_aside(one, taken)
        taken.append((one.x - one.half, one.y - one.half, one.x + one.half, one.y + one.half))
    for one in shown:
        if one.name_zh:
            sketch.label(one, one.half + 4, taken, view.width, view.height)
    names = _names(view)
    for name in names:
        sketch.label(name, 6, taken, view.width, view.height)
    knots = [view.xy(*p) for p in asked.measured]
    borders, borders_by = shapes.draw_outlines(view) if "outlines" in asked.layers else ("", ())
    return Picture(
        outlines=borders,
        outlines_at=shapes.outlines_url(view) if borders_by else "",
        outlines_by=borders_by,
        marks=shown[::-1],
        names=[n for n in names if n.label_x],
        lines=lines,
        ticks=ticks,
        scale_path=path,
        scale_x=scale_x,
        scale_y=scale_y,
        scale_text=text,
        width=view.width,
        height=view.height,
        measured="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in knots) if knots else "",
        knots=[(round(x, 1), round(y, 1)) for x, y in knots],
        pin=_rounded(view.xy(*asked.pin)) if asked.pin else None,
    )


def _rounded(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], 1), round(point[1], 1)


def _is_inside(one: Drawn, view: View) -> bool:
    return -4 <= one.x <= view.width + 4 and -4 <= one.y <= view.height + 4


def _drawn(mark: Mark, asked: MapAsked, layers: Mapping[str, Layer]) -> Drawn:
    x, y = asked.view.xy(mark.lon, mark.lat)
    if mark.count > 1:
        text = str(mark.count)
        shape = {"incidents": "square", "reports": "told"}.get(mark.group, "many")
        size = 20.0 + 5 * len(text)
        return Drawn(mark, shape, text, text, size, _closer(mark, asked), x, y, zooms=True)
    layer = layers[next(iter(mark.parts))]
    if mark.group == "incidents":
        numeral = NUMERALS.get(mark.grade or 0, "—")
        return Drawn(mark, "grade", numeral, numeral, 20, mark.href, x, y,
                     name_zh=mark.name_zh, name_en=mark.name_en)  # fmt: skip
    shape = "told" if mark.group == "reports" else "round" if layer.moves else "square"
    return Drawn(mark, shape, layer.symbol_zh, layer.symbol_en, 20, mark.href, x, y)


def _spoken(one: Drawn, layers: Mapping[str, Layer]) -> Drawn:
    """What is said of the mark where no mark-up may stand: its name, or how much of what is there."""
    mark = one.mark
    if one.zooms:
        parts = [(layers[code], n) for code, n in mark.parts.items()]
        one.words = ", ".join(f"{terms.spoken(layer.zh, layer.en)[0]} {n}" for layer, n in parts)
        return one
    one.words, one.lang = terms.spoken(mark.name_zh, mark.name_en)
    one.kind = terms.spoken(mark.kind_zh, mark.kind_en)[0]
    return one


def _closer(mark: Mark, asked: MapAsked) -> str:
    """The map around what is counted together, closer; where no zoom parts it, its list."""
    west, south, east, north = mark.box
    if (west == east and south == north) or asked.view.zoom >= MOST_ZOOM:
        spot = msgspec.structs.replace(
            asked.view, lon=mark.lon, lat=mark.lat, zoom=max(asked.view.zoom, ONE_ZOOM + 4)
        )
        return asked.url(view=spot) + "#map-list"
    around = fitting(mark.box, asked.view.width, asked.view.height, most=MOST_ZOOM)
    return asked.url(view=msgspec.structs.replace(around, zoom=max(around.zoom, asked.view.zoom + 1)))


def _step_aside(one: Drawn, taken: Sequence[Box]) -> None:
    far = one.size + 4
    x, y = one.x, one.y
    for right, down in ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1), (2, 0)):
        dx, dy = right * far, down * far
        box = (x + dx - one.half, y + dy - one.half, x + dx + one.half, y + dy + one.half)
        if not any(sketch.overlap(box, other) for other in taken):
            one.x, one.y, one.dx, one.dy = round(x + dx, 1), round(y + dy, 1), dx, dy
            return


def _names(view: View) -> list[Name]:
    deepest = 1 if view.zoom < 5 else 2 if view.zoom < 8 else 3 if view.zoom < 10 else 5
    found = places.list_names_in(view.box, deepest=deepest, limit=MOST_NAMES)
    return [
        Name(p.lon, p.lat, p.name_zh, p.name_en, *_rounded(view.xy(p.lon, p.lat)), level=p.level)
        for p in found
    ]


def _scale(view: View) -> tuple[str, float, float, str]:
    """A bar of a round length, as long as fits."""
    steps = [a * 10**b for b in range(7) for a in (1, 2, 5)]
    metres = max((m for m in steps if m / view.metres_a_pixel <= LONGEST_BAR), default=1)
    # in the middle of the lower edge: a narrow screen shows the middle
    long, y = metres / view.metres_a_pixel, view.height - 12
    left = view.width / 2 - long / 2
    text = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    return f"M{left:.1f} {y - 5}v5h{long:.1f}v-5", round(view.width / 2, 1), y - 6, text


def _graticule(view: View) -> tuple[list[Line], list[Tick]]:
    west, south, east, north = view.box
    step = next((s for s in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5) if
                 (east - west) / s <= 8), 10)  # fmt: skip
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    lines, ticks = list[Line](), list[Tick]()
    for lon in _rounds(west, east, step):
        x, _ = view.xy(lon, view.lat)
        lines.append(Line(f"M{x:.1f} 0V{view.height}", "lon", lon))
        if abs(x + 20 - view.width / 2) > LONGEST_BAR / 2 + 85:
            ticks.append(Tick(round(x + 3, 1), view.height - 6, _side(lon, digits, "EW")))
    for lat in _rounds(south, north, step):
        _, y = view.xy(view.lon, lat)
        lines.append(Line(f"M0 {y:.1f}H{view.width}", "lat", lat))
        if 20 < y < view.height - 50:
            ticks.append(Tick(30, round(y - 4, 1), _side(lat, digits, "NS")))
    return lines, ticks


def _rounds(low: float, high: float, step: float) -> list[float]:
    first = math.ceil(low / step)
    return [n * step for n in range(first, math.floor(high / step) + 1)]


def _side(value: float, digits: int, letters: str) -> str:
    return f"{abs(value):.{digits}f}°{letters[value < 0]}"
