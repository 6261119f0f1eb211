"""One moment, everything known: instances without a clock, what an answer to one is, and what it costs.

Cost is whole seconds of travel for each load, the tier's minutes on top, and `UNMET_S` x weight for each load
unmet. All of it in integers, so that a gap of nought is nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bench.dispatch.settings import SAME, TIER_COST, Setting
from bench.dispatch.simple import Eligible
from bench.dispatch.world import City, Need, make

#: Seconds that one load unmet of weight 1 costs: more than any way there is.
UNMET_S = 100_000


@dataclass(frozen=True)
class Instance:
    """`capacity`: loads each source can send in all, or None where nothing couples the items."""

    needs: tuple[Need, ...]  # item, place, quantity, weight; `key` is the number in this row
    city: City  # travel, tiers, crews, agreements; as at second 0
    free: Any  # [sources, items] loads that may leave
    cost_s: Any  # [sources, places] whole seconds a load; a huge number where there is no way
    may: Any  # [sources, needs] whether crew, agreement and deadline allow it
    capacity: Any | None = None

    @property
    def unmet_s(self) -> Any:
        """[needs] whole seconds a load unmet costs."""
        return np.array([round(UNMET_S * n.weight) for n in self.needs], dtype=np.int64)


@dataclass(frozen=True)
class Sent:
    """So many loads of the need's item from the source; needs and sources by their number."""

    need: int
    source: int
    quantity: int


@dataclass(frozen=True)
class Answer:
    """`prices`: seconds saved by one load more (negative side: lost by one fewer) of what a source holds.

    Only lots in the answer count: (source, item) to (saved by one more, lost by one fewer).
    """

    sent: tuple[Sent, ...]
    cost_s: float
    bound_s: float  # no plan costs less; proven by whoever says so
    seconds: float  # of the solver, building its model with it, without starting a process
    prices: dict[tuple[int, int], tuple[float, float]]


def instance(seed: int, setting: Setting = SAME, coupled: bool = False) -> Instance:
    """All needs of the seed's world at once, as if known at second 0 with their own time to wait."""
    world = make(seed, setting)
    city, eligible = world.city, Eligible(world.city)
    needs = tuple(replace(n, since_s=0.0, due_s=n.due_s - n.since_s) for n in world.needs)
    may = np.stack([eligible(n, 0.0) for n in needs], axis=1)
    tier = np.array([60 * TIER_COST[s.tier] for s in city.sources])
    finite = np.where(np.isfinite(city.travel_s), city.travel_s, 1e9)
    cost = np.rint(finite + tier[:, None]).astype(np.int64)
    # over the whole window a source sends no more than a share of what it holds: so that it binds
    free = city.stock - city.floor
    room = np.maximum(1, np.floor(0.8 * free.sum(1))).astype(np.int64) if coupled else None
    return Instance(needs, city, free, cost, may, room)


def changed(one: Instance, share: float, seed: int) -> tuple[Instance, frozenset[int]]:
    """A part of the needs asks for something else: a load more or fewer, or nothing. Which ones."""
    rng = np.random.default_rng([seed, 77])
    which = rng.choice(len(one.needs), max(1, round(share * len(one.needs))), replace=False)
    needs = list(one.needs)
    for n in which:
        more = int(rng.choice((-1, 1, 2, -needs[n].quantity)))
        needs[n] = replace(needs[n], quantity=max(0, needs[n].quantity + more))
    return replace(one, needs=tuple(needs)), frozenset(int(n) for n in which)


def cost_of(one: Instance, sent: Sequence[Sent]) -> int:
    """What the lines cost with what they leave unmet, whole seconds. It believes no one's arithmetic."""
    left = np.array([n.quantity for n in one.needs], dtype=np.int64)
    total = 0
    for line in sent:
        left[line.need] -= line.quantity
        total += line.quantity * int(one.cost_s[line.source, one.needs[line.need].place])
    return total + int((np.maximum(left, 0) * one.unmet_s).sum())


def wrong(one: Instance, sent: Sequence[Sent]) -> dict[str, int]:
    """Lines, lots, sources and needs that break a limit."""
    stock, out = np.zeros_like(one.free), np.zeros(len(one.free), dtype=np.int64)
    got = np.zeros(len(one.needs), dtype=np.int64)
    bad = {"not_allowed": 0, "no_quantity": 0}
    for line in sent:
        bad["not_allowed"] += not one.may[line.source, line.need]
        bad["no_quantity"] += line.quantity <= 0
        stock[line.source, one.needs[line.need].item] += line.quantity
        out[line.source] += line.quantity
        got[line.need] += line.quantity
    asked = np.array([n.quantity for n in one.needs])
    return bad | {
        "over_stock": int((stock > one.free).sum()),
        "over_capacity": int((out > one.capacity).sum()) if one.capacity is not None else 0,
        "promised_twice": int((got > asked).sum()),
    }


def orders_changed(before: Sequence[Sent], after: Sequence[Sent], touched: frozenset[int]) -> float:
    """Share of the loads ordered before, for needs nothing happened to, that now go another way."""

    def by_pair(lines: Sequence[Sent]) -> dict[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = {}
        for line in lines:
            if line.need not in touched:
                found[line.need, line.source] = found.get((line.need, line.source), 0) + line.quantity
        return found

    old, new = by_pair(before), by_pair(after)
    moved = sum(max(0, quantity - new.get(pair, 0)) for pair, quantity in old.items())
    return moved / max(1, sum(old.values()))
