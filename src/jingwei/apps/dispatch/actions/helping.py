"""Who keeps a store of others is asked within the node; they give all, a part or nothing, and it binds."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.resources import queries as resources
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import HelpAccepted, HelpAsked, HelpRefused, HelpWithdrawn, OrderAnswered
from ..models import HelpRequest, Line, Order
from ..rules import DispatchRefused


@transaction.atomic
def ask_help(
    line_id: int, *, quantity: int, due_at: datetime | None = None, words: str = "", by: By, moment: Moment
) -> uuid.UUID:
    """Ask who keeps the line's store for so much of it, at most what the line says. Returns the id.

    `due_at` None: as the need says. Whoever asks must be able to order for the need, for the yes orders.
    """
    line, proposal = writes.line_for(
        line_id, "dispatch.ask_help", states=["proposed"], by=by, moment=moment
    )  # fmt: skip
    authority = agencies.require(by, "needs.serve_need", at=moment.at, place=line.place)
    if line.tier == "own":
        raise DispatchRefused("help_of_own_store")
    rules.check_part(quantity, of=line.quantity)
    store = resources.find_store(line.store_id)
    if store is None:
        raise DispatchRefused("dispatch_store_unknown")
    named = line.reason.get("agreement")
    agreement = resources.find_agreement(uuid.UUID(named["id"]), on=localdate(moment.at)) if named else None
    if named and agreement is None:
        raise DispatchRefused("agreement_over")
    values = hazards.list_dispatch_values(on=localdate(moment.at))
    answer_by = moment.at + timedelta(minutes=values["help_answer_min"].value)
    row = HelpRequest(
        line=line, need_id=line.need_id, store_id=line.store_id, supply_id=line.supply_id, quantity=quantity,
        tier=line.tier, agreement_id=agreement.id if agreement else None,
        agreed=agreement.name if agreement else "", from_place=store.place, place=line.place,
        to_organization=store.owner, from_organization=authority.organization_code,
        from_post=authority.post_code, asked_by=by, asked_at=moment.at, words=words.strip()[:300],
        due_at=due_at or line.due_at, answer_by_at=answer_by, state_by=by, state_at=moment.at,
        next_at=answer_by,
    )  # fmt: skip
    row.save(force_insert=True)
    _mark(line, "asked")
    fact = HelpAsked(
        request_id=str(row.pk), proposal_id=str(proposal.pk), line=line.number, need_id=str(line.need_id),
        store_id=str(line.store_id), quantity=quantity, tier=line.tier,
        agreement_id=str(agreement.id) if agreement else None, to_organization=row.to_organization,
        from_post=row.from_post, answer_by_at=answer_by, due_at=row.due_at,
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def accept_help(
    request_id: uuid.UUID, *, quantity: int | None = None, reason: str = "", version: int | None = None,
    by: By, moment: Moment,
) -> uuid.UUID:  # fmt: skip
    """Give what was asked, or a part with the reason: it is promised, and ordered in the asker's name.

    Where the body that answers keeps the store itself, its yes acknowledges the order too. Returns its id.
    """
    row = writes.help_for(request_id, "dispatch.accept_help", version=version, by=by, moment=moment)
    given = rules.check_part(row.quantity if quantity is None else quantity, of=row.quantity)
    why = rules.check_reason(reason) if given < row.quantity else reason.strip()[:300]
    if row.state != "asked":
        raise DispatchRefused("help_not_so_now", state=row.state)
    if agencies.find_authority(row.asked_by, at=moment.at) is None:
        raise DispatchRefused("help_asker_gone")
    line = Line.objects.select_for_update().select_related("need").get(pk=row.line_id)
    order = writes.issue(
        line, given, key=f"help:{row.pk}", issuer=row.asked_by, due_at=row.due_at, by=by, moment=moment
    )
    _acknowledge(order, by=by, moment=moment)
    _mark(line, "ordered")
    late = moment.at > row.answer_by_at
    # what they do not give is asked of others
    pair = (
        writes.settle(line, row.store_id, "bar", None, why, by=by, moment=moment)
        if given < row.quantity
        else None
    )
    writes.end_help(row, "accepted", by=by, moment=moment, given=given, order=order, reason=why)
    fact = HelpAccepted(
        request_id=str(row.pk), asked=row.quantity, quantity=given, order_id=str(order.pk),
        pair_id=str(pair.pk) if pair else None, late=late,
    )  # fmt: skip
    record([(fact, [row, pair] if pair else row)], by=by, moment=moment)
    return order.pk


@transaction.atomic
def refuse_help(
    request_id: uuid.UUID, *, reason: str, version: int | None = None, by: By, moment: Moment
) -> None:
    """Give nothing, and say why: the next proposal does without this store for this need."""
    row = writes.help_for(request_id, "dispatch.refuse_help", version=version, by=by, moment=moment)
    why, late = rules.check_reason(reason), moment.at > row.answer_by_at
    writes.end_help(row, "refused", by=by, moment=moment, reason=why)
    line = Line.objects.select_for_update().get(pk=row.line_id)
    _mark(line, "failed", "help_refused")
    pair = writes.settle(line, row.store_id, "bar", None, why, by=by, moment=moment)
    fact = HelpRefused(request_id=str(row.pk), pair_id=str(pair.pk), late=late)
    record([(fact, [row, pair])], by=by, moment=moment)


@transaction.atomic
def withdraw_help(
    request_id: uuid.UUID, *, reason: str, version: int | None = None, by: By, moment: Moment
) -> None:
    """Take the request back before it is answered; the line may be asked for again."""
    row = HelpRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise DispatchRefused("help_unknown")
    asker = agencies.list_posts_by_code([row.from_post]).get(row.from_post)
    agencies.require(by, "dispatch.withdraw_help", at=moment.at, place=asker.place if asker else row.place)
    rules.check_version(held=version, current=row.version)
    writes.end_help(row, "withdrawn", by=by, moment=moment, reason=rules.check_reason(reason))
    _mark(Line.objects.select_for_update().get(pk=row.line_id), "proposed")
    record([(HelpWithdrawn(request_id=str(row.pk)), row)], by=by, moment=moment)


def _mark(line: Line, state: str, trouble: str = "") -> None:
    line.state, line.trouble = state, trouble
    line.save(update_fields=["state", "trouble"])


def _acknowledge(order: Order, *, by: By, moment: Moment) -> None:
    own = agencies.get_authority(by, at=moment.at).organization_code
    if order.to_organization in ("", own):
        writes.move(order, "acknowledge", by=by, moment=moment, answered_at=moment.at, next_at=None)
        record([(OrderAnswered(order_id=str(order.pk), taken=True, late=False), order)], by=by, moment=moment)
