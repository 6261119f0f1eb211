"""Who goes to which shelter: exact on instances drawn by hand, and beside every assignment there is."""

import itertools
import math
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.engines import sheltering
from jingwei.engines.sheltering import Group, Problem, nearest_first, place

INF = math.inf


def problem(people, room, travel, allowed=None, whole=(), weight=()) -> Problem:
    return Problem(
        groups=tuple(
            Group(people=n, whole=i in whole, weight=weight[i] if weight else 1.0)
            for i, n in enumerate(people)
        ),
        room=tuple(room),
        travel_s=tuple(tuple(float(t) for t in row) for row in travel),
        allowed=tuple(tuple(row) for row in allowed)
        if allowed
        else tuple((True,) * len(room) for _ in people),
    )


def told(found) -> dict[tuple[int, int], int]:
    return {(s.group, s.site): s.people for s in found.shares}


def test_two_villages_and_two_schools_drawn_by_hand():
    """The near school is nearest for both; the village for which the other is far has it."""
    found = place(problem([50, 50], [50, 100], [[100, 120], [100, 900]]))
    assert told(found) == {(0, 1): 50, (1, 0): 50}
    assert (found.method, found.cost_s, found.unplaced) == ("exact", 50 * 120 + 50 * 100, (0, 0))
    assert found.gap == pytest.approx(0, abs=1e-9)
    assert [s.why for s in found.shares] == ["nearer_full", "nearest"]
    assert found.shares[0].next_best == 0 and found.shares[0].extra_s == -20
    greedy = nearest_first(problem([50, 50], [50, 100], [[100, 120], [100, 900]]))
    assert greedy.cost_s > found.cost_s and greedy.bound_s is None and greedy.method == "nearest_first"


def test_a_village_is_shared_out_and_a_family_is_not():
    split = place(problem([60], [40, 30], [[10, 20]]))
    assert told(split) == {(0, 0): 40, (0, 1): 20}
    whole = place(problem([60], [40, 70], [[10, 20]], whole=(0,)))
    assert told(whole) == {(0, 1): 60}
    nowhere = place(problem([60], [40, 30], [[10, 20]], whole=(0,)))
    assert told(nowhere) == {} and nowhere.unplaced == (60,)


def test_what_is_unsuitable_or_has_no_way_is_never_taken():
    found = place(problem([10], [20, 20, 20], [[1, INF, 50]], allowed=[[False, True, True]]))
    assert told(found) == {(0, 2): 10}
    assert found.shares[0].next_best is None and found.shares[0].extra_s is None


def test_for_whom_there_is_no_place_is_counted():
    found = place(problem([30, 30], [40], [[10], [20]]))
    assert sum(told(found).values()) == 40 and sum(found.unplaced) == 20
    assert found.unplaced == (0, 20), "the nearer ones go"
    assert place(problem([], [5], [])).shares == () and place(
        problem([5], [], [[]], allowed=[[]])
    ).unplaced == (5,)


def test_who_counts_more_is_placed_before_others_however_far():
    p = problem([30, 20], [25], [[10], [900]], weight=(1.0, 2.0))
    for found in (place(p), nearest_first(p)):
        assert told(found) == {(0, 0): 5, (1, 0): 20} and found.unplaced == (25, 0)
    assert place(p).gap == pytest.approx(0, abs=1e-9)


def test_the_near_shelter_is_kept_for_those_who_need_it():
    """The gym alone has room for wheelchairs: others nearby go to the school, though the gym is nearer."""
    p = problem(
        [30, 20], [60, 40, 100], [[600, 60, 30], [30, 900, 30]],
        allowed=[[True, True, False], [False, True, False]],
    )  # fmt: skip
    found = place(p)
    assert told(found) == {(0, 0): 10, (0, 1): 20, (1, 1): 20}
    assert found.cost_s == 10 * 600 + 20 * 60 + 20 * 900


@pytest.mark.parametrize("seed", range(3))
def test_no_other_solver_finds_a_shorter_way(seed):
    """Beside linprog on a town of 25 groups and 8 shelters, with room for all."""
    import numpy as np
    from scipy.optimize import linprog

    draw = np.random.default_rng(seed)
    people, room = draw.integers(1, 90, 25), draw.integers(250, 900, 8)
    travel = np.rint(draw.random((25, 8)) * 5000)
    found = place(problem(people.tolist(), room.tolist(), travel.tolist()))
    assert sum(found.unplaced) == 0
    other = linprog(
        travel.ravel(), A_ub=np.kron(np.ones((1, 25)), np.eye(8)), b_ub=room,
        A_eq=np.kron(np.eye(25), np.ones((1, 8))), b_eq=people, method="highs",
    )  # fmt: skip
    assert found.cost_s == pytest.approx(other.fun)


def best_of_all(p: Problem) -> tuple[int, float]:
    """Every assignment of whole groups there is: most people placed, then least travel."""
    best = (0, 0.0)
    for choice in itertools.product(range(-1, len(p.room)), repeat=len(p.groups)):
        used, cost, placed = [0] * len(p.room), 0.0, 0
        for g, s in enumerate(choice):
            if s >= 0:
                used[s] += p.groups[g].people
                cost += p.travel_s[g][s] * p.groups[g].people
                placed += p.groups[g].people
        if all(u <= r for u, r in zip(used, p.room, strict=True)):
            best = max(best, (placed, -cost))
    return best[0], -best[1]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whole_groups_are_placed_as_well_as_any_assignment_there_is(data):
    groups, sites = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    numbers = st.integers(1, 9)
    p = problem(
        data.draw(st.lists(numbers, min_size=groups, max_size=groups)),
        data.draw(st.lists(st.integers(0, 15), min_size=sites, max_size=sites)),
        [data.draw(st.lists(st.integers(1, 99), min_size=sites, max_size=sites)) for _ in range(groups)],
        whole=range(groups),
    )
    found = place(p)
    assert found.method == "exact"
    placed = sum(told(found).values())
    assert (placed, found.cost_s) == pytest.approx(best_of_all(p))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_room_is_kept_and_it_is_no_worse_than_nearest_first(data):
    groups, sites = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 4))
    p = problem(
        data.draw(st.lists(st.integers(0, 40), min_size=groups, max_size=groups)),
        data.draw(st.lists(st.integers(0, 50), min_size=sites, max_size=sites)),
        [data.draw(st.lists(st.integers(1, 999), min_size=sites, max_size=sites)) for _ in range(groups)],
        whole=data.draw(st.sets(st.integers(0, groups - 1))),
    )
    for found in (place(p), nearest_first(p)):
        for s, room in enumerate(p.room):
            assert sum(n for (_, o), n in told(found).items() if o == s) <= room
        for g, group in enumerate(p.groups):
            shares = [n for (o, _), n in told(found).items() if o == g]
            assert sum(shares) + found.unplaced[g] == group.people
            assert not group.whole or shares in ([], [group.people])
    exact, greedy = place(p), nearest_first(p)
    worth = lambda f: sum(f.unplaced) * sheltering.UNPLACED_S + f.cost_s  # noqa: E731
    assert worth(exact) <= worth(greedy) + 1e-6
    assert exact.bound_s is not None and exact.bound_s <= exact.cost_s + 1e-3


def test_canary_a_solver_that_takes_the_nearest_first_is_seen(monkeypatch):
    monkeypatch.setattr(sheltering, "_solved", lambda p, _: nearest_first(p))
    with pytest.raises(AssertionError):
        test_two_villages_and_two_schools_drawn_by_hand()


def test_without_the_solver_the_fallback_says_what_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    found = place(problem([50, 50], [50, 100], [[100, 120], [100, 900]]))
    assert found.method == "nearest_first" and found.bound_s is None and found.gap is None


def test_impossible_input_is_a_bug_and_loud():
    for wrong in (problem([5], [5, 5], [[1]]), problem([-1], [5], [[1]]), problem([1], [-5], [[1]])):
        with pytest.raises(ValueError, match=r"row for each|negative"):
            place(wrong)
    with pytest.raises(ValueError, match="weight"):
        place(problem([5], [5], [[1]], weight=(0.0,)))
