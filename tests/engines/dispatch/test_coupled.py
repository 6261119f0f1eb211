"""Where vehicles and crews bind: never over them, near what another solver proves, the bound below it."""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from jingwei.engines.dispatch import Problem, Settings, propose
from jingwei.engines.dispatch.allowed import forbids, unit_cost
from jingwei.engines.dispatch.planner import plan
from tests.engines.dispatch.made import breaches, four_stores, made_up, standing


def limited(seed: int, share: float = 0.7, **given: Any) -> Problem:
    """Each source may send so much of its stock, its qualified crews a fifth of it."""
    problem = made_up(seed, **given)
    stock = np.zeros(len(problem.sources))
    for lot in problem.lots:
        stock[lot.source] += lot.free
    sources = tuple(
        msgspec.structs.replace(
            one, capacity=int(share * stock[n]), crews=(("high_water", int(0.2 * stock[n])),)
        )
        for n, one in enumerate(problem.sources)
    )
    return msgspec.structs.replace(problem, sources=sources)


def best_by_linprog(problem: Problem) -> float:
    price = problem.settings.unmet_price
    assert price is not None
    pairs = [
        (n, k)
        for n, need in enumerate(problem.needs)
        for k, lot in enumerate(problem.lots)
        if lot.item == need.item and forbids(problem, n, lot.source, set()) is None
    ]
    needs, lots, sources = len(problem.needs), len(problem.lots), len(problem.sources)
    rows = np.zeros((needs + lots + 2 * sources, len(pairs)))
    for column, (n, k) in enumerate(pairs):
        load = problem.settings.loads.get(problem.needs[n].item, 1)
        source = problem.lots[k].source
        rows[n, column] = rows[needs + k, column] = 1
        rows[needs + lots + source, column] = load
        if problem.needs[n].qualification:
            rows[needs + lots + sources + source, column] = load
    most = [n.quantity for n in problem.needs] + [lot.free for lot in problem.lots]
    most += [one.capacity or 0 for one in problem.sources]
    most += [dict(one.crews)["high_water"] for one in problem.sources]
    cost = [unit_cost(problem, n, k) - price * problem.needs[n].weight for n, k in pairs]
    answer = linprog(cost, A_ub=rows, b_ub=most, method="highs")
    return float(answer.fun) + price * sum(n.quantity * n.weight for n in problem.needs)


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_is_true_and_the_plan_near_it(seed: int) -> None:
    problem = limited(seed, needs=60, sources=15, items=3, settings=Settings(unmet_price=3000.0))
    proposal = plan(problem)
    best = best_by_linprog(problem)
    total = proposal.cost + 3000.0 * proposal.unmet_weight
    assert proposal.bound is not None and proposal.gap is not None
    assert proposal.bound <= best * (1 + 1e-7) and proposal.bound >= best * (1 - 1e-3)
    assert total >= best * (1 - 1e-7) and proposal.gap <= 0.005
    assert proposal.solver == "linear program and min-cost flow"


def test_canary_without_the_limits_the_bound_would_be_lower() -> None:
    problem = limited(0, needs=60, sources=15, items=3, settings=Settings(unmet_price=3000.0))
    free = tuple(msgspec.structs.replace(one, capacity=None, crews=()) for one in problem.sources)
    unlimited = plan(msgspec.structs.replace(problem, sources=free))
    assert unlimited.bound is not None and unlimited.bound < best_by_linprog(problem) * 0.999
    assert {line.split(":")[0] for line in breaches(problem, unlimited)} >= {"over capacity", "over crews"}


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(1, 40),
    st.integers(1, 12),
    st.sampled_from([0.0, 0.3, 0.9]),
    st.sampled_from([None, 4000.0]),
)
def test_never_over_vehicles_and_crews(
    seed: int, needs: int, sources: int, share: float, price: float | None
) -> None:
    given = Settings(unmet_price=price, loads={"item 0": 3})
    problem = limited(seed, share, needs=needs, sources=sources, settings=given)
    assert breaches(problem, plan(problem)) == []


def test_a_source_that_cannot_send_more_says_so() -> None:
    problem = four_stores()
    north = msgspec.structs.replace(problem.sources[0], capacity=5)
    proposal = plan(msgspec.structs.replace(problem, sources=(north, *problem.sources[1:])))
    assert sum(line.quantity for line in proposal.lines if line.source == 0) == 5
    assert any((0, "capacity") in line.reason.nearer for line in proposal.lines)


def test_a_small_change_changes_few_lines_there_too() -> None:
    problem = limited(5, needs=200, sources=60, items=4)
    first = plan(problem)
    needs = list(problem.needs)
    needs[3] = msgspec.structs.replace(needs[3], quantity=needs[3].quantity + 2)
    again = plan(msgspec.structs.replace(problem, needs=tuple(needs), before=standing(first)))
    old, new = ({(x.need, x.source): x.quantity for x in p.lines} for p in (first, again))
    moved = sum(max(units - new.get(pair, 0), 0) for pair, units in old.items())
    assert moved <= 0.05 * sum(old.values())


def test_it_runs_in_its_own_process_too() -> None:
    problem = limited(2, needs=60, sources=15, items=3)
    assert [level.value for level in propose(problem).levels] == [x.value for x in plan(problem).levels]
