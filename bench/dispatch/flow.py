"""Min-cost flow by OR-Tools: sources with room, their lots, the needs. No planner of ours in it.

One network holds all items: room -> source -> lot -> need. What crosses it (crews, hours) has no place here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Arcs:
    """Pairs that may be used: need, source, what one load saves (whole number, more is better)."""

    need: Any
    source: Any
    saves: Any


@dataclass(frozen=True)
class Flow:
    loads: Any  # [arcs]
    saved: int


def solve(arcs: Arcs, item: Any, asked: Any, free: Any, room: Any | None = None) -> Flow:
    """The plan that saves most. `item`, `asked`: [needs]; `free`: [sources, items]; `room`: [sources]."""
    from ortools.graph.python import min_cost_flow

    needs, sources = len(asked), len(free)
    lot = np.full(free.shape, -1, dtype=np.int64)
    used = np.zeros(free.shape, bool)
    used[arcs.source, item[arcs.need]] = True
    s, i = np.nonzero(used)
    first_source, first_lot = needs, needs + sources
    lot[s, i] = first_lot + np.arange(len(s))
    begin, end = first_lot + len(s), first_lot + len(s) + 1
    total = int(asked.sum())
    most = free.sum(1) if room is None else np.minimum(free.sum(1), room)
    made = min_cost_flow.SimpleMinCostFlow()

    def add(tail: Any, head: Any, capacity: Any, cost: Any) -> Any:
        tail, head, capacity, cost = np.broadcast_arrays(tail, head, capacity, cost)
        return made.add_arcs_with_capacity_and_unit_cost(
            np.ascontiguousarray(tail, dtype=np.int32), np.ascontiguousarray(head, dtype=np.int32),
            np.ascontiguousarray(capacity, dtype=np.int64), np.ascontiguousarray(cost, dtype=np.int64),
        )  # fmt: skip

    all_sources = np.arange(sources)
    add(begin, first_source + all_sources, most, 0)
    add(first_source + s, lot[s, i], free[s, i], 0)
    at = lot[arcs.source, item[arcs.need]]
    ways = add(at, arcs.need, asked[arcs.need], -arcs.saves)
    add(np.arange(needs), end, asked, 0)
    add(np.array([begin]), np.array([end]), total, 0)
    made.set_node_supply(begin, total)
    made.set_node_supply(end, -total)
    status = made.solve()
    if status != made.OPTIMAL:
        raise RuntimeError(f"min-cost flow: {status}")
    loads = np.asarray(made.flows(ways))
    return Flow(loads, -int(made.optimal_cost()))


@dataclass(frozen=True)
class Prices:
    """What one load of a lot and one load asked for are worth; lot + need >= saves on every arc."""

    lot: Any  # [sources, items]
    need: Any  # [needs]


def prices(arcs: Arcs, item: Any, asked: Any, free: Any, flow: Flow, lots_dear: bool) -> Prices:
    """Prices of a plan without room: the highest there are for lots and lowest for needs, or the other way.

    The plan is optimal if and only if there are such prices: `proves` says whether these are.
    """
    items = free.shape[1]
    lot = arcs.source * items + item[arcs.need]
    out = np.bincount(lot, flow.loads, free.size)
    got = np.bincount(arcs.need, flow.loads, len(asked))
    if lots_dear:
        need, one = _spread(arcs.need, lot, len(asked), free.size, arcs.saves, flow.loads, out < free.ravel())
        return Prices(one.reshape(free.shape), need)
    one, need = _spread(lot, arcs.need, free.size, len(asked), arcs.saves, flow.loads, got < asked)
    return Prices(one.reshape(free.shape), need)


def _spread(low: Any, high: Any, lows: int, highs: int, saves: Any, loads: Any, slack: Any
            ) -> tuple[Any, Any]:  # fmt: skip
    """The least prices of one side that the other side's highest allow, by relaxing until nothing moves."""
    cheap = np.zeros(lows)
    by_low = np.argsort(low, kind="stable")
    heads, starts = np.unique(low[by_low], return_index=True)
    used = np.flatnonzero(loads > 0)
    most = np.zeros(highs)  # what holds nothing, or is not used up, is worth nothing
    for _ in range(lows + highs + 1):
        dear = np.full(highs, np.inf)
        np.minimum.at(dear, high[used], saves[used] - cheap[low[used]])
        dear = np.where(slack | np.isinf(dear), most, dear)
        if not len(heads):
            return cheap, dear
        need = np.maximum.reduceat((saves - dear[high])[by_low], starts)
        risen = np.maximum(cheap[heads], need)
        if np.array_equal(risen, cheap[heads]):
            return cheap, dear
        cheap[heads] = risen
    raise RuntimeError("not the optimum: prices rise without end")


def proves(arcs: Arcs, item: Any, asked: Any, free: Any, flow: Flow, found: Prices) -> bool:
    """Whether the prices prove the plan optimal: dual feasible, and worth as much as the plan saves."""
    at = found.lot[arcs.source, item[arcs.need]] + found.need[arcs.need]
    worth = float((found.lot * free).sum() + (found.need * asked).sum())
    enough = bool((at >= arcs.saves - 1e-6).all() and (found.lot >= 0).all() and (found.need >= 0).all())
    return enough and abs(worth - flow.saved) < 0.5
