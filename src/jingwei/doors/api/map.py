"""The map for programs: marks of each layer as GeoJSON, counted in cells of which each is exact."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from jingwei.doors.entry import mapping
from jingwei.doors.entry.mapping import Mark
from jingwei.doors.entry.moments import this_moment
from jingwei.engines.cells import grid_of
from jingwei.engines.mercator import LEAST_ZOOM, MOST_ZOOM
from jingwei.kernel.lonlat import is_lonlat

router = Router()
_BOX = "box is west,south,east,north in degrees, west before east and south before north"
#: Before this year nothing stood on a map here: a time before it is a mistake.
_FIRST_YEAR = 1900


class LayerOut(Schema):
    code: str
    zh: str
    en: str
    symbol_zh: str
    symbol_en: str


class MarkOut(Schema):
    """One thing with its name and address, or `count` things counted together; `parts` by layer."""

    group: str
    count: int
    parts: dict[str, int]
    name_zh: str
    name_en: str
    kind_zh: str
    kind_en: str
    href: str
    grade: int | None
    proposed: bool


class PointOut(Schema):
    type: str = "Point"
    coordinates: tuple[float, float]


class MapFeatureOut(Schema):
    type: str = "Feature"
    id: str | None
    geometry: PointOut
    bbox: tuple[float, float, float, float]
    properties: MarkOut


class MapOut(Schema):
    """GeoJSON (RFC 7946), WGS 84; `total` is the sum of all counts: what the caller may see there."""

    type: str = "FeatureCollection"
    total: int
    features: list[MapFeatureOut]


@router.get("/layers", response=list[LayerOut], summary="The layers of the map")
def list_layers(request: HttpRequest):
    names = LayerOut.model_fields
    return [LayerOut(**{n: getattr(one, n) for n in names}) for one in mapping.list_layers()]


@router.get("/cells", response=MapOut, summary="What stands within a box, counted in cells of a zoom")
def list_cells(
    request: HttpRequest,
    box: str = Query(..., max_length=100, description="west,south,east,north in degrees"),  # type: ignore[type-arg]
    zoom: float = Query(..., ge=LEAST_ZOOM, le=MOST_ZOOM),  # type: ignore[type-arg]
    layers: str = Query("incidents,reports", max_length=400),  # type: ignore[type-arg]
    at: datetime | None = None,
    hours: int = Query(24, ge=0, le=87_600, description="reports of so many hours; 0 is all"),  # type: ignore[type-arg]
):
    now = this_moment().at
    if at is not None and (at.tzinfo is None or at.year < _FIRST_YEAR):
        raise HttpError(422, "at is a time with its zone, since 1900")
    until = at if at is not None and at < now else None
    asked = mapping.Asked(
        layers=tuple(layers.split(",")),
        box=_box(box),
        grid=grid_of(zoom),
        now=now,
        at=until,
        since=(until or now) - timedelta(hours=hours) if hours else None,
    )
    marks = mapping.gather(asked, authority=request.auth)  # type: ignore[attr-defined]
    return MapOut(total=sum(mark.count for mark in marks), features=[_feature(mark) for mark in marks])


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise HttpError(422, _BOX) from error
    if not (is_lonlat(west, south) and is_lonlat(east, north) and west <= east and south <= north):
        raise HttpError(422, _BOX)
    return west, south, east, north


def _feature(mark: Mark) -> MapFeatureOut:
    said = {name: getattr(mark, name) for name in MarkOut.model_fields}
    return MapFeatureOut(
        id=mark.id or None,
        geometry=PointOut(coordinates=(mark.lon, mark.lat)),
        bbox=mark.box,
        properties=MarkOut(**said | {"parts": dict(mark.parts)}),
    )
