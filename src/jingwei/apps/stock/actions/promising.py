"""From promise to arrival: held for somebody, sent, received with what was missing."""

import uuid

from django.db import transaction
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.resources.queries import StoreCard
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import PromiseArrived, PromiseCancelled, PromiseShipped, StockPromised, Wanted
from ..models import Floor, Promise, PromiseLine
from ..rules import Held, StockRefused
from ..writes import Side


@transaction.atomic
def promise_stock(store_id: uuid.UUID, wanted: Wanted, *, by: By, moment: Moment) -> uuid.UUID:
    """Hold so much for somebody: first expired first, above the floor. A repeat under its key is known.

    Returns the promise's id.
    """
    store = writes.store_for(store_id, "stock.promise_stock", by=by, moment=moment)
    return _promise(store, wanted, into_floor=False, by=by, moment=moment)


@transaction.atomic
def promise_into_floor(store_id: uuid.UUID, wanted: Wanted, *, by: By, moment: Moment) -> uuid.UUID:
    """Hold so much for somebody, also of what must stay, with the reason. Returns the promise's id."""
    store = writes.store_for(store_id, "stock.promise_into_floor", by=by, moment=moment)
    if not wanted.reason.strip():
        raise StockRefused("stock_reason_missing")
    return _promise(store, wanted, into_floor=True, by=by, moment=moment)


def _promise(store: StoreCard, wanted: Wanted, *, into_floor: bool, by: By, moment: Moment) -> uuid.UUID:
    supply = writes.supply_of(wanted.supply_id)
    if not wanted.for_whom.strip():
        raise StockRefused("receiver_missing")
    rules.check_quantity(wanted.quantity)
    lots = {lot.pk: lot for lot in writes.lots_of(store.id, supply)}
    # looked for behind the locks: of two that come at once the second finds the first
    asked = plain_digest([str(store.id), into_floor, wanted])
    repeat = writes.find_repeat(Promise, wanted.key, asked, by=by)
    if repeat is not None:
        return repeat.pk
    held = [Held(lot.pk, lot.expires_on, lot.batch, lot.on_hand, lot.promised) for lot in lots.values()]
    floor = (
        Floor.objects.filter(store_id=store.id, supply=supply).values_list("least", flat=True).first() or 0
    )
    today = localdate(moment.at)
    taken = rules.pick(held, wanted.quantity, floor=floor, into_floor=into_floor, on=today)
    left = sum(lot.free for lot in rules.first_out(held, on=today)) - wanted.quantity
    row = Promise(
        supply=supply,
        store_id=store.id,
        quantity=wanted.quantity,
        for_whom=wanted.for_whom.strip()[:200],
        place=wanted.place[:16],
        due_at=wanted.due_at,
        reason=wanted.reason.strip()[:300],
        key=wanted.key[:100],
        asked=asked,
        by=by,
        at=moment.at,
    )
    row.save(force_insert=True)
    for lot_id, quantity in taken.items():
        lots[lot_id].promised += quantity
        lots[lot_id].save(update_fields=["promised"])
    PromiseLine.objects.bulk_create(
        PromiseLine(promise=row, lot_id=lot_id, quantity=quantity) for lot_id, quantity in taken.items()
    )
    fact = StockPromised(
        promise_id=str(row.pk),
        store_id=str(store.id),
        supply=supply.code,
        quantity=wanted.quantity,
        lots={str(lot_id): quantity for lot_id, quantity in taken.items()},
        into_floor=max(0, floor - left),
    )
    record([(fact, [row, *(lots[one] for one in taken)])], by=by, moment=moment)
    return row.pk


def _promise_for(
    promise_id: uuid.UUID, right: str, state: str, *, by: By, moment: Moment, where_it_goes: bool = False
) -> Promise:
    """The promise, locked, once the right is asked for at the store, or where it goes."""
    row = Promise.objects.select_for_update().filter(pk=promise_id).first()
    if row is None:
        raise StockRefused("promise_unknown")
    if not (where_it_goes and row.place and agencies.may(by, right, at=moment.at, place=row.place)):
        writes.store_for(row.store_id, right, by=by, moment=moment)
    if row.state != state:
        raise StockRefused("promise_not_open" if state == "open" else "promise_not_sent")
    return row


@transaction.atomic
def cancel_promise(promise_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """What is held is free again; what has been sent is not recalled by this."""
    row = _promise_for(promise_id, "stock.cancel_promise", "open", by=by, moment=moment)
    if not reason.strip():
        raise StockRefused("stock_reason_missing")
    lines = list(row.lines.order_by("lot_id"))
    lots = writes.locked([line.lot_id for line in lines])
    for line in lines:
        lots[line.lot_id].promised -= line.quantity
        lots[line.lot_id].save(update_fields=["promised"])
    row.state, row.reason = "cancelled", reason.strip()[:300]
    row.save(update_fields=["state", "reason"])
    fact = PromiseCancelled(promise_id=str(row.pk), reason=row.reason)
    record([(fact, [row, *lots.values()])], by=by, moment=moment)


@transaction.atomic
def ship_promise(promise_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    """What was held leaves the store. Returns the move's id."""
    row = _promise_for(promise_id, "stock.ship_promise", "open", by=by, moment=moment)
    lines = list(row.lines.order_by("lot_id"))
    lots = writes.locked([line.lot_id for line in lines])
    sides = []
    for line in lines:
        lots[line.lot_id].promised -= line.quantity
        sides.append(Side(-line.quantity, lots[line.lot_id]))
    sides.append(Side(row.quantity, account=rules.ROAD, supply_id=row.supply_id))
    move = writes.post("ship", sides, store_id=row.store_id, by=by, moment=moment, promise=row)
    row.state = "sent"
    row.save(update_fields=["state"])
    fact = PromiseShipped(promise_id=str(row.pk), move_id=str(move.pk), quantity=row.quantity)
    record([(fact, [row, move, *lots.values()])], by=by, moment=moment)
    return move.pk


@transaction.atomic
def confirm_arrival(
    promise_id: uuid.UUID, *, arrived: int, reason: str = "", by: By, moment: Moment
) -> uuid.UUID:
    """So much came to who gets it; less or more than was sent needs its reason. Returns the move's id.

    Those at the store may say so, and those at the place it was sent to.
    """
    row = _promise_for(promise_id, "stock.confirm_arrival", "sent", by=by, moment=moment, where_it_goes=True)
    rules.check_quantity(arrived, least=0)
    if arrived != row.quantity and not reason.strip():
        raise StockRefused("stock_reason_missing")
    sides = [
        Side(-row.quantity, account=rules.ROAD, supply_id=row.supply_id),
        Side(arrived, account=rules.USED, supply_id=row.supply_id),
        Side(row.quantity - arrived, account=rules.LOST, supply_id=row.supply_id),
    ]
    move = writes.post(
        "arrive", sides, store_id=row.store_id, by=by, moment=moment, promise=row, reason=reason.strip()[:300]
    )
    row.state, row.arrived = "arrived", arrived
    row.save(update_fields=["state", "arrived"])
    fact = PromiseArrived(promise_id=str(row.pk), move_id=str(move.pk), sent=row.quantity, arrived=arrived)
    record([(fact, [row, move])], by=by, moment=moment)
    return move.pk
