"""Lines and surfaces on the map: as paths of the drawing, and as GeoJSON for MapLibre."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.utils.timezone import localtime

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.areas import queries as areas
from jingwei.apps.places import queries as places
from jingwei.engines.mercator import LEAST_ZOOM, MOST_ZOOM, View
from jingwei.engines.outlines import PARTS, Ring, nested

from .asked import MapAsked

Box = tuple[float, float, float, float]
#: Side of the squares to which what MapLibre asks for is widened, pixels: who moves the map a little gets the
#: same answer again, kept by the browser.
SQUARE_PX = 512
#: Squares of one answer at most: a wall of screens.
MOST_SQUARES = 40
#: Characters of all areas in a page at most; those behind are in the list.
MOST_CHARACTERS = 40_000
#: Vertices of one answer for MapLibre at most; more is drawn coarser.
MOST_VERTICES = 20_000


def draw_outlines(view: View) -> tuple[str, tuple[str, ...]]:
    """The borders of divisions as one path, and whose they are."""
    drawn = places.draw_outlines(view.box, view.zoom)
    return path_of(drawn.lines, view), drawn.sources


class DrawnShape(msgspec.Struct, frozen=True):
    """An area as a path of the drawing."""

    name: str
    path: str
    closed: bool


def draw_areas(one: MapAsked, *, on: date, authority: Authority) -> list[DrawnShape]:
    """Areas that are no division, thinned out to pixels; the page has room for so many characters."""
    view, room, found = one.view, MOST_CHARACTERS, list[DrawnShape]()
    for area in areas.list_drawn_areas(view.box, on=on, authority=authority, zoom=view.zoom):
        path = path_of(area.rings, view, closed=area.closed)
        room -= len(path)
        if path and room > 0:
            found.append(DrawnShape(area.name, path, area.closed))
    return found


def areas_url(one: MapAsked) -> str:
    """Where MapLibre gets the areas of this view."""
    when = {"t": localtime(one.at).strftime("%Y-%m-%dT%H:%M")} if one.at else {}
    return f"/map/areas?{_asked(one.view, 0)}" + (f"&{urlencode(when, safe=':')}" if when else "")


def areas_as_geojson(found: Sequence[areas.DrawnArea]) -> dict[str, Any]:
    """Each area as a feature: a surface of all its rings, or lines."""
    return {"type": "FeatureCollection", "features": [_feature(one) for one in found]}


def _feature(one: areas.DrawnArea) -> dict[str, Any]:
    if one.closed:
        polygons = [[_degrees([*ring, ring[0]]) for ring in polygon] for polygon in nested(one.rings)]
        geometry: dict[str, Any] = {"type": "MultiPolygon", "coordinates": polygons}
    else:
        geometry = {"type": "MultiLineString", "coordinates": [_degrees(line) for line in one.rings]}
    return {
        "type": "Feature",
        "id": str(one.id),
        "properties": {"name": one.name, "kind": one.kind},
        "geometry": geometry,
    }


def _degrees(ring: Ring) -> list[tuple[float, float]]:
    return [(x / PARTS, y / PARTS) for x, y in ring]


def path_of(lines: Iterable[Ring], view: View, *, closed: bool = False) -> str:
    """Lines in micro-degrees as an SVG path of whole pixels, each step from the last."""
    parts: list[str] = []
    for line in lines:
        points = [tuple(map(round, view.xy(x / PARTS, y / PARTS))) for x, y in line]
        last = points[0]
        steps = []
        for point in points[1:]:
            if point != last:
                steps.append(f"{point[0] - last[0]} {point[1] - last[1]}")
                last = point
        if steps:
            parts.append(
                f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}{'z' if closed else ''}".replace(" -", "-")
            )
    return "".join(parts)


def outlines_url(view: View) -> str:
    """Where MapLibre gets the borders for this view: the same address for all views of the same squares."""
    return "/map/outlines?" + _asked(view, places.get_outlines_version())


def _asked(view: View, version: object) -> str:
    zoom = max(LEAST_ZOOM, min(MOST_ZOOM, math.floor(view.zoom)))
    return urlencode(
        {"box": ",".join(f"{v:.6g}" for v in widened(view.box, zoom)), "z": zoom, "v": version}, safe=","
    )


def widened(box: Box, zoom: int) -> Box:
    """The box, widened to whole squares of its zoom."""
    step = 360 * SQUARE_PX / 512 / 2**zoom
    west, south = (math.floor(v / step) * step for v in box[:2])
    east, north = (math.ceil(v / step) * step for v in box[2:])
    return max(-180.0, west), max(-90.0, south), min(180.0, east), min(90.0, north)


def read_asked(box: str, zoom: str) -> tuple[Box, int] | None:
    """The box and zoom of such an address; None for one that no page of ours has made."""
    try:
        west, south, east, north = (float(part) for part in box.split(","))
        level = int(zoom)
    except ValueError:
        return None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90 and LEAST_ZOOM <= level <= MOST_ZOOM):
        return None
    step = 360 * SQUARE_PX / 512 / 2**level
    if (east - west) / step * max(1.0, (north - south) / step) > MOST_SQUARES:
        return None
    return (west, south, east, north), level


def lines_as_geojson(lines: Sequence[Ring], zoom: int) -> dict[str, Any]:
    """Lines as one feature, with as many decimals as the zoom shows."""
    digits = min(6, max(2, math.ceil(zoom * 0.302 + 0.5)))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {
                    "type": "MultiLineString",
                    "coordinates": [
                        [(round(x / PARTS, digits), round(y / PARTS, digits)) for x, y in line]
                        for line in lines
                    ],
                },
            }
        ],
    }
