"""The planner where nothing moves, on a small city: and what a worse planner would be found out by."""

from dataclasses import replace

import pytest

pytest.importorskip("ortools")
pytest.importorskip("highspy")
from bench.dispatch import ours, published, still
from bench.dispatch.bench import TARGETS, sum_up
from bench.dispatch.runs import Job, do_all
from bench.dispatch.settings import DEVELOPMENT_SEEDS, SAME
from bench.run import Result, met

SMALL = SAME.scaled(0.05)
#: What holds at any size and under any load; seconds do not.
KEYS = (
    "static_gap",
    "coupled_proven_gap",
    "price_error_by_finite_difference",
    "still_broken",
    "bound_too_high",
    "orders_changed_share_on_1pct_change",
)


def figures(plan):
    found, _ = still.measure(plan, DEVELOPMENT_SEEDS[:1], SMALL, lambda _: None)
    return Result("dispatch", figures=found, targets=TARGETS)


def test_the_planner_is_exact_proven_stable_and_its_prices_are_true():
    result = figures(ours.plan)
    assert [k for k in KEYS if not met(result, k)] == []


def test_canary_a_planner_that_is_worse_is_found_out():
    def worse(one, before=()):
        """Forgets what was ordered, sends a load less, says it is proven and that stock is dear."""
        answer = ours.plan(one)
        first, rest = answer.sent[0], answer.sent[1:]
        fewer = (*(() if first.quantity == 1 else (replace(first, quantity=first.quantity - 1),)), *rest)
        dear = {lot: (more * 2 + 5, fewer_) for lot, (more, fewer_) in answer.prices.items()}
        return replace(answer, sent=fewer, bound_s=answer.bound_s * 1.1, prices=dear)

    result = figures(worse)
    for key in ("static_gap", "price_error_by_finite_difference", "bound_too_high"):
        assert not met(result, key)


def test_canary_a_planner_that_minds_no_crew_is_found_out():
    def careless(one, before=()):
        return ours.plan(replace(one, crews=None, capacity=None), before)

    assert not met(figures(careless), "still_broken")


def test_shelters_are_the_proven_optimum():
    town = published.town(11, groups=60, shelters=12)
    told = published.judge(town, ours.shelter(town))
    assert told["gap"] == 0 and told["broken"] == 0


def test_our_orders_break_no_rule_and_stand_between_first_come_and_the_bound():
    names = ("first_come", "clairvoyant", "ours")
    found = do_all([Job(n, DEVELOPMENT_SEEDS[1], "same", 0.03) for n in names], 1, lambda _: None)
    result = Result("dispatch")
    sum_up(result, found)
    assert not any(
        result.figures[k] for k in ("over_capacity", "unqualified", "promised_twice", "other_breaches")
    )
    assert result.figures["excess_unmet_over_clairvoyant_points"] >= -1e-6
