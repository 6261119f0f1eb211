"""Places by name, code and path."""

import re
from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils.timezone import localtime
from ninja import Path, Query, Router
from ninja.errors import HttpError

from jingwei.apps.areas import queries as areas
from jingwei.apps.places import queries as places
from jingwei.doors.entry.moments import this_moment
from jingwei.engines.datum import to_wgs84
from jingwei.kernel.codes import is_place_code, normal_place
from jingwei.kernel.refusals import Refused

from .shapes import AreaAtOut, DivisionOut, NeighborOut, PlaceAtOut, PlaceChangeOut, PlaceOut

router = Router()


@router.get("", response=list[PlaceOut], summary="Divisions and named points that match")
def search_places(
    request: HttpRequest,
    search: str = Query(..., min_length=1, max_length=60),  # type: ignore[type-arg]
    within: str = Query("", max_length=12),  # type: ignore[type-arg]
    limit: int = Query(20, ge=1, le=100),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000),  # type: ignore[type-arg]
):
    found = places.search_places(search, within=normal_place(within), limit=limit, offset=offset)
    names = PlaceOut.model_fields
    return [PlaceOut(**{n: getattr(p, n) for n in names}) for p in found]


@router.get("/at", response=PlaceAtOut, summary="Where a point lies, by outlines and the nearest named point")
def place_at(
    request: HttpRequest,
    lon: float = Query(..., ge=-180, le=180),  # type: ignore[type-arg]
    lat: float = Query(..., ge=-90, le=90),  # type: ignore[type-arg]
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84",
    on: date | None = None,
):
    point = to_wgs84(lon, lat, datum)
    found = places.find_place_at(*point)
    today = localtime(this_moment().at).date()
    lies_in = areas.list_areas_at(*point, on=on or today, authority=request.auth)  # type: ignore[attr-defined]
    if found is None and not lies_in:
        raise Refused("not_found")
    fields = AreaAtOut.model_fields
    said = [AreaAtOut(**{n: getattr(one, n) for n in fields}) for one in lies_in]
    if found is None:
        return PlaceAtOut(
            code="", site="", name="", path="", distance_m=None, precision="none", within="", within_path="",
            source="", areas=said,
        )  # fmt: skip
    names = [name for name in PlaceAtOut.model_fields if name != "areas"]
    return PlaceAtOut(**{n: getattr(found, n) for n in names}, areas=said)


_CODE = Path(..., max_length=12, pattern=r"^\d{2,12}$")  # type: ignore[type-arg]


@router.get("/{code}", response=DivisionOut, summary="What a code of any year stands for, and what it became")
def get_place(
    request: HttpRequest,
    code: str = _CODE,
    on: str = Query("", max_length=10, description="a day: what it was called and had become by then"),  # type: ignore[type-arg]
):
    code = _known(code)
    if on and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", on):
        raise HttpError(422, "on is a year, a month or a day: 2024-05-01")
    card, led = places.find_division(code), places.resolve_place(code, on=on)
    if card is None and not led.codes and not led.changes:
        raise Refused("not_found")
    fields = PlaceChangeOut.model_fields
    return DivisionOut(
        code=code,
        name=places.name_on(code, on=on),
        name_en=card.name_en if card else "",
        path=card.path_zh if card else "",
        level=card.level if card else None,
        valid_from=card.valid_from if card else "",
        valid_to=card.valid_to if card else "",
        became=list(led.codes),
        sure=led.sure,
        changes=[
            PlaceChangeOut(**{n: getattr(one, n) for n in fields}) for one in places.list_changes_from([code])
        ],
    )


@router.get("/{code}/neighbours", response=list[NeighborOut], summary="The divisions that adjoin this one")
def list_neighbours(request: HttpRequest, code: str = _CODE):
    code = _known(code)
    if places.find_division(code) is None:
        raise Refused("not_found")
    names = NeighborOut.model_fields
    return [NeighborOut(**{n: getattr(one, n) for n in names}) for one in places.list_neighbors(code)]


def _known(code: str) -> str:
    if not is_place_code(code):
        raise Refused("not_found")
    return normal_place(code)
