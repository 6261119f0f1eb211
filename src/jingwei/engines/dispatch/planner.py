"""The exact plan: in the solver's own process. Items one by one; together where vehicles or crews bind."""

from collections.abc import Mapping
from time import perf_counter

import msgspec
import numpy as np

from jingwei.engines.dispatch import anticipate, coupled
from jingwei.engines.dispatch import item as items
from jingwei.engines.dispatch.allowed import Left, left, lots_by_pair, take
from jingwei.engines.dispatch.item import Found, Wanted
from jingwei.engines.dispatch.model import Future, Level, Price, Problem, Proposal
from jingwei.engines.dispatch.pairs import Floats, Ints, ItemPairs, Pairs
from jingwei.engines.dispatch.telling import Held, Sent, Teller, Worth

#: Costs and weights that are no whole numbers are counted in thousandths. Source: our estimate.
FINE = 1000
#: Until the next plan, seconds. Source: our estimate, as often as a board is looked at.
STEP_S = 300.0


class Grain(msgspec.Struct):
    """Whole numbers to one unit of cost, and to one of weight."""

    cost: int
    weight: int


class Planned(msgspec.Struct):
    """One item: what may, as whole numbers, and the plan."""

    pairs: ItemPairs
    wanted: Wanted
    found: Found
    #: (2, lots): prices of stock by the program, where limits bind; None: by the flow.
    of_lots: Floats | None


def plan(problem: Problem, futures: tuple[Future, ...] = (), step_s: float = STEP_S) -> Proposal:
    """With `futures` only what is better sent now than kept until the next decision, `step_s` from now."""
    began = perf_counter()
    rest = left(problem)
    waiting, kept_back = [0] * len(rest.quantity), [0] * len(rest.free)
    if futures:
        some = anticipate.hold_back(problem, futures, step_s)
        waiting = [all_ - now for all_, now in zip(rest.quantity, some.quantity, strict=True)]
        kept_back = [all_ - now for all_, now in zip(rest.free, some.free, strict=True)]
        rest = some
    todo = Pairs(problem, rest).items()
    grain = _grain(problem, todo)
    wanted = [wanted_of(problem, rest, pairs, grain) for pairs in todo]
    plans = [items.plan(one) for one in wanted]
    bounds: dict[str, float] = {}
    lots: list[Floats | None] = [None] * len(todo)
    if coupled.binds(problem, rest, todo, plans):
        plans, bounds, lots[:] = coupled.plan(problem, rest, todo, wanted, plans)
    planned = list(map(Planned, todo, wanted, plans, lots))
    levels = _levels(planned, grain, bounds)
    held = Held(waiting, kept_back)
    return tell(problem, rest, planned, grain, levels, held, perf_counter() - began)


# ------------------------------------------------------------------ whole numbers
def _grain(problem: Problem, todo: list[ItemPairs]) -> Grain:
    given = problem.settings
    costs = [np.array([given.change_price, given.unmet_price or 0.0])]
    costs += [pairs.cost[pairs.may] for pairs in todo]
    weights = [np.array([need.weight for need in problem.needs] + [lot.hold for lot in problem.lots])]
    if given.unmet_price is not None:
        weights.append(costs[0] * 0)
    return Grain(_fine(costs), _fine(weights))


def _fine(values: list[Floats]) -> int:
    return 1 if all(bool(np.all(x == np.rint(x))) for x in values) else FINE


def whole(values: Floats, grain: int) -> Ints:
    return np.asarray(np.rint(np.where(np.isfinite(values), values, 0.0) * grain), dtype=np.int64)


def wanted_of(problem: Problem, rest: Left, pairs: ItemPairs, grain: Grain) -> Wanted:
    given = problem.settings
    needs = [problem.needs[n] for n in pairs.needs]
    names = sorted({need.district for need in needs})
    place = {name: number for number, name in enumerate(names)}
    district = np.array([place[need.district] for need in needs], dtype=np.int64)
    of_district = np.zeros(len(names), dtype=np.int64)
    np.add.at(of_district, district, np.array([need.quantity for need in needs], dtype=np.int64))
    weight = np.array([need.weight for need in needs])
    hold = np.array([problem.lots[lot].hold for lot in pairs.lots], dtype=np.float64)
    price = given.unmet_price
    if price is None:
        unit, scale = 1.0, grain.weight
    else:  # what is unmet stands in the unit of cost, to the last grain
        unit, scale = price, grain.cost
    return Wanted(
        np.array([rest.free[lot] for lot in pairs.lots], dtype=np.int64),
        np.array([rest.quantity[n] for n in pairs.needs], dtype=np.int64),
        pairs.may,
        whole(pairs.cost, grain.cost),
        whole(hold * unit, scale),
        whole(weight * unit, scale),
        district,
        of_district,
        _before(problem, pairs),
        None if price is None else 1,
        round(given.change_price * grain.cost),
        given.fair,
        given.stable,
    )


def _before(problem: Problem, pairs: ItemPairs) -> dict[tuple[int, int], int]:
    given = problem.settings
    if not problem.before or (given.unmet_price is None and not given.stable):
        return {}
    row = {int(lot): r for r, lot in enumerate(pairs.lots)}
    column = {int(need): c for c, need in enumerate(pairs.needs)}
    lots = lots_by_pair(problem)
    found: dict[tuple[int, int], int] = {}
    for line in problem.before:
        lot = lots.get((line.source, pairs.item), -1)
        if line.need in column and lot in row:
            key = row[lot], column[line.need]
            if pairs.may[key]:
                found[key] = found.get(key, 0) + line.quantity
    return found


# ------------------------------------------------------------------ figures
def _levels(planned: list[Planned], grain: Grain, bounds: Mapping[str, float]) -> tuple[Level, ...]:
    """Of a flow every aim is proven: value and bound are the same whole number. Else the program's bound."""
    names = [n for n in ("unmet", "unfair", "changed", "cost", "total") if _has(planned, n)]
    scale = {"unmet": grain.weight, "cost": grain.cost, "total": grain.cost}
    found = []
    for name in names:
        value = sum(one.found.values.get(name, 0) for one in planned)
        unit = scale.get(name, 1)
        found.append(Level(name, value / unit, min(bounds.get(name, value), value) / unit))  # type: ignore[arg-type]
    return tuple(found)


def _has(planned: list[Planned], name: str) -> bool:
    return any(name in one.found.values for one in planned)


def tell(
    problem: Problem,
    rest: Left,
    planned: list[Planned],
    grain: Grain,
    levels: tuple[Level, ...],
    held: Held,
    seconds: float,
) -> Proposal:
    sent: list[Sent] = []
    nearest: dict[int, list[int]] = {}
    for one in planned:
        found, pairs = one.found, one.pairs
        for row, column, units in zip(found.row, found.need, found.units, strict=True):
            sent.append(Sent(int(pairs.needs[column]), int(pairs.lots[row]), int(units)))
        nearest |= _nearest(pairs)
    for each in sent:
        take(problem, rest, each.need, each.lot, each.units)
    rest.quantity = [now + later for now, later in zip(rest.quantity, held.needs, strict=True)]
    teller = Teller(problem, rest, sent, nearest, held)
    teller.worth = worth(problem, planned, grain)
    teller.unmet_price = _unmet_price(problem, planned, grain)
    together = any(one.of_lots is not None for one in planned)
    solver = "linear program and min-cost flow" if together else "min-cost flow"
    return teller.proposal(solver, seconds, levels=levels, prices=_prices(planned, grain))


def _nearest(pairs: ItemPairs) -> dict[int, list[int]]:
    """Of each need all lots of the item, cheapest first, also those that may not."""
    order = pairs.lots[np.argsort(pairs.cost, axis=0, kind="stable").T]
    return {int(need): row for need, row in zip(pairs.needs, order.tolist(), strict=True)}


def worth(problem: Problem, planned: list[Planned], grain: Grain) -> dict[tuple[int, int], Worth]:
    """Of each line: what the need's margin costs, and the best other lot by the prices."""
    answer: dict[tuple[int, int], Worth] = {}
    for one in planned:
        found, pairs, wanted = one.found, one.pairs, one.wanted
        if not len(found.row):
            continue
        own = wanted.cost + (wanted.change if wanted.price is not None and wanted.before else 0)
        dear = np.iinfo(np.int64).max // 4
        unmet = found.row_in[0][:, None] - found.need_in[0][None, :]
        cost = own + found.row_in[1][:, None] - found.need_in[1][None, :]
        allowed = pairs.may & (wanted.room > 0)[:, None]
        unmet = np.where(allowed, unmet, dear)[:, found.need]
        unmet[found.row, np.arange(len(found.row))] = dear
        least = unmet.min(axis=0)
        cost = np.where(unmet == least, cost[:, found.need], dear)
        best = cost.argmin(axis=0)
        for k, (row, column) in enumerate(zip(found.row, found.need, strict=True)):
            there = least[k] < dear
            answer[int(pairs.needs[column]), int(pairs.lots[row])] = Worth(
                float(found.need_in[1][column]) / grain.cost,
                -float(found.need_out[1][column]) / grain.cost,
                float(found.need_in[0][column]) / grain.weight,
                -float(found.need_out[0][column]) / grain.weight,
                problem.lots[int(pairs.lots[best[k]])].source if there else None,
                max(float(cost[best[k], k]), 0.0) / grain.cost if there else None,
                max(float(least[k]), 0.0) / grain.weight if there else None,
            )
    return answer


def _unmet_price(problem: Problem, planned: list[Planned], grain: Grain) -> dict[int, float]:
    """What meeting one unit more would leave unmet elsewhere, by weight."""
    answer: dict[int, float] = {}
    if problem.settings.unmet_price is not None:
        return answer
    for one in planned:
        row = np.where(one.pairs.may, one.found.row_in[0][:, None], np.iinfo(np.int64).max)
        if not len(row):
            continue
        for need, least, may in zip(
            one.pairs.needs, row.min(axis=0), np.any(one.pairs.may, axis=0).tolist(), strict=True
        ):
            if may:
                answer[int(need)] = float(least) / grain.weight
    return answer


def _prices(planned: list[Planned], grain: Grain) -> tuple[Price, ...]:
    answer: list[Price] = []
    for one in planned:
        found, wanted = one.found, one.wanted
        if one.of_lots is not None:
            unmet, cost = one.of_lots
            unmet, cost = np.abs(unmet) / grain.weight, np.abs(cost) / grain.cost
            for lot, first, last in zip(one.pairs.lots.tolist(), unmet.tolist(), cost.tolist(), strict=True):
                answer.append(Price(lot, first, last, first, last))
            continue
        used = np.bincount(found.row, weights=found.units, minlength=len(wanted.room)).astype(np.int64)
        for row, lot in enumerate(one.pairs.lots):
            hold = (0, int(wanted.hold[row])) if wanted.price is not None else (int(wanted.hold[row]), 0)
            more = min((0, 0), (int(found.row_out[0][row]) + hold[0], int(found.row_out[1][row]) + hold[1]))
            fewer = (int(found.row_in[0][row]) - hold[0], int(found.row_in[1][row]) - hold[1])
            if used[row] < wanted.room[row]:
                more = fewer = (0, 0)
            answer.append(
                Price(
                    int(lot),
                    -more[0] / grain.weight,
                    -more[1] / grain.cost,
                    fewer[0] / grain.weight,
                    fewer[1] / grain.cost,
                )
            )
    return tuple(answer)
