"""Statements and charges as pages show them, and what is not settled yet."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.dispatch import queries as dispatch
from jingwei.apps.dispatch.queries import Delivered

from . import rules
from .models import Charge, Statement


class StatementView(msgspec.Struct, frozen=True):
    """A statement with its sums, in 0.01 yuan: all that is priced, of it agreed, of it disputed."""

    id: uuid.UUID
    keeper: str
    keeper_place: str
    receiver: str
    place: str
    incident_id: uuid.UUID | None
    from_at: datetime
    until_at: datetime
    state: str
    opened_by: uuid.UUID
    opened_at: datetime
    presented_by: uuid.UUID | None
    presented_at: datetime | None
    agreed_by: uuid.UUID | None
    agreed_at: datetime | None
    version: int
    charges: int
    unpriced: int
    disputed: int
    total_fen: int
    agreed_fen: int
    disputed_fen: int


class ChargeView(msgspec.Struct, frozen=True):
    """A charge with the words of its order. `moved`: the order says otherwise now than when it was priced."""

    id: uuid.UUID
    order_id: uuid.UUID
    number: int
    order_number: str
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    store: str
    place: str
    received_at: datetime | None
    tier: str
    agreement_id: uuid.UUID | None
    agreed: str
    sent: int
    arrived: int
    returned: int
    used: int
    charged: int
    unit_fen: int | None
    basis: str
    costs_fen: int
    costs_for: str
    amount_fen: int | None
    state: str
    dispute: str
    state_by: uuid.UUID
    state_at: datetime
    moved: bool


class Unsettled(msgspec.Struct, frozen=True):
    """Orders of one counterpart and incident that are counted and on no statement."""

    keeper: str
    keeper_place: str
    receiver: str
    incident_id: uuid.UUID | None
    orders: int
    newest_at: datetime


_STATEMENT = (
    "id", "keeper", "keeper_place", "receiver", "place", "incident_id", "from_at", "until_at", "state",
    "opened_by", "opened_at", "presented_by", "presented_at", "agreed_by", "agreed_at", "version",
)  # fmt: skip
_CHARGE = (
    "id", "order_id", "number", "tier", "agreement_id", "agreed", "sent", "arrived", "returned", "used",
    "unit_fen", "basis", "costs_fen", "costs_for", "state", "dispute", "state_by", "state_at",
)  # fmt: skip


def _visible(authority: Authority) -> QuerySet[Statement]:
    rows, place, body = Statement.objects.all(), authority.place, authority.organization_code
    if not place:
        return rows
    return rows.filter(
        Q(place__startswith=place) | Q(keeper_place__startswith=place) | Q(keeper=body) | Q(receiver=body)
    )


def list_statements(*, authority: Authority, offset: int = 0, limit: int = 50) -> list[StatementView]:
    """Statements one's area has a side in, the newest first."""
    return _views(list(_visible(authority).order_by("-opened_at", "pk")[offset : offset + limit]))


def count_statements(*, authority: Authority) -> int:
    return _visible(authority).count()


def find_statement(statement_id: uuid.UUID, *, authority: Authority) -> StatementView | None:
    found = _views(list(_visible(authority).filter(pk=statement_id)))
    return found[0] if found else None


def _views(rows: Sequence[Statement]) -> list[StatementView]:
    charges: dict[uuid.UUID, list[Charge]] = {row.pk: [] for row in rows}
    for one in Charge.objects.filter(statement__in=charges):
        charges[one.statement_id].append(one)
    return [
        StatementView(
            **{name: getattr(row, name) for name in _STATEMENT},
            charges=len(charges[row.pk]),
            unpriced=sum(one.unit_fen is None for one in charges[row.pk]),
            disputed=sum(one.state == "disputed" for one in charges[row.pk]),
            total_fen=sum_of(charges[row.pk]),
            agreed_fen=sum_of([one for one in charges[row.pk] if one.state == "agreed"]),
            disputed_fen=sum_of([one for one in charges[row.pk] if one.state == "disputed"]),
        )
        for row in rows
    ]


def amount_of(row: Charge) -> int | None:
    if row.unit_fen is None:
        return None
    return rules.amount_fen(
        arrived=row.arrived, returned=row.returned, unit_fen=row.unit_fen, costs_fen=row.costs_fen
    )


def sum_of(rows: Sequence[Charge]) -> int:
    return sum(amount_of(row) or 0 for row in rows)


def list_charges(statement_id: uuid.UUID) -> list[ChargeView]:
    """The charges of a statement, for a page that has checked who may see it."""
    rows = list(Charge.objects.filter(statement_id=statement_id).order_by("number"))
    orders = dispatch.list_delivered_by_id([row.order_id for row in rows])
    return [_charge(row, orders[row.order_id]) for row in rows]


def _charge(row: Charge, order: Delivered) -> ChargeView:
    return ChargeView(
        **{name: getattr(row, name) for name in _CHARGE},
        order_number=order.number, item_zh=order.item_zh, item_en=order.item_en, unit_zh=order.unit_zh,
        unit_en=order.unit_en, store=order.store, place=order.place, received_at=order.received_at,
        charged=rules.charged(row.arrived, row.returned), amount_fen=amount_of(row),
        moved=(row.returned, row.used) != (order.returned, order.used),
    )  # fmt: skip


def list_unsettled(*, authority: Authority) -> list[Unsettled]:
    """Help that is counted and on no statement, by counterpart and incident, the newest first."""
    found: dict[tuple[str, str, str, uuid.UUID | None], list[datetime]] = {}
    for one in dispatch.list_delivered(authority=authority, but=settled()):
        key = (one.keeper, "" if one.keeper else one.from_place, one.receiver, one.incident_id)
        found.setdefault(key, []).append(one.received_at)
    rows = [Unsettled(*key, orders=len(times), newest_at=max(times)) for key, times in found.items()]
    return sorted(rows, key=lambda row: row.newest_at, reverse=True)


def settled() -> QuerySet[Charge, uuid.UUID]:
    """The orders that stand on a statement."""
    return Charge.objects.values_list("order_id", flat=True)
