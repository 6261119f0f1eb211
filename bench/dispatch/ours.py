"""The planner in the bench: the only file here that knows it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.dispatch.settings import HOUR_S, QUALIFICATIONS, SAME, STEP_S, TIER_COST
from bench.dispatch.static import UNMET_S, Answer, Instance, Sent
from bench.dispatch.world import City, Order, Seen
from jingwei.engines import sheltering
from jingwei.engines.dispatch import Barred, Future, Kept, Lot, Need, Problem, Settings, Source
from jingwei.engines.dispatch.anticipate import choose, gains
from jingwei.engines.dispatch.medians import medians as placed
from jingwei.engines.dispatch.outlook import Before, Call, Drawn, draw
from jingwei.engines.dispatch.planner import plan as planned

#: A change of an order costs like so many seconds of travel of the load. Tuned on the development seeds.
CHANGE_S = 1800.0


def plan(one: Instance, before: Sequence[Sent] = ()) -> Answer:
    """Exactly `static.cost_of`, in whole seconds, one aim."""
    problem = _static(one, before)
    answer = planned(problem)
    sent = tuple(Sent(x.need, x.source, x.quantity) for x in answer.lines)
    prices = {
        (problem.lots[p.lot].source, int(problem.lots[p.lot].item)): (p.cost_more, p.cost_fewer)
        for p in answer.prices
    }
    assert answer.bound is not None
    return Answer(sent, answer.cost + UNMET_S * answer.unmet_weight, answer.bound, answer.seconds, prices)


def _static(one: Instance, before: Sequence[Sent]) -> Problem:
    city = one.city
    sources = tuple(
        Source(
            str(s.key),
            tier=s.tier,  # type: ignore[arg-type]
            agreement=str(s.key),
            capacity=None if one.capacity is None else int(one.capacity[s.key]),
            qualifications=tuple(sorted(s.qualifications)),
            crews=() if one.crews is None else _crews(one.crews[s.key]),
        )
        for s in city.sources
    )
    tier = {name: 60 * minutes for name, minutes in TIER_COST.items()}
    needs = tuple(
        Need(str(n.key), str(n.item), n.quantity, n.place, n.due_s, n.weight, 0.0, n.qualification)
        for n in one.needs
    )
    lots = tuple(Lot(int(s), str(k), int(one.free[s, k])) for s, k in zip(*np.nonzero(one.free), strict=True))
    travel = one.cost_s - np.array([tier[s.tier] for s in city.sources])[:, None]
    travel = np.where(np.isfinite(city.travel_s), travel, np.inf)
    closed = [s.key for s in city.sources if not s.agreed_from_s <= 0.0 < s.agreed_until_s]
    sources = tuple(
        Source(s.key, tier="paired", agreement="") if int(s.key) in closed else s for s in sources
    )
    given = Settings(unmet_price=float(UNMET_S), tier_price=tier, change_price=CHANGE_S if before else 0.0)
    kept = tuple(Kept(x.need, x.source, x.quantity) for x in before)
    return Problem(needs, sources, lots, travel, barred=_rounded(one), before=kept, settings=given)


def _crews(loads: Any) -> tuple[tuple[str, int], ...]:
    return tuple((name, int(loads[k])) for k, name in enumerate(QUALIFICATIONS))


def _rounded(one: Instance) -> tuple[Barred, ...]:
    """Pairs that whole seconds would let through and true ones do not."""
    found: list[Any] = []
    city = one.city
    for n, need in enumerate(one.needs):
        late = (np.rint(city.travel_s[:, need.place]) <= need.due_s) & (
            city.travel_s[:, need.place] > need.due_s
        )
        found += [Barred(n, int(s)) for s in np.flatnonzero(late)]
    return tuple(found)


class Ours:
    """Futures drawn from what was seen, prices of each, and now only what gains by them.

    `learnt` is the setting of the development worlds: what is known of disasters before this one.
    """

    name = "ours"

    def __init__(self, futures: int = 6, rounds: int = 2, seed: int = 5, margin_s: float = 0.0, *,
                 anticipation: bool = True, deferral: bool = True, pruning: bool = True) -> None:  # fmt: skip
        self.margin_s = margin_s
        self.futures, self.rounds, self.seed = futures if anticipation else 0, rounds, seed
        self.deferral, self.pruning = deferral, pruning

    def begin(self, city: City) -> None:
        self.city = city
        learnt = SAME.scaled(city.setting.sources / SAME.sources)
        self.learnt, self.ways = learnt, np.array(learnt.priorities)
        few, many = (round(learnt.needs * (1 + f * learnt.needs_vary)) for f in (-1, 1))
        hours = learnt.hot_starts_h, learnt.hot_lasts_h
        starts, lasts = ((low * HOUR_S, high * HOUR_S) for low, high in hours)
        spots = (learnt.hot_spots[0] + learnt.hot_spots[1]) / 2
        self.before = Before(
            city.places_km, city.population, learnt.window_h * HOUR_S, (few, many), learnt.hot_share,
            learnt.hot_radius_km, starts, lasts, learnt.items, learnt.needs * learnt.hot_share / spots,
        )  # fmt: skip
        self.rng = np.random.default_rng([self.seed, 1])
        self.tier = {name: 60 * minutes for name, minutes in TIER_COST.items()}

    def decide(self, now_s: float, seen: Seen) -> list[Order]:
        if not seen.open:
            return []
        futures = self.draw(now_s, seen)
        left = [o.quantity for o in seen.open]
        free, room = seen.free.copy(), seen.room.copy()
        orders: list[Order] = []
        for _ in range(self.rounds):
            problem = self.problem(now_s, seen, left, free, room)
            found = gains(problem, futures, STEP_S + self.margin_s, defer=self.deferral, prune=self.pruning)
            sent = choose(problem, found)
            for one in sent:
                lot, need = problem.lots[one.lot], seen.open[one.need].need
                left[one.need] -= one.units
                free[lot.source, need.item] -= one.units
                room[lot.source] -= one.units
                orders.append(Order(need.key, lot.source, need.item, one.units, now_s))
            if not sent:
                break
        return orders

    def problem(self, now_s: float, seen: Seen, left: list[int], free: Any, room: Any) -> Problem:
        needs = tuple(
            Need(str(o.need.key), str(o.need.item), left[n], o.need.place, o.need.due_s - now_s,
                 o.need.weight, o.need.since_s - now_s, o.need.qualification)
            for n, o in enumerate(seen.open)
        )  # fmt: skip
        sources = tuple(
            Source(str(s.key), tier=s.tier, agreement=str(s.key), capacity=int(room[s.key]),  # type: ignore[arg-type]
                   qualifications=tuple(sorted(s.qualifications)), ready_s=max(s.agreed_from_s - now_s, 0.0),
                   until_s=s.agreed_until_s - now_s)
            for s in self.city.sources
        )  # fmt: skip
        lots = tuple(Lot(int(s), str(k), int(free[s, k])) for s, k in zip(*np.nonzero(free > 0), strict=True))
        return Problem(needs, sources, lots, self.city.travel_s, settings=Settings(tier_price=self.tier))

    def draw(self, now_s: float, seen: Seen) -> list[Future]:
        if not self.futures:
            return []
        kind = {way[0]: way for way in self.ways}
        odds = np.array(
            [kind[n.weight][2] / kind[n.weight][1] if n.weight in kind else 1.0 for n in seen.known]
        )
        call = Call(
            np.array([n.since_s for n in seen.known], dtype=np.float64),
            np.array([n.place for n in seen.known], dtype=np.int64),
            np.array([n.item for n in seen.known], dtype=np.int64),
            odds,
        )
        drawn = draw(self.before, call, now_s, self.futures, self.seed)
        return [Future(tuple(self.needs(now_s, one))) for one in drawn]

    def needs(self, now_s: float, one: Drawn) -> list[Need]:
        """A future's calls with what such calls asked before."""
        many, learnt = len(one.at_s), self.learnt
        share = np.cumsum(self.ways[:, 1:3], axis=0)[:, one.burst.astype(int)]
        way = self.ways[np.minimum((self.rng.random(many)[None, :] > share).sum(axis=0), len(self.ways) - 1)]
        quantity = np.minimum(self.rng.geometric(1 / learnt.quantity_mean, many), learnt.quantity_most)
        crew = np.where(self.rng.random(many) < learnt.qualified_share, self.rng.integers(0, 3, many), -1)
        known = np.ceil(one.at_s / STEP_S) * STEP_S
        return [
            Need("", str(one.item[k]), int(quantity[k]), int(one.place[k]),
                 float(one.at_s[k] + 60 * way[k, 3] - now_s), float(way[k, 0]), float(known[k] - now_s),
                 None if crew[k] < 0 else QUALIFICATIONS[crew[k]])
            for k in range(many)
        ]  # fmt: skip


def medians(distance: Any, p: int) -> list[int]:
    return list(placed(distance, p).places)


def shelter(one: Any) -> Any:
    """[groups, shelters] people; one with a special need counts twice."""
    from bench.dispatch.published import HAZARD

    groups = [
        sheltering.Group(people=int(people), weight=2.0 if special else 1.0)
        for people, special in zip(one.people, one.special, strict=True)
    ]
    suits = [
        [HAZARD in stands and (not special or special in offers)
         for stands, offers in zip(one.suits, one.offers, strict=True)]
        for special in one.special
    ]  # fmt: skip
    found = sheltering.place(
        sheltering.Problem(
            groups=tuple(groups),
            room=tuple(map(int, one.capacity)),
            travel_s=tuple(map(tuple, np.asarray(one.travel_s, dtype=float).tolist())),
            allowed=tuple(map(tuple, suits)),
        )
    )
    people = np.zeros((len(groups), len(one.capacity)), dtype=np.int64)
    for share in found.shares:
        people[share.group, share.site] = share.people
    return people


def policy(*, anticipation: bool = True, deferral: bool = True, pruning: bool = True) -> Ours:
    return Ours(anticipation=anticipation, deferral=deferral, pruning=pruning)
