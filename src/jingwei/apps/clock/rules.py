"""What may be done to a clock. Decides, never fetches."""

from datetime import datetime

from jingwei.kernel.clocks import ClockState
from jingwei.kernel.refusals import Refused

#: Fastest scenario, times real time: a year in under an hour.
#: Source: our estimate, faster than anyone can follow on a screen, 2026-11-22.
FASTEST = 10_000.0


class ClockRefused(Refused):
    """The clock cannot be set so: `clock_is_real`, `clock_speed`, `clock_backwards`."""


def check_speed(speed: float) -> None:
    if not 0 < speed <= FASTEST:
        raise ClockRefused("clock_speed", speed=speed, fastest=FASTEST)


def check_scenario(state: ClockState) -> None:
    if not state.scenario:
        raise ClockRefused("clock_is_real")


def check_forward(now: datetime, to_at: datetime) -> None:
    """A scenario only moves forward: what was recorded stays in the past."""
    if to_at < now:
        raise ClockRefused("clock_backwards", now=now.isoformat(), to=to_at.isoformat())
