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
    lot_of = lots_by_pair(problem) if problem.kept else {}
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


def leaves_s(problem: Problem, need: int, source: int) -> float:
    """At once when it is ready; for a need that is still to come, when it comes."""
    return max(problem.sources[source].ready_s, problem.needs[need].since_s, 0.0)


def arrives_s(problem: Problem, need: int, source: int) -> float:
    return leaves_s(problem, need, source) + float(problem.travel_s[source][problem.needs[need].at])


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
    if one.until_s is not None and leaves_s(problem, need, source) >= one.until_s:
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


def may_send(problem: Problem, rest: Left, need: int, lot: int) -> int:
    """Units that stock, vehicles and crews still let go, and the need still asks."""
    asked, source = problem.needs[need], problem.lots[lot].source
    load = loads_of(problem, asked.item)
    units = min(rest.quantity[need], rest.free[lot])
    room = rest.capacity[source]
    if room is not None:
        units = min(units, room // load)
    if asked.qualification is not None and asked.qualification in rest.crews[source]:
        units = min(units, rest.crews[source][asked.qualification] // load)
    return units


def take(problem: Problem, rest: Left, need: int, lot: int, units: int) -> None:
    asked, source = problem.needs[need], problem.lots[lot].source
    loads = units * loads_of(problem, asked.item)
    rest.quantity[need] -= units
    rest.free[lot] -= units
    room = rest.capacity[source]
    if room is not None:
        rest.capacity[source] = room - loads
    if asked.qualification is not None and asked.qualification in rest.crews[source]:
        rest.crews[source][asked.qualification] -= loads
