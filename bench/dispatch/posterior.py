"""What may still come, given what came: scenes drawn by how likely they made it. For the policy that knows.

Markov chains over scenes under the true distribution (Metropolis-Hastings; the number of hot spots by birth
and death, what is asked in each by Gibbs). Each chain goes on from where it stood when more is seen.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.dispatch.distribution import Drawn, HotSpot, Scene, draw_needs
from bench.dispatch.settings import HOUR_S, Setting
from bench.dispatch.world import City, Need

#: What `draw_scene` draws from, where it is not in the setting: shares and items of hot spots.
SHARE, ITEMS = 3.0, 3.0


@dataclass
class Spot:
    """A hot spot as a chain moves it; `size` over the sum of sizes is its share."""

    place: int
    radius_km: float
    begins_s: float
    lasts_s: float
    size: float
    items: Any


class Seen:
    """Needs known by a moment, as columns."""

    def __init__(self, known: tuple[Need, ...], now_s: float, setting: Setting) -> None:
        weights = {p[0]: k for k, p in enumerate(setting.priorities)}
        self.now_s = now_s
        self.since_s = np.array([n.since_s for n in known], float)
        self.place = np.array([n.place for n in known], int)
        self.item = np.array([n.item for n in known], int)
        self.priority = np.array([weights[n.weight] for n in known], int)

    def __len__(self) -> int:
        return len(self.place)


class Chain:
    """One scene that wanders among the likely ones."""

    def __init__(self, city: City, seed: list[int]) -> None:
        self.city, self.setting = city, city.setting
        self.rng = np.random.default_rng(seed)
        self.window_s = self.setting.window_h * HOUR_S
        apart = ((city.places_km[:, None, :] - city.places_km[None, :, :]) ** 2).sum(2)
        self.apart2 = apart
        self.near = np.argsort(apart, axis=1)[:, 1:9]
        self.grave = np.array(self.setting.priorities)
        low, high = (round(self.setting.needs * (1 + f * self.setting.needs_vary)) for f in (-1, 1))
        self.counts = (low, high)
        self.count = int(self.rng.integers(low, high + 1))
        few, many = self.setting.hot_spots
        self.spots = [self.fresh() for _ in range(int(self.rng.integers(few, many + 1)))]
        self.rates: list[Any] = []

    def fresh(self) -> Spot:
        r, s = self.rng, self.setting
        return Spot(
            int(r.choice(len(self.city.population), p=self.city.population)),
            float(r.uniform(*s.hot_radius_km)), float(r.uniform(*s.hot_starts_h) * HOUR_S),
            float(r.uniform(*s.hot_lasts_h) * HOUR_S), float(r.gamma(SHARE)),
            r.dirichlet(np.full(s.items, ITEMS)),
        )  # fmt: skip

    def look(self, seen: Seen) -> None:
        """More is known now."""
        self.seen = seen
        self.ground = (
            (1 - self.setting.hot_share) / self.window_s * self.city.population[seen.place]
            / self.setting.items * self.grave[seen.priority, 1]
        )  # fmt: skip
        self.rates = [self.rate(spot) for spot in self.spots]
        recent = seen.since_s > seen.now_s - HOUR_S
        self.recent = np.bincount(seen.place[recent], minlength=len(self.city.population)).astype(float)
        self.recent /= max(self.recent.sum(), 1.0)
        over = seen.now_s >= self.window_s
        self.count = len(seen) if over else max(self.count, len(seen))
        self.level = self.likelihood(self.spots, self.rates, self.count)

    def ends_s(self, spot: Spot) -> float:
        return min(spot.begins_s + spot.lasts_s, self.window_s)

    def rate(self, spot: Spot) -> Any:
        """Of each need seen, per unit of share; how a place, item, priority and moment go with the spot."""
        seen = self.seen
        near = self.city.population * np.exp(-self.apart2[spot.place] / (2 * spot.radius_km**2))
        begin, end = spot.begins_s, self.ends_s(spot)
        peak, at = begin + 0.4 * (end - begin), seen.since_s
        up, down = (at - begin) / (peak - begin), (end - at) / (end - peak)
        when = 2 / (end - begin) * np.clip(np.minimum(up, down), 0.0, None)
        return when * (near / near.sum())[seen.place] * spot.items[seen.item] * self.grave[seen.priority, 2]

    def gone(self, spot: Spot) -> float:
        begin, end, at = spot.begins_s, self.ends_s(spot), self.seen.now_s
        if at <= begin or at >= end:
            return float(at >= end)
        peak = begin + 0.4 * (end - begin)
        if at < peak:
            return (at - begin) ** 2 / ((end - begin) * (peak - begin))
        return 1 - (end - at) ** 2 / ((end - begin) * (end - peak))

    def likelihood(self, spots: list[Spot], rates: list[Any], count: int) -> float:
        n, hot = len(self.seen), self.setting.hot_share
        rest = count - n
        if rest < 0:
            return -np.inf
        sizes = np.array([s.size for s in spots])
        shares = hot * sizes / sizes.sum()
        gone = (1 - hot) * min(self.seen.now_s / self.window_s, 1.0)
        gone += float(shares @ np.array([self.gone(s) for s in spots]))
        if rest and gone >= 1 - 1e-12:
            return -np.inf
        all_ = self.ground + sum(share * rate for share, rate in zip(shares, rates, strict=True))
        picks = float(np.log(np.arange(rest + 1, count + 1)).sum())
        return float(np.log(all_).sum()) + picks + (rest * float(np.log1p(-gone)) if rest else 0.0)

    def walk(self, moves: int) -> None:
        for _ in range(moves):
            kind = int(self.rng.integers(0, 8))
            (self.recount, self.reborn, self.shift, self.shift, self.retime, self.resize, self.number,
             self.reask)[kind]()  # fmt: skip

    def accept(self, spots: list[Spot], rates: list[Any], count: int, bias: float = 0.0) -> None:
        level = self.likelihood(spots, rates, count)
        if np.log(self.rng.random() + 1e-300) < level - self.level + bias:
            self.spots, self.rates, self.count, self.level = spots, rates, count, level

    def put(self, j: int, spot: Spot, bias: float = 0.0) -> None:
        spots, rates = list(self.spots), list(self.rates)
        spots[j], rates[j] = spot, self.rate(spot)
        self.accept(spots, rates, self.count, bias)

    def pick(self) -> tuple[int, Spot]:
        j = int(self.rng.integers(0, len(self.spots)))
        return j, Spot(**vars(self.spots[j]))

    def recount(self) -> None:
        self.accept(self.spots, self.rates, int(self.rng.integers(self.counts[0], self.counts[1] + 1)))

    def guess(self) -> Spot:
        """A new spot: from the prior, or where needs came of late."""
        spot = self.fresh()
        if self.rng.random() < 0.5 and self.recent.any():
            spot.place = int(self.rng.choice(len(self.recent), p=self.recent))
            spot.begins_s = float(self.seen.now_s - self.rng.uniform(-0.5, 1.5) * HOUR_S)
        return spot

    def guessed(self, spot: Spot) -> float:
        """Density of `guess` over that of the prior, log; place and begin alone, the rest is the prior's."""
        low, high = (h * HOUR_S for h in self.setting.hot_starts_h)
        if not low <= spot.begins_s <= high:
            return np.inf
        lately = -0.5 * HOUR_S <= self.seen.now_s - spot.begins_s <= 1.5 * HOUR_S
        if not self.recent.any():
            return 0.0
        here = self.recent[spot.place] / self.city.population[spot.place]
        ratio = here * lately * (high - low) / (2 * HOUR_S)
        return float(np.log(0.5 + 0.5 * ratio))

    def reborn(self) -> None:
        j, old = self.pick()
        new = self.guess()
        self.put(j, new, self.guessed(old) - self.guessed(new))

    def number(self) -> None:
        few, many = self.setting.hot_spots
        if self.rng.random() < 0.5:
            if len(self.spots) < many:
                new = self.guess()
                bias = -self.guessed(new)
                if np.isfinite(bias):
                    self.accept([*self.spots, new], [*self.rates, self.rate(new)], self.count, bias)
        elif len(self.spots) > few:
            j, old = self.pick()
            rest = [k for k in range(len(self.spots)) if k != j]
            self.accept([self.spots[k] for k in rest], [self.rates[k] for k in rest], self.count,
                        self.guessed(old))  # fmt: skip

    def shift(self) -> None:
        """To a place near by, and another radius."""
        j, spot = self.pick()
        low, high = self.setting.hot_radius_km
        spot.radius_km += float(self.rng.normal(0, 0.3))
        bias = 0.0
        if self.rng.random() < 0.5:
            to = int(self.rng.choice(self.near[spot.place]))
            bias = float(np.log(self.city.population[to] / self.city.population[spot.place]))
            spot.place = to
        if low <= spot.radius_km <= high:
            self.put(j, spot, bias)

    def retime(self) -> None:
        j, spot = self.pick()
        step = (60.0, 600.0)[int(self.rng.integers(0, 2))]
        spot.begins_s += float(self.rng.normal(0, step))
        spot.lasts_s += float(self.rng.normal(0, 2 * step))
        starts, lasts = self.setting.hot_starts_h, self.setting.hot_lasts_h
        begins, last = spot.begins_s / HOUR_S, spot.lasts_s / HOUR_S
        if starts[0] <= begins <= starts[1] and lasts[0] <= last <= lasts[1]:
            self.put(j, spot)

    def resize(self) -> None:
        j, spot = self.pick()
        old = spot.size
        spot.size = old * float(np.exp(self.rng.normal(0, 0.25)))
        self.put(j, spot, SHARE * float(np.log(spot.size / old)) - (spot.size - old))

    def reask(self) -> None:
        """Which needs belong to a spot, and then what it asks for: exact, given the rest."""
        j, spot = self.pick()
        sizes = np.array([s.size for s in self.spots])
        shares = self.setting.hot_share * sizes / sizes.sum()
        parts = [share * rate for share, rate in zip(shares, self.rates, strict=True)]
        mine = self.rng.random(len(self.seen)) < parts[j] / (self.ground + sum(parts))
        counts = np.bincount(self.seen.item[mine], minlength=self.setting.items)
        spot.items = self.rng.dirichlet(ITEMS + counts)
        self.spots[j] = spot
        self.rates[j] = self.rate(spot)
        self.level = self.likelihood(self.spots, self.rates, self.count)

    def scene(self) -> Scene:
        sizes = sum(s.size for s in self.spots)
        at = self.city.places_km
        spots = tuple(
            HotSpot(float(at[s.place, 0]), float(at[s.place, 1]), s.radius_km, s.begins_s,
                    s.begins_s + 0.4 * (self.ends_s(s) - s.begins_s), self.ends_s(s), s.size / sizes, s.items)
            for s in self.spots
        )  # fmt: skip
        even = np.full(self.setting.items, 1 / self.setting.items)
        return Scene(self.count, self.setting.hot_share, spots, even)

    def future(self) -> Drawn:
        """What is still to come of the scene: as many as are missing, each after now."""
        scene, wanted = self.scene(), self.count - len(self.seen)
        parts: list[Drawn] = []
        while wanted > 0 and len(parts) < 200:
            some = draw_needs(self.setting, scene, self.city.places_km, self.city.population, self.rng,
                              after_s=self.seen.now_s, count=max(4 * wanted, 500))  # fmt: skip
            parts.append(Drawn(*(a[:wanted] for a in vars(some).values())))
            wanted -= len(parts[-1].since_s)
        if not parts:
            return Drawn(*(np.zeros(0, int) for _ in range(6)))
        return Drawn(*(np.concatenate([vars(p)[name] for p in parts]) for name in vars(parts[0])))
