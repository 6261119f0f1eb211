"""The stock of supplies: what each store holds, its lots, and what is promised. Read only."""

import uuid
from datetime import datetime

from django.http import HttpRequest
from django.utils.timezone import localdate
from ninja import Query, Router, Schema

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.stock import queries
from jingwei.apps.stock.queries import Balance, LotLine, PromiseView, SupplyLine
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.refusals import Refused

router = Router()


class SupplyOut(Schema):
    """A kind of thing; all quantities are whole numbers of its unit. `pack`: units in a package, if any."""

    id: uuid.UUID
    code: str
    name_zh: str
    name_en: str
    category: str
    unit_zh: str
    unit_en: str
    pack: int | None


class BalanceOut(Schema):
    """One supply in one store. `free`: on hand, not promised, not expired, above the floor."""

    store_id: uuid.UUID
    store: str
    place: str
    supply: SupplyOut
    on_hand: int
    promised: int
    expired: int
    floor: int
    free: int
    first_to_expire: str


class BalancesOut(Schema):
    total: int
    balances: list[BalanceOut]


class LotOut(Schema):
    """One batch and expiry of a supply in a store; `expires_on`: the last day of use, '' never."""

    id: uuid.UUID
    batch: str
    expires_on: str
    on_hand: int
    promised: int
    is_expired: bool


class PromiseOut(Schema):
    """So much held for somebody; `state`: open, sent, arrived, cancelled."""

    id: uuid.UUID
    store_id: uuid.UUID
    supply: SupplyOut
    quantity: int
    for_whom: str
    place: str
    due_at: datetime | None
    state: str
    arrived: int | None
    at: datetime


class PromisesOut(Schema):
    total: int
    promises: list[PromiseOut]


@router.get("", response=BalancesOut, summary="What each store holds of each supply")
def list_balances(
    request: HttpRequest,
    search: str = Query("", max_length=100),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    authority = _authority(request)
    found = queries.list_balances(
        authority=authority, on=localdate(this_moment().at), text=search, offset=offset, limit=limit
    )
    total = queries.count_balances(authority=authority, text=search)
    return BalancesOut(total=total, balances=[balance_out(one) for one in found])


@router.get("/promises", response=PromisesOut, summary="Promises out of the stores, the most urgent first")
def list_promises(
    request: HttpRequest,
    ended: bool = False,
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    authority, states = _authority(request), ("arrived", "cancelled") if ended else ("open", "sent")
    found = queries.list_promises(authority=authority, states=states, offset=offset, limit=limit)
    total = queries.count_promises(authority=authority, states=states)
    return PromisesOut(total=total, promises=[promise_out(one) for one in found])


@router.get("/{store_id}/{supply_id}", response=list[LotOut], summary="The lots, as they go out")
def list_lots(request: HttpRequest, store_id: uuid.UUID, supply_id: uuid.UUID):
    lots = queries.list_lots(
        store_id=store_id,
        supply_id=supply_id,
        authority=_authority(request),
        on=localdate(this_moment().at),
    )
    if not lots:
        raise Refused("not_found")
    return [lot_out(one) for one in lots]


def _authority(request: HttpRequest) -> Authority:
    return request.auth  # type: ignore[attr-defined, no-any-return]


def supply_out(one: SupplyLine) -> SupplyOut:
    return SupplyOut(**{name: getattr(one, name) for name in SupplyLine.__struct_fields__})


def balance_out(one: Balance) -> BalanceOut:
    return BalanceOut(
        store_id=one.store_id,
        store=one.store,
        place=one.place,
        supply=supply_out(one.supply),
        on_hand=one.on_hand,
        promised=one.promised,
        expired=one.expired,
        floor=one.floor,
        free=one.free,
        first_to_expire=one.expires_on,
    )


def lot_out(one: LotLine) -> LotOut:
    return LotOut(**{name: getattr(one, name) for name in LotOut.model_fields})


def promise_out(one: PromiseView) -> PromiseOut:
    plain = {name: getattr(one, name) for name in PromiseOut.model_fields if name != "supply"}
    return PromiseOut(supply=supply_out(one.supply), **plain)
