"""The solver alone beside the planner: the same instance, every arc, no reasons, no pruning.

Uncoupled: OR-Tools' min-cost flow, item by item. Coupled: a bound by HiGHS with its certificate checked.
Prices are held against what one load more or fewer really changes.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bench.dispatch.flow import Arcs, prices, solve
from bench.dispatch.linear import Programme, certify, first_of_each, maximise
from bench.dispatch.settings import QUALIFICATIONS
from bench.dispatch.static import UNMET_S, Answer, Instance


@dataclass(frozen=True)
class Bare:
    cost_s: int
    seconds: float


def _item(one: Instance, k: int) -> tuple[Any, Arcs, Any, Any]:
    """The needs of an item, the arcs, what is asked, what is free."""
    mine = np.flatnonzero(np.array([n.item == k for n in one.needs]))
    place = np.array([one.needs[n].place for n in mine], int)
    can = one.may[:, mine] & (one.free[:, k] > 0)[:, None]
    source, need = np.nonzero(can)
    saves = one.unmet_s[mine[need]] - one.cost_s[source, place[need]]
    worth = saves > 0
    asked = np.array([one.needs[n].quantity for n in mine], int)
    return mine, Arcs(need[worth], source[worth], saves[worth]), asked, one.free[:, [k]]


def _solve_item(one: Instance, k: int) -> tuple[Any, Any, Arcs, Any, Any]:
    mine, arcs, asked, free = _item(one, k)
    same = np.zeros(len(mine), int)
    return solve(arcs, same, asked, free), same, arcs, asked, free


def nothing_s(one: Instance) -> int:
    """What it costs to send nothing."""
    return int((np.array([n.quantity for n in one.needs]) * one.unmet_s).sum())


def optimum(one: Instance) -> Bare:
    """The least cost of an uncoupled instance, and how long the solver took with its models."""
    begin = time.perf_counter()
    saved = sum(_solve_item(one, k)[0].saved for k in range(one.free.shape[1]))
    return Bare(nothing_s(one) - saved, time.perf_counter() - begin)


def true_prices(one: Instance, lots: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Of each lot: what one load more saves and one fewer loses, by solving again."""
    found = {}
    base = {k: _solve_item(one, k)[0].saved for k in {k for _, k in lots}}
    for s, k in lots:
        changes = []
        for more in (1, -1):
            free = one.free.copy()
            free[s, k] += more
            changes.append(_solve_item(replace(one, free=free), k)[0].saved)
        found[s, k] = (changes[0] - base[k], base[k] - changes[1])
    return found


def price_error(one: Instance, answer: Answer, seed: int, most: int = 40) -> tuple[float, int]:
    """The worst relative error of the planner's prices over lots drawn, dear and worthless ones alike."""
    rng = np.random.default_rng([seed, 99])
    lots = [lot for lot in sorted(answer.prices) if one.free[lot] > 0]
    dear = [lot for lot in lots if max(answer.prices[lot]) > 0]
    free = [lot for lot in lots if max(answer.prices[lot]) <= 0]
    some = [group[i] for group in (dear, free) if group
            for i in rng.choice(len(group), min(most // 2, len(group)), replace=False)]  # fmt: skip
    worst = 0.0
    for lot, (more, fewer) in true_prices(one, some).items():
        said = answer.prices[lot]
        for claimed, true in ((said[0], more), (said[1], fewer)):
            worst = max(worst, abs(claimed - true) / max(abs(true), 1.0))
    return worst, len(some)


def coupled_programme(one: Instance) -> tuple[Programme, Any]:
    """Need, lot, source and crew as rows, in parts of UNMET_S; and which need each column is of."""
    source, need = np.nonzero(one.may & (one.free[:, [n.item for n in one.needs]] > 0))
    place, item = (np.array([getattr(n, w) for n in one.needs], int) for w in ("place", "item"))
    saves = one.unmet_s[need] - one.cost_s[source, place[need]]
    source, need, saves = source[saves > 0], need[saves > 0], saves[saves > 0]
    crew = np.array([-1 if n.qualification is None else QUALIFICATIONS.index(n.qualification)
                     for n in one.needs])[need]  # fmt: skip
    needs, (sources, items) = len(one.needs), one.free.shape
    at_source = needs + one.free.size + source
    nobody = needs + one.free.size + sources + sources * len(QUALIFICATIONS)
    at_crew = np.where(crew < 0, nobody, nobody - sources * len(QUALIFICATIONS) + source * 3 + crew)
    rows = np.stack([need, needs + source * items + item[need], at_source, at_crew], axis=1)
    asked = np.array([n.quantity for n in one.needs])
    room = one.free.sum(1) if one.capacity is None else one.capacity
    crews = np.full(sources * 3, asked.sum()) if one.crews is None else one.crews.ravel()
    limits = np.concatenate([asked, one.free.ravel(), room, crews, [asked.sum()]])
    return Programme(rows, saves / UNMET_S, limits.astype(float)), need


def coupled_bound(one: Instance, say: Callable[[str], None] = lambda _: None) -> float:
    """No plan of the coupled instance costs less, in seconds; the certificate is checked."""
    of, need = coupled_programme(one)
    of_items = [_solve_item(one, k) for k in range(one.free.shape[1])]
    price = np.zeros(len(of.limits))
    for k, (found, same, arcs, asked, free) in enumerate(of_items):
        both = [prices(arcs, same, asked, free, found, dear) for dear in (True, False)]
        mine = np.flatnonzero(np.array([n.item == k for n in one.needs]))
        price[mine] = sum(p.need for p in both) / 2 / UNMET_S
        lots = len(one.needs) + np.arange(len(one.free)) * one.free.shape[1] + k
        price[lots] = sum(p.lot for p in both).ravel() / 2 / UNMET_S
    reduced = price[of.rows].sum(1) - of.saves
    start = first_of_each(np.argsort(reduced, kind="stable"), need, 30)
    found = maximise(of, start, need, say)
    seal = certify(of, found)
    if not seal.holds:
        raise RuntimeError(f"the certificate of the coupled bound does not hold: {seal}")
    # prices may be short of a column by rounding: what that could be worth at most is given away
    short = seal.dual * sum(n.quantity for n in one.needs)
    return nothing_s(one) - UNMET_S * (float(found.price @ of.limits) + short)
