"""Steps that the actions share: a line carried out, an order found with the right and moved one step on."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.needs import actions as needs
from jingwei.apps.resources import queries as resources
from jingwei.apps.stock.facts import Wanted
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from . import rules
from .facts import LineNotOrdered, OrderIssued
from .models import Line, Order
from .rules import DispatchRefused, Step


def carry_out(line_id: int, *, by: By, moment: Moment) -> bool:
    """Promise what an accepted line says and order it from who keeps the store; or say why it cannot be.

    A line that was carried out already stays as it is: the promise and the order are one for it.
    """
    line = Line.objects.select_for_update().select_related("proposal").filter(pk=line_id).first()
    if line is None or line.state != "taken":
        return False
    try:
        with transaction.atomic():
            _order(line, by=by, moment=moment)
    except Refused as no:
        line.state, line.trouble = "failed", no.code[:40]
        line.save(update_fields=["state", "trouble"])
        fact = LineNotOrdered(
            proposal_id=str(line.proposal_id), line=line.number, need_id=str(line.need_id),
            store_id=str(line.store_id), code=no.code,
        )  # fmt: skip
        record([(fact, line.proposal)], by=by, moment=moment)
        return False
    line.state = "ordered"
    line.save(update_fields=["state"])
    return True


def _order(line: Line, *, by: By, moment: Moment) -> None:
    authority = agencies.get_authority(by, at=moment.at)
    need, store = line.need, resources.find_store(line.store_id)
    if store is None:
        raise DispatchRefused("dispatch_store_unknown")
    wanted = Wanted(
        supply_id=line.supply_id, quantity=line.quantity, for_whom=(need.asker or need.item_zh)[:200],
        place=need.place, due_at=line.due_at, key=f"dispatch:{line.pk}",
    )  # fmt: skip
    promise_id = needs.serve_need(line.need_id, line.store_id, wanted, beyond=False, by=by, moment=moment)
    values = hazards.list_dispatch_values(on=localdate(moment.at))
    answer_by = moment.at + timedelta(minutes=values["answer_min"].value)
    # what was planned some time ago leaves that much later
    leaves_at = max(line.leaves_at, moment.at)
    row = Order(
        line=line, promise_id=promise_id, need_id=line.need_id, store_id=line.store_id,
        supply_id=line.supply_id, quantity=line.quantity, from_place=store.place, place=need.place,
        to_organization=store.owner, from_organization=authority.organization_code,
        from_post=authority.post_code, issued_by=by, issued_at=moment.at, answer_by_at=answer_by,
        due_at=line.due_at, leaves_at=leaves_at, expected_at=leaves_at + (line.arrives_at - line.leaves_at),
        state_by=by, state_at=moment.at, next_at=answer_by,
    )  # fmt: skip
    row.save(force_insert=True)
    fact = OrderIssued(
        order_id=str(row.pk), proposal_id=str(line.proposal_id), line=line.number, need_id=str(line.need_id),
        store_id=str(line.store_id), promise_id=str(promise_id), quantity=line.quantity,
        to_organization=row.to_organization, from_post=row.from_post, answer_by_at=answer_by,
        expected_at=row.expected_at,
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)


def order_for(
    order_id: uuid.UUID, right: str, *, version: int | None, by: By, moment: Moment, at_need: bool = False
) -> Order:
    """The order, locked, once the right is asked for where its store is; `at_need`: or where it goes."""
    row = Order.objects.select_for_update().filter(pk=order_id).first()
    if row is None:
        raise DispatchRefused("order_unknown")
    if not (at_need and agencies.may(by, right, at=moment.at, place=row.place)):
        agencies.require(by, right, at=moment.at, place=row.from_place)
    rules.check_version(held=version, current=row.version)
    return row


def check_addressed(row: Order, *, by: By, moment: Moment) -> None:
    """Only the body that keeps the store answers for it; where none is named, whoever may there."""
    authority = agencies.get_authority(by, at=moment.at)
    if row.to_organization and row.to_organization != authority.organization_code:
        raise DispatchRefused("order_not_addressed")


def move(row: Order, step: Step, *, by: By, moment: Moment, **changes: object) -> None:
    """One step on: refused where it may not be taken from here."""
    row.state = rules.step_to(step, row.state)
    row.state_by, row.state_at, row.version = by, moment.at, row.version + 1
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
