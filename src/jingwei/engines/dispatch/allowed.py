"""Which source may serve which need, and what a unit costs that way. Pure Python: the fallback needs it."""

import msgspec

from jingwei.engines.dispatch.model import Problem, Why


class Left(msgspec.Struct):
    """What is left beside the lines that stand; changed as one plans."""

    quantity: list[int]
    free: list[int]
    #: None: no limit.
    capacity: list[int | None]
    crews: list[dict[str, int]]


def left(problem: Problem) -> Left:
    """Never below nothing: a line under way is not called back because a count was wrong."""
    quantity = [need.quantity for need in problem.needs]
    free = [lot.free for lot in problem.lots]
    capacity = [source.capacity for source in problem.sources]
    crews = [dict(source.crews) for source in problem.sources]
    lot_of = lots_by_pair(problem)
    for line in problem.kept:
        need = problem.needs[line.need]
        quantity[line.need] = max(quantity[line.need] - line.quantity, 0)
        lot = lot_of.get((line.source, need.item))
        if lot is not None:
            free[lot] = max(free[lot] - line.quantity, 0)
        loads = line.quantity * loads_of(problem, need.item)
        room = capacity[line.source]
        capacity[line.source] = None if room is None else max(room - loads, 0)
        if need.qualification in crews[line.source]:
            named = crews[line.source]
            named[need.qualification] = max(named[need.qualification] - loads, 0)
    return Left(quantity, free, capacity, crews)


def lots_by_pair(problem: Problem) -> dict[tuple[int, str], int]:
    return {(lot.source, lot.item): number for number, lot in enumerate(problem.lots)}


def barred_pairs(problem: Problem) -> set[tuple[int, int]]:
    return {(pair.need, pair.source) for pair in problem.barred}


def loads_of(problem: Problem, item: str) -> int:
    return max(problem.settings.loads.get(item, 1), 1)


def arrives_s(problem: Problem, need: int, source: int) -> float:
    return problem.sources[source].ready_s + float(problem.travel_s[source][problem.needs[need].at])


def unit_cost(problem: Problem, need: int, lot: int) -> float:
    """Way, tier and settlement of one unit; inf where there is no way."""
    given, one = problem.settings, problem.lots[lot]
    way = given.second_price * arrives_s(problem, need, one.source)
    return way + given.tier_price.get(problem.sources[one.source].tier, 0.0) + one.unit_cost


def forbids(problem: Problem, need: int, source: int, barred: set[tuple[int, int]]) -> Why | None:
    """What keeps this source from this need, whatever it has in stock; None: it may."""
    wanted, one = problem.needs[need], problem.sources[source]
    if (need, source) in barred:
        return "barred"
    if one.tier != "own" and not one.agreement:
        return "no_agreement"
    if one.serves and wanted.district not in one.serves:
        return "not_served"
    if wanted.qualification is not None and wanted.qualification not in one.qualifications:
        return "unqualified"
    at_s = arrives_s(problem, need, source)
    if not at_s < float("inf"):
        return "no_way"
    if wanted.due_s is not None and at_s > wanted.due_s:
        return "too_late"
    return None
