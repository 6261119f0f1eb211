"""Setting the node's clock. Every change is a fact by a named holding.

The clock lies below the register of posts only in the tree, not in rights: each action asks
`agencies` whether this post may set the clock.
"""

from datetime import datetime

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.clocks import ClockState
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import ClockSet, ScenarioEnded, ScenarioStarted
from .models import Clock
from .queries import state_of


@transaction.atomic
def start_scenario(
    name: str, *, start_at: datetime, speed: float, paused: bool = False, by: By, moment: Moment
) -> None:
    """Leave real time: from now on duties and deadlines follow the scenario."""
    agencies.require(by, "clock.start_scenario", at=moment.at)
    rules.check_speed(speed)
    Clock.objects.update_or_create(
        pk=1,
        defaults={
            "name": name,
            "base_real": moment.recorded_at,
            "base_scenario": start_at,
            "speed": speed,
            "paused": paused,
        },
    )
    fact = ScenarioStarted(name=name, start_at=start_at, speed=speed, paused=paused)
    record([(fact, None)], by=by, moment=moment)


def set_speed(speed: float, *, by: By, moment: Moment) -> None:
    """Let the scenario run faster or slower, without a jump."""
    rules.check_speed(speed)
    _set("speed", by=by, moment=moment, speed=speed)


def pause(*, by: By, moment: Moment) -> None:
    """Let scenario time stand still."""
    _set("pause", by=by, moment=moment, paused=True)


def resume(*, by: By, moment: Moment) -> None:
    """Let scenario time run on from where it stands."""
    _set("resume", by=by, moment=moment, paused=False)


def seek_forward(to_at: datetime, *, by: By, moment: Moment) -> None:
    """Move scenario time forward; never back, for what was recorded stays in the past."""
    _set("seek", by=by, moment=moment, base_scenario=to_at)


@transaction.atomic
def end_scenario(*, by: By, moment: Moment) -> None:
    """Go back to real time."""
    agencies.require(by, "clock.end_scenario", at=moment.at)
    row = _locked()
    ended_at = state_of(row).at(moment.recorded_at)
    row.delete()
    record([(ScenarioEnded(name=row.name, ended_at=ended_at), None)], by=by, moment=moment)


def _locked() -> Clock:
    row = Clock.objects.select_for_update().filter(pk=1).first()
    rules.check_scenario(state_of(row) if row else ClockState())
    assert row is not None  # noqa: S101 - the rule has refused otherwise
    return row


@transaction.atomic
def _set(what: str, *, by: By, moment: Moment, **changes: object) -> None:
    right = {"seek": "seek_forward", "speed": "set_speed"}.get(what, what)
    agencies.require(by, f"clock.{right}", at=moment.at)
    row = _locked()
    before = state_of(row)
    now = before.at(moment.recorded_at)
    to_at = changes.get("base_scenario")
    if isinstance(to_at, datetime):
        rules.check_forward(now, to_at)
    after = before.rebased(moment.recorded_at, **changes)
    row.base_real, row.base_scenario = moment.recorded_at, after.at(moment.recorded_at)
    row.speed, row.paused = after.speed, after.paused
    row.save()
    fact = ClockSet(
        name=row.name,
        what=what,
        from_at=now,
        to_at=after.at(moment.recorded_at),
        speed=row.speed,
        paused=row.paused,
    )
    record([(fact, None)], by=by, moment=moment)
