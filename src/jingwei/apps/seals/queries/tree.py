"""The hashes of an epoch's tree, as they are kept in the database."""

import msgspec
from django.db.models import Max

from jingwei.engines.merkle import HASH_BYTES, TILE_LEVELS, TiledLevels

from ..models import Epoch, Seal, Subtree


class EpochLine(msgspec.Struct, frozen=True):
    """One tree of the node: its number, the public key that signs for it, why it began."""

    number: int
    key: str
    reason: str


class SealLine(msgspec.Struct, frozen=True):
    """The newest seal: what the next one goes on from."""

    number: int
    epoch: int
    size: int
    note: str


def find_epoch() -> EpochLine | None:
    """The tree that grows now; None before the first start."""
    row = Epoch.objects.order_by("-number").first()
    return EpochLine(number=row.number, key=row.key, reason=row.reason) if row else None


def list_epochs() -> list[EpochLine]:
    rows = Epoch.objects.order_by("number")
    return [EpochLine(number=row.number, key=row.key, reason=row.reason) for row in rows]


def find_last_seal(epoch: int | None = None) -> SealLine | None:
    """The newest seal, of that epoch or of all."""
    rows = Seal.objects.all() if epoch is None else Seal.objects.filter(epoch=epoch)
    row = rows.order_by("-number").only("number", "epoch", "size", "note").first()
    return SealLine(number=row.number, epoch=row.epoch, size=row.size, note=row.note) if row else None


def get_head(number: int) -> str:
    """The head of a seal, as it was sealed. Raises Seal.DoesNotExist."""
    return Seal.objects.values_list("head", flat=True).get(number=number)


def find_note(epoch: int, size: int) -> str:
    """The checkpoint of that size; empty when the epoch never had just so many leaves."""
    return Seal.objects.filter(epoch=epoch, size=size).values_list("note", flat=True).first() or ""


def list_notes_after(epoch: int, size: int) -> list[str]:
    """The epoch's checkpoints beyond a size, in order."""
    rows = Seal.objects.filter(epoch=epoch, size__gt=size).order_by("size")
    return list(rows.values_list("note", flat=True))


def get_hashes(epoch: int) -> TiledLevels:
    """The epoch's tree: leaves from its seals, and every eighth level above them."""

    def read_tile(level: int, index: int) -> bytes:
        return _leaves(epoch, index) if level == 0 else _subtrees(epoch, level * TILE_LEVELS, index)

    return TiledLevels(read_tile)


def _leaves(epoch: int, index: int) -> bytes:
    start = index << TILE_LEVELS
    end = start + (1 << TILE_LEVELS)
    rows = Seal.objects.filter(epoch=epoch, size__gt=start, first__lt=end).order_by("size")
    found = b""
    for first, leaves in rows.values_list("first", "leaves"):
        found += bytes(leaves)[max(0, start - first) * HASH_BYTES : (end - first) * HASH_BYTES]
    return found


def _subtrees(epoch: int, level: int, index: int) -> bytes:
    start = index << TILE_LEVELS
    rows = Subtree.objects.filter(
        epoch=epoch, level=level, index__gte=start, index__lt=start + (1 << TILE_LEVELS)
    ).order_by("index")
    return b"".join(bytes(one) for one in rows.values_list("hash", flat=True))


def count_leaves() -> int:
    """Leaves of all epochs together."""
    return sum(size for _, size in Seal.objects.values_list("epoch").annotate(Max("size")))
