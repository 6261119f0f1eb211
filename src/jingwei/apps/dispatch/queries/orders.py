"""Dispatch orders as lists and the team's page show them."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet

from jingwei.apps.agencies.queries import Authority

from ..facts import ORDER_OPEN
from ..models import HelpRequest, Order, Position


class OrderView(msgspec.Struct, frozen=True):
    """An order as pages show it. `number`: of its proposal and line, as people say it."""

    id: uuid.UUID
    number: str
    proposal_id: uuid.UUID
    promise_id: uuid.UUID
    need_id: uuid.UUID
    asker: str
    why: str
    site: str
    place: str
    people: int | None
    groups: tuple[str, ...]
    priority: int
    incident_id: uuid.UUID | None
    store_id: uuid.UUID
    store: str
    from_place: str
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    quantity: int
    to_organization: str
    from_organization: str
    from_post: str
    issued_by: uuid.UUID
    issued_at: datetime
    answer_by_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    leaves_at: datetime
    left_at: datetime | None
    expected_at: datetime
    arrived_at: datetime | None
    received_at: datetime | None
    state: str
    state_by: uuid.UUID
    state_at: datetime
    reason: str
    arrived: int | None
    returned: int
    used: int
    escalation: int
    escalated_to: str
    version: int

    @property
    def stands(self) -> bool:
        return self.state in ORDER_OPEN

    def is_unanswered(self, at: datetime) -> bool:
        return self.state == "issued" and self.answer_by_at < at

    def is_late(self, at: datetime) -> bool:
        """It comes, or came, after the deadline."""
        came = self.arrived_at or self.received_at
        return self.due_at is not None and (came or max(self.expected_at, at)) > self.due_at

    def share(self, at: datetime) -> float:
        """How much of the way is behind it, 0 to 1, by the time it is expected."""
        if self.state in ("arrived", "received"):
            return 1.0
        if self.left_at is None:
            return 0.0
        whole = (self.expected_at - self.left_at).total_seconds()
        return min(0.97, max(0.0, (at - self.left_at).total_seconds() / whole)) if whole > 0 else 0.97


class Seen(msgspec.Struct, frozen=True):
    """Where a load was, said by whom."""

    lon: float
    lat: float
    expected_at: datetime
    words: str
    by: uuid.UUID
    at: datetime


_FROM_ROW = (
    "id", "promise_id", "need_id", "place", "store_id", "from_place", "quantity", "to_organization",
    "from_organization", "from_post", "issued_by", "issued_at", "answer_by_at", "answered_at", "due_at",
    "leaves_at", "left_at", "expected_at", "arrived_at", "received_at", "state", "state_by", "state_at",
    "reason", "arrived", "returned", "used", "escalation", "escalated_to", "version",
)  # fmt: skip


#: What `about` reads of other tables.
ABOUT = ("need", "store", "supply", "line", "line__proposal")


def about(row: Order | HelpRequest) -> dict[str, Any]:
    """What an order or a request for help is about, as pages show both of them."""
    return {
        "number": f"{row.line.proposal.number}-{row.line.number}",
        "proposal_id": row.line.proposal_id,
        "priority": row.line.priority,
        "asker": row.need.asker,
        "why": row.need.why,
        "site": row.need.site,
        "people": row.need.people,
        "incident_id": row.need.incident_id,
        "store": row.store.name,
        "item_zh": row.supply.name_zh,
        "item_en": row.supply.name_en,
        "unit_zh": row.supply.unit_zh,
        "unit_en": row.supply.unit_en,
    }


def visible(authority: Authority) -> QuerySet[Order]:
    """Orders from, to or through one's area, and those for or from one's organization."""
    rows = Order.objects.all()
    if not authority.place:
        return rows
    body = authority.organization_code
    return rows.filter(
        Q(place__startswith=authority.place)
        | Q(from_place__startswith=authority.place)
        | Q(to_organization=body)
        | Q(from_organization=body)
    )


def list_orders(
    *, authority: Authority, states: Sequence[str] = ORDER_OPEN, offset: int = 0, limit: int = 50
) -> list[OrderView]:
    """Orders, what is expected first; what is over, the newest first."""
    rows = visible(authority).filter(state__in=states)
    over = not set(states) & set(ORDER_OPEN)
    ordered = rows.order_by("-state_at", "pk") if over else rows.order_by("expected_at", "pk")
    return _views(ordered[offset : offset + limit])


def count_orders(*, authority: Authority, states: Sequence[str] = ORDER_OPEN) -> int:
    return visible(authority).filter(state__in=states).count()


def count_by_state(*, authority: Authority) -> dict[str, int]:
    rows = visible(authority).values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by())


def find_order(order_id: uuid.UUID, *, authority: Authority) -> OrderView | None:
    found = _views(visible(authority).filter(pk=order_id))
    return found[0] if found else None


def list_orders_of_need(need_id: uuid.UUID, *, authority: Authority) -> list[OrderView]:
    return _views(visible(authority).filter(need_id=need_id).order_by("issued_at", "pk"))


def list_positions(order_id: uuid.UUID) -> list[Seen]:
    """Where it was seen, the newest first, for a page that has checked who may see it."""
    rows = Position.objects.filter(order_id=order_id).order_by("-at", "-pk")[:100]
    return [_seen(row) for row in rows]


def list_newest_positions(orders: Collection[uuid.UUID]) -> dict[uuid.UUID, Seen]:
    """Where each of these loads was seen last."""
    rows = Position.objects.filter(order_id__in=set(orders)).order_by("order_id", "at", "pk")
    return {row.order_id: _seen(row) for row in rows}


def _seen(row: Position) -> Seen:
    return Seen(row.lon, row.lat, row.expected_at, row.words, row.by, row.at)


def _views(rows: QuerySet[Order]) -> list[OrderView]:
    return [
        OrderView(
            **{name: getattr(row, name) for name in _FROM_ROW},
            **about(row),
            groups=tuple(row.need.groups),
        )
        for row in rows.select_related(*ABOUT)
    ]
