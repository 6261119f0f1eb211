"""Where to put p stores so that the way to the nearest is shortest all told, and how good that is at least.

A Lagrangian bound by subgradients names good places; exchange of one store at a time, the best of all
exchanges each time, goes on from there until none gains; then some stores are moved at random and it begins
again. The bound is proven, the places are the best found. Source: [SRC-BEASLEY1985] for bound and instances,
[SRC-WHITAKER1983] for the exchange.
"""

from typing import Any

import msgspec
import numpy as np

from jingwei.engines.dispatch.pairs import Floats, Ints

#: Steps of the bound. Source: our measurement on pmed 1 to 40, 2026-11-29.
STEPS = 300
#: Beginnings anew after the last gain, before one stops. Source: our measurement on pmed 1 to 40, 2026-11-29.
PATIENCE = 12


class Placed(msgspec.Struct, frozen=True):
    """Which places; the sum of ways to the nearest of them; no choice can be below `bound`."""

    places: tuple[int, ...]
    total: float
    bound: float

    @property
    def gap(self) -> float:
        return max(self.total - self.bound, 0.0) / max(abs(self.bound), 1e-9)


def medians(
    distance: Any, count: int, *, weight: Any = None, seed: int = 0, patience: int = PATIENCE
) -> Placed:
    """`distance`: (customers, places); `weight`: of each customer, 1 where nothing is said."""
    ways = np.asarray(distance, dtype=np.float64)
    if weight is not None:
        ways = ways * np.asarray(weight, dtype=np.float64)[:, None]
    if not 1 <= count <= ways.shape[1]:
        raise ValueError(f"{count} of {ways.shape[1]} places")
    rng = np.random.default_rng(seed)
    bound, starts = _bound(ways, count)
    best, total = np.zeros(0, dtype=np.int64), np.inf
    for start in starts:
        found = _exchanged(ways, start)
        if (value := _total(ways, found)) < total:
            best, total = found, value
    tries = 0
    while tries < patience and not _is_proven(total, bound, ways):
        found = _exchanged(ways, _shaken(ways, best, rng, min(2 + tries // 3, count)))
        value = _total(ways, found)
        tries = 0 if value < total - 1e-9 else tries + 1
        if value <= total:
            best, total = found, value
    return Placed(tuple(sorted(best.tolist())), total, bound)


def _is_proven(total: float, bound: float, ways: Floats) -> bool:
    """Whole distances: a bound within one of the total is a proof."""
    return total - bound < (1 - 1e-6 if _is_whole(ways) else 1e-9 * max(total, 1.0))


def _is_whole(ways: Floats) -> bool:
    return bool(np.all(ways == np.rint(ways)))


def _total(ways: Floats, places: Ints) -> float:
    return float(ways[:, places].min(axis=1).sum())


def _bound(ways: Floats, count: int) -> tuple[float, list[Ints]]:
    """The best Lagrangian bound, and the places it named at its best steps."""
    price = np.sort(ways, axis=1)[:, : min(count + 1, ways.shape[1])].mean(axis=1) * 0.5 + ways.min(axis=1)
    best, upper, lean = -np.inf, np.inf, 2.0
    starts: list[tuple[float, Ints]] = []
    still = 0
    for _ in range(STEPS):
        less = np.minimum(ways - price[:, None], 0.0)
        each = less.sum(axis=0)
        chosen = np.argpartition(each, count - 1)[:count]
        value = float(price.sum() + each[chosen].sum())
        total = _total(ways, chosen)
        upper = min(upper, total)
        starts.append((total, chosen))
        still = 0 if value > best + 1e-9 else still + 1
        best = max(best, value)
        if still >= 15:
            lean, still = lean / 2, 0
        slack = 1.0 - (less[:, chosen] < 0).sum(axis=1)
        size = float(slack @ slack)
        if size == 0 or lean < 1e-4:
            break
        price = price + lean * max(1.03 * upper - value, 1e-6) / size * slack
    starts.sort(key=lambda one: one[0])
    picked: list[Ints] = []
    for _, chosen in starts:
        if len(picked) < 2 and not any(set(chosen.tolist()) == set(p.tolist()) for p in picked):
            picked.append(chosen)
    return best, picked


def _shaken(ways: Floats, places: Ints, rng: Any, moved: int) -> Ints:
    outside = np.setdiff1d(np.arange(ways.shape[1]), places)
    moved = min(moved, len(outside), len(places))
    found = places.copy()
    found[rng.choice(len(places), moved, replace=False)] = rng.choice(outside, moved, replace=False)
    return found


def _exchanged(ways: Floats, places: Ints) -> Ints:
    """The best of all exchanges again and again, until none gains."""
    places = places.copy()
    if len(places) == ways.shape[1]:
        return places
    while True:
        near = ways[:, places]
        if len(places) > 1:
            two = np.argpartition(near, 1, axis=1)[:, :2]
            first, second = np.take_along_axis(near, two, axis=1).T
            swap = second < first
            mine = np.where(swap, two[:, 1], two[:, 0])
            first, second = np.minimum(first, second), np.maximum(first, second)
        else:
            mine, first = np.zeros(len(ways), dtype=np.int64), near[:, 0]
            second = np.full(len(ways), np.inf)
        gain = np.maximum(first[:, None] - ways, 0.0).sum(axis=0)
        # who loses the store it had goes to its second or to the new one, whichever is nearer
        lost = np.minimum(second[:, None], np.maximum(ways, first[:, None])) - first[:, None]
        order = np.argsort(mine, kind="stable")
        starts = np.flatnonzero(np.concatenate([[True], np.diff(mine[order]) > 0]))
        loss = np.zeros((len(places), ways.shape[1]))
        loss[mine[order][starts]] = np.add.reduceat(lost[order], starts, axis=0)
        net = gain[None, :] - loss
        net[:, places] = -np.inf
        out, into = np.unravel_index(int(net.argmax()), net.shape)
        if net[out, into] <= 1e-9:
            return places
        places[out] = into
