"""What the journal itself has to say: only that it was mended by hand."""

from typing import ClassVar

from jingwei.kernel.facts import Fact


class ReactionRetried(Fact, frozen=True, kw_only=True):
    """An operator asked for a failed reaction to be tried again at once."""

    KIND: ClassVar[str] = "journal.reaction_retried/1"
    SUBJECT: ClassVar[str] = "entry_id"

    entry_id: str
    reaction: str
