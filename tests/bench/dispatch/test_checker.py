"""The checker of orders: a clean run is clean, and it sees each kind of breach, planted once."""

from dataclasses import replace

import numpy as np
import pytest

from bench.dispatch.checker import BREACHES, walk
from bench.dispatch.settings import QUALIFICATIONS, SAME
from bench.dispatch.simple import FirstCome
from bench.dispatch.world import Executed, Need, Order, Recall, Source, World, make, replay

SMALL = SAME.scaled(0.04)


def two_stores() -> World:
    """Two stores and one need of 4 loads that becomes known at 600 s; all of it by hand."""
    city = make(0, SMALL).city
    stores = (
        Source(0, 0.0, 0.0, "own", 5, frozenset({QUALIFICATIONS[0]}), 0.0, np.inf),
        Source(1, 9.0, 0.0, "agreement", 5, frozenset(), 0.0, 7200.0),
    )
    city = replace(
        city, sources=stores, stock=np.array([[6, 6], [20, 20]]), floor=np.array([[2, 2], [0, 0]]),
        travel_s=np.array([[1200.0, np.inf], [1800.0, 2400.0]]), population=np.array([0.5, 0.5]),
        places_km=np.zeros((2, 2)), district=np.array([0, 1]),
    )  # fmt: skip
    needs = (
        Need(0, 0, 0, 4, 600.0, 6000.0, 3.0, None),
        Need(1, 0, 0, 9, 600.0, 20000.0, 1.0, None),
        Need(2, 1, 1, 2, 600.0, 6000.0, 8.0, QUALIFICATIONS[0]),
    )
    return World(0, city, make(0, SMALL).scene, needs)


def run_of(*entries: Order | Recall) -> Executed:
    moments = [e.leaves_s if isinstance(e, Order) else e.at_s for e in entries]
    return Executed(log=list(entries), decided_s=moments)


GOOD = Order(0, 0, 0, 4, 900.0)
PLANTED = {
    "unknown": [replace(GOOD, item=1)],
    "foreseen": [replace(GOOD, leaves_s=300.0)],
    "no_way": [Order(2, 0, 1, 1, 900.0)],
    "late": [replace(GOOD, leaves_s=5100.0)],
    "unqualified": [Order(2, 1, 1, 1, 900.0)],
    "no_agreement": [Order(1, 1, 0, 2, 7200.0)],
    "over_capacity": [Order(1, 1, 0, 5, 3900.0), Order(0, 1, 0, 1, 3900.0)],
    "over_stock": [GOOD, Order(1, 0, 0, 1, 3600.0), Order(1, 0, 0, 4, 7200.0)],
    "into_floor": [GOOD, Order(1, 0, 0, 1, 3600.0)],
    "promised_twice": [Order(0, 1, 0, 3, 900.0), Order(0, 0, 0, 2, 900.0)],
    "recalled": [GOOD, Recall(GOOD, 1200.0)],
}


def test_a_good_order_breaks_nothing_and_counts():
    found = walk(two_stores(), run_of(GOOD))
    assert found.clean and found.good == [GOOD]


@pytest.mark.parametrize("kind", sorted(PLANTED))
def test_canary_each_breach_is_seen_once_planted(kind):
    found = walk(two_stores(), run_of(*PLANTED[kind]))
    assert found.breaches[kind] == 1
    assert PLANTED[kind][-1] not in found.good


def test_canary_an_order_that_leaves_at_another_moment_than_decided_is_seen():
    done = run_of(GOOD)
    done.decided_s[0] = 1200.0
    assert walk(two_stores(), done).breaches == {"not_its_moment": 1}
    assert set(PLANTED) | {"not_its_moment"} == set(BREACHES)


def test_canary_a_second_breach_cannot_hide_behind_the_first():
    orders = [Order(1, 1, 0, 5, 900.0), Order(0, 1, 0, 1, 900.0), Order(0, 1, 0, 1, 900.0)]
    assert walk(two_stores(), run_of(*orders)).breaches["over_capacity"] == 2


def test_each_limit_may_be_reached():
    at_the_limit = [Order(0, 0, 0, 4, 900.0), Order(1, 1, 0, 5, 6900.0), Order(1, 1, 0, 4, 900.0)]
    assert walk(two_stores(), run_of(*at_the_limit)).clean
    assert walk(two_stores(), run_of(replace(GOOD, leaves_s=4800.0))).clean  # arrives on the second


def test_a_replay_of_a_clean_policy_is_clean_and_its_books_agree():
    world = make(1, SMALL)
    done = replay(world, FirstCome())
    found = walk(world, done)
    assert found.clean and len(found.good) == len(done.orders) > 10


class MindsNoRule(FirstCome):
    """Sends everything from the first store, whatever the rules."""

    def decide(self, now_s, seen):
        return [Order(o.need.key, 0, o.need.item, o.quantity, now_s) for o in seen.open]


def test_canary_a_policy_that_minds_no_rule_is_found_out():
    world = make(1, SMALL)
    found = walk(world, replay(world, MindsNoRule()))
    assert found.breaches["over_capacity"] and found.breaches["over_stock"]
    assert len(found.good) < found.orders / 4
