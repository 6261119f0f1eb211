"""Reads of the node's clock."""

from jingwei.kernel.clocks import ClockState

from .models import Clock


def get_clock() -> ClockState:
    """The node's clock as it is set now; real time when no scenario runs."""
    row = Clock.objects.filter(pk=1).first()
    return state_of(row) if row else ClockState()


def state_of(row: Clock) -> ClockState:
    return ClockState(
        scenario=True,
        base_real=row.base_real,
        base_scenario=row.base_scenario,
        speed=row.speed,
        paused=row.paused,
        name=row.name,
    )
