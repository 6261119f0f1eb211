"""Instances without a clock: what is exact, what is wrong, what changed; prices held against the truth."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("ortools")
from bench.dispatch import bare
from bench.dispatch.settings import SAME
from bench.dispatch.static import Answer, Sent, changed, cost_of, instance, orders_changed, wrong

SMALL = SAME.scaled(0.04)


def plan_of(one):
    """An exact plan read off the bare solver."""
    sent = []
    for k in range(one.free.shape[1]):
        found, _, arcs, _, _ = bare._solve_item(one, k)
        mine = np.flatnonzero(np.array([n.item == k for n in one.needs]))
        sent += [Sent(int(mine[arcs.need[a]]), int(arcs.source[a]), int(found.loads[a]))
                 for a in np.flatnonzero(found.loads)]  # fmt: skip
    return sent


def test_the_bare_solver_costs_what_its_lines_cost_and_breaks_nothing():
    one = instance(0, SMALL)
    sent = plan_of(one)
    assert cost_of(one, sent) == bare.optimum(one).cost_s
    assert not any(wrong(one, sent).values())
    assert cost_of(one, []) == bare.nothing_s(one) > cost_of(one, sent)


def test_canary_each_broken_limit_is_counted():
    one = instance(0, SMALL)
    sent = plan_of(one)
    line = sent[0]
    asks = next(x for x in sent if one.needs[x.need].qualification is not None)
    much = 10_000
    assert wrong(one, [*sent, replace(line, quantity=much)])["over_stock"] == 1
    assert wrong(one, [*sent, line])["promised_twice"] == 1
    assert wrong(one, [replace(line, quantity=0)])["no_quantity"] == 1
    barred = one.may.copy()
    barred[line.source, line.need] = False
    assert wrong(replace(one, may=barred), sent)["not_allowed"] == 1
    assert wrong(replace(one, capacity=np.zeros(len(one.free))), [line])["over_capacity"] == 1
    assert wrong(replace(one, crews=np.zeros((len(one.free), 3))), [asks])["over_crews"] == 1


def test_orders_changed_counts_untouched_needs_only():
    before = [Sent(0, 1, 4), Sent(1, 1, 4), Sent(2, 0, 2)]
    assert orders_changed(before, before, frozenset()) == 0
    after = [Sent(0, 2, 4), Sent(1, 0, 1), Sent(1, 1, 3), Sent(2, 0, 2)]
    assert orders_changed(before, after, frozenset()) == pytest.approx(0.5)
    assert orders_changed(before, after, frozenset({0})) == pytest.approx(1 / 6)


def test_one_in_a_hundred_needs_changes():
    one = instance(0, SAME.scaled(0.2))
    other, touched = changed(one, 0.01, 5)
    assert len(touched) == round(0.01 * len(one.needs))
    assert {n for n, (a, b) in enumerate(zip(one.needs, other.needs, strict=True)) if a != b} <= touched


def test_true_prices_pass_and_canary_a_planted_wrong_one_is_found():
    one = instance(1, SMALL)
    lots = [(int(s), int(k)) for s, k in zip(*np.nonzero(one.free), strict=True)]
    true = bare.true_prices(one, lots)
    answer = Answer((), 0, 0, 0, dict(true))
    assert bare.price_error(one, answer, 1, most=20)[0] == 0
    dear = max(true, key=lambda lot: true[lot][0])
    assert true[dear][0] > 100
    worse = Answer((), 0, 0, 0, {dear: (true[dear][0] * 1.05, true[dear][1])})
    assert bare.price_error(one, worse, 1)[0] == pytest.approx(0.05)


def test_the_coupled_bound_is_below_what_is_coupled_and_above_what_is_not():
    pytest.importorskip("highspy")
    one = instance(1, SMALL, coupled=True)
    least = bare.coupled_bound(one)
    assert bare.optimum(replace(one, capacity=None, crews=None)).cost_s <= least + 1
    assert least < bare.nothing_s(one)
    alone = bare.coupled_bound(replace(one, capacity=None, crews=None))
    assert alone == pytest.approx(bare.optimum(one).cost_s, rel=1e-6)  # nothing couples
