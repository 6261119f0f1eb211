"""What can be said of the node's clock."""

from datetime import datetime
from typing import ClassVar

from jingwei.kernel.facts import Fact


class ScenarioStarted(Fact, frozen=True, kw_only=True):
    """The node left real time: its clock now runs through a scenario."""

    KIND: ClassVar[str] = "clock.scenario_started/1"
    SUBJECT: ClassVar[str] = "name"

    name: str
    start_at: datetime
    speed: float
    paused: bool


class ClockSet(Fact, frozen=True, kw_only=True):
    """The scenario's clock was paused, resumed, moved forward or given another speed."""

    KIND: ClassVar[str] = "clock.set/1"
    SUBJECT: ClassVar[str] = "name"

    name: str
    what: str
    from_at: datetime
    to_at: datetime
    speed: float
    paused: bool


class ScenarioEnded(Fact, frozen=True, kw_only=True):
    """The node went back to real time."""

    KIND: ClassVar[str] = "clock.scenario_ended/1"
    SUBJECT: ClassVar[str] = "name"

    name: str
    ended_at: datetime
