"""Who goes to which shelter: by hand, by another solver, and never where one must not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from jingwei.engines.dispatch.shelters import Group, Housed, Shelter, house

SCHOOL = Shelter(60, ("flood", "fire"), ())
GYM = Shelter(40, ("flood", "quake"), ("wheelchair",))
TENTS = Shelter(100, ("quake",), ())


def test_the_near_shelter_is_kept_for_those_who_need_it() -> None:
    groups = (Group(30), Group(20, ("wheelchair",)))
    found = house(groups, (SCHOOL, GYM, TENTS), [[600, 60, 30], [30, 900, 30]], hazard="flood")
    assert found.people == ((10, 20, 0), (0, 20, 0)) and found.without == (0, 0)
    assert found.total_s == found.bound_s == 10 * 600 + 20 * 60 + 20 * 900


def test_who_has_no_place_is_said_and_special_needs_come_first() -> None:
    groups = (Group(30), Group(20, ("wheelchair",)))
    found = house(groups, (Shelter(25, ("flood",), ("wheelchair",)),), [[10], [900]], hazard="flood")
    assert found.people == ((5,), (20,)) and found.without == (25, 0)


def test_too_far_or_no_way_is_no_place() -> None:
    found = house((Group(5), Group(5)), (TENTS,), [[7200], [float("inf")]], limit_s=3600)
    assert found.without == (5, 5) and found.total_s == 0


def wrong(groups: tuple[Group, ...], shelters: tuple[Shelter, ...], hazard: str, found: Housed) -> list[str]:
    people = np.array(found.people)
    bad = [f"over capacity {k}" for k, s in enumerate(shelters) if people[:, k].sum() > s.capacity]
    for n, group in enumerate(groups):
        if people[n].sum() + found.without[n] != group.people:
            bad.append(f"does not add up {n}")
        for k, shelter in enumerate(shelters):
            if people[n, k] and (
                hazard not in shelter.suits or not set(group.special) <= set(shelter.offers)
            ):
                bad.append(f"must not {n} {k}")
    return bad


def made(seed: int, many: int, few: int) -> tuple[tuple[Group, ...], tuple[Shelter, ...], np.ndarray]:
    draw = np.random.default_rng(seed)
    groups = tuple(
        Group(int(draw.integers(1, 90)), ("wheelchair",) if draw.random() < 0.2 else ()) for _ in range(many)
    )
    shelters = tuple(
        Shelter(
            int(draw.integers(10, 400)),
            ("flood",) if draw.random() < 0.8 else ("quake",),
            ("wheelchair",) if draw.random() < 0.4 else (),
        )
        for _ in range(few)
    )
    return groups, shelters, np.rint(draw.random((many, few)) * 5000)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 30), st.integers(1, 10))
def test_nobody_goes_where_one_must_not(seed: int, many: int, few: int) -> None:
    groups, shelters, travel = made(seed, many, few)
    assert wrong(groups, shelters, "flood", house(groups, shelters, travel, hazard="flood")) == []


@pytest.mark.parametrize("seed", range(5))
def test_no_other_solver_finds_a_shorter_way(seed: int) -> None:
    groups, shelters, travel = made(seed, 25, 8)
    groups = tuple(Group(g.people) for g in groups)
    shelters = tuple(Shelter(10 * s.capacity, ("flood",)) for s in shelters)
    found = house(groups, shelters, travel, hazard="flood")
    assert sum(found.without) == 0
    of_group = np.kron(np.eye(25), np.ones((1, 8)))
    of_shelter = np.kron(np.ones((1, 25)), np.eye(8))
    answer = linprog(
        travel.ravel(),
        A_ub=of_shelter,
        b_ub=[s.capacity for s in shelters],
        A_eq=of_group,
        b_eq=[g.people for g in groups],
        method="highs",
    )
    assert found.total_s == pytest.approx(answer.fun)


def test_canary_a_house_too_full_is_seen() -> None:
    groups, shelters, travel = made(3, 10, 4)
    roomy = tuple(Shelter(9999, s.suits, s.offers) for s in shelters)
    bad = wrong(groups, shelters, "flood", house(groups, roomy, travel, hazard="flood"))
    assert any(line.startswith("over capacity") for line in bad)
