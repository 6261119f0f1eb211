"""What is held back for what may come: by hand, and in futures drawn from what was seen."""

import msgspec
import numpy as np

from jingwei.engines.dispatch import Future, Lot, Need, Problem, Source, propose
from jingwei.engines.dispatch.anticipate import Send, choose, gains
from jingwei.engines.dispatch.outlook import Before, Call, Drawn, draw

STEP = 300.0


def one_store(*needs: Need, free: int = 10) -> Problem:
    """A store half an hour from everywhere."""
    return Problem(needs, (Source("store"),), (Lot(0, "tent", free),), [[1800.0, 1800.0]])


def sent(problem: Problem, *futures: Future, **how: bool) -> list[tuple[int, int]]:
    return [(one.need, one.units) for one in choose(problem, gains(problem, futures, STEP, **how))]


LIGHT = Need("light", "tent", 10, 0, due_s=1900.0, weight=1.0)
GRAVE = Need("grave", "tent", 10, 1, due_s=7200.0, weight=8.0, since_s=3600.0)


def test_a_light_need_waits_where_a_grave_one_is_likely() -> None:
    """Three futures of four bring one of weight 8: what is kept is worth 6, the light need 1."""
    come, quiet = Future((GRAVE,)), Future(())
    assert sent(one_store(LIGHT), come, come, come, quiet) == []
    assert sent(one_store(LIGHT), quiet, quiet) == [(0, 10)]


def test_canary_without_futures_it_is_sent_and_the_grave_one_goes_without() -> None:
    assert sent(one_store(LIGHT)) == [(0, 10)]


def test_a_rare_grave_need_holds_nothing_back() -> None:
    come, quiet = Future((GRAVE,)), Future(())
    assert sent(one_store(LIGHT), come, *[quiet] * 9) == [(0, 10)]


def test_what_can_be_decided_later_is_decided_later() -> None:
    """It would be served with an hour's more knowledge as well; and where all futures agree, at once."""
    patient = msgspec.structs.replace(LIGHT, due_s=9000.0)
    assert sent(one_store(patient), Future((GRAVE,)), Future(())) == []
    assert sent(one_store(patient), Future(()), Future(())) == [(0, 10)]
    assert sent(one_store(patient, free=30), Future((GRAVE,))) == [(0, 10)]


def test_without_deferral_it_is_now_or_never() -> None:
    patient = msgspec.structs.replace(LIGHT, due_s=9000.0, weight=5.0)
    futures = Future((GRAVE,)), Future(())
    assert sent(one_store(patient), *futures) == []
    assert sent(one_store(patient), *futures, defer=False) == [(0, 10)]


def test_a_store_not_ready_sends_nothing_yet() -> None:
    problem = one_store(msgspec.structs.replace(LIGHT, due_s=9000.0))
    later = msgspec.structs.replace(problem, sources=(Source("store", ready_s=600.0),))
    assert gains(later, (), STEP) == []


def test_no_more_is_sent_than_vehicles_take() -> None:
    problem = one_store(LIGHT)
    few = msgspec.structs.replace(problem, sources=(Source("store", capacity=4),))
    assert choose(few, gains(few, (), STEP)) == [Send(0, 0, 4, 1 - 500 * 0.5 / 1_000_000)]


def a_city() -> Before:
    at = np.array([[float(x), float(y)] for x in range(10) for y in range(10)])
    people = np.full(100, 0.01)
    return Before(
        at, people, 21_600.0, (900, 1100), 0.6, (0.5, 1.5), (0.0, 16_000.0), (3600.0, 9000.0), 4, 200.0
    )


def calls(at_s: list[float], place: list[int], item: list[int]) -> Call:
    columns = np.array(at_s), np.array(place), np.array(item)
    return Call(columns[0], columns[1], columns[2], np.ones(len(at_s)))


def test_before_anything_came_a_whole_disaster_is_to_come() -> None:
    drawn = draw(a_city(), calls([], [], []), 0.0, 12, seed=1)
    count = [len(one.at_s) for one in drawn]
    assert 700 < np.mean(count) < 1300 and min(count) > 400
    assert all((one.at_s >= 0).all() and (one.at_s <= 21_600).all() for one in drawn)


def test_where_it_burns_more_is_expected() -> None:
    """A hundred calls from one corner within half an hour, for one thing: there it goes on, and for that."""
    rng = np.random.default_rng(3)
    at, place = sorted(rng.uniform(3600, 5400, 100)), rng.choice([0, 1, 10, 11], 100)
    seen = calls(list(at), list(place), [2] * 100)
    drawn = draw(a_city(), seen, 5400.0, 10, seed=1)
    quiet = draw(a_city(), calls([], [], []), 5400.0, 10, seed=1)

    def like_it(futures: list[Drawn]) -> float:
        corner = [0, 1, 2, 10, 11, 12, 20, 21, 22]
        return float(np.mean([(np.isin(one.place, corner) & (one.item == 2)).sum() for one in futures]))

    assert like_it(drawn) > 1.5 * like_it(quiet)
    assert all((one.at_s >= 5400).all() for one in drawn)


def test_when_it_is_over_nothing_is_expected() -> None:
    seen = calls([100.0], [3], [1])
    assert [len(one.at_s) for one in draw(a_city(), seen, 21_600.0, 3, seed=1)] == [0, 0, 0]


def test_the_same_seed_draws_the_same_futures() -> None:
    seen = calls([100.0, 200.0, 900.0], [3, 3, 4], [1, 1, 0])
    one, other = (draw(a_city(), seen, 1200.0, 2, seed=7) for _ in range(2))
    assert all(np.array_equal(a.at_s, b.at_s) for a, b in zip(one, other, strict=True))
    different = draw(a_city(), seen, 1200.0, 2, seed=8)
    assert not np.array_equal(one[0].at_s, different[0].at_s)


def test_a_proposal_holds_back_what_the_futures_say() -> None:
    futures = (Future((GRAVE,)),) * 3 + (Future(()),)
    proposal = propose(one_store(LIGHT), futures=futures)
    assert not proposal.fallback and proposal.lines == ()
    assert [(one.quantity, one.why) for one in proposal.unmet] == [(10, "held")]
    assert [one.quantity for one in propose(one_store(LIGHT, free=20), futures=futures).lines] == [10]
    assert [one.quantity for one in propose(one_store(LIGHT)).lines] == [10]
