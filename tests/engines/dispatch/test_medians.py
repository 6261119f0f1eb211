"""Where stores stand: the best by trying all, a bound below it, a published network."""

from itertools import combinations

import numpy as np
import pytest

from jingwei.engines.dispatch import medians as placing
from jingwei.engines.dispatch.medians import medians


def plane(seed: int, size: int) -> np.ndarray:
    at = np.random.default_rng(seed).random((size, 2)) * 100
    return np.rint(np.abs(at[:, None] - at[None]).sum(axis=2))


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_the_places_are_the_best_of_all(seed: int, count: int) -> None:
    ways = plane(seed, 14)
    best = min(ways[:, list(some)].min(axis=1).sum() for some in combinations(range(14), count))
    found = medians(ways, count)
    assert found.total == best == ways[:, list(found.places)].min(axis=1).sum()
    assert found.bound <= best + 1e-6


def test_a_line_of_five_villages() -> None:
    """At 0, 1, 2, 10, 11 km two stores stand in the second and in either of the last two."""
    at = np.array([0, 1, 2, 10, 11])
    found = medians(np.abs(at[:, None] - at[None, :]), 2)
    assert found.total == 3 and found.places[0] == 1


def test_people_count() -> None:
    at = np.array([0, 4])
    assert medians(np.abs(at[:, None] - at[None, :]), 1, weight=[1, 9]).places == (1,)


def test_as_many_stores_as_places_leave_no_way() -> None:
    assert medians(plane(1, 6), 6).total == 0


@pytest.mark.parametrize("count", [0, 7])
def test_no_such_number_of_stores(count: int) -> None:
    with pytest.raises(ValueError, match="of 6 places"):
        medians(plane(1, 6), count)


def test_the_bound_is_near_on_a_larger_plane() -> None:
    found = medians(plane(5, 120), 8)
    assert found.gap <= 0.02


def test_canary_without_exchange_the_places_are_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = plane(5, 120)
    monkeypatch.setattr(placing, "_exchanged", lambda ways, places: places)
    monkeypatch.setattr(placing, "STEPS", 1)
    worse = medians(ways, 8, patience=1).total
    monkeypatch.undo()
    assert worse > medians(ways, 8).total
