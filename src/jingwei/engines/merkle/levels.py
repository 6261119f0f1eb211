"""Hashes of complete subtrees, kept by level: enough to answer for any earlier size of the tree."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from .hashing import HASH_BYTES, fold, pair
from .ranges import CompactRange, Run

#: Levels in one tile, so that it holds 2**8 = 256 hashes. Source: C2SP tlog-tiles, "Merkle Tree".
TILE_LEVELS = 8


class MissingHash(LookupError):
    """The store does not have a hash that the tree needs: it is shorter than said, or has a hole."""


class Hashes(Protocol):
    """Where hashes are kept: a table (level, index, hash), tiles, or memory.

    Hash number `index` of `level` stands for the leaves from index * 2**level, 2**level of them, all there.
    """

    def get_hashes(self, level: int, start: int, count: int) -> Sequence[bytes]: ...


class MemoryLevels:
    """Hashes in memory, one list for each level."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = []

    def keep(self, runs: Iterable[Run]) -> None:
        """Add what a growing tree brought. Raises `MissingHash` if something before it was never kept."""
        for run in runs:
            while len(self._levels) <= run.level:
                self._levels.append([])
            level = self._levels[run.level]
            if len(level) != run.start:
                raise MissingHash(f"level {run.level} has {len(level)} hashes, not {run.start}")
            level.extend(run.hashes)

    def get_hashes(self, level: int, start: int, count: int) -> Sequence[bytes]:
        return self._levels[level][start : start + count] if level < len(self._levels) else []


class TiledLevels:
    """Hashes in tiles: only every eighth level is kept, the seven between are made again from one tile.

    `read_tile(level, index)` gives up to 256 hashes, one after the other, of level 8 * `level` of the tree.
    """

    def __init__(self, read_tile: Callable[[int, int], bytes]) -> None:
        self._read = read_tile

    def get_hashes(self, level: int, start: int, count: int) -> Sequence[bytes]:
        tile_level, rise = divmod(level, TILE_LEVELS)
        return [self._hash(tile_level, rise, index) for index in range(start, start + count)]

    def _hash(self, tile_level: int, rise: int, index: int) -> bytes:
        number, place = divmod(index << rise, 1 << TILE_LEVELS)
        tile = self._read(tile_level, number)
        end = (place + (1 << rise)) * HASH_BYTES
        if len(tile) < end:
            raise MissingHash(f"tile {number} of level {tile_level} is too short")
        row = [tile[at : at + HASH_BYTES] for at in range(place * HASH_BYTES, end, HASH_BYTES)]
        for _ in range(rise):
            row = pair(row)
        return row[0]


def root_at(hashes: Hashes, size: int) -> bytes:
    """Root of the tree when it had `size` leaves. Reads one hash per bit of `size`."""
    return subtree(hashes, 0, size)


def range_at(hashes: Hashes, size: int) -> CompactRange:
    """The tree of `size` leaves, ready to grow. Reads one hash per bit of `size`."""
    return CompactRange(size, tuple(_one(hashes, level, index) for level, index in cover(0, size)))


def subtree(hashes: Hashes, start: int, end: int) -> bytes:
    """Hash over the leaves from `start` up to `end`, where `start` is a corner of the tree."""
    return fold([_one(hashes, level, index) for level, index in cover(start, end)])


def cover(start: int, end: int) -> list[tuple[int, int]]:
    """Complete subtrees (level, index) that lie side by side from `start` to `end`, the largest first."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def _one(hashes: Hashes, level: int, index: int) -> bytes:
    found = hashes.get_hashes(level, index, 1)
    if len(found) != 1 or len(found[0]) != HASH_BYTES:
        raise MissingHash(f"no hash {index} at level {level}")
    return bytes(found[0])
