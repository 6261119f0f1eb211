"""Scenario time follows real time at its own speed, stands still, and never turns back."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jingwei.kernel.clocks import ClockState

REAL = datetime(2026, 11, 22, 9, tzinfo=UTC)
THEN = datetime(2021, 7, 19, tzinfo=UTC)
RUNNING = ClockState(scenario=True, base_real=REAL, base_scenario=THEN, speed=60.0)

SECONDS = st.floats(0, 1e6).map(lambda s: timedelta(seconds=s))
SPEED = st.floats(0.01, 10_000)


def test_without_scenario_it_is_real_time() -> None:
    assert ClockState().at(REAL) == REAL


def test_a_minute_is_an_hour_at_speed_sixty() -> None:
    assert RUNNING.at(REAL + timedelta(minutes=1)) == THEN + timedelta(hours=1)


def test_paused_clock_stands_still_and_goes_on_from_there() -> None:
    stopped = RUNNING.rebased(REAL + timedelta(minutes=1), paused=True)
    assert stopped.at(REAL + timedelta(days=3)) == THEN + timedelta(hours=1)
    again = stopped.rebased(REAL + timedelta(days=3), paused=False)
    assert again.at(REAL + timedelta(days=3, minutes=1)) == THEN + timedelta(hours=2)


def test_seek_jumps_and_keeps_the_speed() -> None:
    later = RUNNING.rebased(REAL, base_scenario=THEN + timedelta(days=1))
    assert later.at(REAL) == THEN + timedelta(days=1)
    assert later.at(REAL + timedelta(minutes=1)) == THEN + timedelta(days=1, hours=1)


def test_real_clock_stepping_back_does_not_turn_the_scenario_back() -> None:
    assert RUNNING.at(REAL - timedelta(hours=1)) == THEN


@given(SECONDS, SPEED, SPEED)
def test_another_speed_makes_no_jump(passed: timedelta, speed: float, other: float) -> None:
    clock = ClockState(scenario=True, base_real=REAL, base_scenario=THEN, speed=speed)
    real = REAL + passed
    if clock.at(REAL + timedelta(seconds=1)).year < 9000:
        try:
            now = clock.at(real)
        except OverflowError:
            return
        assert clock.rebased(real, speed=other).at(real) == now


@given(SECONDS, SECONDS, st.floats(0.01, 1000), st.booleans())
def test_time_never_runs_back(one: timedelta, more: timedelta, speed: float, paused: bool) -> None:
    clock = ClockState(scenario=True, base_real=REAL, base_scenario=THEN, speed=speed, paused=paused)
    assert clock.at(REAL + one) <= clock.at(REAL + one + more)
