"""The exact plan: best by another solver too, never over what is there, its prices true to a unit."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from jingwei.engines.dispatch import Barred, Kept, Problem, Proposal, Settings
from jingwei.engines.dispatch.allowed import forbids, unit_cost
from jingwei.engines.dispatch.planner import plan
from tests.engines.dispatch.made import breaches, four_stores, made_up, priced, standing


def best_by_linprog(problem: Problem) -> float:
    """Cost and price of what is unmet, by HiGHS: one column for every pair that may, nothing else shared."""
    price = problem.settings.unmet_price
    assert price is not None
    barred = {(one.need, one.source) for one in problem.barred}
    pairs = [
        (n, k)
        for n, need in enumerate(problem.needs)
        for k, lot in enumerate(problem.lots)
        if lot.item == need.item and forbids(problem, n, lot.source, barred) is None
    ]
    rows = np.zeros((len(problem.needs) + len(problem.lots), len(pairs)))
    for column, (n, k) in enumerate(pairs):
        rows[n, column] = rows[len(problem.needs) + k, column] = 1
    most = [n.quantity for n in problem.needs] + [lot.free for lot in problem.lots]
    cost = [unit_cost(problem, n, k) - price * problem.needs[n].weight for n, k in pairs]
    answer = linprog(cost, A_ub=rows, b_ub=most, method="highs")
    return float(answer.fun) + price * sum(n.quantity * n.weight for n in problem.needs)


def test_the_four_stores_are_planned_as_by_hand() -> None:
    proposal = plan(four_stores())
    sent = {(line.need, line.source): line.quantity for line in proposal.lines}
    assert sent == {(0, 0): 8, (1, 1): 6, (0, 2): 2, (1, 2): 4}
    assert proposal.unmet == () and proposal.gap == 0.0
    # 8x10 + 6x20 + 2x60 + 4x70 minutes, and an hour on top for each of six tents from the neighbour
    assert proposal.cost == (8 * 10 + 6 * 20 + 2 * 60 + 4 * 70 + 6 * 60) * 60


def test_each_line_says_what_binds_it() -> None:
    lines = {(line.need, line.source): line.reason for line in plan(four_stores()).lines}
    assert lines[0, 0].limit == "nearest" and lines[0, 0].nearer == ()
    assert lines[0, 2].nearer == ((0, "stock"), (1, "floor"), (3, "no_agreement"))
    assert lines[0, 2].limit == "stock"


def test_the_next_best_costs_what_it_says() -> None:
    """The lower village's six from the south: a unit more from the neighbour moves one of the south's up."""
    problem = four_stores()
    line = next(x for x in plan(problem).lines if (x.need, x.source) == (0, 0))
    assert line.reason.next_best is not None and line.reason.next_cost is not None
    without = msgspec.structs.replace(
        problem, lots=(msgspec.structs.replace(problem.lots[0], free=7), *problem.lots[1:])
    )
    assert plan(without).cost - plan(problem).cost >= line.reason.next_cost


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("price", [300.0, 1000.0, 9000.0])
def test_no_other_solver_finds_a_better_plan(seed: int, price: float) -> None:
    problem = made_up(seed, settings=priced(price))
    proposal = plan(problem)
    best = best_by_linprog(problem)
    assert proposal.bound == pytest.approx(best) and proposal.gap == 0.0
    assert proposal.cost + price * proposal.unmet_weight == pytest.approx(best)


def test_canary_a_plan_that_is_not_the_best_is_seen() -> None:
    problem = made_up(1, settings=priced())
    worse = plan(msgspec.structs.replace(problem, barred=(Barred(0, plan(problem).lines[0].source),)))
    total = worse.cost + 3000.0 * worse.unmet_weight
    assert total > best_by_linprog(problem) * (1 + 1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 15), st.sampled_from([None, 500.0, 4000.0]))
def test_never_over_what_is_there(seed: int, needs: int, sources: int, price: float | None) -> None:
    problem = made_up(seed, needs=needs, sources=sources, settings=Settings(unmet_price=price))
    assert breaches(problem, plan(problem)) == []


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("over stock", {"source": 1, "quantity": 7}),
        ("promised twice", {"quantity": 11}),
        ("no agreement", {"source": 3}),
        ("does not add up", {"quantity": 1}),
    ],
)
def test_canary_the_check_of_plans_sees(what: str, change: dict[str, int]) -> None:
    proposal = plan(four_stores())
    spoiled = msgspec.structs.replace(proposal.lines[0], **change)
    bad = breaches(four_stores(), msgspec.structs.replace(proposal, lines=(spoiled, *proposal.lines[1:])))
    assert any(line.startswith(what) for line in bad)


def aims(proposal: Proposal) -> tuple[float, float]:
    first, last = proposal.levels[0], proposal.levels[-1]
    return (0.0 if first is last else first.value), last.value


def wrong_prices(problem: Problem, proposal: Proposal) -> list[str]:
    """Each price against planning again with one unit more and one fewer."""
    found, here = [], aims(proposal)
    for price in proposal.prices:
        lot = problem.lots[price.lot]
        for step, told in (
            (1, (-price.unmet_more, -price.cost_more)),
            (-1, (price.unmet_fewer, price.cost_fewer)),
        ):
            changed = list(problem.lots)
            changed[price.lot] = msgspec.structs.replace(lot, free=lot.free + step)
            there = aims(plan(msgspec.structs.replace(problem, lots=tuple(changed))))
            if np.abs(np.subtract(there, here) - told).max() > 1e-6:
                found.append(f"{price} {step}: {np.subtract(there, here)}")
    return found


@pytest.mark.parametrize("price", [None, 1000.0])
@pytest.mark.parametrize("seed", range(2))
def test_prices_are_true_to_a_unit(seed: int, price: float | None) -> None:
    problem = made_up(seed, settings=Settings(unmet_price=price))
    assert wrong_prices(problem, plan(problem)) == []


def test_canary_a_wrong_price_is_found() -> None:
    problem = made_up(0, settings=priced(1000.0))
    proposal = plan(problem)
    first = msgspec.structs.replace(proposal.prices[0], cost_more=proposal.prices[0].cost_more + 7.0)
    spoiled = msgspec.structs.replace(proposal, prices=(first, *proposal.prices[1:]))
    assert len(wrong_prices(problem, spoiled)) == 1


def test_a_need_costs_what_its_line_says() -> None:
    problem = made_up(3, settings=priced(1000.0))
    proposal = plan(problem)
    for line in proposal.lines[:6]:
        needs = list(problem.needs)
        need = needs[line.need]
        needs[line.need] = msgspec.structs.replace(need, quantity=need.quantity + 1)
        more = plan(msgspec.structs.replace(problem, needs=tuple(needs)))
        assert aims(more)[1] - aims(proposal)[1] == pytest.approx(line.reason.more)


def test_what_is_unmet_comes_first_whatever_it_costs() -> None:
    """Far means are used before a need goes without, however light it is."""
    for seed in range(4):
        problem = made_up(seed)
        dear = msgspec.structs.replace(problem, settings=Settings(unmet_price=1e6))
        assert plan(problem).unmet_weight == pytest.approx(plan(dear).unmet_weight)


def test_among_equal_plans_the_worst_off_district_fares_better() -> None:
    """Two districts of equal weight share ten tents for twenty asked: five each, not ten and none."""
    problem = four_stores(settings=Settings(tier_price={}))
    few = msgspec.structs.replace(
        problem, lots=(msgspec.structs.replace(problem.lots[0], free=10), *problem.lots[3:])
    )
    fair = {one.need: one.quantity for one in plan(few).unmet}
    assert fair == {0: 5, 1: 5}
    cheap = plan(msgspec.structs.replace(few, settings=Settings(fair=False)))
    assert {one.need: one.quantity for one in cheap.unmet} == {1: 10}


def test_a_small_change_changes_few_lines() -> None:
    problem = made_up(5, needs=200, sources=60, items=4)
    first = plan(problem)
    needs = list(problem.needs)
    for number in (3, 90):  # one in a hundred
        needs[number] = msgspec.structs.replace(needs[number], quantity=needs[number].quantity + 3)
    changed = msgspec.structs.replace(problem, needs=tuple(needs))
    again = plan(msgspec.structs.replace(changed, before=standing(first)))
    anew = plan(changed)

    def moved(other: Proposal) -> int:
        old, new = ({(x.need, x.source): x.quantity for x in p.lines} for p in (first, other))
        return sum(new.get(pair, 0) < units for pair, units in old.items())

    assert moved(again) <= 0.02 * len(first.lines) < moved(anew)
    assert again.unmet_weight == anew.unmet_weight


def test_what_is_under_way_stays_and_takes_from_what_is_there() -> None:
    problem = four_stores(kept=(Kept(1, 0, 5, under_way=True),))
    proposal = plan(problem)
    assert [(x.source, x.quantity, x.reason.limit) for x in proposal.lines if x.kept] == [(0, 5, "standing")]
    assert sum(x.quantity for x in proposal.lines if x.source == 0) == 8
    assert breaches(problem, proposal) == []


def test_a_pair_an_officer_struck_out_is_not_used() -> None:
    proposal = plan(four_stores(barred=(Barred(0, 0),)))
    assert not any((x.need, x.source) == (0, 0) for x in proposal.lines)
    assert any((0, "barred") in x.reason.nearer for x in proposal.lines if x.need == 0)


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("too_late", {"due_s": 60.0}),
        ("unqualified", {"qualification": "hazmat"}),
        ("stock", {"item": "boat"}),
    ],
)
def test_a_need_that_goes_without_says_why(why: str, change: dict[str, object]) -> None:
    problem = four_stores()
    needs = (msgspec.structs.replace(problem.needs[0], **change), problem.needs[1])
    unmet = plan(msgspec.structs.replace(problem, needs=needs)).unmet
    assert [(one.need, one.quantity, one.why) for one in unmet] == [(0, 10, why)]


def test_units_held_back_stay_where_they_weigh_more_later() -> None:
    problem = four_stores()
    lots = tuple(msgspec.structs.replace(lot, hold=2.0) for lot in problem.lots)
    held = plan(msgspec.structs.replace(problem, lots=lots))
    assert held.lines == () and {one.why for one in held.unmet} == {"held"}


def test_nothing_asked_is_an_empty_plan() -> None:
    problem = msgspec.structs.replace(four_stores(), needs=())
    assert plan(problem).lines == () and plan(problem).unmet == ()
