"""Sealing: what was written since the last seal goes into the tree, and a signed checkpoint says so."""

import os
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from jingwei.apps.journal.queries import get_node
from jingwei.engines.checkpoints import Checkpoint, read_checkpoint, sign
from jingwei.engines.merkle import (
    TILE_LEVELS,
    CompactRange,
    Grown,
    grow,
    leaf_hash,
    leaf_of_texts,
    range_at,
)
from jingwei.engines.merkle.notes import Ed25519Signer, add_signature
from jingwei.kernel.moments import Reading

from .. import queries, rules, writes
from ..models import Seal, Subtree
from ..queries.tree import EpochLine, SealLine, find_note, list_notes_after
from ..queries.waiting import Waiting, list_waiting
from .epochs import sync_folder


class CannotSeal(Exception):
    """Why nothing is sealed: `key_missing`, `key_changed`, `database_older`, `notes_differ`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Sealer:
    """What a sealer remembers between two seals, so that it need not read the tree again."""

    def __init__(self) -> None:
        self.number = -1
        self.range = CompactRange()
        self.kept: tuple[int, int] | None = None
        self.watch = rules.ClockWatch()


def seal_entries(sealer: Sealer, *, clock: Callable[[], Reading]) -> int:
    """Seal what waits, at most `rules.MOST_ENTRIES` entries, at the time of `clock`. Returns how many leaves.

    The clock is read after what waits, so that no entry is from a later hour than its seal.
    Hashing comes before the transaction: it holds the writers' turn only for a row and its marks. The
    checkpoint goes to the file beside the database after the commit, so that the file never knows more.
    Raises `CannotSeal` when the key or that file says something else than the database.
    """
    epoch = queries.find_epoch()
    if epoch is None:
        return 0
    last = queries.find_last_seal()
    _watch(sealer, last, clock())
    _keep_notes(sealer, epoch.number)
    if not queries.is_anything_unsealed():
        return 0
    signer = _signer(epoch)
    waiting = list_waiting(rules.MOST_ENTRIES, rules.MOST_RECEIPTS)
    if not waiting.entries and not waiting.receipts:
        return 0
    now = clock()
    sealer.watch.look(now)
    before = _range(sealer, epoch, last)
    head = _head(epoch, last, waiting, sealer.watch.tell(now))
    hashes = [leaf_hash(head.text.encode()), *(leaf_hash(leaf_of_texts(row[1:])) for row in waiting.entries)]
    grown = grow(before, hashes)
    checkpoint = Checkpoint(
        node=get_node(), epoch=epoch.number, size=grown.range.size, root=grown.range.root, sealed_at=now.wall
    )
    note = _sign(checkpoint, signer, begins=bool(head.last))
    if not _keep(head, note, hashes, grown, waiting, before=before.size, at=now.wall):
        return 0
    sealer.number, sealer.range = head.number, grown.range
    sealer.watch.told()
    _keep_notes(sealer, epoch.number)
    return len(hashes)


def seal_all(*, at: datetime) -> int:
    """Seal everything that waits, in as many seals as it takes. Returns how many leaves."""
    sealer, done = Sealer(), 0
    while now := seal_entries(sealer, clock=lambda: Reading(wall=at)):
        done += now
    return done


def _signer(epoch: EpochLine) -> Ed25519Signer:
    try:
        signer = queries.get_signer(f"{get_node()}/{epoch.number}")
    except queries.KeyUnreadable:
        raise CannotSeal("key_missing") from None
    if signer.verifier.key != epoch.key:
        raise CannotSeal("key_changed")
    return signer


def _watch(sealer: Sealer, last: SealLine | None, now: Reading) -> None:
    """Look at the clock; a new sealer goes on from what the one before it saw."""
    if sealer.number < 0 and last is not None:
        head = rules.read_head(queries.get_head(last.number))
        if head.clock is not None:
            sealer.watch.resume(head.clock, read_checkpoint(last.note.partition("\n\n")[0] + "\n").sealed_at)
        sealer.number = 0
    sealer.watch.look(now)


def _range(sealer: Sealer, epoch: EpochLine, last: SealLine | None) -> CompactRange:
    """The epoch's tree as it is now; remembered, unless another sealed meanwhile."""
    if last is None or last.epoch != epoch.number:
        return CompactRange()
    if sealer.number != last.number:
        return range_at(queries.get_hashes(epoch.number), last.size)
    return sealer.range


def _head(epoch: EpochLine, last: SealLine | None, waiting: Waiting, clock: rules.Clock | None) -> rules.Head:
    return rules.Head(
        epoch=epoch.number,
        number=last.number + 1 if last else 1,
        before=rules.digest_of_note(last.note) if last else "",
        entries=rules.write_numbers([row[0] for row in waiting.entries]),
        receipts=rules.write_numbers([row[0] for row in waiting.receipts]),
        receipts_sha256=rules.digest_of_receipts((row[1], row[2], row[3]) for row in waiting.receipts),
        more=waiting.more,
        last=last.note if last and last.epoch != epoch.number else "",
        clock=clock,
    )


def _sign(checkpoint: Checkpoint, signer: Ed25519Signer, *, begins: bool) -> str:
    """The signed checkpoint; the first of a later epoch is signed under the old name too, by the same key."""
    note = sign(checkpoint, signer)
    if begins:
        old = queries.list_epochs()[-2]
        handing_over = queries.get_signer(f"{get_node()}/{old.number}")
        if handing_over.verifier.key == old.key:
            note = add_signature(note, handing_over)
    return note


def _keep(
    head: rules.Head,
    note: str,
    hashes: list[bytes],
    grown: Grown,
    waiting: Waiting,
    *,
    before: int,
    at: datetime,
) -> bool:
    """Store the seal in one transaction; False when another sealed in between."""
    entries = [row[0] for row in waiting.entries]
    with transaction.atomic():
        writes.take_sealer_turn()
        last = queries.find_last_seal()
        if (last.number if last else 0) != head.number - 1:
            return False
        Seal.objects.create(
            number=head.number, epoch=head.epoch, first=before, size=grown.range.size,
            least=entries[0] if entries else None, most=entries[-1] if entries else None,
            head=head.text, leaves=b"".join(hashes), note=note, sealed_at=at,
        )  # fmt: skip
        Subtree.objects.bulk_create(
            Subtree(epoch=head.epoch, level=run.level, index=run.start + place, hash=one)
            for run in grown.runs
            if run.level and run.level % TILE_LEVELS == 0
            for place, one in enumerate(run.hashes)
        )
        writes.remove_marks(entries, [row[0] for row in waiting.receipts])
    return True


def _keep_notes(sealer: Sealer, epoch: int) -> None:
    """Append to the file beside the database what it does not have yet.

    Raises `CannotSeal` when the file knows a checkpoint that the database does not: then the database is
    older than what was signed, or another, and going on would be a second history under one name.
    """
    last = queries.find_last_seal(epoch)
    size = last.size if last else 0
    if sealer.kept == (epoch, size):
        return
    found = queries.find_last_note(epoch)
    kept = read_checkpoint(found.partition("\n\n")[0] + "\n").size if found else 0
    if kept > size:
        raise CannotSeal("database_older")
    if found and find_note(epoch, kept) != found:
        raise CannotSeal("notes_differ")
    _append(epoch, list_notes_after(epoch, kept))
    sealer.kept = (epoch, size)


def _append(epoch: int, notes: list[str]) -> None:
    if not notes:
        return
    path = queries.path_of_notes(epoch)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh, torn = not path.exists(), queries.is_torn(epoch)
    with path.open("ab") as file:
        if torn:
            file.write(b"\n\n")  # the last was cut off by a power cut; it stands alone and is passed over
        file.write("".join(f"{note}\n" for note in notes).encode())
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        sync_folder(path.parent)
