"""Proposals of dispatch, requests for help, orders: read by programs in their area. Persons decide."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.dispatch import queries
from jingwei.apps.dispatch.facts import HELP_STATES, ORDER_OPEN, ORDER_STATES
from jingwei.apps.dispatch.queries import HelpView, LineView, OrderView, ProposalView, SoughtLines
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.codes import normal_place
from jingwei.kernel.refusals import Refused

router = Router()
orders = Router()
helps = Router()


class ProposalOut(Schema):
    """A proposal. `cost`, `bound`: units × seconds on the way; `bound` null: nothing is proven.

    `gap`: the share above the bound at most. `travel`: roads, straight (distance × `detour`), mixed.
    `unmet`: need, quantity, why. `state`: asked, ready, over, failed.
    """

    id: uuid.UUID
    place: str
    number: int
    state: str
    asked_at: datetime
    made_at: datetime | None
    solver: str
    seconds: float | None
    fallback: bool
    given_up: str
    cost: float | None
    bound: float | None
    gap: float | None
    lines_made: int
    wanted: int
    met: int
    unmet: list[list[Any]]
    travel: str
    detour: float | None
    speed_km_h: float | None
    same: int
    added: int
    dropped: int


class LineOut(Schema):
    """A line: so much from that store to that need. `late_s`: after the deadline, 0 in time.

    `tier`: whose store it is: own, agreement, higher, paired. Of others the keeper decides, and is asked.
    """

    number: int
    need_id: uuid.UUID
    place: str
    store_id: uuid.UUID
    store: str
    supply_id: uuid.UUID
    item_zh: str
    item_en: str
    quantity: int
    priority: int
    tier: str
    due_at: datetime | None
    leaves_at: datetime
    arrives_at: datetime
    late_s: int
    cost: float
    reason: dict[str, Any]
    same: bool
    fixed: bool
    state: str
    order_id: uuid.UUID | None


class LinesOut(Schema):
    total: int
    lines: list[LineOut]


class OrderOut(Schema):
    """An order. `is_late`: comes, or came, after the deadline; `is_unanswered`: past its time to answer."""

    id: uuid.UUID
    number: str
    need_id: uuid.UUID
    place: str
    store_id: uuid.UUID
    store: str
    from_place: str
    item_zh: str
    item_en: str
    quantity: int
    to_organization: str
    issued_at: datetime
    answer_by_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    left_at: datetime | None
    expected_at: datetime
    arrived_at: datetime | None
    received_at: datetime | None
    state: str
    arrived: int | None
    returned: int
    used: int
    is_late: bool
    is_unanswered: bool
    version: int


class HelpOut(Schema):
    """A request to who keeps a store of others. `state`: asked, accepted, refused, withdrawn.

    `given`: of `quantity`, once accepted, ordered by `order_id`. `tier`: agreement, higher, paired.
    """

    id: uuid.UUID
    number: str
    proposal_id: uuid.UUID
    need_id: uuid.UUID
    place: str
    store_id: uuid.UUID
    store: str
    from_place: str
    item_zh: str
    item_en: str
    quantity: int
    tier: str
    agreement_id: uuid.UUID | None
    to_organization: str
    from_organization: str
    asked_at: datetime
    answer_by_at: datetime
    due_at: datetime | None
    state: str
    state_at: datetime
    given: int | None
    order_id: uuid.UUID | None
    is_unanswered: bool
    version: int


class HelpsOut(Schema):
    total: int
    requests: list[HelpOut]


class OrdersOut(Schema):
    total: int
    orders: list[OrderOut]


def _authority(request: HttpRequest) -> Authority:
    return request.auth  # type: ignore[attr-defined, no-any-return]


@router.get("", response=list[ProposalOut], summary="Proposals of one's area, the newest first")
def list_proposals(
    request: HttpRequest,
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(20, ge=1, le=100),  # type: ignore[type-arg]
):
    found = queries.list_proposals(_authority(request).place, offset=offset, limit=limit)
    return [proposal_out(one) for one in found]


@router.get("/{proposal_id}", response=ProposalOut, summary="One proposal")
def get_proposal(request: HttpRequest, proposal_id: uuid.UUID):
    return proposal_out(_found(request, proposal_id))


@router.get("/{proposal_id}/lines", response=LinesOut, summary="Its lines, what matters first")
def list_lines(
    request: HttpRequest,
    proposal_id: uuid.UUID,
    place: str = Query("", max_length=16),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    of, sought = _found(request, proposal_id), SoughtLines(place=normal_place(place))
    found = queries.list_lines(of.id, sought, offset=offset, limit=limit)
    return LinesOut(total=queries.count_lines(of.id, sought), lines=[line_out(one) for one in found])


def _found(request: HttpRequest, proposal_id: uuid.UUID) -> ProposalView:
    found = queries.find_proposal(proposal_id, authority=_authority(request))
    if found is None:
        raise Refused("not_found")
    return found


@orders.get(
    "", response=OrdersOut, summary="Dispatch orders, what is expected first; without a state the open ones"
)
def list_orders(
    request: HttpRequest,
    state: str = Query("", max_length=12),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    authority = _authority(request)
    states = (state,) if state in ORDER_STATES else ORDER_OPEN
    found = queries.list_orders(authority=authority, states=states, offset=offset, limit=limit)
    total = queries.count_orders(authority=authority, states=states)
    return OrdersOut(total=total, orders=[order_out(one) for one in found])


@orders.get("/{order_id}", response=OrderOut, summary="One dispatch order")
def get_order(request: HttpRequest, order_id: uuid.UUID):
    found = queries.find_order(order_id, authority=_authority(request))
    if found is None:
        raise Refused("not_found")
    return order_out(found)


@helps.get(
    "",
    response=HelpsOut,
    summary="Requests for help, the next deadline first; without a state what waits",
)
def list_help(
    request: HttpRequest,
    state: str = Query("asked", max_length=12),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    authority = _authority(request)
    states = (state,) if state in HELP_STATES else ("asked",)
    found = queries.list_help(authority=authority, states=states, offset=offset, limit=limit)
    total = queries.count_help(authority=authority, states=states)
    return HelpsOut(total=total, requests=[help_out(one) for one in found])


@helps.get("/{request_id}", response=HelpOut, summary="One request for help")
def get_help(request: HttpRequest, request_id: uuid.UUID):
    found = queries.find_help(request_id, authority=_authority(request))
    if found is None:
        raise Refused("not_found")
    return help_out(found)


def help_out(one: HelpView) -> HelpOut:
    plain = {name: getattr(one, name) for name in HelpOut.model_fields if name != "is_unanswered"}
    return HelpOut(**plain, is_unanswered=one.is_unanswered(this_moment().at))


def proposal_out(one: ProposalView) -> ProposalOut:
    return ProposalOut(**{name: getattr(one, name) for name in ProposalOut.model_fields})


def line_out(one: LineView) -> LineOut:
    return LineOut(**{name: getattr(one, name) for name in LineOut.model_fields})


def order_out(one: OrderView) -> OrderOut:
    at, made = this_moment().at, {"is_late", "is_unanswered"}
    plain = {name: getattr(one, name) for name in OrderOut.model_fields if name not in made}
    return OrderOut(**plain, is_late=one.is_late(at), is_unanswered=one.is_unanswered(at))
