"""Few pairs are tried at first: the plan is the best over all of them all the same, and so are its prices."""

import numpy as np
import pytest

from jingwei.engines.dispatch import Settings
from jingwei.engines.dispatch import item as items
from jingwei.engines.dispatch.allowed import left
from jingwei.engines.dispatch.item import Wanted
from jingwei.engines.dispatch.pairs import Pairs
from jingwei.engines.dispatch.planner import Grain, wanted_of
from tests.engines.dispatch.made import made_up


def wanted(seed: int, price: float | None) -> list[Wanted]:
    problem = made_up(seed, needs=60, sources=30, items=2, settings=Settings(unmet_price=price))
    rest = left(problem)
    return [wanted_of(problem, rest, pairs, Grain(1, 1)) for pairs in Pairs(problem, rest).items()]


@pytest.mark.parametrize("price", [None, 3000.0])
@pytest.mark.parametrize("seed", range(3))
def test_with_two_pairs_of_each_need_one_ends_where_all_of_them_end(
    seed: int, price: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in wanted(seed, price):
        whole = items.plan(one)
        with monkeypatch.context() as few:
            few.setattr(items, "FEW", 0)
            some = items.plan(one, first=2)
        assert some.values == whole.values
        for name in ("row_in", "need_in", "need_out"):
            assert np.array_equal(getattr(some, name), getattr(whole, name)), name
        if price is not None:  # a unit more is worth something or nothing, never less
            assert np.array_equal(np.minimum(some.row_out, 0), np.minimum(whole.row_out, 0))


def test_canary_without_prices_the_pairs_left_out_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    one = wanted(1, 3000.0)[0]
    best = items.plan(one).values["total"]
    monkeypatch.setattr(items, "FEW", 0)
    monkeypatch.setattr(items, "_left_out", lambda built, prices, inside: np.zeros_like(inside))
    assert items.plan(one, first=2).values["total"] > best
