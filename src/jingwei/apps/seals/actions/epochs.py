"""Beginning a tree: at the first start, after a restore, or when the key is lost."""

import base64
import os
import secrets

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import get_node
from jingwei.kernel.moments import By, Moment

from .. import queries, writes
from ..facts import EpochBegun, RowsAdopted
from ..models import Epoch
from ..queries.keys import KEY_1


@transaction.atomic
def begin_epoch(reason: str, *, by: By, moment: Moment) -> int:
    """Begin a new tree; its first seal names the last of the old one. Makes a key where none is.

    `reason`: first_start, restored, key_lost. The first of all adopts the rows that an older release wrote
    without a fact. Returns the number of the epoch.
    """
    agencies.require(by, "seals.begin_epoch", at=moment.at)
    writes.take_sealer_turn()
    old, last = queries.find_epoch(), queries.find_last_seal()
    # a machine restored twice keeps the checkpoints of the life between: their number is not used again
    number = max([old.number if old else 0, *queries.list_kept_epochs()]) + 1
    origin = f"{get_node()}/{number}"
    try:
        signer = queries.get_signer(origin)
    except queries.KeyUnreadable:
        _make_key()
        signer = queries.get_signer(origin)
    row = Epoch(number=number, key=signer.verifier.key, reason=reason, begun_at=moment.recorded_at)
    row.save(force_insert=True)
    fact = EpochBegun(
        epoch_id=str(row.id),
        epoch=number,
        key=row.key,
        reason=reason,
        before=f"{get_node()}/{last.epoch}" if last else "",
        size=last.size if last else 0,
    )
    record([(fact, row)], by=by, moment=moment)
    if number == 1:
        _adopt_rows(by=by, moment=moment)
    return number


def _adopt_rows(*, by: By, moment: Moment) -> None:
    """What an older release wrote without a fact is spoken of before the first seal; never after it."""
    if not (unspoken := queries.list_unspoken()):
        return
    for rows in queries.list_still_unspoken(unspoken):
        fact = RowsAdopted(model=rows[0]._meta.label, count=len(rows))
        record([(fact, rows)], by=by, moment=moment)


def _make_key() -> None:
    """A new key, readable by the node alone; a file that held none is put aside."""
    path = queries.path_of_key()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        path.replace(path.with_name(f"{path.name}.unreadable"))
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(f"{KEY_1}\n".encode() + base64.b64encode(secrets.token_bytes(32)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: "os.PathLike[str]") -> None:
    """A new file is there after a power cut only when its folder is on the disk too."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
