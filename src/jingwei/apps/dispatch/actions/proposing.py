"""A proposal is asked for by a person and computed beside the worker, in no transaction."""

import uuid
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.roads import queries as roads
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.codes import normal_place
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import ProposalAsked, ProposalFailed, ProposalMade
from ..models import Board, Line, Proposal
from ..queries.picture import read_picture
from ..rules import Planned

#: How long a round of the worker waits for a plan before it looks again a second later, seconds.
WAIT_S = 0.2


class _Computing:
    """The plan that is being computed in this process, if any. It is lost with the process and begun anew."""

    def __init__(self) -> None:
        self.of: uuid.UUID | None = None
        self.before: uuid.UUID | None = None
        self.plan: Future[Planned] | None = None
        self.beside = ThreadPoolExecutor(1, "dispatch")


_NOW = _Computing()


@transaction.atomic
def ask_proposal(place: str, *, by: By, moment: Moment) -> uuid.UUID:
    """Ask who should send what in a place; while one is still computed, it is that one. Returns its id."""
    place = normal_place(place)
    agencies.require(by, "dispatch.ask_proposal", at=moment.at, place=place)
    Board.objects.get_or_create(place=place)
    board = Board.objects.select_for_update().get(place=place)
    waiting = Proposal.objects.filter(place=place, state="asked").values_list("pk", flat=True).first()
    if waiting is not None:
        return waiting
    board.last += 1
    board.save(update_fields=["last"])
    row = Proposal(place=place, number=board.last, asked_by=by, asked_at=moment.at)
    row.save(force_insert=True)
    fact = ProposalAsked(proposal_id=str(row.pk), place=place, number=row.number)
    record([(fact, row)], by=by, moment=moment)
    return row.pk


def make_proposals(*, by: By, moment: Moment, wait_s: float = WAIT_S) -> int:
    """Compute what was asked for, one after another, outside of any transaction. Returns how many stand now.

    One indexed query when nobody asked. Called again and again: a plan that takes longer than `wait_s` is
    kept when it is there.
    """
    if _NOW.plan is None and not _begin(by=by, moment=moment):
        return 0
    assert _NOW.plan is not None and _NOW.of is not None  # noqa: S101 - begun
    try:
        error = _NOW.plan.exception(timeout=wait_s)
    except TimeoutError:
        return 0
    plan, of, before = _NOW.plan, _NOW.of, _NOW.before
    _NOW.plan = _NOW.of = _NOW.before = None
    with transaction.atomic():
        row = Proposal.objects.select_for_update().filter(pk=of, state="asked").first()
        if row is None:
            return 0
        if error is not None:
            _fail(row, f"{type(error).__name__}: {error}"[:300], by=by, moment=moment)
            return 0
        _keep(row, plan.result(), before, by=by, moment=moment)
    return 1


def _begin(*, by: By, moment: Moment) -> bool:
    row = Proposal.objects.filter(state="asked").order_by("asked_at", "pk").first()
    if row is None:
        return False
    agencies.require(by, "dispatch.make_proposals", at=moment.at)
    asker = agencies.find_authority(row.asked_by, at=moment.at)
    if asker is None:  # whoever asked holds the post no longer
        with transaction.atomic():
            _fail(row, "holding", by=by, moment=moment)
        return False
    ready = Proposal.objects.filter(place=row.place, state="ready").values_list("pk", flat=True).first()
    picture = read_picture(row.place, authority=asker, at=moment.at, before=ready)
    ways = roads.find_ways(at=moment.at)
    _NOW.of, _NOW.before, _NOW.plan = row.pk, ready, _NOW.beside.submit(rules.plan, picture, ways=ways)
    return True


def _fail(row: Proposal, trouble: str, *, by: By, moment: Moment) -> None:
    row.state, row.trouble = "failed", trouble
    row.save(update_fields=["state", "trouble"])
    fact = ProposalFailed(proposal_id=str(row.pk), place=row.place, number=row.number, trouble=trouble)
    record([(fact, row)], by=by, moment=moment)


def _keep(row: Proposal, plan: Planned, before: uuid.UUID | None, *, by: By, moment: Moment) -> None:
    """Write the proposal with its lines; the one before it is over."""
    was = Proposal.objects.select_for_update().filter(place=row.place, state="ready").first()
    known = _pairs_of(was)
    if was is not None:
        was.state = "over"
        was.save(update_fields=["state"])
    new = {(line.need_id, line.store_id) for line in plan.lines}
    short = {need for need, _, _ in plan.unmet}
    row.state, row.made_at, row.before = "ready", moment.at, was
    row.solver, row.seconds, row.fallback = plan.made.solver, plan.made.seconds, plan.made.fallback
    row.given_up, row.cost = plan.made.given_up, plan.made.cost
    row.bound, row.gap = plan.made.bound, plan.made.gap
    row.lines_made, row.wanted = len(plan.lines), len({n for n, _ in new} | short)
    row.met = len({n for n, _ in new} - short)
    row.unmet = [[str(need), quantity, why] for need, quantity, why in plan.unmet]
    row.travel, row.detour, row.speed_km_h = plan.travel, plan.detour, plan.speed_km_h
    row.same, row.added, row.dropped = len(known & new), len(new - known), len(known - new)
    row.inputs_digest = plan.inputs_digest
    row.lines_digest = plain_digest([msgspec.to_builtins(line) for line in plan.lines])
    row.save()
    Line.objects.bulk_create(
        [
            Line(
                proposal=row, number=number, need_id=line.need_id, store_id=line.store_id,
                supply_id=line.supply_id, quantity=line.quantity, priority=line.priority, place=line.place,
                tier=line.tier, due_at=line.due_at, leaves_at=line.leaves_at, arrives_at=line.arrives_at,
                late_s=line.late_s, cost=line.cost, reason=line.reason, fixed=line.fixed,
                same=(line.need_id, line.store_id) in known,
            )
            for number, line in enumerate(plan.lines, 1)
        ],
        batch_size=500,
    )  # fmt: skip
    fact = ProposalMade(
        proposal_id=str(row.pk), place=row.place, number=row.number, lines=row.lines_made,
        unmet=len(row.unmet), cost=plan.made.cost, bound=row.bound, gap=row.gap, solver=row.solver,
        fallback=row.fallback, travel=row.travel, inputs_digest=row.inputs_digest,
        lines_digest=row.lines_digest,
    )  # fmt: skip
    record([(fact, [row] if was is None else [row, was])], by=by, moment=moment)


def _pairs_of(was: Proposal | None) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """What the proposal before had left open: the pairs that a new one should keep."""
    if was is None:
        return set()
    rows = Line.objects.filter(proposal=was, state="proposed")
    return set(rows.values_list("need_id", "store_id"))
