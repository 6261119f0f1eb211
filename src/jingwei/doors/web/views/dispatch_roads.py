"""Closed and slow roads: what stands, drawn on a sketch or typed, and reopened."""

import uuid
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.places import queries as places
from jingwei.apps.roads import actions, queries
from jingwei.apps.roads.facts import SHAPES, NewClosure
from jingwei.doors.entry import refusals
from jingwei.doors.web import sketch, ways_drawn
from jingwei.doors.web.door import Asked, act, missing_page, offers, refusal_page, signed_in, status_of
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import number_of, time_of, tried
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

#: Most characters of the points of one closure as typed.
_LONGEST = 20_000


def _points(text: str) -> tuple[tuple[float, float], ...]:
    """Lines or pieces of "longitude, latitude"."""
    found = []
    for piece in text[:_LONGEST].replace("；", ";").replace("，", ",").replace("\n", ";").split(";"):
        if piece.strip():
            try:
                lon, lat = (float(one) for one in piece.split(","))
            except ValueError as error:
                raise Refused("closure_shape_impossible") from error
            found.append((lon, lat))
    return tuple(found)


def _new(request: Asked) -> NewClosure:
    v = request.POST.get
    left = number_of(v("left", "0") or "0")
    return NewClosure(
        shape=v("shape", ""),
        points=_points(v("points", "")),
        radius_m=float(number_of(v("radius", "0") or "0")),
        factor=left / 100,
        reason=v("reason", "")[:300],
        until_at=time_of(v("until", "")),
        key=v("key", "")[:100],
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def roads(request: Asked) -> HttpResponse:
    """What is closed or slow in one's area; the form sent closes one more, with effect at once."""
    done, refused = tried(request, lambda: actions.close_road(_new(request), **act(request)))
    if done:
        return redirect("/dispatch/roads")
    authority, at, names = request.caller.authority, request.moment.at, Names()
    standing = queries.list_closures(authority=authority, at=at)
    over = queries.list_closures(authority=authority, at=at, over=True, limit=20)
    names.know(
        divisions={one.place for one in (*standing, *over)}, people=[one.by for one in (*standing, *over)]
    )
    context = {
        "net": queries.find_net(),
        "rows": [_row(one, names) for one in standing],
        "over": [_row(one, names) for one in over],
        "sketch": _sketch(request, standing),
        "shapes": SHAPES,
        "can": offers(request, "roads.close_road", "roads.reopen_road", place=authority.place),
        "values": request.POST,
        "key": request.POST.get("key") or str(new_id()),
        "error": refusals.sentence(refused) if refused else "",
        "tab": "roads",
    }
    return render(request, "web/dispatch/roads.html", context, status=status_of(refused) if refused else 200)


def _row(one: queries.ClosureLine, names: Names) -> SimpleNamespace:
    lon, lat = one.points[0]
    return SimpleNamespace(
        closure=one,
        who=names.person(one.by),
        place=names.place(one.place) if one.place else ("", ""),
        point=f"{lon:.4f}, {lat:.4f}",
        left=round(one.factor * 100),
    )


def _sketch(request: Asked, standing: list[queries.ClosureLine]) -> ways_drawn.Drawn:
    """The divisions of one's area, and the closures: crosses, lines, areas; a click on it is a point."""
    place = request.caller.authority.place
    around = places.list_points(within=place[:6], level=None if place else 2, sites=False)
    found = [sketch.Point(lon=p.lon, lat=p.lat, name_zh=p.name_zh, name_en=p.name_en) for p in around[:60]]
    crosses = [
        ways_drawn.Spot(str(c.id), "cross", c.points[0][0], c.points[0][1], "×", "", "")
        for c in standing
        if c.shape == "point"
    ]
    drawn = ways_drawn.draw_ways(crosses, [], found, frame_by=[(p.lon, p.lat) for p in around[:60]])
    drawn.outline(standing)
    return drawn


@signed_in
@require_POST
def reopen(request: Asked, closure_id: uuid.UUID) -> HttpResponse:
    if queries.find_closure(closure_id, authority=request.caller.authority) is None:
        return missing_page(
            request, _("This closed road is not known here. Look at the list of closed roads.")
        )
    given: dict[str, Any] = act(request)
    try:
        actions.reopen_road(closure_id, **given)
    except Refused as refused:
        return refusal_page(request, refused)
    return redirect("/dispatch/roads")
