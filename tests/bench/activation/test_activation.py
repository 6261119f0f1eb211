"""The benchmark measures what it says: two hundred orders, counted on the page; fewer stop the run."""

import json

import pytest

from bench.activation import bench
from bench.run import Result, list_benchmarks, met
from jingwei.apps.plans.rules import faults, read_plan


def test_it_is_listed_and_its_target_is_a_second() -> None:
    assert "activation" in list_benchmarks()
    assert (bench.ACTIONS, bench.TARGET_S, bench.ROUNDS) == (200, 1.0, 5)


def test_the_plan_has_the_orders_and_no_fault() -> None:
    body = read_plan(json.dumps(bench.plan_of(200, "bench-0")).encode())
    assert [t.level for t in body.tasks] == [4] * 200
    assert faults(body) == []


def test_canary_a_run_with_too_few_orders_is_no_run() -> None:
    result = Result("activation")
    with pytest.raises(RuntimeError, match="199"):
        bench._told(result, "sqlite", [bench.Round(0.1, 0.2, 199)])
    assert result.figures == {}


def test_canary_a_slow_round_misses_the_target() -> None:
    result = Result("activation", targets={"sqlite_slowest_s": {"op": "<=", "value": bench.TARGET_S}})
    bench._told(result, "sqlite", [bench.Round(0.2, 0.3, 200), bench.Round(1.1, 1.2, 200)])
    assert met(result, "sqlite_slowest_s") is False
