"""The plain planner: the weightiest need first, from the nearest store that has any. Proves nothing, says so.

Stands in where no solver is at hand; what it makes is marked as a fallback.
"""

import math
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from jingwei.engines.dispatch import Line, Problem, Proposal, Reason, Unmet
from jingwei.engines.dispatch.model import Why

#: How many nearer sources a line names. Source: our estimate, what fits a row of the board, 2026-11-29.
NEARER = 3


class _Left:
    """What is still there while lines are made."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.open = [need.quantity for need in problem.needs]
        self.free: dict[tuple[int, str], int] = defaultdict(int)
        self.floor: dict[tuple[int, str], int] = defaultdict(int)
        self.price: dict[tuple[int, str], float] = defaultdict(float)
        for lot in problem.lots:
            self.free[lot.source, lot.item] += lot.free
            self.floor[lot.source, lot.item] += lot.floor
            self.price[lot.source, lot.item] = lot.unit_cost
        self.loads = [source.capacity for source in problem.sources]
        self.barred = {(one.need, one.source) for one in problem.barred}

    def arrives(self, need: int, source: int) -> float:
        way = float(self.problem.travel_s[source][self.problem.needs[need].at])
        return self.problem.sources[source].ready_s + way

    def cost(self, need: int, source: int) -> float:
        """Of one unit: way, tier, settlement."""
        settings, one = self.problem.settings, self.problem.sources[source]
        way = float(self.problem.travel_s[source][self.problem.needs[need].at])
        item = self.problem.needs[need].item
        tier = settings.tier_price.get(one.tier, 0.0)
        return way * settings.second_price + tier + self.price[source, item]

    def forbids(self, need: int, source: int) -> Why | None:
        wanted, sender = self.problem.needs[need], self.problem.sources[source]
        if (need, source) in self.barred:
            return "barred"
        if math.isinf(self.arrives(need, source)):
            return "no_way"
        if wanted.qualification and wanted.qualification not in sender.qualifications:
            return "unqualified"
        if sender.serves and wanted.district not in sender.serves:
            return "not_served"
        if self.free[source, wanted.item] <= 0:
            return "floor" if self.floor[source, wanted.item] else "stock"
        return "capacity" if self.loads[source] == 0 else None

    def take(self, need: int, source: int, quantity: int) -> None:
        self.open[need] -= quantity
        self.free[source, self.problem.needs[need].item] -= quantity
        loads = self.loads[source]
        if loads is not None:
            self.loads[source] = max(0, loads - 1)


def plan_plainly(problem: Problem) -> Proposal:
    """Lines in order of weight, deadline and waiting; what was fixed first, what stood before next."""
    left, lines = _Left(problem), list[Line]()
    known = {lot.item for lot in problem.lots}
    for kept in problem.kept:
        lines += _line(left, kept.need, kept.source, kept.quantity, kept=True)
    for one in problem.before:
        if left.forbids(one.need, one.source) is None and not _is_late(left, one.need, one.source):
            lines += _line(left, one.need, one.source, one.quantity)
    for need in _ordered(problem):
        for source in _by_cost(left, need):
            if left.open[need] > 0 and left.forbids(need, source) is None:
                lines += _line(left, need, source, left.open[need])
    merged = _merged(lines)
    unmet = tuple(
        Unmet(n, short, _why_unmet(left, n, known)) for n, short in enumerate(left.open) if short > 0
    )
    return Proposal(
        lines=merged,
        unmet=unmet,
        cost=sum(line.cost for line in merged),
        unmet_weight=sum(problem.needs[one.need].weight * one.quantity for one in unmet),
        levels=(),
        bound=None,
        gap=None,
        prices=(),
        solver="plain",
        seconds=0.0,
        fallback=True,
        given_up="absent",
    )


def _ordered(problem: Problem) -> list[int]:
    def first(number: int) -> tuple[float, float, float]:
        need = problem.needs[number]
        return (-need.weight, math.inf if need.due_s is None else need.due_s, need.since_s)

    return sorted(range(len(problem.needs)), key=first)


def _is_late(left: _Left, need: int, source: int) -> bool:
    due = left.problem.needs[need].due_s
    return due is not None and left.arrives(need, source) > due


def _by_cost(left: _Left, need: int) -> list[int]:
    """Sources that hold the item, in time before late, then the cheapest."""
    item = left.problem.needs[need].item
    held = [s for s in range(len(left.problem.sources)) if left.free[s, item] > 0]
    return sorted(held, key=lambda s: (_is_late(left, need, s), left.cost(need, s)))


def _line(left: _Left, need: int, source: int, wanted: int, *, kept: bool = False) -> Iterator[Line]:
    problem, item = left.problem, left.problem.needs[need].item
    quantity = min(wanted, left.open[need], left.free[source, item])
    if quantity <= 0:
        return
    reason = _reason(left, need, source)
    left.take(need, source, quantity)
    yield Line(
        need=need,
        source=source,
        item=item,
        quantity=quantity,
        leaves_s=problem.sources[source].ready_s,
        arrives_s=left.arrives(need, source),
        cost=left.cost(need, source) * quantity,
        settled=left.price[source, item] * quantity,
        kept=kept,
        reason=reason,
    )


def _reason(left: _Left, need: int, source: int) -> Reason:
    """What keeps cheaper sources from sending, and the best other one."""
    item, mine = left.problem.needs[need].item, left.cost(need, source)
    holds = {s for (s, of) in left.free if of == item}
    others = sorted((left.cost(need, s), s) for s in holds if s != source)
    nearer = [(s, left.forbids(need, s) or "dearer") for cost, s in others if cost < mine]
    usable = [(cost, s) for cost, s in others if left.forbids(need, s) is None]
    best = usable[0] if usable else None
    return Reason(
        limit=nearer[0][1] if nearer else "nearest",
        next_best=best[1] if best else None,
        next_cost=best[0] - mine if best else None,
        nearer=tuple(nearer[:NEARER]),
    )


def _why_unmet(left: _Left, need: int, known: set[str]) -> Why:
    item = left.problem.needs[need].item
    if item not in known:
        return "stock"
    found = [left.forbids(need, s) for s in range(len(left.problem.sources)) if (s, item) in left.free]
    for why in ("floor", "capacity", "stock", "no_way", "barred"):
        if why in found:
            return why
    return "stock"


def _merged(lines: list[Line]) -> tuple[Line, ...]:
    """One line of each pair."""
    found: dict[tuple[int, int], Line] = {}
    for one in lines:
        known = found.get((one.need, one.source))
        if known is None:
            found[one.need, one.source] = one
        else:
            found[one.need, one.source] = msgspec.structs.replace(
                known,
                quantity=known.quantity + one.quantity,
                cost=known.cost + one.cost,
                settled=known.settled + one.settled,
                kept=known.kept or one.kept,
            )
    return tuple(found.values())
