"""The best policy there is that knows the true distribution, and has all the time it wants.

At each moment it draws many futures from the posterior (`posterior.py`: what may still come, given what
came), plans each of them exactly with hindsight, from the next moment on, and reads off what a load of each
lot and each load asked for would be worth later. A load is sent now when that is worth more on average over
the futures than keeping it and waiting. What can still be decided later is left until later, for nothing is
lost by it but room; what the room of later hours would not hold is sent in time.

It shares no code with the planner: other sampling, other prices, another rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.dispatch.flow import Arcs, prices, solve
from bench.dispatch.posterior import Chain
from bench.dispatch.posterior import Seen as Known
from bench.dispatch.settings import HOUR_S, QUALIFICATIONS, STEP_S
from bench.dispatch.simple import Eligible
from bench.dispatch.world import City, Order, Seen

#: Weights are whole numbers of this many parts in the flow.
PARTS = 1000


@dataclass(frozen=True)
class Wanted:
    """Needs as columns, known or drawn."""

    place: Any
    item: Any
    asked: Any
    weight: Any
    crew: Any  # number of the qualification, -1 none
    since_s: Any
    due_s: Any

    def __len__(self) -> int:
        return len(self.place)


class Knowing:
    """`futures` drawn at each moment; `moves` of each chain; `rounds` of planning anew as orders are written.

    `margin_s`: how much sooner than the last moment it decides, for room that may run out. `doubt`: the share
    of the futures that may be pressed for less room than it acts on. Tuned on the development seeds.
    """

    name = "knowing"

    def __init__(self, futures: int = 16, moves: int = 150, rounds: int = 3, margin_s: float = 0.0,
                 doubt: float = 0.5, seed: int = 1) -> None:  # fmt: skip
        self.futures, self.moves, self.rounds = futures, moves, rounds
        self.margin_s, self.doubt, self.seed = margin_s, doubt, seed

    def begin(self, city: City) -> None:
        self.city, self.eligible = city, Eligible(city)
        self.chains = [Chain(city, [self.seed, k, 4242]) for k in range(self.futures)]
        self.capacity = np.array([s.capacity_per_h for s in city.sources])
        names = [*QUALIFICATIONS]
        none = np.zeros(len(city.sources), bool)
        self.crews = np.stack([*(self.eligible.crews.get(q, none) for q in names), self.eligible.all])

    def decide(self, now_s: float, seen: Seen) -> list[Order]:
        known = Known(seen.known, now_s, self.city.setting)
        for chain in self.chains:
            chain.look(known)
            chain.walk(self.moves)
        if not seen.open:
            return []
        open_ = wanted_of(seen)
        futures = [self.drawn(chain) for chain in self.chains]
        left, free, room = open_.asked.copy(), seen.free.copy(), seen.room.copy()
        orders: list[Order] = []
        for _ in range(self.rounds):
            some = self.round(now_s, open_, left, free, room, futures)
            for n, source, quantity in some:
                left[n] -= quantity
                free[source, open_.item[n]] -= quantity
                room[source] -= quantity
                need = seen.open[n].need
                orders.append(Order(need.key, source, need.item, quantity, now_s))
            if not some:
                break
        return orders

    def drawn(self, chain: Chain) -> Wanted:
        d, setting = chain.future(), self.city.setting
        ways = np.array(setting.priorities)
        priority = d.priority.astype(int)
        return Wanted(d.place.astype(int), d.item.astype(int), d.quantity.astype(int), ways[priority, 0],
                      d.qualification.astype(int), d.since_s, d.since_s + 60 * ways[priority, 3])  # fmt: skip

    def can(self, wanted: Wanted, from_s: float, free: Any) -> Any:
        """[sources, needs] whether it can leave at some moment from `from_s` on and arrive in time."""
        e = self.eligible
        travel = e.travel_s[:, wanted.place]
        first = np.maximum(np.maximum(wanted.since_s, from_s)[None, :], e.from_s[:, None])
        first = np.ceil(first / STEP_S) * STEP_S
        in_time = (first + travel <= wanted.due_s[None, :]) & (first < e.until_s[:, None])
        return in_time & self.crews[wanted.crew].T & (free[:, wanted.item] > 0)

    def round(self, now_s: float, open_: Wanted, left: Any, free: Any, room: Any,
              futures: Sequence[Wanted]) -> list[tuple[int, int, int]]:  # fmt: skip
        """What is worth sending now, the surest gain first; a lot or need that was touched waits a round."""
        now = self.can(open_, now_s, free) & (room > 0)[:, None] & (left > 0)[None, :]
        now &= (self.eligible.from_s <= now_s)[:, None]
        source, need = np.nonzero(now)
        if not len(need):
            return []
        later = now_s + STEP_S + self.margin_s
        plans = [self.look(later, open_, left, free, room, future, source, need) for future in futures]
        mean = np.mean([gain for gain, _ in plans], axis=0)
        must = np.sort([loads for _, loads in plans], axis=0)[int(self.doubt * len(plans))]
        sure = mean > 1e-9
        which = np.flatnonzero(sure | (must > 0))
        travel = self.eligible.travel_s[source, open_.place[need]]
        which = which[np.lexsort((travel[which], -np.round(mean[which], 6)))]
        touched_lot, touched_need, sent = set(), set(), []
        room = room.copy()
        for a in which:
            s, n = int(source[a]), int(need[a])
            lot = (s, int(open_.item[n]))
            if lot in touched_lot or n in touched_need or room[s] <= 0:
                continue
            quantity = int(min(left[n], free[lot], room[s], left[n] if sure[a] else must[a]))
            sent.append((n, s, quantity))
            room[s] -= quantity
            touched_lot.add(lot)
            touched_need.add(n)
        return sent

    def look(self, from_s: float, open_: Wanted, left: Any, free: Any, room: Any, future: Wanted,
             source: Any, need: Any) -> tuple[Any, Any]:  # fmt: skip
        """Of each pair: the weight it serves, less what lot and need would be worth from `from_s` on; and the
        loads that have to leave now because the room that is left later does not hold the future's best plan.
        """
        both = Wanted(*(np.concatenate([vars(open_)[k], vars(future)[k]]) for k in vars(open_)))
        asked = both.asked.copy()
        asked[: len(left)] = left
        s, n = np.nonzero(self.can(both, from_s, free) & (asked > 0)[None, :])
        way = self.eligible.travel_s[s, both.place[n]] / 600  # so that futures agree where they may
        saves = np.rint(both.weight[n] * PARTS - way).astype(np.int64)
        arcs = Arcs(n, s, saves)
        found = solve(arcs, both.item, asked, free)
        item = open_.item[need]
        worth = np.maximum(*(
            p.lot[source, item] + p.need[need]
            for p in (prices(arcs, both.item, asked, free, found, dear) for dear in (True, False))
        ))  # fmt: skip
        must = self.pressed(from_s, s, n, found.loads, both, room, len(left))
        way = self.eligible.travel_s[source, open_.place[need]] / 600
        return open_.weight[need] - (way + worth) / PARTS, must[source, need]

    def pressed(self, from_s: float, s: Any, n: Any, loads: Any, both: Wanted, room: Any, known: int
                ) -> Any:  # fmt: skip
        """[sources, known needs] loads beyond what a source can still send by the hours they are due.

        The plan knows no hours; of what is due by each hour, more than the room up to then has to go now.
        """
        used = np.flatnonzero(loads > 0)
        s, n, loads = s[used], n[used], loads[used]
        last = np.minimum(
            both.due_s[n] - self.eligible.travel_s[s, both.place[n]], self.eligible.until_s[s] - 1
        )
        now_h, hour = int((from_s - self.margin_s) // HOUR_S), (last // HOUR_S).astype(int)
        must = np.zeros((len(room), known), int)
        hours = int(hour.max(initial=now_h)) - now_h + 1
        due = np.zeros((len(room), hours))
        np.add.at(due, (s, np.maximum(hour - now_h, 0)), loads)
        same_hour = int((from_s - self.margin_s - STEP_S) // HOUR_S) == now_h
        can = (room if same_hour else self.capacity)[:, None] + self.capacity[:, None] * np.arange(hours)
        over = np.maximum(due.cumsum(1) - can, 0).max(1)
        for a in np.argsort(last, kind="stable"):
            if n[a] < known and over[s[a]] > 0:
                some = min(loads[a], int(np.ceil(over[s[a]])))
                must[s[a], n[a]] += some
                over[s[a]] -= some
        return must


def wanted_of(seen: Seen) -> Wanted:
    needs = [o.need for o in seen.open]
    crew = [-1 if n.qualification is None else QUALIFICATIONS.index(n.qualification) for n in needs]
    return Wanted(*(np.array(a) for a in (
        [n.place for n in needs], [n.item for n in needs], [o.quantity for o in seen.open],
        [n.weight for n in needs], crew, [n.since_s for n in needs], [n.due_s for n in needs],
    )))  # fmt: skip
