"""The bound nobody can beat: its certificate is checked, and what is wrong with one is seen."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("highspy")
pytest.importorskip("ortools")
from bench.dispatch.checker import walk
from bench.dispatch.clairvoyant import bound, programme
from bench.dispatch.linear import Programme, Solution, certify, maximise
from bench.dispatch.resolve import Resolve
from bench.dispatch.settings import SAME
from bench.dispatch.simple import FirstCome, Greedy
from bench.dispatch.world import make, replay, score

SMALL = SAME.scaled(0.04)
#: Two loads of stock, a need of 2 that weighs 3 and one of 2 that weighs 1: 6 is the most.
BY_HAND = Programme(np.array([[0, 2], [1, 2]]), np.array([3.0, 1.0]), np.array([2.0, 2.0, 2.0]))
BEST = Solution(np.array([2.0, 0.0]), np.array([2.0, 0.0, 1.0]), 1)


def test_the_certificate_of_the_best_holds_by_hand():
    assert certify(BY_HAND, BEST).holds
    found = maximise(BY_HAND, [1], np.array([0, 1]))
    assert found.value(BY_HAND) == pytest.approx(6) and certify(BY_HAND, found).holds


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        (replace(BEST, x=np.array([2.0, 1.0])), "primal"),
        (replace(BEST, x=np.array([2.0, -1.0])), "primal"),
        (replace(BEST, price=np.array([2.0, 0.0, 0.0])), "dual"),
        (replace(BEST, price=np.array([4.0, 0.0, -1.0])), "dual"),
        (replace(BEST, price=np.array([3.0, 0.0, 1.0])), "slackness"),
        (replace(BEST, x=np.array([1.0, 1.0])), "slackness"),
        (replace(BEST, price=np.array([3.0, 1.0, 1.0])), "gap"),
    ],
)
def test_canary_each_broken_condition_is_seen(broken, where):
    seal = certify(BY_HAND, broken)
    assert getattr(seal, where) > 0.1 and not seal.holds


def test_no_policy_beats_the_bound_on_small_worlds():
    for seed in (0, 1):
        world = make(seed, SMALL)
        least = bound(world)
        assert least.certificate.holds
        for policy in (FirstCome(), Greedy(), Resolve()):
            done = walk(world, replay(world, policy))
            assert done.clean
            assert score(world, done.good)["unmet_points"] >= least.unmet_points - 1e-6


def test_every_order_of_a_clean_run_is_a_column():
    world = make(2, SMALL)
    of, _ = programme(world)
    city, asked = world.city, len(world.needs)
    items, hours = city.stock.shape[1], int(city.last_s // 3600) + 1
    have = {tuple(row) for row in of.rows.tolist()}
    for order in walk(world, replay(world, Greedy())).good:
        stock = asked + order.source * items + order.item
        room = asked + city.stock.size + order.source * hours + int(order.leaves_s // 3600)
        assert (order.need, stock, room) in have
