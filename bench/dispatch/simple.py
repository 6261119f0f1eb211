"""What a duty officer does without a solver: nearest source as calls come in, or the gravest first."""

from typing import Any

import numpy as np

from bench.dispatch.settings import TIER_COST
from bench.dispatch.world import City, Need, Open, Order, Seen


class Sender:
    """One moment's bookkeeping: what is free and what can still leave, as orders are written."""

    def __init__(self, city: City, seen: Seen) -> None:
        self.city, self.now_s = city, seen.now_s
        self.free, self.room = seen.free.copy(), seen.room.copy()
        self.orders: list[Order] = []

    def send(self, need: Need, source: int, quantity: int) -> int:
        """As many loads as can go, up to `quantity`."""
        some = int(min(quantity, self.free[source, need.item], self.room[source]))
        if some > 0:
            self.free[source, need.item] -= some
            self.room[source] -= some
            self.orders.append(Order(need.key, source, need.item, some, self.now_s))
        return max(some, 0)


class Eligible:
    """Which sources may serve a need at a moment, over all sources at once."""

    def __init__(self, city: City) -> None:
        self.travel_s = city.travel_s
        self.from_s = np.array([s.agreed_from_s for s in city.sources])
        self.until_s = np.array([s.agreed_until_s for s in city.sources])
        self.tier_s = np.array([60 * TIER_COST[s.tier] for s in city.sources])
        names = {q for s in city.sources for q in s.qualifications}
        self.crews = {q: np.array([q in s.qualifications for s in city.sources]) for q in names}
        self.all = np.ones(len(city.sources), bool)

    def __call__(self, need: Need, now_s: float) -> Any:
        """[sources] whether it may send now and arrive in time."""
        crew = self.all if need.qualification is None else self.crews.get(need.qualification, ~self.all)
        open_ = (self.from_s <= now_s) & (now_s < self.until_s)
        return crew & open_ & (now_s + self.travel_s[:, need.place] <= need.due_s)


class Nearest:
    """Each need from the nearest sources that can, in the order told; `key` says which comes first."""

    name = "nearest"

    def begin(self, city: City) -> None:
        self.city, self.eligible = city, Eligible(city)

    def first(self, waiting: Open) -> Any:
        return waiting.need.since_s

    def decide(self, now_s: float, seen: Seen) -> list[Order]:
        sender = Sender(self.city, seen)
        for waiting in sorted(seen.open, key=self.first):
            self.serve(sender, waiting)
        return sender.orders

    def serve(self, sender: Sender, waiting: Open) -> None:
        need, missing = waiting.need, waiting.quantity
        can = self.eligible(need, sender.now_s) & (sender.free[:, need.item] > 0) & (sender.room > 0)
        near = np.flatnonzero(can)
        for source in near[np.argsort(self.far(need, near), kind="stable")]:
            missing -= sender.send(need, int(source), missing)
            if missing <= 0:
                return

    def far(self, need: Need, sources: Any) -> Any:
        return self.eligible.travel_s[sources, need.place]


class FirstCome(Nearest):
    """First come, nearest source: what is done where nothing is computed."""

    name = "first_come"


class Greedy(Nearest):
    """The gravest need first, then the nearest deadline; from the source that costs least.

    `tier` is how much of a tier's cost counts, tuned on the development seeds.
    """

    name = "greedy"

    def __init__(self, tier: float = 1.0) -> None:
        self.tier = tier

    def first(self, waiting: Open) -> Any:
        return (-waiting.need.weight, waiting.need.due_s)

    def far(self, need: Need, sources: Any) -> Any:
        return self.eligible.travel_s[sources, need.place] + self.tier * self.eligible.tier_s[sources]
