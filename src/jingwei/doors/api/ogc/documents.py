"""The documents of OGC API - Features: landing page, conformance, collections, features."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from jingwei.apps.registers.facts import Register
from jingwei.apps.registers.queries import RowLine

from .unclaimed import Unclaimed

GEOJSON = "application/geo+json"
JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
#: Source: RFC 9457.
PROBLEM = "application/problem+json"
#: Longitude before latitude, WGS 84. Source: OGC 17-069r4, requirement /req/core/crs84.
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
#: What is kept, and nothing else. Source: OGC 17-069r4, annex A.
CONFORMS = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "oas30", "geojson")
)


def is_zh() -> bool:
    return (get_language() or "").startswith("zh")


def title_of(register: Register) -> str:
    return register.zh if is_zh() else register.en


def link(href: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind} | ({"title": title} if title else {})


def landing(base: str) -> dict[str, Any]:
    return {
        "title": "经纬：名录" if is_zh() else "Jingwei: registers",
        "description": "应急名录的要素服务，只读"
        if is_zh()
        else "Registers of an emergency office, read only",
        "links": [
            link(base, "self", JSON),
            link(f"{base}/api", "service-desc", OPENAPI),
            link(f"{base}/conformance", "conformance", JSON),
            link(f"{base}/collections", "data", JSON),
        ],
    }


def conformance() -> dict[str, Any]:
    return {"conformsTo": list(CONFORMS)}


def not_claimed(lacking: Unclaimed) -> dict[str, Any]:
    """What is asked for is of the standard, and not of what is kept here: both are named."""
    said = (
        f"本服务不声明支持 {lacking.document}；声明支持的见 claimed。"
        if is_zh()
        else f"{lacking.document} is not claimed here; what is, stands under claimed."
    )
    return {
        "type": "about:blank",
        "title": "Not Implemented",
        "status": 501,
        "code": "not_claimed",
        "detail": said,
        "not_claimed": lacking.conformance,
        "claimed": list(CONFORMS),
    }


def collections(
    base: str, registers: Sequence[Register], more: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    return {
        "links": [link(f"{base}/collections", "self", JSON)],
        "collections": [*(collection(base, one) for one in registers), *more],
    }


def collection(base: str, register: Register) -> dict[str, Any]:
    note = register.note_zh if is_zh() else register.note_en
    return described(base, register.code, title_of(register), note)


def described(base: str, code: str, title: str, note: str) -> dict[str, Any]:
    """No extent: the standard leaves it open, and to know it all rows of a post's area would be read."""
    here = f"{base}/collections/{code}"
    return {
        "id": code,
        "title": title,
        "description": note,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [link(here, "self", JSON), link(f"{here}/items", "items", GEOJSON, title)],
    }


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def feature(line: RowLine, geometry: Mapping[str, Any] | None) -> dict[str, Any]:
    """A row as a feature; masked columns are masked already, a row without a point has no geometry."""
    said = {name: plain(value) for name, value in line.values.items() if name not in ("lon", "lat")}
    return {
        "type": "Feature",
        "id": str(line.id),
        "geometry": geometry,
        "properties": said | {"changed_at": plain(line.changed_at), "version": line.version},
    }


def features(
    found: Sequence[Mapping[str, Any]], *, links: Sequence[Mapping[str, str]], now: datetime,
    matched: int | None,
) -> dict[str, Any]:  # fmt: skip
    """`matched` is left out when nobody counted to the end."""
    counted = {} if matched is None else {"numberMatched": matched}
    return {
        "type": "FeatureCollection",
        "timeStamp": now.isoformat(timespec="seconds"),
        **counted,
        "numberReturned": len(found),
        "features": list(found),
        "links": list(links),
    }


def one_feature(base: str, code: str, found: Mapping[str, Any]) -> dict[str, Any]:
    above = f"{base}/collections/{code}"
    links = [link(f"{above}/items/{found['id']}", "self", GEOJSON), link(above, "collection", JSON)]
    return dict(found) | {"links": links}
