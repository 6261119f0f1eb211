"""Registers as they are declared: their columns, rows page by page, and points as GeoJSON. Masks stay."""

import uuid
from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from ninja import Query, Router, Schema

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.registers import queries
from jingwei.apps.registers.facts import Register, Sought
from jingwei.apps.registers.queries import RowLine
from jingwei.doors.entry import calendars
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.codes import normal_place
from jingwei.kernel.refusals import Refused

router = Router()


class ChoiceOut(Schema):
    code: str
    zh: str
    en: str


class ColumnOut(Schema):
    """`mask` not empty: what the column holds is shown in part, and a look by a person is recorded.

    `derived`: shown, and given by nobody.
    """

    name: str
    zh: str
    en: str
    kind: str
    unit_zh: str
    unit_en: str
    required: bool
    mask: str
    filtered: bool
    derived: bool
    choices: list[ChoiceOut]


class RegisterOut(Schema):
    """`duplicate`: the columns by which a row that comes again is known."""

    code: str
    zh: str
    en: str
    has_points: bool
    duplicate: list[str]
    fresh_days: int | None
    columns: list[ColumnOut]


class RowOut(Schema):
    """A row; `values` by the names of the register's columns."""

    id: uuid.UUID
    version: int
    values: dict[str, str | int | float | bool | None]
    changed_at: datetime
    confirmed_at: datetime
    removed_at: datetime | None


class RowsOut(Schema):
    """A page of rows; `next` is handed in as `after` for the following one, '' at the end."""

    next: str
    rows: list[RowOut]


class GeometryOut(Schema):
    """A point, or the shape where the row has one."""

    type: Literal["Point", "MultiLineString", "MultiPolygon"]
    coordinates: list[Any]


class FeatureOut(Schema):
    type: str = "Feature"
    id: uuid.UUID
    geometry: GeometryOut
    properties: dict[str, str | int | float | bool | None]


class FeaturesOut(Schema):
    """GeoJSON (RFC 7946), WGS 84; `next` as in the list of rows."""

    type: str = "FeatureCollection"
    next: str
    features: list[FeatureOut]


@router.get("", response=list[RegisterOut], summary="The registers there are, with their columns")
def list_registers(request: HttpRequest):
    return [register_out(one) for one in queries.list_registers()]


@router.get("/{code}", response=RegisterOut, summary="One register with its columns")
def get_register(request: HttpRequest, code: str):
    return register_out(find_register(code))


@router.get("/{code}/rows", response=RowsOut, summary="Rows by place and name, a page at a time")
def list_rows(
    request: HttpRequest,
    code: str,
    search: str = Query("", max_length=100),  # type: ignore[type-arg]
    place: str = Query("", max_length=12),  # type: ignore[type-arg]
    equal: str = Query("", max_length=100),  # type: ignore[type-arg]
    after: str = Query("", max_length=2000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    register, authority = find_register(code), authority_of(request)
    sought = _sought(search, place, equal)
    page = queries.list_rows(register, sought, authority=authority, after=after, limit=limit)
    return RowsOut(next=page.next, rows=[row_out(line) for line in page.rows])


@router.get("/{code}/rows/{row_id}", response=RowOut, summary="One row")
def get_row(request: HttpRequest, code: str, row_id: uuid.UUID, response: HttpResponse):
    line = queries.find_row(find_register(code), row_id, authority=authority_of(request))
    if line is None:
        raise Refused("not_found")
    response["ETag"] = f'"{line.version}"'
    return row_out(line)


@router.get("/{code}/geojson", response=FeaturesOut, summary="Rows with a point or a shape, as GeoJSON")
def list_points(
    request: HttpRequest,
    code: str,
    search: str = Query("", max_length=100),  # type: ignore[type-arg]
    place: str = Query("", max_length=12),  # type: ignore[type-arg]
    after: str = Query("", max_length=2000),  # type: ignore[type-arg]
    limit: int = Query(500, ge=1, le=2000),  # type: ignore[type-arg]
):
    register, authority = find_register(code), authority_of(request)
    if not register.has_points:
        raise Refused("not_found")
    sought = _sought(search, place, "")
    page = queries.list_rows(register, sought, authority=authority, after=after, limit=limit)
    shapes = queries.list_geometries(register, page.rows)
    features = [
        feature_out(register, line, shape) for line, shape in zip(page.rows, shapes, strict=True) if shape
    ]
    return FeaturesOut(next=page.next, features=features)


@router.get("/{code}/calendar.ics", summary="What is due in a register, as iCalendar (RFC 5545)",
            openapi_extra={"responses": {"200": {"description": "OK", "content": {"text/calendar": {
                "schema": {"type": "string"}}}}}})  # fmt: skip
def get_calendar(request: HttpRequest, code: str):
    register, today = find_register(code), localtime(this_moment().at).date()
    days = queries.list_due(register, authority=authority_of(request), today=today)
    base = f"{'https' if settings.HTTPS else request.scheme}://{request.get_host()}"
    return HttpResponse(calendars.write_calendar(register, days, base=base), content_type=calendars.TYPE)


def find_register(code: str) -> Register:
    try:
        return queries.get_register(code)
    except Refused as refused:
        raise Refused("not_found") from refused


def authority_of(request: HttpRequest) -> Authority:
    found: Authority = request.auth  # type: ignore[attr-defined]
    return found


def _sought(search: str, place: str, equal: str) -> Sought:
    name, _, value = equal.partition(":")
    return Sought(text=search, place=normal_place(place), equal={name: value} if name and value else {})


def register_out(one: Register) -> RegisterOut:
    columns = [
        ColumnOut(
            **{n: getattr(c, n) for n in ColumnOut.model_fields if n != "choices"},
            choices=[ChoiceOut(code=x.code, zh=x.zh, en=x.en) for x in c.choices],
        )
        for c in one.columns
    ]
    return RegisterOut(
        code=one.code, zh=one.zh, en=one.en, has_points=one.has_points, duplicate=list(one.duplicate),
        fresh_days=one.fresh_days, columns=columns,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def row_out(line: RowLine) -> RowOut:
    return RowOut(
        id=line.id, version=line.version, values={n: _plain(v) for n, v in line.values.items()},
        changed_at=line.changed_at, confirmed_at=line.confirmed_at, removed_at=line.removed_at,
    )  # fmt: skip


def feature_out(register: Register, line: RowLine, geometry: dict[str, Any]) -> FeatureOut:
    said = {n: _plain(v) for n, v in line.values.items() if n not in ("lon", "lat")}
    said |= {"symbol_zh": register.symbol_zh, "symbol_en": register.symbol_en}
    return FeatureOut(id=line.id, geometry=GeometryOut(**geometry), properties=said)
