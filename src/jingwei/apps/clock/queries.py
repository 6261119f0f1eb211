"""Reads of the node's clock."""

from django.db import connection

from jingwei.kernel.clocks import ClockState

from .models import Clock


def get_clock() -> ClockState:
    """The node's clock as it is set now; real time when no scenario runs."""
    with connection.cursor() as cursor:  # asked for every moment, and on most nodes there is none
        cursor.execute("SELECT 1 FROM clock_clock WHERE id = 1")
        if cursor.fetchone() is None:
            return ClockState()
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
