"""Places by name, code and path."""

from django.http import HttpRequest
from ninja import Query, Router

from jingwei.apps.places import queries as places
from jingwei.kernel.codes import normal_place

from .shapes import PlaceOut

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
