"""What could have been done had every need been known from the start: a bound that no policy can beat.

A linear programme over need x source x clock hour of leaving, with the same deadlines, crews, agreements,
floors and hourly room as for everyone, and each need sent for no sooner than it is known. Loads may be
halved, which can only make the bound lower. Its certificate is checked over every column.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.dispatch.columns import Limits, columns, rows_of
from bench.dispatch.flow import Arcs, prices, solve
from bench.dispatch.linear import Certificate, Programme, Solution, certify, first_of_each, maximise
from bench.dispatch.settings import HOUR_S
from bench.dispatch.world import World


@dataclass(frozen=True)
class Bound:
    unmet_points: float
    certificate: Certificate
    columns: int
    rounds: int


def programme(world: World) -> tuple[Programme, Solution]:
    """The programme, and prices of the plan without room to start from (its x is empty)."""
    city, needs = world.city, world.needs
    free = city.stock - city.floor
    cols = columns(city, needs, free)
    asked = np.array([n.quantity for n in needs])
    hours = int(city.last_s // HOUR_S) + 1
    room = np.repeat(np.array([[s.capacity_per_h] for s in city.sources]), hours, axis=1)
    limits = Limits(asked, free, room)
    weight = np.array([n.weight for n in needs])
    rows = np.stack(rows_of(cols, needs, limits), axis=1)
    of = Programme(rows, weight[cols.need], limits.rows)
    return of, _without_room(world, cols.need, cols.source, of)


def _without_room(world: World, need: np.ndarray, source: np.ndarray, of: Programme) -> Solution:
    item = np.array([n.item for n in world.needs])
    asked = np.array([n.quantity for n in world.needs])
    free = world.city.stock - world.city.floor
    pair = np.unique(need * len(free) + source)
    n, s = pair // len(free), pair % len(free)
    arcs = Arcs(n, s, np.rint(np.array([x.weight for x in world.needs])[n]).astype(int))
    found = solve(arcs, item, asked, free)
    both = [prices(arcs, item, asked, free, found, dear) for dear in (True, False)]
    price = np.zeros(len(of.limits))
    price[: len(asked)] = sum(p.need for p in both) / 2
    price[len(asked) : len(asked) + free.size] = sum(p.lot for p in both).ravel() / 2
    return Solution(np.zeros(0), price, 0)


def bound(world: World, say: Callable[[str], None] = lambda _: None) -> Bound:
    """The bound in points unmet, with its certificate. Raises when the certificate does not hold."""
    of, guess = programme(world)
    need = of.rows[:, 0]
    reduced = guess.price[of.rows].sum(1) - of.saves
    shuffled = np.random.default_rng(world.seed).permutation(len(reduced))
    start = first_of_each(shuffled[np.argsort(reduced[shuffled], kind="stable")], need, 30)
    found = maximise(of, start, need, say)
    seal = certify(of, found)
    if not seal.holds:
        raise RuntimeError(f"the clairvoyant's certificate does not hold: {seal}")
    all_of_it = float(sum(n.weight * n.quantity for n in world.needs))
    return Bound(100 * (1 - found.value(of) / all_of_it), seal, len(of.saves), found.rounds)
