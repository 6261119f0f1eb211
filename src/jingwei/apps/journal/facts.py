"""What the journal itself has to say: that it was mended by hand, or made again from a backup."""

from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact


class ReactionRetried(Fact, frozen=True, kw_only=True):
    """An operator asked for a failed reaction to be tried again at once."""

    KIND: ClassVar[str] = "journal.reaction_retried/1"
    SUBJECT: ClassVar[str] = "entry_id"

    entry_id: str
    reaction: str


class Backed(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself. `last_recorded_at` None: the node had no entry yet."""

    made_at: datetime
    last_entry: str
    last_recorded_at: datetime | None
    release: str


class NodeRestored(Fact, frozen=True, kw_only=True):
    """The node was made again from a backup: what was recorded after `last_recorded_at` is not in it.

    A new epoch of its log begins. Sessions ended, and so many tokens.
    """

    KIND: ClassVar[str] = "journal.node_restored/1"
    SUBJECT: ClassVar[str] = "epoch"

    epoch: int
    made_at: datetime
    last_entry: str
    last_recorded_at: datetime | None
    release: str
    tokens: int


class RestoreAcknowledged(Fact, frozen=True, kw_only=True):
    """Somebody saw to the gap that a restore left: what could be was entered again."""

    KIND: ClassVar[str] = "journal.restore_acknowledged/1"
    SUBJECT: ClassVar[str] = "entry_id"

    entry_id: str
