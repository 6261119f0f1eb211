"""What a check can find wrong with the record, and which is named first."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

#: How much older than its seal a genuine entry can be, beyond the seal before it: the longest transaction.
#: Source: our estimate, loading a province's places takes about 20 s on two cores, thirty times that on a
#: machine that is starved, 2026-11-22.
LONGEST_TRANSACTION = timedelta(minutes=10)

#: Findings in the order in which they are named.
WHAT = (
    "key_replaced",
    "forked",
    "rolled_back",
    "truncated",
    "dropped",
    "inserted",
    "reordered",
    "flipped",
    "backdated",
    "seal_broken",
    "receipt_removed",
    "receipt_inserted",
    "receipt_changed",
    "photo_swapped",
    "photo_missing",
    "row_changed",
    "row_missing",
    "row_unspoken",
)
#: Of one kind so many are told; the others are counted. Source: our estimate, a page, 2026-11-22.
MOST_TOLD = 50


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. `entry` is the number of an entry in this database, `seal` that of a seal.

    `of` says what it concerns: a row as model and id, a file, a checkpoint; `more` says it exactly.
    """

    what: str
    entry: int | None = None
    seal: int | None = None
    of: str = ""
    more: str = ""


class Findings:
    """What was found, by kind, the first of each told and all counted."""

    def __init__(self) -> None:
        self.told: dict[str, list[Finding]] = {}
        self.counts: dict[str, int] = {}

    def add(self, what: str, **where: object) -> None:
        if what not in WHAT:
            raise LookupError(what)
        self.counts[what] = self.counts.get(what, 0) + 1
        if self.counts[what] <= MOST_TOLD:
            self.told.setdefault(what, []).append(msgspec.convert({"what": what, **where}, Finding))

    def has(self, *whats: str) -> bool:
        return any(what in self.counts for what in whats)

    def drop(self, what: str) -> Sequence[Finding]:
        self.counts.pop(what, None)
        return self.told.pop(what, [])

    def listed(self) -> list[Finding]:
        """In the order in which they are named; the first is the one to say."""
        return [one for what in WHAT for one in self.told.get(what, ())]
