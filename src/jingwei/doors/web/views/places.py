"""Places: searched, and each division with what holds it, what it holds and what it was called."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.areas import queries as areas
from jingwei.apps.places import queries as places
from jingwei.doors.web.door import Asked, signed_in, whole
from jingwei.kernel.codes import is_place_code, normal_place
from jingwei.kernel.lonlat import is_lonlat

PAGE = 50


@signed_in
@require_safe
def list_places(request: Asked) -> HttpResponse:
    """Hits of a search; without one, where the tree begins."""
    text = request.GET.get("q", "").strip()[:100]
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    found = places.search_places(text, limit=PAGE + 1, offset=offset) if text else []
    lon, lat = (_degrees(request.GET.get(n, "")) for n in ("lon", "lat"))
    asked = bool(request.GET.get("lon") or request.GET.get("lat"))
    known = lon is not None and lat is not None and is_lonlat(lon, lat)
    context: dict[str, object] = {
        "lon": request.GET.get("lon", "")[:20],
        "lat": request.GET.get("lat", "")[:20],
        "asked_at": asked,
        "unreadable": asked and not known,
        "at": places.find_place_at(lon, lat) if known and lon is not None and lat is not None else None,
        "text": text,
        "found": found[:PAGE],
        "tops": [] if text or asked else places.list_children(""),
        "next_from": offset + PAGE if len(found) > PAGE else None,
        "earlier_from": max(0, offset - PAGE) if offset else None,
    }
    if known and lon is not None and lat is not None:
        today = localtime(request.moment.at).date()
        context["areas"] = areas.list_areas_at(lon, lat, on=today, authority=request.caller.authority)
    found_at = context["at"]
    away = found_at.distance_m if isinstance(found_at, places.PlaceAt) else None
    context["km"] = "" if away is None else f"{away / 1000:.1f}"
    return render(request, "web/places/list.html", context)


def _degrees(text: str) -> float | None:
    try:
        return float(text.strip()[:20])
    except ValueError:
        return None


@signed_in
@require_safe
def place(request: Asked, code: str) -> HttpResponse:
    """One division; of a code that was given up, what it became."""
    code = normal_place(code)
    card = places.find_division(code) if is_place_code(code) else None
    led = places.resolve_place(code) if is_place_code(code) else places.Resolved(codes=(), sure=False)
    if card is None and not led.codes and not led.changes:
        context = {"title": _("Not found"), "what": _("This code is not known here."), "kept": ""}
        return render(request, "web/error.html", context, status=404)
    became = places.list_divisions_by_code(led.codes) if card is None or card.valid_to else {}
    shown: dict[str, object] = {
        "code": code,
        "card": card,
        "level": _level(card.level) if card else "",
        "above": _above(code),
        "neighbors": [_adjoining(one) for one in places.list_neighbors(code)] if card else [],
        "children": places.list_children(code) if card else [],
        "sites": [one for one in places.list_sites(within=code) if one.place == code] if card else [],
        "changes": [_said(change) for change in led.changes],
        "became": list(became.values()),
        "sure": led.sure,
        "former": [_said(change) for change in places.list_changes_into(code)],
    }
    return render(request, "web/places/place.html", shown)


def _adjoining(one: places.NeighborLine) -> SimpleNamespace:
    return SimpleNamespace(line=one, km="" if one.border_m is None else f"{one.border_m / 1000:.0f}")


def _above(code: str) -> list[places.DivisionCard]:
    """What holds it, the highest first."""
    known = places.list_divisions_by_code([code[:n] for n in (2, 4, 6, 9) if n < len(code)])
    return sorted(known.values(), key=lambda card: card.level)


def _level(level: int) -> str:
    return (_("province"), _("prefecture"), _("county"), _("township"), _("village or community"))[level - 1]


def _said(change: places.Change) -> SimpleNamespace:
    words = {
        "renamed": _("renamed"),
        "recoded": _("now under another code"),
        "merged": _("merged"),
        "split": _("split"),
        "ended": _("ended"),
    }
    return SimpleNamespace(change=change, word=words[change.kind])
