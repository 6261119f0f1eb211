"""Seal after seal: whether the entries are still those that were sealed, in their order and at their time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from jingwei.apps.journal.queries import get_node
from jingwei.engines.checkpoints import Checkpoint, read_checkpoint
from jingwei.engines.merkle import HASH_BYTES, CompactRange, grow, leaf_hash

from ...rules import LONGEST_TRANSACTION, ClockTrust, Findings, Head, digest_of_note, read_head, read_numbers
from .scanning import Scanned
from .snapshot import Snapshot

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SLACK_US = int(LONGEST_TRANSACTION.total_seconds()) * 1_000_000
#: Leaves of a seal up to which every pair is tried to see whether they changed places.
#: Source: our estimate, 300 leaves are 45,000 pairs and about a minute, only on a false record, 2026-11-22.
_MOST_TRIED = 300


class SealRow(msgspec.Struct, frozen=True):
    """A seal as it stands in the database."""

    number: int
    epoch: int
    head: str
    leaves: bytes
    note: str


class Walked(msgspec.Struct):
    """What the walk over the seals gives to the checks after it. `missing`: numbers sealed but not there."""

    seals: int = 0
    heads: list[Head] = []
    notes: dict[tuple[int, int], str] = {}
    numbers: dict[tuple[int, int], int] = {}
    last: dict[int, str] = {}
    missing: list[int] = []


def list_seals(view: Snapshot) -> Iterator[SealRow]:
    sql = "SELECT number, epoch, head, leaves, note FROM seals_seal ORDER BY number"
    for number, epoch, head, leaves, note in view.rows(sql):
        yield SealRow(number, epoch, head, bytes(leaves), note)


def read_note(note: str) -> Checkpoint:
    """The checkpoint of a signed note; says nothing of its signatures. Raises MalformedNote."""
    return read_checkpoint(note.partition("\n\n")[0] + "\n")


class Walk:
    """Goes over all seals in order."""

    def __init__(self, scanned: Scanned, findings: Findings) -> None:
        self.scanned, self.findings = scanned, findings
        self.covered = bytearray(len(scanned.numbers))
        self.walked = Walked()
        self._before = ""
        self._number = self._epoch = 0
        self._range = CompactRange()
        self._complete_us: int | None = None
        self._clock = ClockTrust(_SLACK_US // 1000)
        self._lost: set[int] = set()

    def go(self, seals: Iterable[SealRow]) -> Walked:
        for seal in seals:
            self._step(seal)
            self.walked.seals += 1
            self._number = seal.number
        return self.walked

    def _step(self, seal: SealRow) -> None:
        if seal.epoch != self._epoch:
            self._epoch, self._range, self._complete_us = seal.epoch, CompactRange(), None
        try:
            head, checkpoint = read_head(seal.head), read_note(seal.note)
            runs = read_numbers(head.entries)
        except (ValueError, msgspec.MsgspecError) as error:
            self._break(seal, f"it cannot be read: {error}")
            return
        follows = (head.number, head.epoch, seal.number) == (self._number + 1, seal.epoch, self._number + 1)
        if not follows or head.before != self._before:
            self._break(seal, "it does not follow the seal before it")
        if (checkpoint.node, checkpoint.epoch) != (get_node(), seal.epoch):
            self._break(seal, f"its checkpoint is of {checkpoint.origin}")
        self._before = digest_of_note(seal.note)
        self.walked.heads.append(head)
        self.walked.notes[seal.epoch, checkpoint.size] = seal.note
        self.walked.numbers[seal.epoch, checkpoint.size] = seal.number
        self.walked.last[seal.epoch] = seal.note
        if seal.epoch not in self._lost:
            self._check_leaves(seal, checkpoint, runs)
            self._check_times(seal, head, checkpoint, runs)

    def _check_leaves(self, seal: SealRow, checkpoint: Checkpoint, runs: list[range]) -> None:
        """The kept hashes make the signed root, and the entries make the kept hashes."""
        found = [leaf_hash(seal.head.encode("utf-8", "surrogatepass")), *self._hashes(runs)]
        whole = [one for one in found if one is not None]
        kept = split(seal.leaves)
        if (grown := grow_to(self._range, kept, checkpoint)) is not None:
            if whole != kept:
                self._name(seal, kept, found, [number for run in runs for number in run])
            self._range = grown
        elif len(whole) == len(found) and (grown := grow_to(self._range, whole, checkpoint)) is not None:
            self._break(seal, "its kept hashes were changed")
            self._range = grown
        else:
            # neither makes the root: whoever changed them covered the traces; nothing after it can be judged
            self._lost.add(seal.epoch)
            name_change(self.findings, seal.number, self._range, found, checkpoint)

    def _name(
        self, seal: SealRow, kept: Sequence[bytes], found: Sequence[bytes | None], numbers: Sequence[int]
    ) -> None:
        """Which entries differ from what was sealed, now that the kept hashes are known to be true."""
        if found[0] != kept[0]:
            self._break(seal, "its head was changed")
        elsewhere = Counter(kept)
        for number, true, now in zip(numbers, kept[1:], found[1:], strict=False):
            if now == true:
                continue
            what = "dropped" if now is None else "reordered" if elsewhere[now] else "flipped"
            self.findings.add(what, entry=number, seal=seal.number)
            if now is None:
                self.walked.missing.append(number)

    def _hashes(self, runs: list[range]) -> list[bytes | None]:
        """Hashes of the entries with these numbers as they are now; None where there is none."""
        numbers, hashes = self.scanned.numbers, self.scanned.hashes
        found: list[bytes | None] = []
        for run in runs:
            at = bisect_left(numbers, run.start)
            end = at + len(run)
            if end <= len(numbers) and numbers[end - 1] == run.stop - 1:
                self.covered[at:end] = b"\1" * len(run)
                found += split(hashes[at * HASH_BYTES : end * HASH_BYTES])
                continue
            for number in run:
                at = bisect_left(numbers, number)
                if at < len(numbers) and numbers[at] == number:
                    self.covered[at] = 1
                    found.append(bytes(hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES]))
                else:
                    found.append(None)
        return found

    def _check_times(self, seal: SealRow, head: Head, checkpoint: Checkpoint, runs: list[range]) -> None:
        """No entry is much older than the last seal that took all there was.

        The clock on the wall may have been moved since then: the earlier of the two seals counts, and the
        time may be off by as much as the sealer saw it move.
        """
        delta = checkpoint.sealed_at - _EPOCH
        sealed_us = (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
        self._clock.take(head.clock)
        if self._complete_us is not None:
            bound = min(sealed_us, self._complete_us) - _SLACK_US - self._clock.moved_us()
            for number in self._list_older(runs, bound):
                self.findings.add("backdated", entry=number, seal=seal.number)
        if not head.more:
            self._complete_us = sealed_us
            self._clock.complete(head.clock)

    def _list_older(self, runs: list[range], bound: int) -> Iterator[int]:
        numbers, recorded = self.scanned.numbers, self.scanned.recorded_us
        for run in runs:
            begin, end = bisect_left(numbers, run.start), bisect_left(numbers, run.stop)
            if begin < end and min(recorded[begin:end]) < bound:
                yield from (numbers[at] for at in range(begin, end) if recorded[at] < bound)

    def _break(self, seal: SealRow, why: str) -> None:
        self.findings.add("seal_broken", seal=seal.number, more=why)


def split(hashes: bytes | bytearray) -> list[bytes]:
    whole = bytes(hashes)
    return [whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)]


def grow_to(before: CompactRange, hashes: Sequence[bytes], checkpoint: Checkpoint) -> CompactRange | None:
    """The tree with these leaves, if it is the one that the checkpoint names."""
    if before.size + len(hashes) != checkpoint.size or (hashes and len(hashes[-1]) != HASH_BYTES):
        return None
    grown = grow(before, hashes).range
    return grown if grown.root == checkpoint.root else None


def name_change(
    findings: Findings, seal: int, before: CompactRange, found: Sequence[bytes | None], true: Checkpoint
) -> None:
    """What was done to a seal whose hashes were made again: the number of leaves tells, or a try."""
    wanted = true.size - before.size
    span = f"among leaves {before.size} to {true.size} of {true.origin}, sealed {true.sealed_at.isoformat()}"
    if len(found) < wanted:
        what = "dropped"
    elif len(found) > wanted:
        what = "inserted"
    else:
        what = "reordered" if _is_reordered(before, found, true) else "flipped"
    findings.add(what, seal=seal, more=span)


def _is_reordered(before: CompactRange, found: Sequence[bytes | None], true: Checkpoint) -> bool:
    """Whether two leaves that changed places explain it: tried for every pair of a small seal."""
    if None in found or len(found) > _MOST_TRIED:
        return False
    leaves = [one for one in found if one is not None]
    for one in range(1, len(leaves)):
        for other in range(one + 1, len(leaves)):
            leaves[one], leaves[other] = leaves[other], leaves[one]
            if grow_to(before, leaves, true) is not None:
                return True
            leaves[one], leaves[other] = leaves[other], leaves[one]
    return False


def check_cover(walk: Walk, view: Snapshot) -> int:
    """Entries that are in no seal either wait for one, or were put in. Returns how many wait."""
    waiting = {number for (number,) in view.rows("SELECT entry FROM seals_unsealedentry")}
    numbers, count = walk.scanned.numbers, 0
    at = walk.covered.find(0)
    while at >= 0:
        if numbers[at] in waiting:
            count += 1
        else:
            walk.findings.add("inserted", entry=numbers[at])
        at = walk.covered.find(0, at + 1)
    for number in sorted(waiting):
        at = bisect_left(numbers, number)
        if at == len(numbers) or numbers[at] != number:
            walk.findings.add("dropped", entry=number, more="before it was sealed")
    return count
