"""The flow of the yardsticks: against an instance one can do by hand, and its prices prove it."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("ortools")
from bench.dispatch.flow import Arcs, Flow, prices, proves, solve

#: Two sources with 3 and 2 loads of one item, two needs of 3; need 1 weighs more, only source 0 reaches it.
ARCS = Arcs(np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([5, 9, 4]))
ITEM, ASKED, FREE = np.zeros(2, int), np.array([3, 3]), np.array([[3], [2]])


def test_by_hand_the_heavier_need_gets_the_only_source_that_reaches_it():
    found = solve(ARCS, ITEM, ASKED, FREE)
    assert found.loads.tolist() == [0, 3, 2] and found.saved == 35


def test_room_binds_over_all_items():
    found = solve(ARCS, ITEM, ASKED, FREE, room=np.array([1, 2]))
    assert found.loads.tolist() == [0, 1, 2]


@pytest.mark.parametrize("lots_dear", [True, False])
def test_prices_prove_the_plan(lots_dear):
    found = solve(ARCS, ITEM, ASKED, FREE)
    assert proves(ARCS, ITEM, ASKED, FREE, found, prices(ARCS, ITEM, ASKED, FREE, found, lots_dear))


def test_canary_a_worse_plan_is_not_proven():
    best = solve(ARCS, ITEM, ASKED, FREE)
    found = prices(ARCS, ITEM, ASKED, FREE, best, True)
    assert not proves(ARCS, ITEM, ASKED, FREE, Flow(np.array([1, 2, 2]), 31), found)
    assert not proves(ARCS, ITEM, ASKED, FREE, best, replace(found, lot=found.lot * 0))


def test_prices_are_what_one_load_more_or_fewer_changes():
    rng = np.random.default_rng(3)
    for _ in range(30):
        arcs, item, asked, free = _random(rng)
        base = solve(arcs, item, asked, free)
        dear = prices(arcs, item, asked, free, base, True)
        cheap = prices(arcs, item, asked, free, base, False)
        for s, i in zip(*np.nonzero(free), strict=True):
            more, fewer = free.copy(), free.copy()
            more[s, i] += 1
            fewer[s, i] -= 1
            assert solve(arcs, item, asked, more).saved - base.saved == cheap.lot[s, i]
            assert base.saved - solve(arcs, item, asked, fewer).saved == dear.lot[s, i]


def _random(rng):
    item = rng.integers(0, 2, 6)
    need, source = np.nonzero(rng.random((6, 4)) < 0.6)
    free = rng.integers(0, 4, (4, 2))
    has = free[source, item[need]] > 0
    arcs = Arcs(need[has], source[has], rng.integers(1, 20, int(has.sum())))
    return arcs, item, rng.integers(1, 4, 6), free
