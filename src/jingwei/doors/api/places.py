"""Places by name, code and path."""

from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router

from jingwei.apps.places import queries as places
from jingwei.engines.datum import to_wgs84
from jingwei.kernel.codes import normal_place
from jingwei.kernel.refusals import Refused

from .shapes import PlaceAtOut, PlaceOut

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


@router.get("/at", response=PlaceAtOut, summary="Where a point lies, by the nearest named point: approximate")
def place_at(
    request: HttpRequest,
    lon: float = Query(..., ge=-180, le=180),  # type: ignore[type-arg]
    lat: float = Query(..., ge=-90, le=90),  # type: ignore[type-arg]
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84",
):
    found = places.find_place_at(*to_wgs84(lon, lat, datum))
    if found is None:
        raise Refused("not_found")
    names = PlaceAtOut.model_fields
    return PlaceAtOut(**{n: getattr(found, n) for n in names})
