"""Needs for programs: read within one's area, ask, and read the totals. Deciding is for persons."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from ninja import Field, Query, Router, Schema, Status

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.needs import actions, queries
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.needs.queries import NeedLine, SaidAmount, Sought, Total
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.entry.refusals import say
from jingwei.kernel.codes import normal_place
from jingwei.kernel.refusals import Refused

router = Router()


class ServedOut(Schema):
    """What stock gives towards it, in units."""

    promised: int
    sent: int
    arrived: int


class AmountOut(Schema):
    """How much the words of a report say: `low` to `quantity`, by the characters from `begin` to `end`.

    `rough`: about, least, most, empty as said.
    """

    report_id: uuid.UUID
    low: int
    quantity: int
    rough: str
    unit_zh: str
    unit_en: str
    begin: int
    end: int


class NeedOut(Schema):
    """A need. `quantity` null: not said. `origin`: asked, found, estimated; only a person confirms.

    `state`: open, confirmed, met, withdrawn. `joined_into`: the same need as that one, which is counted.
    `estimate`: the arithmetic of an estimate. `said`: how much the words of the first report with a number
    say; `newest`: the last one where it says another. Both are proposals until a person confirms the need.
    """

    id: uuid.UUID
    supply_id: uuid.UUID | None
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    item_class: str
    priority: int
    quantity: int | None
    place: str
    site: str
    due_at: datetime | None
    people: int | None
    groups: list[str]
    incident_id: uuid.UUID | None
    why: str
    asker: str
    origin: str
    state: str
    fresh_until_at: datetime
    is_stale: bool
    is_late: bool
    joined_into: uuid.UUID | None
    estimate: dict[str, Any] | None
    served: ServedOut
    still_open: int | None
    said: AmountOut | None
    newest: AmountOut | None
    version: int
    at: datetime
    confirmed_at: datetime | None


class NeedsOut(Schema):
    total: int
    needs: list[NeedOut]


class TotalOut(Schema):
    """One item at one place; asked, found and estimated are not added up. `free`: in the stores one sees."""

    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    place: str
    priority: int
    needs: int
    without_quantity: int
    asked: int
    found: int
    estimated: int
    confirmed: int
    served: ServedOut
    still_open: int
    free: int | None


class NeedIn(Schema):
    """What is needed: a supply, or words. `quantity` null: not said; in packages with `in_packs`."""

    supply_id: uuid.UUID | None = None
    words: str = Field("", max_length=100)
    unit: str = Field("", max_length=24)
    item_class: str = Field("other", max_length=16)
    quantity: int | None = None
    in_packs: bool = False
    place: str = Field("", max_length=16)
    site: str = Field("", max_length=64)
    due_at: datetime | None = None
    people: int | None = None
    groups: list[str] = Field(default_factory=list, max_length=10)
    incident_id: uuid.UUID | None = None
    why: str = Field("", max_length=300)
    asker: str = Field("", max_length=100)
    key: str = Field("", max_length=100)


class SoughtIn(Schema):
    """What a list is narrowed to; `state` empty: those that stand.

    `how`: fresh, stale, late, double, unserved.
    """

    search: str = Field("", max_length=100)
    state: str = Field("", max_length=10)
    origin: str = Field("", max_length=10)
    item_class: str = Field("", max_length=16)
    place: str = Field("", max_length=16)
    how: str = Field("", max_length=10)


class AskedOut(Schema):
    id: uuid.UUID


class SaidOut(Schema):
    error: str
    message: str


@router.get("", response=NeedsOut, summary="Needs, what saves lives first")
def list_needs(
    request: HttpRequest,
    asked: Query[SoughtIn],
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    authority, at = _authority(request), this_moment().at
    sought = Sought(
        text=asked.search,
        state=asked.state,
        origin=asked.origin,
        item_class=asked.item_class,
        place=normal_place(asked.place),
        how=asked.how,
    )
    found = queries.list_needs(sought, authority=authority, at=at, offset=offset, limit=limit)
    total = queries.count_needs(sought, authority=authority, at=at)
    return NeedsOut(total=total, needs=[need_out(one, at) for one in found])


@router.get("/totals", response=list[TotalOut], summary="What is needed by item and place, each need once")
def list_totals(request: HttpRequest, incident_id: uuid.UUID | None = None):
    found = queries.list_totals(
        authority=_authority(request), on=localdate(this_moment().at), incident_id=incident_id
    )
    return [total_out(one) for one in found]


@router.get("/{need_id}", response=NeedOut, summary="One need")
def get_need(request: HttpRequest, need_id: uuid.UUID):
    found = queries.find_need(need_id, authority=_authority(request))
    if found is None:
        raise Refused("not_found")
    return need_out(found, this_moment().at)


@router.post(
    "",
    response={201: AskedOut, 403: SaidOut, 404: SaidOut, 409: SaidOut, 422: SaidOut | dict[str, Any]},
    summary="Ask for what is needed; under the same key it is one need",
)
def ask_need(request: HttpRequest, body: NeedIn, response: HttpResponse):
    given = body.model_dump() | {"groups": tuple(body.groups)}
    if body.due_at is not None and body.due_at.tzinfo is None:
        return Status(422, SaidOut(error="time_unreadable", message=say("time_unreadable")))
    need_id = actions.ask_need(NewNeed(**given), by=_authority(request).holding, moment=this_moment())
    response["Location"] = f"/api/v1/needs/{need_id}"
    return Status(201, AskedOut(id=need_id))


def _authority(request: HttpRequest) -> Authority:
    return request.auth  # type: ignore[attr-defined, no-any-return]


def _served(one: NeedLine | Total) -> ServedOut:
    return ServedOut(promised=one.served.promised, sent=one.served.sent, arrived=one.served.arrived)


def need_out(one: NeedLine, at: datetime) -> NeedOut:
    made = {"groups", "is_stale", "is_late", "joined_into", "served", "still_open", "said", "newest"}
    plain = {name: getattr(one, name) for name in NeedOut.model_fields if name not in made}
    return NeedOut(
        **plain,
        groups=list(one.groups),
        is_stale=one.is_stale(at),
        is_late=one.is_late(at),
        joined_into=one.joined_into_id,
        served=_served(one),
        still_open=one.still_open,
        said=_amount(one.said),
        newest=_amount(one.newest),
    )


def _amount(one: SaidAmount | None) -> AmountOut | None:
    return AmountOut(**msgspec.structs.asdict(one)) if one is not None else None


def total_out(one: Total) -> TotalOut:
    made = {"without_quantity", "served", "still_open", "free"}
    plain = {name: getattr(one, name) for name in TotalOut.model_fields if name not in made}
    return TotalOut(
        **plain,
        without_quantity=one.unsaid,
        served=_served(one),
        still_open=one.still_open,
        free=one.stock.free if one.stock else None,
    )
