"""Orders: lists, one, what is expected at needs, and what they cost together."""

import uuid
from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from jingwei.apps.agencies.queries import Authority

from ..facts import WAITED_FOR
from ..models import Purchase


class PurchaseLine(msgspec.Struct, frozen=True):
    """A purchase as lists show it. Prices in 0.01 yuan; `units`: what came, else what is ordered."""

    id: uuid.UUID
    place: str
    supply_id: uuid.UUID
    supply_zh: str
    supply_en: str
    unit_zh: str
    unit_en: str
    producer_id: uuid.UUID
    producer: str
    need_id: uuid.UUID | None
    store_id: uuid.UUID | None
    store: str
    incident_id: uuid.UUID | None
    quantity: int
    price_fen: int | None
    expected_at: datetime
    note: str
    state: str
    reason: str
    version: int
    by: uuid.UUID
    at: datetime
    arrived: int | None
    arrived_at: datetime | None

    @property
    def is_waited_for(self) -> bool:
        return self.state in WAITED_FOR

    @property
    def cost_fen(self) -> int | None:
        units = self.quantity if self.arrived is None else self.arrived
        return None if self.price_fen is None else self.price_fen * units

    def is_late(self, at: datetime) -> bool:
        return self.is_waited_for and self.expected_at <= at


class SoughtPurchases(msgspec.Struct, frozen=True, kw_only=True):
    """What a list asks for; '' and None ask for nothing."""

    state: str = ""
    incident_id: uuid.UUID | None = None
    need_id: uuid.UUID | None = None


class Cost(msgspec.Struct, frozen=True):
    """What purchases cost together, in 0.01 yuan: to come, and come. `unpriced`: orders without a price."""

    orders: int
    to_come_fen: int
    come_fen: int
    unpriced: int

    @property
    def all_fen(self) -> int:
        return self.to_come_fen + self.come_fen


def _visible(authority: Authority) -> QuerySet:
    rows = Purchase.objects.all()
    return rows.filter(place__startswith=authority.place) if authority.place else rows


def _filtered(sought: SoughtPurchases, authority: Authority) -> QuerySet:
    rows = _visible(authority)
    if sought.state:
        rows = rows.filter(state=sought.state)
    if sought.incident_id is not None:
        rows = rows.filter(incident_id=sought.incident_id)
    if sought.need_id is not None:
        rows = rows.filter(Q(need_id=sought.need_id) | Q(need__joined_into_id=sought.need_id))
    return rows


def list_purchases(
    sought: SoughtPurchases, *, authority: Authority, offset: int = 0, limit: int = 50
) -> list[PurchaseLine]:
    """A page of purchases, what is expected first before the rest; over ones by their time too."""
    rows = _filtered(sought, authority).order_by("expected_at", "pk")
    return _lines(rows, slice(offset, offset + limit))


def count_purchases(sought: SoughtPurchases, *, authority: Authority) -> int:
    return _filtered(sought, authority).count()


def find_purchase(purchase_id: uuid.UUID, *, authority: Authority) -> PurchaseLine | None:
    found = _lines(_visible(authority).filter(pk=purchase_id), slice(1))
    return found[0] if found else None


def list_of_need(need_id: uuid.UUID, *, authority: Authority) -> list[PurchaseLine]:
    """What was ordered for a need and for those joined into it."""
    return list_purchases(SoughtPurchases(need_id=need_id), authority=authority, limit=100)


def list_expected(needs: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How much is ordered for each of these needs, and for those joined into it, and not here yet."""
    rows = Purchase.objects.filter(state__in=WAITED_FOR).filter(
        Q(need_id__in=needs) | Q(need__joined_into_id__in=needs)
    )
    found: dict[uuid.UUID, int] = {}
    for need, into, quantity in (
        rows.values_list("need_id", "need__joined_into_id").annotate(q=Sum("quantity")).order_by()
    ):
        for of in {need, into} & set(needs):
            found[of] = found.get(of, 0) + quantity
    return found


def total_cost(sought: SoughtPurchases, *, authority: Authority) -> Cost:
    """What these cost together; what was cancelled costs nothing, what came costs what came of it."""
    rows = _filtered(sought, authority).exclude(state="cancelled")
    priced = rows.exclude(price_fen=None)
    to_come = priced.filter(state__in=WAITED_FOR).aggregate(
        n=Coalesce(Sum(F("quantity") * F("price_fen")), 0)
    )
    come = priced.filter(state="delivered").aggregate(n=Coalesce(Sum(F("arrived") * F("price_fen")), 0))
    return Cost(
        orders=rows.count(),
        to_come_fen=int(to_come["n"]),
        come_fen=int(come["n"]),
        unpriced=rows.filter(price_fen=None).count(),
    )


def _lines(rows: QuerySet, page: slice) -> list[PurchaseLine]:
    found = rows.select_related("supply", "producer", "store")[page]
    return [_line(row) for row in found]


def _line(row: Purchase) -> PurchaseLine:
    own = {
        name: getattr(row, name)
        for name in PurchaseLine.__struct_fields__
        if name not in ("supply_zh", "supply_en", "unit_zh", "unit_en", "producer", "store")
    }
    return PurchaseLine(
        **own,
        supply_zh=row.supply.name_zh,
        supply_en=row.supply.name_en,
        unit_zh=row.supply.unit_zh,
        unit_en=row.supply.unit_en,
        producer=row.producer.name,
        store=row.store.name if row.store else "",
    )
