"""From the store to who needs it: left, seen on the way, arrived, counted; what comes back, what is used."""

import uuid
from datetime import datetime

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import Incoming
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import OrderArrived, OrderLeft, OrderReceived, OrderReturned, OrderSeen, OrderUsed
from ..models import Position
from ..rules import DispatchRefused


@transaction.atomic
def send_order(
    order_id: uuid.UUID, *, expected_at: datetime | None = None, version: int | None = None, by: By,
    moment: Moment,
) -> None:  # fmt: skip
    """What was ordered leaves the store. Leaving is an answer too. `expected_at` None: as long as planned."""
    row = writes.order_for(order_id, "dispatch.send_order", version=version, by=by, moment=moment)
    writes.check_addressed(row, by=by, moment=moment)
    expected = expected_at or moment.at + (row.expected_at - row.leaves_at)
    writes.move(
        row, "leave", by=by, moment=moment, next_at=None, left_at=moment.at, leaves_at=moment.at,
        expected_at=max(expected, moment.at), answered_at=row.answered_at or moment.at,
    )  # fmt: skip
    stock.ship_promise(row.promise_id, by=by, moment=moment)
    record([(OrderLeft(order_id=str(row.pk), expected_at=row.expected_at), row)], by=by, moment=moment)


@transaction.atomic
def report_position(
    order_id: uuid.UUID, lon: float, lat: float, *, expected_at: datetime | None = None, words: str = "",
    by: By, moment: Moment,
) -> uuid.UUID:  # fmt: skip
    """Say where the load is and when it is expected. Several may say so; the newest counts."""
    row = writes.order_for(
        order_id, "dispatch.report_position", version=None, by=by, moment=moment, at_need=True
    )
    lon, lat = rules.check_point(lon, lat)
    writes.move(row, "see", by=by, moment=moment, expected_at=expected_at or row.expected_at)
    seen = Position(
        order=row, lon=lon, lat=lat, expected_at=row.expected_at, words=words.strip()[:300], by=by,
        at=moment.at,
    )  # fmt: skip
    seen.save(force_insert=True)
    fact = OrderSeen(order_id=str(row.pk), position_id=str(seen.pk), expected_at=row.expected_at)
    record([(fact, [row, seen])], by=by, moment=moment)
    return seen.pk


@transaction.atomic
def report_arrival(order_id: uuid.UUID, *, version: int | None = None, by: By, moment: Moment) -> None:
    """The load is there; it is still to be counted."""
    row = writes.order_for(
        order_id, "dispatch.report_arrival", version=version, by=by, moment=moment, at_need=True
    )
    writes.move(row, "arrive", by=by, moment=moment, arrived_at=moment.at)
    record([(OrderArrived(order_id=str(row.pk)), row)], by=by, moment=moment)


@transaction.atomic
def report_receipt(
    order_id: uuid.UUID, *, arrived: int, reason: str = "", version: int | None = None, by: By, moment: Moment
) -> None:
    """So much came and was counted; less or more than was sent needs its reason."""
    row = writes.order_for(
        order_id, "dispatch.report_receipt", version=version, by=by, moment=moment, at_need=True
    )
    rules.check_quantity(arrived, least=0)
    if arrived != row.quantity:
        rules.check_reason(reason)
    late = row.due_at is not None and (row.arrived_at or moment.at) > row.due_at
    writes.move(
        row, "receive", by=by, moment=moment, arrived=arrived, received_at=moment.at,
        arrived_at=row.arrived_at or moment.at, reason=reason.strip()[:300],
    )  # fmt: skip
    stock.confirm_arrival(row.promise_id, arrived=arrived, reason=reason, by=by, moment=moment)
    fact = OrderReceived(order_id=str(row.pk), sent=row.quantity, arrived=arrived, late=late)
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def return_rest(
    order_id: uuid.UUID, *, quantity: int, key: str = "", version: int | None = None, by: By, moment: Moment
) -> uuid.UUID:
    """Some of what came was not used and is back in the store it came from. Returns the move's id."""
    row = writes.order_for(order_id, "dispatch.return_rest", version=version, by=by, moment=moment)
    rules.check_quantity(quantity)
    _check_there(row.arrived, row.returned + row.used + quantity)
    writes.move(row, "return", by=by, moment=moment, returned=row.returned + quantity)
    incoming = Incoming(
        supply_id=row.supply_id, quantity=quantity, origin="returned", source=str(row.pk), key=key
    )
    move_id = stock.receive_stock(row.store_id, incoming, by=by, moment=moment)
    fact = OrderReturned(order_id=str(row.pk), quantity=quantity, move_id=str(move_id))
    record([(fact, row)], by=by, moment=moment)
    return move_id


@transaction.atomic
def report_use(
    order_id: uuid.UUID, *, quantity: int, version: int | None = None, by: By, moment: Moment
) -> None:
    """So much of what came is used up."""
    row = writes.order_for(
        order_id, "dispatch.report_use", version=version, by=by, moment=moment, at_need=True
    )
    rules.check_quantity(quantity)
    _check_there(row.arrived, row.returned + row.used + quantity)
    writes.move(row, "use", by=by, moment=moment, used=row.used + quantity)
    record([(OrderUsed(order_id=str(row.pk), quantity=quantity), row)], by=by, moment=moment)


def _check_there(arrived: int | None, gone: int) -> None:
    """No more goes back or is used than came."""
    if arrived is not None and gone > arrived:
        raise DispatchRefused("more_than_came", arrived=arrived)
