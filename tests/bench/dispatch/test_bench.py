"""The bench end to end on a small city: same seed same run, figures added up, and what is broken shows."""

from collections import Counter

import numpy as np
import pytest

pytest.importorskip("ortools")
pytest.importorskip("highspy")
from bench.dispatch.bench import kept, sum_up
from bench.dispatch.distribution import Drawn, draw_needs, draw_scene, log_likelihood
from bench.dispatch.posterior import Chain
from bench.dispatch.posterior import Seen as Known
from bench.dispatch.runs import Job, do, do_all
from bench.dispatch.settings import DEVELOPMENT_SEEDS, EVALUATION_SEEDS, HOUR_S, REGIMES, SAME
from bench.dispatch.world import another_disaster, make
from bench.run import Result

SCALE = 0.03
SMALL = SAME.scaled(SCALE)


def test_seeds_to_look_at_and_seeds_to_be_judged_by_are_apart():
    assert not set(DEVELOPMENT_SEEDS) & set(EVALUATION_SEEDS)
    assert len(set(EVALUATION_SEEDS)) >= 10


def test_a_seed_makes_the_same_world_again_and_another_seed_another():
    assert make(3, SMALL).needs == make(3, SMALL).needs != make(4, SMALL).needs


def test_the_whole_city_is_as_large_as_is_said():
    world = make(DEVELOPMENT_SEEDS[0])
    city = world.city
    assert len(city.sources) == 500 and city.stock.shape == (500, 10)
    assert 1800 <= len(world.needs) <= 2200
    kinds = Counter(s.tier for s in city.sources)
    assert set(kinds) == {"own", "agreement", "paired", "higher"}
    asked = sum(n.quantity for n in world.needs)
    free = int((city.stock - city.floor).sum())
    assert 0.7 < free / asked < 1.0


def test_another_disaster_is_not_the_one_that_is_played():
    world = make(1, SMALL)
    drawn = another_disaster(world.city, np.random.default_rng(1))
    assert drawn and drawn[:20] != world.needs[:20]


def test_the_chain_and_the_distribution_agree_on_how_likely_a_scene_is():
    """Two codes, one density: they differ by the same constant for every scene."""
    city = make(1, SMALL).city
    rng = np.random.default_rng(8)
    scene = draw_scene(SMALL, city.places_km, city.population, rng)
    drawn = draw_needs(SMALL, scene, city.places_km, city.population, rng)
    now = 3 * HOUR_S
    early = drawn.since_s <= now
    seen = Drawn(*(a[early] for a in vars(drawn).values()))
    apart = []
    for k in range(6):
        chain = Chain(city, [k])
        known = Known((), now, SMALL)
        known.since_s, known.place, known.item, known.priority = (
            seen.since_s, seen.place, seen.item, seen.priority)  # fmt: skip
        chain.look(known)
        at = log_likelihood(SMALL, chain.scene(), city.places_km, city.population, seen, now)
        apart.append(chain.level - at)
    assert np.allclose(apart, apart[0], atol=1e-6)


def test_a_chain_finds_the_hot_spots_once_they_burn():
    world = make(0, SAME.scaled(0.2))
    city, now = world.city, 6 * HOUR_S
    chain = Chain(city, [1])
    for hour in (2, 4, 6):
        chain.look(
            Known(tuple(n for n in world.needs if n.since_s <= hour * HOUR_S), hour * HOUR_S, city.setting)
        )
        chain.walk(800)
    assert len(chain.future().since_s) == 0 and chain.seen.now_s == now
    greatest = max(world.scene.spots, key=lambda s: s.share)
    found = [np.hypot(s.x_km - greatest.x_km, s.y_km - greatest.y_km) for s in chain.scene().spots]
    assert min(found) < 4.0


def test_a_small_run_adds_up_and_no_one_breaks_a_rule(tmp_path):
    names = ("first_come", "greedy", "resolve", "knowing", "clairvoyant")
    jobs = [Job(n, DEVELOPMENT_SEEDS[0], "same", SCALE, 2) for n in names]
    known, put = kept(str(tmp_path), "commit")
    said: list[str] = []
    found = do_all(jobs, 1, said.append, known, put)
    result = Result("dispatch")
    sum_up(result, found)
    assert len(said) == len(names)
    assert not any(
        result.more["breaches_of_others"][n][k] for n in names[:-1] for k in ("over_capacity", "unqualified")
    )
    assert all(not found[j]["breaches"] for j in jobs if j.name != "clairvoyant")
    least = result.comparators["clairvoyant"]["unmet_points"]
    assert all(result.comparators[n]["unmet_points"] >= least - 1e-6 for n in names[:-1])
    assert do_all(jobs, 1, said.append, known, put) == found and len(said) == len(names)  # all kept


def test_a_run_gives_the_same_orders_again():
    job = Job("resolve", 1, "same", SCALE)
    first, again = do(job), do(job)
    assert first["unmet_points"] == again["unmet_points"] and first["orders"] == again["orders"]


def test_the_shifted_regime_is_another_disaster():
    assert REGIMES["shifted"] != SAME
    assert do(Job("first_come", 1, "shifted", SCALE))["breaches"] == {}


def test_canary_a_breach_of_ours_shows_and_the_share_is_what_it_says():
    told = {"unmet_points": 20.0, "breaches": {}, "seconds": 1.0}
    found = {
        Job("first_come", 1): told, Job("knowing", 1): told | {"unmet_points": 10.0},
        Job("ours", 1): told | {"unmet_points": 12.0, "breaches": {"over_capacity": 2, "late": 3}},
        Job("clairvoyant", 1): {"unmet_points": 9.0, "seconds": 1.0},
    }  # fmt: skip
    result = Result("dispatch")
    sum_up(result, found)
    assert result.figures["over_capacity"] == 2 and result.figures["other_breaches"] == 3
    assert result.figures["share_of_gap_first_come_to_best_policy_closed"] == pytest.approx(0.8)
    assert result.figures["excess_unmet_over_clairvoyant_points"] == pytest.approx(3.0)
