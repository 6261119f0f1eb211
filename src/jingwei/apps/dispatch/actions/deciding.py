"""Named people accept, change and refuse lines; what they change binds the next proposal."""

import uuid
from collections.abc import Collection

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.resources import queries as resources
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import LineChanged, LineRefused, LinesAccepted, PairLifted
from ..models import Decision, Line, Pair, Proposal
from ..rules import DispatchRefused

#: Lines that are carried out at once, in the transaction that accepts them; more are left to the worker.
AT_ONCE = 10


class Accepted(msgspec.Struct, frozen=True):
    """What came of it: lines that are orders now, that the worker still carries out, that failed."""

    ordered: int
    waiting: int
    failed: int


@transaction.atomic
def accept_lines(
    proposal_id: uuid.UUID, numbers: Collection[int] | None = None, *, by: By, moment: Moment
) -> Accepted:
    """Accept lines of the proposal, or all that are still open: each becomes a promise and an order.

    What others have decided meanwhile stays as it is; when nothing is left to accept, it is refused. A line
    out of a store of others is theirs to decide: named, it is refused; among all, it stays proposed.
    """
    proposal = writes.proposal_for(proposal_id, "dispatch.accept_lines", by=by, moment=moment)
    rows = Line.objects.filter(proposal=proposal, state="proposed").order_by("number")
    if numbers is not None:
        if not numbers:
            raise DispatchRefused("lines_missing")
        rows = rows.filter(number__in=set(numbers))
    found = list(rows.values_list("pk", "number", "tier", "store__place"))
    theirs = _not_ours({place for *_, tier, place in found if tier != "own"}, by=by, moment=moment)
    chosen = [(pk, number) for pk, number, tier, place in found if tier == "own" or place not in theirs]
    if len(chosen) < len(found) and (numbers is not None or not chosen):
        raise DispatchRefused("line_of_others")
    if not chosen:
        raise DispatchRefused("line_decided")
    decision = Decision(proposal=proposal, what="accept", lines=[n for _, n in chosen], by=by, at=moment.at)
    decision.save(force_insert=True)
    Line.objects.filter(proposal=proposal, state="proposed", number__in=decision.lines).update(
        state="taken", decision=decision
    )
    fact = LinesAccepted(
        proposal_id=str(proposal.pk), decision_id=str(decision.pk), lines=tuple(decision.lines)
    )
    record([(fact, [proposal, decision])], by=by, moment=moment)
    if len(chosen) > AT_ONCE:
        return Accepted(0, len(chosen), 0)
    made = [writes.carry_out(pk, by=by, moment=moment) for pk, _ in chosen]
    return Accepted(sum(made), 0, len(made) - sum(made))


def _not_ours(places: Collection[str], *, by: By, moment: Moment) -> set[str]:
    """Of these places of stores, those whose stock this post may not promise."""
    right = "stock.promise_stock"
    return {one for one in places if not agencies.may(by, right, at=moment.at, place=one)}


@transaction.atomic
def change_line(
    line_id: int, store_id: uuid.UUID, *, quantity: int, reason: str, by: By, moment: Moment
) -> uuid.UUID:
    """Want so much out of this store for the line's need: the next proposal keeps to it.

    Where another store is wanted, the one of the line is free for others. Returns the pair's id.
    """
    line, proposal = writes.line_for(line_id, "dispatch.change_line", by=by, moment=moment)
    why = rules.check_reason(reason)
    rules.check_quantity(quantity)
    if resources.find_store(store_id) is None:
        raise DispatchRefused("dispatch_store_unknown")
    if store_id == line.store_id and quantity == line.quantity:
        raise DispatchRefused("pair_same")
    decision = _decide(line, proposal, "change", why, by=by, moment=moment)
    pair = writes.settle(line, store_id, "keep", quantity, why, by=by, moment=moment)
    fact = LineChanged(
        proposal_id=str(proposal.pk), decision_id=str(decision.pk), line=line.number,
        need_id=str(line.need_id), from_store_id=str(line.store_id), to_store_id=str(store_id),
        quantity=quantity,
    )  # fmt: skip
    record([(fact, [proposal, decision, pair])], by=by, moment=moment)
    return pair.pk


@transaction.atomic
def refuse_line(line_id: int, *, reason: str, by: By, moment: Moment) -> uuid.UUID:
    """Do not send out of this store to this need: the next proposal does without. Returns the pair's id."""
    line, proposal = writes.line_for(line_id, "dispatch.refuse_line", by=by, moment=moment)
    why = rules.check_reason(reason)
    decision = _decide(line, proposal, "refuse", why, by=by, moment=moment)
    pair = writes.settle(line, line.store_id, "bar", None, why, by=by, moment=moment)
    fact = LineRefused(
        proposal_id=str(proposal.pk), decision_id=str(decision.pk), line=line.number,
        need_id=str(line.need_id), store_id=str(line.store_id),
    )  # fmt: skip
    record([(fact, [proposal, decision, pair])], by=by, moment=moment)
    return pair.pk


@transaction.atomic
def lift_pair(pair_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Let the next proposal choose again where a person had fixed or barred a source."""
    pair = Pair.objects.select_for_update().select_related("need").filter(pk=pair_id).first()
    if pair is None:
        raise DispatchRefused("pair_unknown")
    agencies.require(by, "dispatch.lift_pair", at=moment.at, place=pair.need.place)
    if pair.lifted_at is not None:
        raise DispatchRefused("pair_over")
    pair.lifted_by, pair.lifted_at = by, moment.at
    pair.save(update_fields=["lifted_by", "lifted_at"])
    fact = PairLifted(
        pair_id=str(pair.pk), need_id=str(pair.need_id), store_id=str(pair.store_id), kind=pair.kind
    )
    record([(fact, pair)], by=by, moment=moment)


def _decide(line: Line, proposal: Proposal, what: str, reason: str, *, by: By, moment: Moment) -> Decision:
    decision = Decision(proposal=proposal, what=what, lines=[line.number], reason=reason, by=by, at=moment.at)
    decision.save(force_insert=True)
    line.state, line.decision = {"change": "changed", "refuse": "refused"}[what], decision
    line.save(update_fields=["state", "decision"])
    return decision
