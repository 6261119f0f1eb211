"""What can be said to have happened in the watch over people in danger. Ids and figures, no names. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

#: How it was heard that all is well: tapped by the party itself, or told to a desk over one of these.
CHANNELS = ("tap", "radio", "phone", "satellite", "seen")
#: How often a missed check-in is brought before a post: at once, and when a second one is missed.
LEVELS = (1, 2)


class NewWatch(msgspec.Struct, frozen=True, kw_only=True):
    """Who goes where, how many heads, how often they report, and who is told when they do not.

    `party`: the team as everybody may read it; `names`: of its people, shown only by a recorded look.
    `until_at` None: until a person says that all are out. `tell_post` '': the own post; `then_post` '':
    the post above that one, looked up when it is needed.
    """

    party: str
    heads: int
    place: str
    every_min: int
    names: str = ""
    spot: str = ""
    until_at: datetime | None = None
    incident_id: uuid.UUID | None = None
    task_id: uuid.UUID | None = None
    tell_post: str = ""
    then_post: str = ""
    key: str = ""


class WatchChange(msgspec.Struct, frozen=True, kw_only=True):
    """What holds from now on: heads inside, minutes between check-ins, expected out."""

    heads: int
    every_min: int
    until_at: datetime | None = None


class WatchStarted(Fact, frozen=True, kw_only=True):
    """People went in; the first check-in is due then."""

    KIND: ClassVar[str] = "checkins.started/1"
    SUBJECT: ClassVar[str] = "watch_id"

    watch_id: str
    place: str
    heads: int
    every_min: int
    due_at: datetime
    until_at: datetime | None
    incident_id: str | None
    task_id: str | None
    tell_post: str
    then_post: str


class CheckedIn(Fact, frozen=True, kw_only=True):
    """A party was heard. What it said stands with the check-in alone, for words may name people.

    `level`: how far it had been escalated before.
    """

    KIND: ClassVar[str] = "checkins.checked_in/1"
    SUBJECT: ClassVar[str] = "watch_id"

    watch_id: str
    check_in_id: str
    channel: str
    level: int
    due_at: datetime


class CheckInMissed(Fact, frozen=True, kw_only=True):
    """No check-in came by `due_at`, and the post was told: level 1 at once, level 2 an interval later."""

    KIND: ClassVar[str] = "checkins.missed/1"
    SUBJECT: ClassVar[str] = "watch_id"

    watch_id: str
    level: int
    to_post: str
    due_at: datetime


class WatchChanged(Fact, frozen=True, kw_only=True):
    """Heads, interval or the expected end were changed, and why."""

    KIND: ClassVar[str] = "checkins.changed/1"
    SUBJECT: ClassVar[str] = "watch_id"

    watch_id: str
    fields: tuple[str, ...]
    heads: int
    heads_before: int
    every_min: int
    every_min_before: int
    until_at: datetime | None
    reason: str


class WatchEnded(Fact, frozen=True, kw_only=True):
    """A person said that they are out, and how many. `heads`: who had gone in."""

    KIND: ClassVar[str] = "checkins.ended/1"
    SUBJECT: ClassVar[str] = "watch_id"

    watch_id: str
    heads: int
    heads_out: int
    words: str


class WatchReopened(Fact, frozen=True, kw_only=True):
    """The end was taken back: they are watched again from now on."""

    KIND: ClassVar[str] = "checkins.reopened/1"
    SUBJECT: ClassVar[str] = "watch_id"

    watch_id: str
    reason: str


class PartyRevealed(Fact, frozen=True, kw_only=True):
    """Somebody looked at the names of a party, and why."""

    KIND: ClassVar[str] = "checkins.revealed/1"
    SUBJECT: ClassVar[str] = "watch_id"

    watch_id: str
    reason: str
