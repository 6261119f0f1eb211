"""When something was said, and by whom: carried through every action."""

import uuid
from datetime import datetime

import msgspec

#: The holding (a person in a post, for a time) that acts. Never a person's name.
By = uuid.UUID


class Moment(msgspec.Struct, frozen=True):
    """The two times of one act.

    `at` is the node's clock, real or scenario; duties, deadlines and rules in force follow it.
    `recorded_at` is always real time.
    """

    at: datetime
    recorded_at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or self.recorded_at.tzinfo is None:
            raise ValueError("a moment needs aware datetimes")


class Span(msgspec.Struct, frozen=True):
    """A half-open interval; `until_at` None means still running."""

    from_at: datetime
    until_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


class Reading(msgspec.Struct, frozen=True):
    """Both clocks at one moment: the one on the wall, and seconds since the machine started.

    `boot` names that start; two readings can be compared when it is the same. `up_s` None: not known.
    """

    wall: datetime
    up_s: float | None = None
    boot: str = ""
