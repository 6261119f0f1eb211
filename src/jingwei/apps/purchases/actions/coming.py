"""From the producer's yes to the store: confirmed, taken in once, or cancelled with its reason."""

import uuid
from datetime import datetime

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import Incoming
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import Delivery, PurchaseCancelled, PurchaseConfirmed, PurchaseDelivered
from ..rules import PurchaseRefused


@transaction.atomic
def confirm_purchase(
    purchase_id: uuid.UUID,
    *,
    expected_at: datetime | None = None,
    version: int | None = None,
    by: By,
    moment: Moment,
) -> None:
    """The producer said yes; `expected_at`: when it says other than was thought."""
    row = writes.purchase_for(
        purchase_id, "purchases.confirm_purchase", version=version, by=by, moment=moment
    )
    rules.check_waited_for(row.state)
    until = expected_at or row.expected_at
    if until != row.expected_at and until <= moment.at:
        raise PurchaseRefused("purchase_expected_missing")
    writes.save(row, state="confirmed", expected_at=until)
    fact = PurchaseConfirmed(purchase_id=str(row.pk), expected_at=until)
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def receive_purchase(
    purchase_id: uuid.UUID, came: Delivery, *, version: int | None = None, by: By, moment: Moment
) -> uuid.UUID:
    """Take what came into a store, by the stock's own right and book; once. Returns the move's id.

    A repeat under its key is known. What is not as ordered needs its reason.
    """
    row = writes.purchase_for(purchase_id, "purchases.receive_purchase", by=by, moment=moment)
    came_as = plain_digest([str(by), came]) if came.key else ""
    if row.move_id is not None and came_as and row.came_as == came_as:
        return row.move_id
    if version is not None and version != row.version:
        raise PurchaseRefused("purchase_changed_meanwhile")
    rules.check_waited_for(row.state)
    rules.check_quantity(came.arrived)
    rules.check_price(row.price_fen, came.arrived)
    reason = came.reason.strip()[:300]
    if came.arrived != row.quantity:
        reason = rules.check_reason(came.reason)
    incoming = Incoming(
        supply_id=row.supply_id, quantity=came.arrived, batch=came.batch, expires_on=came.expires_on,
        origin="purchase", source=row.producer.name[:200], key=f"purchase:{row.pk}",
    )  # fmt: skip
    move_id = stock.receive_stock(came.store_id, incoming, by=by, moment=moment)
    writes.save(
        row, state="delivered", arrived=came.arrived, arrived_at=moment.at, reason=reason, move_id=move_id,
        came_as=came_as,
    )  # fmt: skip
    fact = PurchaseDelivered(
        purchase_id=str(row.pk),
        store_id=str(came.store_id),
        move_id=str(move_id),
        ordered=row.quantity,
        arrived=came.arrived,
        reason=reason,
    )
    record([(fact, row)], by=by, moment=moment)
    return move_id


@transaction.atomic
def cancel_purchase(
    purchase_id: uuid.UUID, *, reason: str, version: int | None = None, by: By, moment: Moment
) -> None:
    """It will not come."""
    row = writes.purchase_for(purchase_id, "purchases.cancel_purchase", version=version, by=by, moment=moment)
    rules.check_waited_for(row.state)
    why = rules.check_reason(reason)
    writes.save(row, state="cancelled", reason=why)
    record([(PurchaseCancelled(purchase_id=str(row.pk), reason=why), row)], by=by, moment=moment)
