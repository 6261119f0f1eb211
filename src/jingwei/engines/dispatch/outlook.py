"""What may still come: futures drawn from what came until now, and from what disasters like it were before.

Calls come from a ground that is always there and from bursts: places that begin to call, more and more, and
cease. Which bursts there are is estimated anew each time, by expectation and maximisation over a list of
bursts as they might be, each call weighed at random (a bootstrap), so that the futures differ as much as one
knows little. What the bursts seen do not account for comes from bursts that have not begun.
Source: [SRC-RUBIN1981] for the bootstrap; the mixture is ours.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from jingwei.engines.dispatch.pairs import Floats, Ints

#: Bursts that are thought of, and steps of the estimate. Source: tuned on development seeds, 2026-11-29.
LISTED, STEPS = 600, 12
#: Calls that a burst must account for to count as one. Source: tuned on development seeds, 2026-11-29.
FEWEST = 3.0


class Before(msgspec.Struct, frozen=True):
    """What disasters like this were: learnt, or laid down by the place. Seconds from its beginning."""

    #: (places, 2) kilometres, and share of the people.
    places_km: Any
    people: Any
    #: It lasts so long; calls in all, from and to; share of them in bursts.
    window_s: float
    calls: tuple[int, int]
    burst_share: float
    radius_km: tuple[float, float]
    begins_s: tuple[float, float]
    lasts_s: tuple[float, float]
    items: int
    #: Calls of one burst, about.
    burst_calls: float


class Call(msgspec.Struct, frozen=True):
    """Columns: when, where, for what, how much likelier such a call is in a burst than from the ground."""

    at_s: Floats
    place: Ints
    item: Ints
    odds: Floats


class Drawn(msgspec.Struct):
    """Columns of one future: when, where, for what, whether from a burst."""

    at_s: Floats
    place: Ints
    item: Ints
    burst: Any


class _Bursts(msgspec.Struct):
    place: Ints
    radius_km: Floats
    begins_s: Floats
    ends_s: Floats

    def pick(self, some: Any) -> "_Bursts":
        return _Bursts(self.place[some], self.radius_km[some], self.begins_s[some], self.ends_s[some])


def draw(before: Before, seen: Call, now_s: float, count: int, seed: int) -> list[Drawn]:
    rng = np.random.default_rng([seed, round(now_s)])
    return [_one(before, seen, now_s, rng) for _ in range(count)]


def _one(before: Before, seen: Call, now_s: float, rng: Any) -> Drawn:
    total = int(rng.integers(before.calls[0], before.calls[1] + 1))
    left = max(total - len(seen.at_s), 0) if now_s < before.window_s else 0
    if left == 0:
        none = np.zeros(0, dtype=np.int64)
        return Drawn(np.zeros(0), none, none, none.astype(bool))
    bursts = _listed(before, seen, now_s, rng)
    calls, kinds = _fit(before, bursts, seen, now_s, rng)
    counts = calls >= FEWEST
    bursts, calls, kinds = bursts.pick(counts), calls[counts], kinds[counts]
    # what goes on of the bursts seen, what is due from the ground, the rest from bursts not begun
    gone = np.maximum(_gone(bursts, now_s), 0.02)
    whole = np.minimum(calls / gone, 3.0 * before.burst_calls)
    goes_on = whole * (1 - gone)
    ground = total * (1 - before.burst_share) * max(1 - now_s / before.window_s, 0.0)
    fresh = max(total * before.burst_share - float(whole.sum()), 0.0)
    parts = [_ground(before, now_s, ground, rng)]
    parts += [
        _of_burst(before, bursts.pick([k]), now_s, goes_on[k], kinds[k], rng) for k in range(len(calls))
    ]
    parts += _unbegun(before, now_s, fresh, rng)
    return _together(parts)


def _listed(before: Before, seen: Call, now_s: float, rng: Any) -> _Bursts:
    """Bursts as they might be, where people live and where calls came."""
    people = np.asarray(before.people, dtype=np.float64)
    place = rng.choice(len(people), LISTED, p=people / people.sum())
    begins = rng.uniform(*before.begins_s, LISTED)
    if len(seen.place):
        half = LISTED // 2
        like = rng.choice(len(seen.place), half, p=seen.odds / seen.odds.sum())
        place[:half] = seen.place[like]
        begins[:half] = seen.at_s[like] - rng.uniform(0, 0.6, half) * before.lasts_s[1]
    begins = np.clip(begins, before.begins_s[0], min(before.begins_s[1], max(now_s, 1.0)))
    ends = np.minimum(begins + rng.uniform(*before.lasts_s, LISTED), before.window_s)
    return _Bursts(place, rng.uniform(*before.radius_km, LISTED), begins, np.maximum(ends, begins + 60.0))


def _when(bursts: _Bursts, at_s: Floats) -> Floats:
    """(bursts, calls): density of a call's moment: up to a peak at two fifths, then down."""
    begin, end = bursts.begins_s[:, None], bursts.ends_s[:, None]
    peak = begin + 0.4 * (end - begin)
    up = (at_s[None, :] - begin) / (peak - begin)
    down = (end - at_s[None, :]) / (end - peak)
    return np.asarray(2 / (end - begin) * np.clip(np.minimum(up, down), 0.0, None))


def _gone(bursts: _Bursts, now_s: float) -> Floats:
    """Share of each burst that is over."""
    begin, end = bursts.begins_s, bursts.ends_s
    part = np.clip((now_s - begin) / (end - begin), 0.0, 1.0)
    return np.asarray(np.where(part < 0.4, part**2 / 0.4, 1 - (1 - part) ** 2 / 0.6))


def _where(before: Before, bursts: _Bursts) -> Floats:
    """(bursts, places): how its calls fall on places."""
    at = np.asarray(before.places_km, dtype=np.float64)
    away = ((at[bursts.place][:, None, :] - at[None, :, :]) ** 2).sum(axis=2)
    near = np.asarray(before.people)[None, :] * np.exp(-away / (2 * bursts.radius_km[:, None] ** 2))
    return np.asarray(near / near.sum(axis=1, keepdims=True))


def _fit(before: Before, bursts: _Bursts, seen: Call, now_s: float, rng: Any) -> tuple[Floats, Floats]:
    """Calls until now of each listed burst, and what each asks for: (bursts,), (bursts, items)."""
    count, items = len(bursts.place), before.items
    if len(seen.at_s) == 0:
        return np.zeros(count), np.full((count, items), 1.0 / items)
    weight = rng.exponential(1.0, len(seen.at_s))
    people = np.asarray(before.people, dtype=np.float64)
    middle = (before.calls[0] + before.calls[1]) / 2
    ground = middle * (1 - before.burst_share) / before.window_s * people[seen.place] / items
    each = _when(bursts, seen.at_s) * _where(before, bursts)[:, seen.place] * seen.odds[None, :]
    over = np.maximum(_gone(bursts, now_s), 1e-3)
    whole = np.full(count, 0.2 * middle * before.burst_share / count)  # calls of the whole burst
    kinds = np.full((count, items), 1.0 / items)
    kept = np.arange(count)
    mark = np.zeros((len(seen.at_s), items))
    mark[np.arange(len(seen.at_s)), seen.item] = 1.0
    for step in range(STEPS):
        rate = whole[:, None] * each * (kinds[:, seen.item] if step > 2 else 1.0 / items)
        share = weight[None, :] * rate / (ground + rate.sum(axis=0))[None, :]
        calls = share.sum(axis=1)
        asked = share @ mark
        kinds = (asked + 3.0) / (asked + 3.0).sum(axis=1, keepdims=True)
        # few bursts rather than many small ones: a burst that accounts for less than one call is none
        whole = np.maximum(calls - 0.5, 0.0) / over
        alive = whole > 0
        if alive.sum() < count and alive.any():
            whole, each, kinds, over = whole[alive], each[alive], kinds[alive], over[alive]
            kept = kept[alive]
            count = len(whole)
    calls = np.zeros(len(bursts.place))
    calls[kept] = whole * over
    full = np.full((len(bursts.place), items), 1.0 / items)
    full[kept] = kinds
    return calls, full


def _ground(before: Before, now_s: float, calls: float, rng: Any) -> Drawn:
    many = int(rng.poisson(calls))
    people = np.asarray(before.people, dtype=np.float64)
    return Drawn(
        rng.uniform(now_s, before.window_s, many),
        rng.choice(len(people), many, p=people / people.sum()),
        rng.integers(0, before.items, many),
        np.zeros(many, dtype=bool),
    )


def _of_burst(before: Before, one: _Bursts, now_s: float, calls: float, kinds: Floats, rng: Any) -> Drawn:
    many = int(rng.poisson(calls))
    begin, end = float(one.begins_s[0]), float(one.ends_s[0])
    at: Floats = np.zeros(0)
    while len(at) < many and now_s < end - 1.0:
        more = rng.triangular(begin, begin + 0.4 * (end - begin), end, 4 * many + 20)
        at = np.concatenate([at, more[more > now_s]])
    many = min(many, len(at))
    return Drawn(
        at[:many],
        rng.choice(len(before.people), many, p=_where(before, one)[0]),
        rng.choice(before.items, many, p=kinds),
        np.ones(many, dtype=bool),
    )


def _unbegun(before: Before, now_s: float, calls: float, rng: Any) -> list[Drawn]:
    """Bursts that have not begun, as many as account for the calls that are still missing."""
    first = max(now_s, before.begins_s[0])
    if first >= before.begins_s[1] or calls < 1.0:
        return []
    many = max(1, int(rng.poisson(calls / before.burst_calls)))
    people = np.asarray(before.people, dtype=np.float64)
    begins = rng.uniform(first, before.begins_s[1], many)
    ends = np.minimum(begins + rng.uniform(*before.lasts_s, many), before.window_s)
    bursts = _Bursts(
        rng.choice(len(people), many, p=people / people.sum()),
        rng.uniform(*before.radius_km, many),
        begins,
        ends,
    )
    sizes = rng.dirichlet(np.full(many, 3.0)) * calls
    return [
        _of_burst(before, bursts.pick([k]), now_s, sizes[k], rng.dirichlet(np.full(before.items, 3.0)), rng)
        for k in range(many)
    ]


def _together(parts: list[Drawn]) -> Drawn:
    columns: list[Callable[[Drawn], Any]] = [
        lambda x: x.at_s,
        lambda x: x.place,
        lambda x: x.item,
        lambda x: x.burst,
    ]
    return Drawn(*(np.concatenate([column(part) for part in parts]) for column in columns))
