"""In, out, across, and counted: each a move whose postings sum to nothing."""

import uuid

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import ORIGINS, WHY, Incoming, StockCounted, StockMoved, StockReceived, StockWrittenOff
from ..models import Move
from ..rules import StockRefused
from ..writes import Side


@transaction.atomic
def receive_stock(store_id: uuid.UUID, incoming: Incoming, *, by: By, moment: Moment) -> uuid.UUID:
    """Take something into a store. A repeat under its key is known. Returns the move's id."""
    store = writes.store_for(store_id, "stock.receive_stock", by=by, moment=moment)
    supply = writes.supply_of(incoming.supply_id)
    if incoming.origin not in ORIGINS:
        raise StockRefused("origin_unknown")
    if incoming.in_packs and supply.pack is None:
        raise StockRefused("pack_unknown")
    units = incoming.quantity * (supply.pack or 1) if incoming.in_packs else incoming.quantity
    rules.check_quantity(units)
    lot_id = writes.lot_in(store.id, supply.pk, incoming.batch, rules.check_expiry(incoming.expires_on)).pk
    lot = writes.locked([lot_id])[lot_id]
    # looked for behind the lock: of two that come at once the second finds the first
    asked = plain_digest([str(store_id), incoming])
    repeat = writes.find_repeat(Move, incoming.key, asked, by=by)
    if repeat is not None:
        return repeat.pk
    sides = [Side(units, lot), Side(-units, account=incoming.origin, supply_id=supply.pk)]
    move = writes.post(
        "receive", sides, store_id=store.id, by=by, moment=moment,
        source=incoming.source.strip()[:200], key=incoming.key[:100], asked=asked,
    )  # fmt: skip
    fact = StockReceived(
        move_id=str(move.pk),
        store_id=str(store.id),
        lot_id=str(lot.pk),
        supply=supply.code,
        quantity=units,
        origin=incoming.origin,
    )
    record([(fact, [move, lot])], by=by, moment=moment)
    return move.pk


@transaction.atomic
def move_stock(
    lot_id: uuid.UUID, *, to_store: uuid.UUID, quantity: int, reason: str = "", by: By, moment: Moment
) -> uuid.UUID:
    """Take something from one store to another; only what is not promised. Returns the move's id.

    The right is asked for at both.
    """
    lot = writes.lot_for(lot_id, "stock.move_stock", by=by, moment=moment, lock=False)
    other = writes.store_for(to_store, "stock.move_stock", by=by, moment=moment)
    if other.id == lot.store_id:
        raise StockRefused("same_store")
    rules.check_quantity(quantity)
    target_id = writes.lot_in(other.id, lot.supply_id, lot.batch, lot.expires_on).pk
    both = writes.locked([lot_id, target_id])
    lot, target = both[lot_id], both[target_id]
    move = writes.post(
        "move", [Side(-quantity, lot), Side(quantity, target)], store_id=lot.store_id, by=by, moment=moment,
        reason=reason.strip()[:300],
    )  # fmt: skip
    fact = StockMoved(
        move_id=str(move.pk),
        lot_id=str(lot.pk),
        to_lot_id=str(target.pk),
        supply=lot.supply.code,
        quantity=quantity,
    )
    record([(fact, [move, lot, target])], by=by, moment=moment)
    return move.pk


@transaction.atomic
def count_stock(lot_id: uuid.UUID, *, counted: int, reason: str = "", by: By, moment: Moment) -> uuid.UUID:
    """Let the books follow what was found on counting; a difference needs its reason. Returns the move's id.

    Fewer than are promised cannot be written down before the promises are mended.
    """
    lot = writes.lot_for(lot_id, "stock.count_stock", by=by, moment=moment)
    rules.check_quantity(counted, least=0)
    before = lot.on_hand
    if counted != before and not reason.strip():
        raise StockRefused("stock_reason_missing")
    if counted < lot.promised:
        raise StockRefused("promised_more", promised=lot.promised)
    sides = [
        Side(counted - before, lot),
        Side(before - counted, account=rules.DIFFERENCE, supply_id=lot.supply_id),
    ]
    move = writes.post(
        "count", sides, store_id=lot.store_id, by=by, moment=moment, reason=reason.strip()[:300]
    )
    fact = StockCounted(
        move_id=str(move.pk), lot_id=str(lot.pk), supply=lot.supply.code, before=before, counted=counted
    )
    record([(fact, [move, lot])], by=by, moment=moment)
    return move.pk


@transaction.atomic
def write_off(
    lot_id: uuid.UUID, *, quantity: int, why: str, reason: str = "", by: By, moment: Moment
) -> uuid.UUID:
    """Something is no longer there to be used; only what is not promised. Returns the move's id."""
    lot = writes.lot_for(lot_id, "stock.write_off", by=by, moment=moment)
    rules.check_quantity(quantity)
    if why not in WHY or (why == "other" and not reason.strip()):
        raise StockRefused("stock_reason_missing")
    sides = [Side(-quantity, lot), Side(quantity, account=rules.WRITTEN_OFF, supply_id=lot.supply_id)]
    move = writes.post(
        "write_off", sides, store_id=lot.store_id, by=by, moment=moment,
        reason=f"{why} {reason.strip()}".strip()[:300],
    )  # fmt: skip
    fact = StockWrittenOff(
        move_id=str(move.pk), lot_id=str(lot.pk), supply=lot.supply.code, quantity=quantity, why=why
    )
    record([(fact, [move, lot])], by=by, moment=moment)
    return move.pk
