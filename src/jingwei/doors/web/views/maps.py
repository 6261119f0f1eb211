"""The map: what is where, now or at an earlier time; drawn here, and by MapLibre where there is WebGL."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.areas import queries as areas
from jingwei.apps.places import queries as places
from jingwei.apps.registers import queries as registers
from jingwei.doors.entry import mapping
from jingwei.doors.entry.headers import policy
from jingwei.doors.entry.mapping import Layer, Mark
from jingwei.doors.web.door import Asked, signed_in
from jingwei.doors.web.maps import asked as asking
from jingwei.doors.web.maps import drawing, shapes
from jingwei.doors.web.maps.asked import MapAsked
from jingwei.engines.coordinates import ReadPoint, forms_of
from jingwei.engines.shapes import text_of
from jingwei.engines.surveying import area_m2, length_m

#: How long the browser keeps borders, seconds; the address changes when others are loaded.
KEPT_S = 24 * 3600
#: Things in the list below the map.
LISTED = 40


@signed_in
@require_safe
def map_page(request: Asked) -> HttpResponse:
    authority, now = request.caller.authority, request.moment.at
    one = asking.read(request.GET, authority, now)
    wanted = one.marks(now)
    marks = mapping.gather(wanted, authority=authority)
    picture = drawing.draw(one, marks, layers := {layer.code: layer for layer in mapping.list_layers()})
    if "areas" in one.layers:
        day = localtime(one.at or now).date()
        picture.areas = shapes.draw_areas(one, on=day, authority=authority)
    drawn_layers = {layer.code: layer for layer in mapping.list_drawn_layers()}
    context = {
        "map": picture,
        "areas_at": shapes.areas_url(one) if "areas" in one.layers else "",
        "asked": one,
        "layers": _layers(one, marks, layers | drawn_layers),
        "approval": settings.JINGWEI_MAP_APPROVAL,
        "moves": _moves(one),
        "unturned": mapping.list_unturned(wanted),
        "time": _time(one, request),
        "hours": [(h, h == one.hours) for h in sorted(asking.HOURS, key=lambda h: h or 10**6)],
        "listed": [_line(m, one) for m in mapping.list_in_words(wanted, authority=authority, limit=LISTED)],
        "total": sum(mark.count for mark in marks),
        "most": LISTED,
        "forms": forms_of(*(one.pin or (one.view.lon, one.view.lat))),
        "said": _said(one.read) if one.read else "",
        "other": one.url(pin=one.read.other, view=_centred(one, one.read.other))
        if one.read and one.read.other
        else "",
        "measure": _measure(one),
        "keep": _keep(one) if _may_keep(authority) else [],
        "tiles": settings.JINGWEI_TILES,
        "tiles_by": settings.JINGWEI_TILES_BY,
    }
    answer = render(request, "web/map/map.html", context)
    if settings.JINGWEI_TILES:
        where = urlsplit(settings.JINGWEI_TILES)
        answer["Content-Security-Policy"] = policy(f"{where.scheme}://{where.netloc}")
    return answer


@signed_in
@require_safe
def outlines(request: Asked) -> HttpResponse:
    """The borders of divisions for MapLibre, of whole squares; the browser keeps them."""
    asked = shapes.read_asked(request.GET.get("box", "")[:80], request.GET.get("z", "")[:2])
    if asked is None:
        return HttpResponse(status=422)
    drawn = places.draw_outlines(*asked, most=shapes.MOST_VERTICES)
    answer = JsonResponse(shapes.lines_as_geojson(drawn.lines, asked[1]))
    answer["Cache-Control"] = f"private, max-age={KEPT_S}"
    return answer


@signed_in
@require_safe
def drawn_areas(request: Asked) -> HttpResponse:
    """The areas that are no division, as GeoJSON: those that the post sees, as they hold then."""
    asked = shapes.read_asked(request.GET.get("box", "")[:80], request.GET.get("z", "")[:2])
    if asked is None:
        return HttpResponse(status=422)
    day = localtime(asking.time_of(request.GET, request.moment.at) or request.moment.at).date()
    found = areas.list_drawn_areas(asked[0], on=day, authority=request.caller.authority, zoom=asked[1])
    return JsonResponse(shapes.areas_as_geojson(found))


def _layers(one: MapAsked, marks: Sequence[Mark], layers: dict[str, Layer]) -> list[SimpleNamespace]:
    counts: Counter[str] = Counter()
    for mark in marks:
        counts.update(mark.parts)
    return [
        SimpleNamespace(layer=layer, on=code in one.layers, count=counts[code])
        for code, layer in layers.items()
    ]


def _moves(one: MapAsked) -> list[SimpleNamespace]:
    """Links that take the map a third of its width or height further, closer, or farther away."""
    view = one.view
    steps = (
        ("north", _("North"), "↑", view.moved(0, -1 / 3)),
        ("south", _("South"), "↓", view.moved(0, 1 / 3)),
        ("west", _("West"), "←", view.moved(-1 / 3, 0)),
        ("east", _("East"), "→", view.moved(1 / 3, 0)),
        ("closer", _("Closer"), "+", view.zoomed(1)),
        ("farther", _("Farther"), "-", view.zoomed(-1)),
    )
    return [
        SimpleNamespace(key=key, word=word, sign=sign, href=one.url(view=then))
        for key, word, sign, then in steps
    ]


def _time(one: MapAsked, request: Asked) -> SimpleNamespace:
    now = request.moment.at
    at = one.at or now
    back = max(0, round((now - at).total_seconds() / 3600))
    earlier, later = at - timedelta(hours=1), at + timedelta(hours=1)
    return SimpleNamespace(
        at=one.at,
        field=localtime(at).strftime("%Y-%m-%dT%H:%M"),
        back=min(back, asking.SLIDER_HOURS),
        most=asking.SLIDER_HOURS,
        earlier=one.url(at=earlier),
        later=one.url(at=later if later < now else None) if one.at else "",
        now=one.url(at=None) if one.at else "",
    )


def _line(mark: Mark, one: MapAsked) -> SimpleNamespace:
    here = (mark.lon, mark.lat)
    return SimpleNamespace(
        mark=mark, show=one.url(view=_centred(one, here), pin=here), decimal=forms_of(*here).decimal
    )


def _centred(one: MapAsked, point: tuple[float, float] | None) -> object:
    lon, lat = point or (one.view.lon, one.view.lat)
    return type(one.view)(lon, lat, max(one.view.zoom, asking.ONE_ZOOM), one.view.width, one.view.height)


def _said(read: ReadPoint) -> str:
    """How what was typed was understood."""
    order = {
        "marked": _("Read as it is marked."),
        "by_size": _("Only one of the two numbers can be the longitude."),
        "nearer": _("Either number could be the longitude; the point nearer to the map was taken."),
        "assumed": _("Either number could be the longitude; the first was taken for the latitude."),
        "grid": _("Read as a point of the metre grid."),
    }[read.order]
    datum = {"gcj02": _("Moved from GCJ-02 to WGS 84."), "bd09": _("Moved from BD-09 to WGS 84.")}
    return f"{order} {datum.get(read.datum, '')}".strip()


def _measure(one: MapAsked) -> SimpleNamespace:
    points = one.measured
    centre = (one.view.lon, one.view.lat)
    return SimpleNamespace(
        count=len(points),
        length=_metres(length_m(points)) if len(points) > 1 else "",
        around=_metres(length_m([*points, points[0]])) if len(points) > 2 else "",
        area=_square(area_m2(points)) if len(points) > 2 else "",
        add=one.url(measured=(*points, centre)) if len(points) < asking.MOST_MEASURED else "",
        back=one.url(measured=points[:-1]) if points else "",
        clear=one.url(measured=()) if points else "",
        points=";".join(f"{lon},{lat}" for lon, lat in points),
    )


def _may_keep(authority: Authority) -> bool:
    register = registers.get_register("areas")
    own = authority.organization_code
    return registers.may_keep(register, authority, "registers.add_row", place=authority.place, owner=own)


def _keep(one: MapAsked) -> list[SimpleNamespace]:
    """What is drawn, as an area that can be kept: its form with the points filled in."""
    points, found = one.measured, []
    if len(points) > 2:
        found.append((_("Keep the ring as an area"), "polygon", points))
    if len(points) > 1:
        found.append((_("Keep the line as an area"), "line", points))
    if one.pin or len(points) == 1:
        found.append((_("Keep the point with a radius as an area"), "circle", (one.pin or points[0],)))
    return [
        SimpleNamespace(
            word=word, href=f"/registers/areas/new?{urlencode({'form': form, 'shape': text_of([of])})}"
        )
        for word, form, of in found
    ]


def _metres(value: float) -> str:
    return f"{value:.0f} m" if value < 1000 else f"{value / 1000:.2f} km"


def _square(value: float) -> str:
    return f"{value:.0f} m²" if value < 100_000 else f"{value / 1_000_000:.3f} km²"
