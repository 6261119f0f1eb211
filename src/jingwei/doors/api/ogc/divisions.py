"""The collection of divisions with outlines: not a register, so it has a reading and documents of its own."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import localtime

from jingwei.apps.places import queries as places
from jingwei.apps.places.queries import OutlinedDivision, OutlinedSought
from jingwei.engines import geojson
from jingwei.kernel.codes import is_place_code

from . import documents
from .asked import BadParameter, box_of, check_names, interval_of, limit_of, within_of

CODE = "divisions"
#: What the items take beside what those of every collection take.
PARAMETERS = ("limit", "after", "bbox", "datetime", "within", "level")
PROPERTIES = {
    "code": ("区划代码", "Code"),
    "name": ("名称", "Name"),
    "name_en": ("英文名称", "Name in English"),
    "path": ("全称", "Path"),
    "level": ("层级", "Level"),
    "valid_from": ("起始", "Valid from"),
    "valid_to": ("终止", "Valid until"),
    "source": ("边界来源", "Whose outline"),
    "thinned_deg": ("边界简化格网（度）", "Grid the outline was thinned out on, degrees"),
}


class Page(msgspec.Struct, frozen=True):
    """A page of divisions as it was asked for."""

    sought: OutlinedSought
    limit: int
    after: str


def title() -> str:
    return "行政区划（有边界者）" if documents.is_zh() else "Divisions with outlines"


def note() -> str:
    if documents.is_zh():
        return (
            "有边界的省、市、县；边界来自外部数据包，没有安装时为空。省、市边界按图上精度简化。"
            "datetime 问的是当时存续的区划。"
        )
    return (
        "Provinces, cities and counties whose outline is held; empty without the package of outlines. "
        "Those of provinces and cities are thinned out as for maps. "
        "datetime asks for those that stood then."
    )


def described(base: str) -> dict[str, Any]:
    return documents.described(base, CODE, title(), note())


def read_page(request: HttpRequest) -> Page:
    check_names(request, PARAMETERS)
    given = request.GET
    level, after = given.get("level", ""), given.get("after", "")
    if level not in ("", "1", "2", "3"):
        raise BadParameter("level", "1 for provinces, 2 for cities, 3 for counties")
    if after and not is_place_code(after):
        raise BadParameter("after", "not the code of a division")
    start, until = (_day(text) for text in interval_of(given))
    sought = OutlinedSought(
        within=within_of(given),
        level=int(level) if level else None,
        box=box_of(given["bbox"]) if "bbox" in given else None,
        from_day=start,
        until_day=until,
    )
    return Page(sought=sought, limit=limit_of(given), after=after)


def _day(text: str) -> str:
    """The local day of a time."""
    return localtime(datetime.fromisoformat(text)).date().isoformat() if text else ""


def list_page(page: Page) -> tuple[list[dict[str, Any]], str]:
    found, onward = places.list_outlined_divisions(page.sought, after=page.after, limit=page.limit)
    return [feature(one) for one in found], onward


def feature(one: OutlinedDivision) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": one.code,
        "geometry": geojson.surface(one.rings),
        "properties": {name: getattr(one, name) for name in PROPERTIES},
    }
