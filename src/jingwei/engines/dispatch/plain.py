"""The plain plan: gravest need first, then the nearest deadline, each from the cheapest source that may.

Nothing is proven by it. It needs no package, so it is there when the solver is not.
"""

from collections.abc import Iterator
from time import perf_counter
from typing import Literal

from jingwei.engines.dispatch.allowed import Left, barred_pairs, forbids, left, loads_of, unit_cost
from jingwei.engines.dispatch.model import Problem, Proposal
from jingwei.engines.dispatch.telling import Sent, Teller

Given = Literal["absent", "late", "killed", "memory", "broken"]


def plain(problem: Problem, given_up: Given) -> Proposal:
    """Marked as the fallback; bound and gap are None."""
    began = perf_counter()
    rest = left(problem)
    lots = _lots(problem)
    barred = barred_pairs(problem)
    sent: list[Sent] = list(_as_before(problem, rest, barred))
    nearest: dict[int, list[int]] = {}
    for number in sorted(range(len(problem.needs)), key=lambda n: _first(problem, n)):
        holders = lots.get(problem.needs[number].item, [])
        costs = {lot: unit_cost(problem, number, lot) for lot in holders}
        nearest[number] = sorted(holders, key=costs.__getitem__)
        for lot in nearest[number]:
            if rest.quantity[number] == 0:
                break
            if rest.free[lot] and forbids(problem, number, problem.lots[lot].source, barred) is None:
                sent += _send(problem, rest, number, lot, rest.quantity[number])
    teller = Teller(problem, rest, sent, nearest)
    return teller.proposal("plain", perf_counter() - began, given_up=given_up)


def _first(problem: Problem, number: int) -> tuple[float, float, float, str]:
    need = problem.needs[number]
    due = float("inf") if need.due_s is None else need.due_s
    return -need.weight, due, need.since_s, need.key


def _lots(problem: Problem) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, lot in enumerate(problem.lots):
        found.setdefault(lot.item, []).append(number)
    return found


def _as_before(problem: Problem, rest: Left, barred: set[tuple[int, int]]) -> Iterator[Sent]:
    """The lines of the plan before that still may, gravest first: orders that change are not followed."""
    if not problem.settings.stable:
        return
    lots = {(lot.source, lot.item): number for number, lot in enumerate(problem.lots)}
    for line in sorted(problem.before, key=lambda one: _first(problem, one.need)):
        lot = lots.get((line.source, problem.needs[line.need].item))
        if lot is not None and forbids(problem, line.need, line.source, barred) is None:
            yield from _send(problem, rest, line.need, lot, line.quantity)


def _send(problem: Problem, rest: Left, need: int, lot: int, most: int) -> Iterator[Sent]:
    """As many units as stock, vehicles and crews let go."""
    source, asked = problem.lots[lot].source, problem.needs[need]
    load = loads_of(problem, asked.item)
    units = min(most, rest.quantity[need], rest.free[lot])
    room = rest.capacity[source]
    if room is not None:
        units = min(units, room // load)
    crews = rest.crews[source]
    crew = asked.qualification
    if crew is not None and crew in crews:
        units = min(units, crews[crew] // load)
    if units <= 0:
        return
    rest.quantity[need] -= units
    rest.free[lot] -= units
    if room is not None:
        rest.capacity[source] = room - units * load
    if crew is not None and crew in crews:
        crews[crew] -= units * load
    yield Sent(need, lot, units)
