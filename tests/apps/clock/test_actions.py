"""The node's one clock: real, or a scenario that is paused, sped up and moved forward, never back."""

from datetime import UTC, datetime, timedelta

import pytest

from jingwei.apps.agencies.actions import issue_token
from jingwei.apps.agencies.queries import find_token
from jingwei.apps.clock import actions
from jingwei.apps.clock.queries import get_clock
from jingwei.apps.clock.rules import ClockRefused
from jingwei.apps.journal import queries as journal
from jingwei.kernel.moments import Moment
from tests.builders import holding_of

pytestmark = pytest.mark.django_db
REAL = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
STORM = datetime(2021, 7, 19, 12, 0, tzinfo=UTC)


@pytest.fixture
def operator():
    return holding_of("zhongyu")


def after(**real: float) -> Moment:
    now = REAL + timedelta(**real)
    return Moment(at=get_clock().at(now), recorded_at=now)


@pytest.fixture
def running(operator):
    actions.start_scenario("storm", start_at=STORM, speed=60, by=operator, moment=after())


def test_scenario_time_runs_at_its_speed(running):
    assert after(minutes=1).at == STORM + timedelta(hours=1)


def test_it_stands_still_while_paused_and_goes_on_from_there(running, operator):
    actions.pause(by=operator, moment=after(minutes=1))
    assert after(minutes=30).at == STORM + timedelta(hours=1)
    actions.resume(by=operator, moment=after(minutes=30))
    assert after(minutes=31).at == STORM + timedelta(hours=2)


def test_another_speed_makes_no_jump(running, operator):
    actions.set_speed(600, by=operator, moment=after(minutes=1))
    assert after(minutes=1).at == STORM + timedelta(hours=1)
    assert after(minutes=2).at == STORM + timedelta(hours=11)


def test_it_moves_forward_and_never_back(running, operator):
    target = STORM + timedelta(days=2)
    actions.seek_forward(target, by=operator, moment=after(minutes=1))
    assert after(minutes=1).at == target
    with pytest.raises(ClockRefused) as refused:
        actions.seek_forward(STORM, by=operator, moment=after(minutes=2))
    assert refused.value.code == "clock_backwards"


@pytest.mark.parametrize("speed", [0, -1, 1e9, float("nan")])
def test_an_impossible_speed_is_refused(running, operator, speed):
    with pytest.raises(ClockRefused) as refused:
        actions.set_speed(speed, by=operator, moment=after())
    assert refused.value.code == "clock_speed"


def test_a_real_clock_cannot_be_set(operator):
    with pytest.raises(ClockRefused) as refused:
        actions.pause(by=operator, moment=after())
    assert refused.value.code == "clock_is_real"


def test_ending_the_scenario_goes_back_to_real_time_and_all_is_recorded(running, operator):
    actions.pause(by=operator, moment=after(minutes=1))
    actions.end_scenario(by=operator, moment=after(minutes=2))
    assert after(minutes=3).at == REAL + timedelta(minutes=3)
    said = [e.kind for e in journal.list_entries(subjects=["storm"])]
    assert said == ["clock.scenario_started/1", "clock.set/1", "clock.scenario_ended/1"]
    assert all(e.recorded_at >= REAL for e in journal.list_entries(subjects=["storm"]))


def test_a_clock_on_the_wall_that_steps_back_does_not_turn_the_scenario_back(running):
    assert after(minutes=-5).at == STORM


def test_tokens_follow_real_time_not_the_scenario(running, operator):
    from jingwei.apps.agencies.models import Holding

    feed = Holding.objects.get(post__code="4101-zbs-feeds")
    until = REAL + timedelta(days=1)
    plain = issue_token(feed.pk, "t", until_at=until, by=operator, moment=after())
    actions.seek_forward(STORM + timedelta(days=400), by=operator, moment=after())
    assert find_token(plain, at_real=REAL + timedelta(hours=1)) == feed.pk
    assert find_token(plain, at_real=until) is None
