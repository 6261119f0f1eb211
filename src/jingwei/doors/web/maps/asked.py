"""What the address of the map asks for; every link of the page is the same address with a change."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import QueryDict
from django.utils.timezone import get_current_timezone, localtime

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.places import queries as places
from jingwei.apps.registers import queries as registers
from jingwei.doors.entry import mapping
from jingwei.engines.cells import WORLD, Box, Grid
from jingwei.engines.coordinates import Point, ReadPoint, read_point
from jingwei.engines.mercator import LEAST_ZOOM, MOST_ZOOM, View, fitting
from jingwei.kernel.lonlat import is_lonlat

#: Size of the drawing, in its own units; a narrower screen shows its middle.
WIDTH, HEIGHT = 1080, 560
#: Sizes that are drawn at all: a wall of screens, a watch.
LARGEST, SMALLEST = (2560, 1440), 200
#: How far back reports are shown, hours; 0 is all. The first is what one sees unasked.
HOURS = (24, 1, 6, 72, 0)
#: How many hours the slider goes back.
SLIDER_HOURS = 72
#: Before this year nothing stood on a map here.
FIRST_YEAR = 1900
#: Points of a measured line at most: the address carries them.
MOST_MEASURED = 60
#: Zoom at which one thing is shown, and the closest one to which a set of things is fitted.
ONE_ZOOM, FITTED_ZOOM = 14.0, 12.0
#: Zoom for the area of a post by the length of its code: nation, province, city, county, township.
_ZOOMS = {0: 3.0, 2: 6.0, 4: 8.0, 6: 10.0, 9: 12.0}
#: Where the map opens when nothing says where: the middle of the division tree that ships.
_MIDDLE = (104.0, 35.0)
#: Layers shown when none is asked for.
FIRST = ("incidents", "reports", "outlines")


class MapAsked(msgspec.Struct, frozen=True):
    """The map as asked for. `pin`: a point to be marked; `measured`: the points of a line or ring.

    `unasked`: the address does not say where; a small screen may then step back until all is on it.
    """

    view: View
    layers: tuple[str, ...]
    at: datetime | None = None
    hours: int = HOURS[0]
    pin: Point | None = None
    measured: tuple[Point, ...] = ()
    typed: str = ""
    read: ReadPoint | None = None
    unasked: bool = False

    def url(self, **changes: Any) -> str:
        one = msgspec.structs.replace(self, **changes)
        view = one.view
        words: list[tuple[str, str]] = [("at", f"{view.lon:.5f},{view.lat:.5f}"), ("z", f"{view.zoom:g}")]
        words += one.kept
        return "/map?" + urlencode(words, safe=",;:")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form that changes the place must carry on."""
        words = [("l", code) for code in self.layers] or [("l", "none")]
        if self.at is not None:
            words.append(("t", localtime(self.at).strftime("%Y-%m-%dT%H:%M")))
        if self.hours != HOURS[0]:
            words.append(("h", str(self.hours)))
        if self.pin is not None:
            words.append(("pin", _written(self.pin)))
        if self.measured:
            words.append(("m", ";".join(_written(p) for p in self.measured)))
        return words

    def marks(self, now: datetime) -> mapping.Asked:
        until = self.at or now
        return mapping.Asked(
            layers=self.layers,
            box=self.view.box,
            grid=Grid(max(LEAST_ZOOM, int(self.view.zoom))),
            now=now,
            at=self.at,
            since=until - timedelta(hours=self.hours) if self.hours else None,
        )


def read(asked: QueryDict, authority: Authority, now: datetime) -> MapAsked:
    """The map that the address asks for; what cannot be read is left out."""
    known = [layer.code for layer in (*mapping.list_layers(), *mapping.list_drawn_layers())]
    wanted = asked.getlist("l") or FIRST
    layers = tuple(code for code in known if code in wanted)
    pin = _point(asked.get("pin", ""))
    view = _view(asked, layers, authority)
    typed = asked.get("go", "").strip()[:200]
    found = read_point(typed, near=(view.lon, view.lat)) if typed else None
    if found is not None:
        pin = (found.lon, found.lat)
        view = msgspec.structs.replace(view, lon=found.lon, lat=found.lat, zoom=max(view.zoom, ONE_ZOOM))
    points = [_point(part) for part in asked.get("m", "").split(";")[:MOST_MEASURED]]
    hours = asked.get("h", "")
    return MapAsked(
        view=view,
        layers=layers,
        at=time_of(asked, now),
        hours=int(hours) if hours.isascii() and hours.isdigit() and int(hours) in HOURS else HOURS[0],
        pin=pin,
        measured=tuple(p for p in points if p is not None),
        typed=typed,
        read=found,
        unasked=not asked.get("at") and found is None,
    )


def _view(asked: QueryDict, layers: tuple[str, ...], authority: Authority) -> View:
    point = _point(asked.get("at", ""))
    if point is None:
        return _first_view(layers if asked.getlist("l") else (), authority)
    try:
        zoom = float(asked.get("z", ""))
    except ValueError:
        zoom = ONE_ZOOM
    zoom = min(float(MOST_ZOOM), max(float(LEAST_ZOOM), zoom)) if zoom == zoom else ONE_ZOOM
    width, height = _size(asked.get("s", ""))
    return View(*point, zoom, width, height)


def _size(text: str) -> tuple[int, int]:
    """The size a script asks for, so that the drawing fits its map."""
    width, _, height = text.partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        return WIDTH, HEIGHT
    return min(LARGEST[0], max(SMALLEST, int(width[:5]))), min(LARGEST[1], max(SMALLEST, int(height[:5])))


def _first_view(layers: tuple[str, ...], authority: Authority) -> View:
    """All that the one layer asked for holds; else the open incidents; else the post's own area."""
    box = None
    if len(layers) == 1 and layers[0] not in ("incidents", "reports", "sites", "outlines"):
        box = registers.find_bounds(registers.get_register(layers[0]), authority=authority)
    if box is None:
        box = _bounds_of_incidents(authority)
    if box is not None:
        return fitting(box, WIDTH, HEIGHT, most=FITTED_ZOOM)
    card = places.find_division(authority.place) if authority.place else None
    middle = (card.lon, card.lat) if card and card.lon is not None and card.lat is not None else _MIDDLE
    return View(*middle, _ZOOMS.get(len(authority.place), ONE_ZOOM), WIDTH, HEIGHT)  # type: ignore[arg-type]


def _bounds_of_incidents(authority: Authority) -> Box | None:
    boxes = [c.box for c in incidents.count_standing_cells(WORLD, Grid(1), authority=authority)]
    if not boxes:
        return None
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    return west, south, max(b[2] for b in boxes), max(b[3] for b in boxes)


def time_of(asked: QueryDict, now: datetime) -> datetime | None:
    """The time asked for: so many hours back, or one that is written; None for now and later."""
    back = asked.get("back", "")
    if back.isascii() and back.isdigit() and len(back) < 5:
        return now - timedelta(hours=int(back)) if int(back) else None
    try:
        written = datetime.fromisoformat(asked.get("t", ""))
    except ValueError:
        return None
    if written.year < FIRST_YEAR:
        return None
    at = written if written.tzinfo else written.replace(tzinfo=get_current_timezone())
    return at if at < now else None


def _point(text: str) -> Point | None:
    parts = text.split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        return None
    return (lon, lat) if is_lonlat(lon, lat) else None


def _written(point: Point) -> str:
    return f"{point[0]:.5f},{point[1]:.5f}"
