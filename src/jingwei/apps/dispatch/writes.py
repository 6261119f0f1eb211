"""Steps that the actions share: a line found and carried out, an order or a request found with the right."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

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
from .facts import LineNotOrdered, OrderIssued, PairLifted
from .models import HelpRequest, Line, Order, Pair, Proposal
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
    issue(line, line.quantity, key=f"dispatch:{line.pk}", issuer=by, by=by, moment=moment)


def issue(
    line: Line, quantity: int, *, key: str, issuer: By, due_at: datetime | None = None, by: By, moment: Moment
) -> Order:  # fmt: skip
    """Promise so much of the line's store, and order it in the name of `issuer`, who speaks for the need.

    `by` promises the stock: who issues, or, where others were asked, who keeps the store.
    """
    authority = agencies.get_authority(issuer, at=moment.at)
    need, store, due_at = line.need, resources.find_store(line.store_id), due_at or line.due_at
    if store is None:
        raise DispatchRefused("dispatch_store_unknown")
    wanted = Wanted(
        supply_id=line.supply_id, quantity=quantity, for_whom=(need.asker or need.item_zh)[:200],
        place=need.place, due_at=due_at, key=key,
    )  # fmt: skip
    promise_id = needs.serve_need(
        line.need_id, line.store_id, wanted, beyond=False, asked_by=issuer, by=by, moment=moment
    )
    values = hazards.list_dispatch_values(on=localdate(moment.at))
    answer_by = moment.at + timedelta(minutes=values["answer_min"].value)
    # what was planned some time ago leaves that much later
    leaves_at = max(line.leaves_at, moment.at)
    row = Order(
        line=line, promise_id=promise_id, need_id=line.need_id, store_id=line.store_id,
        supply_id=line.supply_id, quantity=quantity, from_place=store.place, place=need.place,
        to_organization=store.owner, from_organization=authority.organization_code,
        from_post=authority.post_code, issued_by=issuer, issued_at=moment.at, answer_by_at=answer_by,
        due_at=due_at, leaves_at=leaves_at, expected_at=leaves_at + (line.arrives_at - line.leaves_at),
        state_by=by, state_at=moment.at, next_at=answer_by,
    )  # fmt: skip
    row.save(force_insert=True)
    fact = OrderIssued(
        order_id=str(row.pk), proposal_id=str(line.proposal_id), line=line.number, need_id=str(line.need_id),
        store_id=str(line.store_id), promise_id=str(promise_id), quantity=quantity,
        to_organization=row.to_organization, from_post=row.from_post, answer_by_at=answer_by,
        expected_at=row.expected_at,
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)
    return row


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


def proposal_for(proposal_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> Proposal:
    """The proposal, locked, if it is the one that stands: what is newer knows more."""
    row = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if row is None:
        raise DispatchRefused("proposal_unknown")
    agencies.require(by, right, at=moment.at, place=row.place)
    if row.state != "ready":
        raise DispatchRefused("proposal_over" if row.state == "over" else "proposal_not_made")
    return row


def line_for(
    line_id: int, right: str, *, states: Collection[str] = ("proposed", "failed"), by: By, moment: Moment
) -> tuple[Line, Proposal]:  # fmt: skip
    """A line of the proposal that stands, locked, while it is open to be decided."""
    proposal_id = Line.objects.filter(pk=line_id).values_list("proposal_id", flat=True).first()
    if proposal_id is None:
        raise DispatchRefused("line_unknown")
    proposal = proposal_for(proposal_id, right, by=by, moment=moment)
    line = Line.objects.select_for_update().get(pk=line_id)
    if line.state not in states:
        raise DispatchRefused("line_decided")
    return line, proposal


def settle(
    line: Line, store_id: uuid.UUID, kind: str, quantity: int | None, reason: str, *, by: By, moment: Moment
) -> Pair:
    """The newest word about a need and a store holds; the one before it stays readable, lifted."""
    for old in Pair.objects.select_for_update().filter(need_id=line.need_id, lifted_at=None):
        if old.store_id == store_id or (
            kind == "keep" and old.kind == "keep" and old.store_id == line.store_id
        ):
            old.lifted_by, old.lifted_at = by, moment.at
            old.save(update_fields=["lifted_by", "lifted_at"])
            gone = PairLifted(
                pair_id=str(old.pk), need_id=str(old.need_id), store_id=str(old.store_id), kind=old.kind
            )
            record([(gone, old)], by=by, moment=moment)
    pair = Pair(
        need_id=line.need_id, store_id=store_id, kind=kind, quantity=quantity, reason=reason, by=by,
        at=moment.at,
    )  # fmt: skip
    pair.save(force_insert=True)
    return pair


def help_for(
    request_id: uuid.UUID, right: str, *, version: int | None, by: By, moment: Moment
) -> HelpRequest:  # fmt: skip
    """A request that waits for its answer, locked; the right is asked for where the store is."""
    row = HelpRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise DispatchRefused("help_unknown")
    agencies.require(by, right, at=moment.at, place=row.from_place)
    rules.check_version(held=version, current=row.version)
    return row


def end_help(row: HelpRequest, state: str, *, by: By, moment: Moment, **changes: object) -> None:
    """A request is answered or taken back, once."""
    if row.state != "asked":
        raise DispatchRefused("help_not_so_now", state=row.state)
    row.state, row.state_by, row.state_at, row.next_at = state, by, moment.at, None
    row.version += 1
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
