"""A person orders from a producer what stock cannot give."""

import uuid

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.resources import queries as resources
from jingwei.apps.stock import queries as stock
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import NewPurchase, SuppliesOrdered
from ..models import Purchase
from ..rules import PurchaseRefused


@transaction.atomic
def order_supplies(new: NewPurchase, *, by: By, moment: Moment) -> uuid.UUID:
    """Order from a producer of the register, for a need or for a store. A repeat under its key is known.

    Of a need the supply is its own. Returns the purchase's id.
    """
    whom = writes.whom_for(new, by=by, moment=moment)
    authority = agencies.require(by, "purchases.order_supplies", at=moment.at, place=whom.place)
    asked = plain_digest([new])
    if repeat := writes.find_repeat(new.key, asked, by=by):
        return repeat.pk
    rules.check_quantity(new.quantity)
    rules.check_price(new.price_fen, new.quantity)
    if new.expected_at <= moment.at:
        raise PurchaseRefused("purchase_expected_missing")
    producer = resources.find_producer(new.producer_id)
    if producer is None or not agencies.sees(authority, producer.place):
        raise PurchaseRefused("producer_unknown")
    supply = stock.find_supply(whom.supply_id)
    if supply is None:
        raise PurchaseRefused("purchase_for_nothing")
    row = Purchase(
        place=whom.place, supply_id=supply.id, producer_id=producer.id, need_id=new.need_id,
        store_id=new.store_id, incident_id=whom.incident_id, quantity=new.quantity,
        price_fen=new.price_fen, expected_at=new.expected_at, note=new.note.strip()[:300],
        key=new.key[:100], asked=asked, by=by, at=moment.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same at the same moment: it finds what that one wrote
        if (repeat := writes.find_repeat(new.key, asked, by=by)) is None:
            raise
        return repeat.pk
    fact = SuppliesOrdered(
        purchase_id=str(row.pk), producer_id=str(producer.id), supply=supply.code,
        need_id=str(new.need_id) if new.need_id else None,
        store_id=str(new.store_id) if new.store_id else None,
        incident_id=str(whom.incident_id) if whom.incident_id else None,
        quantity=row.quantity, price_fen=row.price_fen, expected_at=row.expected_at,
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)
    return row.pk
