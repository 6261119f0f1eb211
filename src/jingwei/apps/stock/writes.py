"""Steps that the actions share: a store found with the right, lots locked, a move with its postings."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.resources import queries as resources
from jingwei.apps.resources.queries import StoreCard
from jingwei.kernel.moments import By, Moment

from . import rules
from .models import Lot, Move, Posting, Promise, Supply
from .rules import StockRefused


class Side(msgspec.Struct, frozen=True):
    """One side of a move: a lot, or an account outside of that supply."""

    quantity: int
    lot: Lot | None = None
    account: str = "store"
    supply_id: uuid.UUID | None = None

    @property
    def of(self) -> uuid.UUID:
        return self.lot.supply_id if self.lot is not None else self.supply_id  # type: ignore[return-value]


def store_for(store_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> StoreCard:
    """The store, once the right is asked for."""
    row = resources.find_store(store_id)
    if row is None:
        raise StockRefused("store_unknown")
    agencies.require(by, right, at=moment.at, place=row.place)
    return row


def supply_of(supply_id: uuid.UUID) -> Supply:
    row = Supply.objects.filter(pk=supply_id).first()
    if row is None:
        raise StockRefused("supply_unknown")
    return row


def lots_of(store_id: uuid.UUID, supply: Supply) -> list[Lot]:
    """The lots of a supply in a store, locked in one order for everybody."""
    return list(Lot.objects.select_for_update().filter(store_id=store_id, supply=supply).order_by("pk"))


def locked(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Lot]:
    return {row.pk: row for row in Lot.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")}


def lot_for(lot_id: uuid.UUID, right: str, *, by: By, moment: Moment, lock: bool = True) -> Lot:
    """The lot once the right at its store is asked for; locked, unless several are to be in their order."""
    rows = Lot.objects.select_for_update() if lock else Lot.objects.all()
    row = rows.filter(pk=lot_id).first()
    if row is None:
        raise StockRefused("lot_unknown")
    store_for(row.store_id, right, by=by, moment=moment)
    return row


def lot_in(store_id: uuid.UUID, supply_id: uuid.UUID, batch: str, expires_on: str) -> Lot:
    """The lot of this batch and expiry, made when it is the first."""
    row, _ = Lot.objects.get_or_create(
        store_id=store_id, supply_id=supply_id, batch=batch.strip()[:60], expires_on=expires_on
    )
    return row


def post(
    kind: str, sides: Sequence[Side], *, store_id: uuid.UUID, by: By, moment: Moment, **more: Any
) -> Move:
    """Write a move: its postings sum to nothing, and each lot stands as they leave it.

    Raises `not_enough_free` where a lot would hold less than is promised of it.
    """
    sides = [one for one in sides if one.quantity]
    if not rules.is_balanced([(one.of, one.quantity) for one in sides]):
        raise AssertionError(f"a {kind} that is not balanced")
    move = Move(
        kind=kind,
        store_id=store_id,
        lines=[[one.account, str(one.lot.pk if one.lot else one.of), one.quantity] for one in sides],
        by=by,
        at=moment.at,
        **more,
    )
    move.save(force_insert=True)
    for one in sides:
        if one.lot is not None:
            one.lot.on_hand += one.quantity
            if one.lot.on_hand < one.lot.promised:
                free = one.lot.on_hand - one.quantity - one.lot.promised
                raise StockRefused("not_enough_free", free=max(0, free), wanted=-one.quantity)
            one.lot.save(update_fields=["on_hand", "promised"])
    Posting.objects.bulk_create(
        Posting(move=move, account=one.account, lot=one.lot, supply_id=one.of, quantity=one.quantity)
        for one in sides
    )
    return move


def find_repeat(model: type[Move] | type[Promise], key: str, asked: str, *, by: By) -> Move | Promise | None:
    """What this caller asked under this key before, if it was the same."""
    found = model.objects.filter(by=by, key=key).first() if key else None
    if found is not None and found.asked != asked:
        raise StockRefused("ledger_key_reused")
    return found
