"""Published instances: read aright, priced aright, and what is wrong is seen."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from bench.dispatch import published, routes
from bench.dispatch.routes import Route, Routing

#: A depot and three clients on a line, one unit apart; a vehicle takes two.
LINE = np.abs(np.arange(4)[:, None] - np.arange(4)[None, :])
BY_HAND = Routing("line", LINE, np.array([0, 1, 1, 1]), 2, (0,), ())
#: The same with windows: client 3 from 10 to 12 only, a unit of service each, one vehicle, 15 at most.
TIMED = replace(
    BY_HAND, depot_of_vehicle=(0, 0), service=np.array([0, 1, 1, 1]), longest=15,
    window=np.array([[0, 30], [0, 30], [0, 30], [10, 12]]),
)  # fmt: skip
GOOD = [Route(0, (1, 2)), Route(0, (3,))]


def test_routes_by_hand():
    found = routes.check(BY_HAND, GOOD)
    assert found.cost == 4 + 6 and not found.broken
    assert not routes.check(TIMED, GOOD).broken


@pytest.mark.parametrize(
    ("of", "bad", "word"),
    [
        (BY_HAND, [Route(0, (1, 2, 3))], "over capacity"),
        (BY_HAND, [Route(0, (1, 2))], "not visited"),
        (BY_HAND, [*GOOD, Route(0, (3,))], "twice"),
        (BY_HAND, [Route(0, (1, 0)), Route(0, (2, 3))], "no client"),
        (replace(TIMED, window=np.array([[0, 30], [0, 30], [0, 30], [0, 2]])), GOOD, "late"),
        (replace(TIMED, longest=6), GOOD, "too long"),
        (TIMED, [Route(0, (1,)), Route(0, (2,)), Route(0, (3,))], "more routes than vehicles"),
    ],
)
def test_canary_each_thing_wrong_with_routes_is_seen(of, bad, word):
    assert any(word in what for what in routes.check(of, bad).broken)


def test_a_route_that_can_leave_later_does_not_last_longer_for_its_wait():
    assert not routes.check(replace(TIMED, longest=7), GOOD).broken  # 3 out, 1 there, 3 back; leaves at 7


@pytest.mark.shared
@pytest.mark.parametrize("name", ["CVRP/X-n106-k14", "MDVRPTW/PR11A", "MDVRPTW/PR17B"])
def test_published_solutions_cost_what_is_published_and_hold(name):
    path = published.data() / "vrp" / f"{name}.vrp"
    of = routes.read(path)
    best, said = routes.read_solution(path.with_suffix(".sol"), of)
    assert (routes.check(of, best).cost, routes.check(of, best).broken) == (said, [])
    assert routes.check(of, best[1:]).broken


def test_medians_of_a_net_one_can_draw(tmp_path):
    (tmp_path / "net.txt").write_text(" 4 4 1\n 1 2 9\n 2 3 1\n 3 4 1\n 1 2 2\n")  # the last way 1-2 counts
    ways, p = published.read_pmed(tmp_path / "net.txt")
    assert p == 1 and ways[0].tolist() == [0, 2, 3, 4]
    assert [published.cost_of_medians(ways, [n], 1) for n in range(4)] == [9, 5, 5, 7]
    assert published.cost_of_medians(ways, [1, 1], 2) == float("inf")
    (tmp_path / "optima.csv").write_text("instance,optimum\nnet,5\n")
    gaps, _, _ = published.pmed(tmp_path, lambda ways, p: [0], lambda _: None)
    assert gaps["net"] == pytest.approx(0.8)  # canary: a poor choice has a gap


@pytest.mark.shared
def test_the_published_optimum_of_pmed1_is_no_worse_than_a_choice_by_exchange():
    ways, p = published.read_pmed(published.data() / "pmed" / "pmed1.txt")
    chosen = list(range(p))
    for _ in range(20):
        swaps = [
            [*(c for c in chosen if c != out), new]
            for out in chosen
            for new in range(100)
            if new not in chosen
        ]
        chosen = min([chosen, *swaps], key=lambda c: published.cost_of_medians(ways, c, p))
    assert 5819 <= published.cost_of_medians(ways, chosen, p) < 5819 * 1.05


def _every_way(one):
    """All assignments of a tiny town, by trying."""
    best = None
    pairs = list(zip(*np.nonzero(one.may), strict=True))
    units = [(g, s) for g, s in pairs for _ in range(int(min(one.people[g], one.capacity[s])))]
    for k in range(len(units) + 1):
        for some in combinations(range(len(units)), k):
            people = np.zeros(one.travel_s.shape, int)
            for u in some:
                people[units[u]] += 1
            if (people.sum(0) > one.capacity).any() or (people.sum(1) > one.people).any():
                continue
            worth, way = published._aims(one, people)
            if best is None or (worth, -way) > (best[0], -best[1]):
                best = (worth, way, people)
    return best


def test_the_optimum_of_shelters_is_that_of_trying_all():
    pytest.importorskip("highspy")
    one = published.town(3, groups=3, shelters=2)
    one = replace(one, people=np.array([1, 2, 1]), capacity=np.array([2, 1]),
                  suits=(frozenset({"flood"}),) * 2,
                  special=("", "", "wheelchair"), offers=(frozenset(), frozenset({"wheelchair"})),
                  travel_s=np.array([[100.0, 30.0], [50.0, np.inf], [10.0, 400.0]]))  # fmt: skip
    worth, way, people = _every_way(one)
    told = published.judge(one, people)
    assert (told["gap"], told["broken"], told["housed"], told["way_s"]) == (0, 0, worth, way)
    assert published.judge(one, np.zeros_like(people))["gap"] == 1  # canary: nobody housed
    too_many = people + 5
    assert published.judge(one, too_many)["broken"] >= 5
