"""The best plan for what is known, exact, every five minutes; nothing is held back for what may come."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.dispatch.flow import Arcs, solve
from bench.dispatch.simple import Eligible
from bench.dispatch.world import City, Open, Order, Seen


def sendable(eligible: Eligible, waiting: Sequence[Open], seen: Seen) -> tuple[Any, Any]:
    """Pairs (need's number in `waiting`, source) that could leave now."""
    pairs = [np.empty((0, 2), int)]
    for n, one in enumerate(waiting):
        can = eligible(one.need, seen.now_s) & (seen.free[:, one.need.item] > 0) & (seen.room > 0)
        s = np.flatnonzero(can)
        pairs.append(np.stack([np.full(len(s), n), s], axis=1))
    both = np.concatenate(pairs)
    return both[:, 0], both[:, 1]


class Resolve:
    """Min-cost flow over all open needs. The settings are tuned on the development seeds.

    `unmet_s`: seconds of travel that a load of weight 1 is worth. `tier`: how much of a tier's cost counts.
    """

    name = "resolve"

    def __init__(self, unmet_s: float = 100_000.0, tier: float = 1.0) -> None:
        self.unmet_s, self.tier = unmet_s, tier

    def begin(self, city: City) -> None:
        self.city, self.eligible = city, Eligible(city)

    def decide(self, now_s: float, seen: Seen) -> list[Order]:
        waiting = seen.open
        need, source = sendable(self.eligible, waiting, seen)
        if not len(need):
            return []
        place = np.array([o.need.place for o in waiting])
        weight = np.array([o.need.weight for o in waiting])
        item = np.array([o.need.item for o in waiting])
        cost = self.city.travel_s[source, place[need]] + self.tier * self.eligible.tier_s[source]
        saves = np.rint(weight[need] * self.unmet_s - cost).astype(np.int64)
        worth = saves > 0
        arcs = Arcs(need[worth], source[worth], saves[worth])
        asked = np.array([o.quantity for o in waiting])
        found = solve(arcs, item, asked, seen.free, seen.room)
        return [
            Order(waiting[arcs.need[a]].need.key, int(arcs.source[a]), int(item[arcs.need[a]]),
                  int(found.loads[a]), now_s)
            for a in np.flatnonzero(found.loads)
        ]  # fmt: skip
