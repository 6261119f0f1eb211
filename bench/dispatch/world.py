"""A seeded city with its disaster, what a policy is told, and the replay of what it orders.

The rules, for everyone alike:
- A need is known from `since_s` on; it may wait as long as one likes; what comes after `due_s` is no help.
- A policy is asked every STEP_S seconds, at 0, 300, 600 ...; what it orders leaves at that moment and is
  never called back. It sees the needs known by then that are open, the stock that is free, and the loads each
  source can still send in this clock hour. How many needs come, where and until when nobody is told.
- A source serves a need when it holds the item above its floor, has the crew asked for, lies under an
  agreement at the moment of leaving, has room this hour, and there is a way that arrives in time.
- What is measured is the weight of loads unmet over the weight of all loads asked for, in points (0 to 100).

The replay records what was ordered, good or bad. `bench.dispatch.checker` says what was bad; an order that
breaks a rule is no service.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bench.dispatch.distribution import Drawn, Scene, draw_needs, draw_scene, mean_quantity
from bench.dispatch.settings import HOUR_S, QUALIFICATIONS, SAME, STEP_S, TIER_COST, TIERS, Setting


@dataclass(frozen=True)
class Need:
    """`quantity` loads of one item at a place, by `due_s`; `weight` is the harm of one load unmet."""

    key: int
    place: int
    item: int
    quantity: int
    since_s: float
    due_s: float
    weight: float
    qualification: str | None


@dataclass(frozen=True)
class Source:
    """A store that sends. It may be used from `agreed_from_s` until before `agreed_until_s`."""

    key: int
    x_km: float
    y_km: float
    tier: str
    capacity_per_h: int  # loads that can leave within one clock hour
    qualifications: frozenset[str]
    agreed_from_s: float
    agreed_until_s: float


@dataclass(frozen=True)
class City:
    """What is known before: stores, stock, ways, people. All of it is told to every policy."""

    setting: Setting
    sources: tuple[Source, ...]
    stock: Any  # [sources, items] loads, with the floor
    floor: Any  # [sources, items] loads that must stay
    travel_s: Any  # [sources, places] from leaving to handed over; inf = no way
    places_km: Any  # [places, 2]
    population: Any  # [places] share of the people
    district: Any  # [places]

    @property
    def last_s(self) -> float:
        """When the last deadline there can be has passed."""
        return (self.setting.window_h + max(p[3] for p in self.setting.priorities) / 60) * HOUR_S

    def cost(self, source: int, place: int) -> float:
        """Minutes of travel and of the tier, of one load."""
        return float(self.travel_s[source, place]) / 60 + TIER_COST[self.sources[source].tier]

    def may_serve(self, source: int, need: Need, leaves_s: float) -> bool:
        """Crew, agreement, a way in time; stock and room are for the caller."""
        one = self.sources[source]
        return (
            (need.qualification is None or need.qualification in one.qualifications)
            and one.agreed_from_s <= leaves_s < one.agreed_until_s
            and leaves_s >= need.since_s
            and leaves_s + float(self.travel_s[source, need.place]) <= need.due_s
        )


@dataclass(frozen=True)
class World:
    seed: int
    city: City
    scene: Scene  # hidden from policies
    needs: tuple[Need, ...]  # by since_s; the key is the number in this row


@dataclass(frozen=True)
class Order:
    """So many loads of the need's item leave the source. `leaves_s` is the moment it was decided."""

    need: int
    source: int
    item: int
    quantity: int
    leaves_s: float


@dataclass(frozen=True)
class Recall:
    """An order called back: no policy may. The replay knows the word so that the checker can see one."""

    order: Order
    at_s: float


@dataclass(frozen=True)
class Open:
    need: Need
    quantity: int  # loads not yet ordered


@dataclass(frozen=True)
class Seen:
    """What is known at a moment. Arrays are copies."""

    now_s: float
    open: tuple[Open, ...]  # known, not lapsed, not wholly ordered; by since_s
    known: tuple[Need, ...]  # every need known by now, also served and lapsed ones
    free: Any  # [sources, items] loads above the floor, not ordered yet
    room: Any  # [sources] loads that can still leave in this clock hour
    orders: tuple[Order, ...]  # all so far


class Policy(Protocol):
    """`begin` once, then `decide` every STEP_S."""

    name: str

    def begin(self, city: City) -> None: ...

    def decide(self, now_s: float, seen: Seen) -> list[Order]: ...


@dataclass
class Executed:
    """All that was ordered, in order, and how long the policy thought."""

    log: list[Order | Recall] = field(default_factory=list)
    decided_s: list[float] = field(default_factory=list)  # when each entry of the log was decided
    seconds: list[float] = field(default_factory=list)  # of thought, each step

    @property
    def orders(self) -> list[Order]:
        return [entry for entry in self.log if isinstance(entry, Order)]


def make(seed: int, setting: Setting = SAME) -> World:
    """The world of a seed. City, scene and needs each have a stream of their own."""
    of_city, of_scene, of_needs = (np.random.default_rng([seed, part, 20261129]) for part in (1, 2, 3))
    city = make_city(setting, of_city)
    scene = draw_scene(setting, city.places_km, city.population, of_scene)
    drawn = draw_needs(setting, scene, city.places_km, city.population, of_needs)
    return World(seed, city, scene, needs_of(setting, drawn))


def needs_of(setting: Setting, drawn: Drawn, first_key: int = 0) -> tuple[Need, ...]:
    """Drawn needs as a policy sees them, by the time they become known."""
    found = []
    for n in np.argsort(drawn.since_s, kind="stable"):
        weight, _, _, minutes = setting.priorities[drawn.priority[n]]
        since, q = float(drawn.since_s[n]), int(drawn.qualification[n])
        found.append(Need(
            first_key + len(found), int(drawn.place[n]), int(drawn.item[n]), int(drawn.quantity[n]), since,
            since + minutes * 60, weight, QUALIFICATIONS[q] if q >= 0 else None,
        ))  # fmt: skip
    return tuple(found)


def another_disaster(city: City, rng: Any, setting: Setting = SAME) -> tuple[Need, ...]:
    """A disaster in this city as it might have been, from what may be learnt from: the development setting.

    It knows nothing of the world that is played but the city. For policies that look ahead.
    """
    setting = setting if city.setting.sources == setting.sources else setting.scaled(
        city.setting.sources / setting.sources)  # fmt: skip
    scene = draw_scene(setting, city.places_km, city.population, rng)
    return needs_of(setting, draw_needs(setting, scene, city.places_km, city.population, rng))


def make_city(setting: Setting, rng: Any) -> City:
    side = setting.side_km
    places = np.clip(rng.normal(side / 2, side / 4.5, (setting.places, 2)), 0, side)
    people = rng.lognormal(0, 0.7, setting.places)
    across = np.minimum((places / side * setting.districts_a_side).astype(int), setting.districts_a_side - 1)
    sources = _sources(setting, rng)
    at = np.array([(s.x_km, s.y_km) for s in sources])
    apart = np.abs(at[:, None, :] - places[None, :, :]).sum(2)  # along streets
    travel = setting.handling_s + apart / setting.speed_km_h * HOUR_S * rng.uniform(0.8, 1.4, apart.shape)
    travel[rng.random(apart.shape) < setting.cut_off] = np.inf
    free = _free_stock(setting, len(sources), rng)
    floor = np.ceil(free * setting.floor_share / (1 - setting.floor_share)).astype(int)
    return City(setting, sources, free + floor, floor, travel, places, people / people.sum(),
                across[:, 0] * setting.districts_a_side + across[:, 1])  # fmt: skip


def _sources(setting: Setting, rng: Any) -> tuple[Source, ...]:
    found, side = [], setting.side_km
    tiers = rng.choice(5, setting.sources, p=[*setting.tier_shares, 1 - sum(setting.tier_shares)])
    for key, number in enumerate(tiers):
        x, y = rng.uniform(0, side, 2)
        from_s, until_s = 0.0, np.inf
        if number == 1 and rng.random() < 0.25:  # an agreement that ends while it burns
            until_s = float(rng.uniform(1.5, 5.0) * HOUR_S)
        if number == 3:  # the higher level lets its reserve go after an hour at the latest
            from_s = float(rng.uniform(0, 1) * HOUR_S)
        if number == 4:  # a neighbour with whom nothing is agreed
            until_s = 0.0
        holds = frozenset(
            name for name, share in zip(QUALIFICATIONS, setting.qualified_sources, strict=True)
            if rng.random() < share
        )  # fmt: skip
        capacity = int(rng.integers(setting.capacity_per_h[0], setting.capacity_per_h[1] + 1))
        tier = TIERS[number] if number < 4 else "agreement"
        found.append(Source(key, float(x), float(y), tier, capacity, holds, from_s, until_s))
    return tuple(found)


def _free_stock(setting: Setting, count: int, rng: Any) -> Any:
    """Loads above the floor: of each item a share of what is expected to be asked for."""
    size = np.zeros((count, setting.items))
    for s in range(count):
        held = rng.choice(
            setting.items, int(rng.integers(setting.items_held[0], setting.items_held[1] + 1)), False
        )
        size[s, held] = rng.lognormal(0, 0.6, len(held))
    wanted = setting.stock_over_demand * setting.needs * mean_quantity(setting) / setting.items
    exact = size / np.maximum(size.sum(0), 1e-9) * wanted
    return np.floor(exact + rng.random(exact.shape) * (exact > 0)).astype(int)


def replay(world: World, policy: Policy, clock: Any = None) -> Executed:
    """Ask the policy every STEP_S until the last deadline has passed, and record what it orders."""
    tick = clock or time.perf_counter
    city, done = world.city, Executed()
    left = {need.key: need.quantity for need in world.needs}
    free = city.stock - city.floor
    capacity = np.array([s.capacity_per_h for s in city.sources])
    policy.begin(city)
    room, hour = capacity.copy(), 0
    for step in range(int(city.last_s // STEP_S) + 1):
        now = step * STEP_S
        if int(now // HOUR_S) != hour:
            room, hour = capacity.copy(), int(now // HOUR_S)
        known = tuple(n for n in world.needs if n.since_s <= now)
        waiting = tuple(Open(n, left[n.key]) for n in known if n.due_s >= now and left[n.key] > 0)
        seen = Seen(now, waiting, known, free.copy(), room.copy(), tuple(done.orders))
        begin = tick()
        orders = policy.decide(now, seen)
        done.seconds.append(tick() - begin)
        for order in orders:
            done.log.append(order)
            done.decided_s.append(now)
            left[order.need] = left.get(order.need, 0) - order.quantity
            free[order.source, order.item] -= order.quantity
            room[order.source] -= order.quantity
    return done


def score(world: World, good: Sequence[Order]) -> dict[str, float]:
    """Points unmet and what else one asks of a run. `good`: the orders that broke no rule."""
    got, cost, delay, loads = np.zeros(len(world.needs)), 0.0, 0.0, 0
    for order in good:
        need = world.needs[order.need]
        got[order.need] += order.quantity
        arrives = order.leaves_s + float(world.city.travel_s[order.source, need.place])
        cost += order.quantity * world.city.cost(order.source, need.place)
        delay += order.quantity * need.weight * (arrives - need.since_s)
        loads += order.quantity
    asked = np.array([n.quantity for n in world.needs])
    weight = np.array([n.weight for n in world.needs])
    unmet = np.maximum(asked - got, 0)
    district = world.city.district[[n.place for n in world.needs]]
    shares = np.array([
        100 * (weight * unmet)[district == d].sum() / (weight * asked)[district == d].sum()
        for d in np.unique(district)
    ])  # fmt: skip
    worst = np.sort(shares)[-max(1, round(len(shares) / 10)) :]
    served = float((weight * np.minimum(got, asked)).sum()) or 1.0
    return {
        "unmet_points": 100 * float((weight * unmet).sum() / (weight * asked).sum()),
        "worst_tenth_of_districts_points": float(worst.mean()),
        "loads_sent": float(loads),
        "cost_min_per_load": cost / max(loads, 1),
        "weighted_delay_min": delay / served / 60,
    }
