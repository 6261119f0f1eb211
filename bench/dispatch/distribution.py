"""From what needs are drawn: hot spots that nobody knows before, and what is asked there and elsewhere.

A scene is what stays hidden: how many needs, and where and when it burns. Given a scene needs are drawn one
by one and independently, so that how likely a scene made what was seen can be computed: `log_likelihood`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.dispatch.settings import HOUR_S, Setting


@dataclass(frozen=True)
class HotSpot:
    x_km: float
    y_km: float
    radius_km: float
    begins_s: float
    peaks_s: float
    ends_s: float
    share: float  # of the needs in hot spots
    items: Any  # [items] probabilities


@dataclass(frozen=True)
class Scene:
    """What is hidden of a disaster."""

    count: int
    hot_share: float
    spots: tuple[HotSpot, ...]
    items: Any  # [items] probabilities away from hot spots


@dataclass(frozen=True)
class Drawn:
    """Needs as columns, in no order. `qualification`: its number, or -1 for none."""

    since_s: Any
    place: Any
    item: Any
    priority: Any
    quantity: Any
    qualification: Any


def draw_scene(setting: Setting, places_km: Any, population: Any, rng: Any) -> Scene:
    """A disaster: two to five hot spots about places where people live."""
    count = int(rng.integers(int(setting.needs * (1 - setting.needs_vary)),
                             int(setting.needs * (1 + setting.needs_vary)) + 1))  # fmt: skip
    spots = []
    number = int(rng.integers(setting.hot_spots[0], setting.hot_spots[1] + 1))
    shares = rng.dirichlet(np.full(number, 3.0))
    for share in shares:
        at = places_km[rng.choice(len(places_km), p=population)]
        begins = rng.uniform(*setting.hot_starts_h) * HOUR_S
        ends = min(begins + rng.uniform(*setting.hot_lasts_h) * HOUR_S, setting.window_h * HOUR_S)
        spots.append(HotSpot(
            float(at[0]), float(at[1]), float(rng.uniform(*setting.hot_radius_km)), float(begins),
            float(begins + 0.4 * (ends - begins)), float(ends), float(share),
            rng.dirichlet(np.full(setting.items, 3.0)),
        ))  # fmt: skip
    return Scene(count, setting.hot_share, tuple(spots), np.full(setting.items, 1.0 / setting.items))


def places_of(spot: HotSpot, places_km: Any, population: Any) -> Any:
    """How the needs of a hot spot fall on the places: by people and nearness. [places], sum 1."""
    away = ((places_km - (spot.x_km, spot.y_km)) ** 2).sum(1)
    near = population * np.exp(-away / (2 * spot.radius_km**2))
    return near / near.sum()


def draw_needs(setting: Setting, scene: Scene, places_km: Any, population: Any, rng: Any,
               after_s: float = 0.0, count: int | None = None) -> Drawn:  # fmt: skip
    """Needs of the scene: all of them, or of a part of it only those after a moment.

    With `count` so many are drawn before those up to `after_s` are left out.
    """
    n = scene.count if count is None else count
    which = np.where(rng.random(n) < scene.hot_share,
                     rng.choice(len(scene.spots), n, p=[s.share for s in scene.spots]), -1)  # fmt: skip
    since, place = np.empty(n), np.empty(n, int)
    item, priority = np.empty(n, int), np.empty(n, int)
    ways = np.array(setting.priorities)
    for k in range(-1, len(scene.spots)):
        mine = np.flatnonzero(which == k)
        if k < 0:
            since[mine] = rng.uniform(0, setting.window_h * HOUR_S, len(mine))
            where, what, grave = population, scene.items, ways[:, 1]
        else:
            spot = scene.spots[k]
            since[mine] = rng.triangular(spot.begins_s, spot.peaks_s, spot.ends_s, len(mine))
            where, what, grave = places_of(spot, places_km, population), spot.items, ways[:, 2]
        place[mine] = rng.choice(len(population), len(mine), p=where)
        item[mine] = rng.choice(setting.items, len(mine), p=what)
        priority[mine] = rng.choice(len(ways), len(mine), p=grave)
    quantity = np.minimum(rng.geometric(1 / setting.quantity_mean, n), setting.quantity_most)
    qualification = np.where(rng.random(n) < setting.qualified_share, rng.integers(0, 3, n), -1)
    keep = since > after_s if after_s > 0 else np.ones(n, bool)
    return Drawn(*(a[keep] for a in (since, place, item, priority, quantity, qualification)))


def log_likelihood(setting: Setting, scene: Scene, places_km: Any, population: Any, seen: Drawn,
                   until_s: float) -> float:  # fmt: skip
    """How likely the scene made just these needs up to `until_s`: log, but for what no scene changes."""
    ways, window = np.array(setting.priorities), setting.window_h * HOUR_S
    rate = (1 - scene.hot_share) / window * population[seen.place] * scene.items[seen.item]
    rate = rate * ways[seen.priority, 1]
    gone = (1 - scene.hot_share) * min(until_s / window, 1.0)
    for spot in scene.spots:
        share = scene.hot_share * spot.share
        when = _triangular(seen.since_s, spot)
        where = places_of(spot, places_km, population)[seen.place]
        what = spot.items[seen.item] * ways[seen.priority, 2]
        rate = rate + share * when * where * what
        gone += share * float(_triangular_until(until_s, spot))
    # the number of a scene is given: of `count` needs these came, each where it came, and the rest is to come
    n, rest = len(seen.place), scene.count - len(seen.place)
    if rest < 0 or (rest > 0 and gone >= 1.0):
        return -np.inf
    ways_to_pick = float(np.log(np.arange(rest + 1, scene.count + 1)).sum()) if n else 0.0
    to_come = rest * np.log1p(-gone) if rest else 0.0
    return float(np.log(np.maximum(rate, 1e-300)).sum() + ways_to_pick + to_come)


def _triangular(at: Any, spot: HotSpot) -> Any:
    a, c, b = spot.begins_s, spot.peaks_s, spot.ends_s
    up = 2 * (at - a) / ((b - a) * (c - a))
    down = 2 * (b - at) / ((b - a) * (b - c))
    return np.where((at < a) | (at > b), 0.0, np.where(at < c, up, down))


def _triangular_until(at: float, spot: HotSpot) -> float:
    a, c, b = spot.begins_s, spot.peaks_s, spot.ends_s
    if at <= a:
        return 0.0
    if at >= b:
        return 1.0
    return (at - a) ** 2 / ((b - a) * (c - a)) if at < c else 1 - (b - at) ** 2 / ((b - a) * (b - c))


def mean_quantity(setting: Setting) -> float:
    """Loads a need asks for on average: a geometric number, cut."""
    q = 1 - 1 / setting.quantity_mean
    return float((1 - q**setting.quantity_most) * setting.quantity_mean)
