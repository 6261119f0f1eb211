"""How far by road: what is reached within so long from a site, and how long it takes to the others."""

import math
from types import SimpleNamespace
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.views.decorators.http import require_safe

from jingwei.apps.places import queries as places
from jingwei.apps.resources import queries as resources
from jingwei.apps.roads import queries as roads
from jingwei.doors.web import reach_drawn, sketch, ways_drawn
from jingwei.doors.web.door import Asked, signed_in
from jingwei.doors.web.names import Names

#: Times of the bands, minutes. Source: our estimate, a quarter of a city, half of it, all of it, 2026-11-30.
BANDS_MIN = (5, 10, 20)
#: Sites of each kind that a page asks the road net about. Source: our estimate, a city has fewer, 2026-11-30.
MOST = 200
KINDS = {"store": n_("store"), "shelter": n_("shelter"), "hospital": n_("hospital")}


class Place(msgspec.Struct, frozen=True):
    """A site with a point: where one starts from, or is reached."""

    id: str
    kind: str
    name: str
    place: str
    lon: float
    lat: float

    @property
    def point(self) -> tuple[float, float]:
        return self.lon, self.lat


@signed_in
@require_safe
def reach(request: Asked) -> HttpResponse:
    authority, at, names = request.caller.authority, request.moment.at, Names()
    sites = _list_sites(authority.place)
    names.know(divisions={one.place for one in sites})
    source = next(
        (one for one in sites if one.id == request.GET.get("from", "")), sites[0] if sites else None
    )
    closures = roads.list_closures(authority=authority, at=at)
    ways = roads.find_ways(at=at)
    context: dict[str, Any] = {
        "tab": "reach",
        "net": roads.find_net(),
        "sites": sites,
        "source": source,
        "closed": len(closures),
        "limits": BANDS_MIN,
        "rows": [],
    }
    if source is not None and ways is not None:
        others = [one for one in sites if one.id != source.id]
        context["rows"] = _rows(source, others, ways, names)
        context["map"] = _drawn(source, others, ways, closures, authority.place)
    return render(request, "web/dispatch/reach.html", context)


def _list_sites(place: str) -> list[Place]:
    """Stores, shelters and hospitals of one's area that have a point of their own."""
    found: list[tuple[str, Any]] = [
        *(("store", one) for one in resources.list_stores(within=place, most=MOST)),
        *(("shelter", one) for one in resources.list_shelters(within=place, most=MOST)),
        *(("hospital", one) for one in resources.list_hospitals(within=place, most=MOST)),
    ]
    return [
        Place(str(one.id), kind, one.name, one.place, one.lon, one.lat)
        for kind, one in found
        if one.lon is not None and one.lat is not None
    ]


def _rows(source: Place, others: list[Place], ways: roads.Ways, names: Names) -> list[SimpleNamespace]:
    """The other sites, the soonest reached first; then those without a way, then those outside the net."""
    took = ways.matrix([source.point], [one.point for one in others])[0] if others else []
    pairs = sorted(zip(others, took, strict=True), key=lambda pair: (_order(pair[1]), pair[0].name))
    return [
        SimpleNamespace(
            site=one,
            kind=_(KINDS[one.kind]),
            place=names.place(one.place),
            minutes=math.ceil(seconds / 60) if math.isfinite(seconds) else None,
            outside=math.isnan(seconds),
        )
        for one, seconds in pairs
    ]


def _order(seconds: float) -> tuple[int, float]:
    if math.isnan(seconds):
        return 2, 0.0
    return int(math.isinf(seconds)), 0.0 if math.isinf(seconds) else seconds


def _drawn(
    source: Place,
    others: list[Place],
    ways: roads.Ways,
    closures: list[roads.ClosureLine],
    place: str,
) -> SimpleNamespace:
    """The sketch round the sites, its bands, and where roads are closed."""
    around = places.list_points(within=place[:6], level=None if place else 2, sites=False)[:60]
    points = [sketch.Point(lon=p.lon, lat=p.lat, name_zh=p.name_zh, name_en=p.name_en) for p in around]
    spots = [
        ways_drawn.Spot(one.id, "here" if one is source else "site", one.lon, one.lat, "", "", "")
        for one in (source, *others)
    ]
    spots[0].name_zh = spots[0].name_en = source.name
    frame_by = [(one.lon, one.lat) for one in (source, *others)]
    base = ways_drawn.draw_ways(spots, [], points, least_km=4, frame_by=frame_by)
    base.outline(closures)
    reached = ways.bands(source.point, [60 * minutes for minutes in BANDS_MIN])
    return SimpleNamespace(base=base, bands=reach_drawn.bands_of(base, BANDS_MIN, reached))
