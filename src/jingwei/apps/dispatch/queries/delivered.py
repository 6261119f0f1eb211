"""Orders out of stores of others that were counted: what settling them starts from."""

import uuid
from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db.models import Model, QuerySet

from jingwei.apps.agencies.queries import Authority

from ..models import Order
from .orders import visible

#: Orders looked through at once. Source: our estimate, more than a province's worst month, 2026-11-30.
MOST = 5_000


class Delivered(msgspec.Struct, frozen=True):
    """What came on an order of another tier, from whom to whom, and under which agreement."""

    order_id: uuid.UUID
    number: str
    tier: str
    agreement_id: uuid.UUID | None
    agreed: str
    keeper: str
    from_place: str
    receiver: str
    place: str
    incident_id: uuid.UUID | None
    store: str
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    sent: int
    arrived: int
    returned: int
    used: int
    received_at: datetime


def list_delivered(
    *, authority: Authority, but: QuerySet[Model, uuid.UUID] | Collection[uuid.UUID] = ()
) -> list[Delivered]:
    """Counted orders of other tiers that one sees, but those, the oldest first."""
    return _views(_of_others(visible(authority)).exclude(pk__in=but))


def list_delivered_between(
    keeper: str,
    receiver: str,
    *,
    keeper_place: str,
    incident_id: uuid.UUID | None,
    but: QuerySet[Model, uuid.UUID] | Collection[uuid.UUID] = (),
) -> list[Delivered]:
    """Those from one body to another for one incident, or for none; `keeper` '': out of a place's stores."""
    rows = _of_others(Order.objects.all()).filter(
        to_organization=keeper, from_organization=receiver, need__incident=incident_id
    )
    if not keeper:
        rows = rows.filter(from_place=keeper_place)
    return _views(rows.exclude(pk__in=but))


def list_delivered_by_id(orders: Collection[uuid.UUID]) -> dict[uuid.UUID, Delivered]:
    """These orders, for a page that has checked who may see them."""
    return {one.order_id: one for one in _views(Order.objects.filter(pk__in=set(orders)))}


def _of_others(rows: QuerySet[Order]) -> QuerySet[Order]:
    return rows.filter(state="received").exclude(line__tier="own")


def _views(rows: QuerySet[Order]) -> list[Delivered]:
    joined = rows.select_related("need", "store", "supply", "line", "line__proposal")
    return [_view(row) for row in joined.order_by("received_at", "pk")[:MOST]]


def _view(row: Order) -> Delivered:
    named = row.line.reason.get("agreement") or {}
    return Delivered(
        order_id=row.pk,
        number=f"{row.line.proposal.number}-{row.line.number}",
        tier=row.line.tier,
        agreement_id=uuid.UUID(named["id"]) if named else None,
        agreed=named.get("name", ""),
        keeper=row.to_organization,
        from_place=row.from_place,
        receiver=row.from_organization,
        place=row.place,
        incident_id=row.need.incident_id,
        store=row.store.name,
        item_zh=row.supply.name_zh,
        item_en=row.supply.name_en,
        unit_zh=row.supply.unit_zh,
        unit_en=row.supply.unit_en,
        sent=row.quantity,
        arrived=row.arrived or 0,
        returned=row.returned,
        used=row.used,
        received_at=row.received_at or row.state_at,
    )
