"""Who keeps the store takes an order on or refuses it; who issued it takes it back before anything left."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.stock import actions as stock
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import OrderAnswered, OrderWithdrawn


@transaction.atomic
def acknowledge_order(order_id: uuid.UUID, *, version: int | None = None, by: By, moment: Moment) -> None:
    """Take the order on."""
    row = writes.order_for(order_id, "dispatch.acknowledge_order", version=version, by=by, moment=moment)
    writes.check_addressed(row, by=by, moment=moment)
    late = moment.at > row.answer_by_at
    writes.move(row, "acknowledge", by=by, moment=moment, answered_at=moment.at, next_at=None)
    record([(OrderAnswered(order_id=str(row.pk), taken=True, late=late), row)], by=by, moment=moment)


@transaction.atomic
def refuse_order(
    order_id: uuid.UUID, *, reason: str, version: int | None = None, by: By, moment: Moment
) -> None:
    """Say that it cannot be sent, and why: what was promised is free again and the need is open."""
    row = writes.order_for(order_id, "dispatch.refuse_order", version=version, by=by, moment=moment)
    writes.check_addressed(row, by=by, moment=moment)
    why, late = rules.check_reason(reason), moment.at > row.answer_by_at
    writes.move(row, "refuse", by=by, moment=moment, answered_at=moment.at, next_at=None, reason=why)
    stock.cancel_promise(row.promise_id, reason=why, by=by, moment=moment)
    record([(OrderAnswered(order_id=str(row.pk), taken=False, late=late), row)], by=by, moment=moment)


@transaction.atomic
def withdraw_order(
    order_id: uuid.UUID, *, reason: str, version: int | None = None, by: By, moment: Moment
) -> None:
    """Take the order back before anything has left; what is under way is not recalled."""
    row = writes.order_for(order_id, "dispatch.withdraw_order", version=version, by=by, moment=moment)
    issuer = agencies.list_posts_by_code([row.from_post]).get(row.from_post)
    # what was ordered from above is not taken back below
    agencies.require(by, "dispatch.withdraw_order", at=moment.at, place=issuer.place if issuer else row.place)
    why = rules.check_reason(reason)
    writes.move(row, "withdraw", by=by, moment=moment, next_at=None, reason=why)
    stock.cancel_promise(row.promise_id, reason=why, by=by, moment=moment)
    record([(OrderWithdrawn(order_id=str(row.pk)), row)], by=by, moment=moment)
