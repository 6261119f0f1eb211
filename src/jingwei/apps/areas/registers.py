"""The register of areas that are no division. Declared once; the kit does the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from jingwei.apps.places import queries as places
from jingwei.apps.registers.facts import (
    LAT,
    LON,
    NAME,
    OWNER,
    PLACE,
    CellError,
    Choice,
    Column,
    Register,
    Span,
)
from jingwei.apps.registers.queries import list_choices
from jingwei.engines import geojson, outlines, shapes

from . import rules
from .models import Area

FORMS = (
    Choice("polygon", "多边形", "Polygon"),
    Choice("line", "线", "Line"),
    Choice("circle", "圆", "Circle"),
    Choice("divisions", "由区划组成", "Made of divisions"),
)


def check(values: Mapping[str, Any]) -> list[CellError]:
    """What does not fit, and divisions that the register of places does not have."""
    errors = rules.check_area(values)
    if not errors and values.get("form") == rules.DIVISIONS and values.get("divisions"):
        codes = rules.codes_of(str(values["divisions"]))
        missing = set(codes) - places.list_known_codes(codes)
        if missing:
            errors.append(
                CellError("divisions", "shape_divisions", {"given": ", ".join(sorted(missing))[:60]})
            )
    return errors


def derive(values: Mapping[str, Any]) -> dict[str, Any]:
    """Box and middle: of the shape, or of the divisions' outlines and points."""
    shape = rules.shape_of(values)
    if shape is not None:
        box, (lon, lat) = shapes.box_of(shape), shapes.middle(shape)
        return dict(zip(("west", "south", "east", "north"), box, strict=True)) | _point(lon, lat)
    codes = rules.codes_of(str(values["divisions"]))
    found = places.find_box_of(codes)
    empty = dict.fromkeys(("west", "south", "east", "north"))
    box_of = dict(zip(empty, found, strict=True)) if found else empty
    point = next((p for code in codes if (p := places.point_of(code))), None)
    return {**box_of, **(_point(point.lon, point.lat) if point else {"lon": None, "lat": None})}


def _point(lon: float, lat: float) -> dict[str, float]:
    return {"lon": round(lon, 6), "lat": round(lat, 6)}


def geometries(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
    """The shape of each area; of one made of divisions the outlines of these, None unless all have one."""
    found: list[dict[str, Any] | None] = []
    for values in rows:
        shape = rules.shape_of(values)
        if shape is not None:
            found.append(geojson.of_shape(shape))
        else:
            rings = places.list_finest_rings(rules.codes_of(str(values["divisions"])))
            found.append(geojson.surface(outlines.dissolved(rings)) if rings else None)
    return found


def meets(box: tuple[float, float, float, float]) -> Q:
    """Areas whose geometry meets the box. Those wholly within it do; those across its edge are asked."""
    west, south, east, north = box
    within = Q(west__gte=west, east__lte=east, south__gte=south, north__lte=north)
    touching = Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    point = Q(west__isnull=True, lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    across = Area.objects.filter(touching, removed_at__isnull=True).exclude(within)
    names = ("form", "shape", "radius_m", "divisions")
    asked = [row["pk"] for row in across.values("pk", *names).iterator() if _meets(row, box)]
    return within | point | Q(pk__in=asked)


def _meets(values: Mapping[str, Any], box: tuple[float, float, float, float]) -> bool:
    shape = rules.shape_of(values)
    if shape is not None:
        return geojson.shape_meets(shape, box)
    return geojson.surface_meets(places.list_finest_rings(rules.codes_of(str(values["divisions"]))), box)


AREAS = Register(
    code="areas",
    zh="非行政区域",
    en="Areas that are no division",
    model=Area,
    columns=(
        NAME,
        Column(
            name="kind", zh="区域类别", en="Kind", kind="choice", required=True, listed=True, filtered=True,
            choices=list_choices("area_kind"), headings=("类别", "类型", "区域类型"),
        ),
        PLACE,
        OWNER,
        Column(
            name="form", zh="形式", en="Form", kind="choice", required=True, filtered=True, choices=FORMS,
            headings=("图形类型", "form"),
        ),
        Column(
            name="shape", zh="坐标串", en="Points", kind="long", longest=32_000,
            headings=("shape", "图形", "坐标", "范围"),
        ),
        Column(
            name="radius_m", zh="半径或半宽", en="Radius, or reach to each side of a line", kind="number",
            unit_zh="米", unit_en="m", least=0, most=1_000_000, headings=("半径", "radius_m", "缓冲"),
        ),
        Column(
            name="divisions", zh="组成区划", en="Divisions it is made of", kind="long", longest=4000,
            headings=("包含区划", "divisions"),
        ),
        Column(
            name="valid_from", zh="起始日期", en="Valid from", kind="date", listed=True,
            headings=("设立日期", "valid_from"),
        ),
        Column(
            name="valid_to", zh="终止日期", en="Valid until", kind="date", listed=True,
            headings=("撤销日期", "valid_to"),
        ),
        Column(
            name="basis", zh="设立依据", en="Basis", longest=300, searched=True, headings=("依据", "批文")
        ),
        Column(name="note", zh="备注", en="Note", longest=500, searched=True, headings=("说明",)),
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=frozenset({"duty_officer", "duty_chief", "operator"}),
    owners=frozenset({"field_reporter", "program_registers"}),
    spans=(Span("valid_from", "valid_to"),),
    checks=check,
    geometries=geometries,
    meets=meets,
    derives=derive,
    symbol_zh="域",
    symbol_en="Z",
    fresh_days=365,
    fresh_source="our estimate, plans are looked at each year, 2026-11-29",
    note_zh="不是行政区划的区域：淹没区、开发区、景区、河段等。坐标写作“经度,纬度;经度,纬度”，"
    "多部分用 | 分开，坐标系与地图相同；经纬度由图形得出。",
    note_en="Areas that are no division: flood zones, development zones, scenic areas, reaches of rivers. "
    "Points as lon,lat;lon,lat with | between parts, WGS 84; longitude and latitude follow from the shape.",
)  # fmt: skip
REGISTERS = (AREAS,)
