"""What can be said of the node's seals. Pure."""

from typing import ClassVar

from jingwei.kernel.facts import Fact


class EpochBegun(Fact, frozen=True, kw_only=True):
    """A new tree began: at the first start, or after a restore. `key` is the public key of its seals.

    `before` and `size` name where the older tree ends in this database: its origin and its leaves;
    empty and 0 for the first. `reason`: first_start, restored, key_lost.
    """

    KIND: ClassVar[str] = "seals.epoch_begun/1"
    SUBJECT: ClassVar[str] = "epoch_id"

    epoch_id: str
    epoch: int
    key: str
    reason: str
    before: str
    size: int


class RowsAdopted(Fact, frozen=True, kw_only=True):
    """Rows that stood here before the very first seal and that no fact had spoken of: an older release
    wrote them so. From now on they are proved as they stood then. `model`: whose rows, `count`: how many.
    """

    KIND: ClassVar[str] = "seals.rows_adopted/1"
    SUBJECT: ClassVar[str] = "model"

    model: str
    count: int
