"""Growing a tree without keeping it: about one hash per doubling is all that must be remembered."""

from collections.abc import Sequence

import msgspec

from .hashing import HASH_BYTES, fold, pair


class CompactRange(msgspec.Struct, frozen=True):
    """A tree of `size` leaves by its complete subtrees, the largest first: one for each bit of `size`."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"{len(self.peaks)} subtrees cannot make a tree of {self.size} leaves")
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError(f"a hash has {HASH_BYTES} bytes")

    @property
    def root(self) -> bytes:
        return fold(self.peaks)


class Run(msgspec.Struct, frozen=True):
    """Hashes of complete subtrees of 2**level leaves, side by side; the first is number `start` there."""

    level: int
    start: int
    hashes: Sequence[bytes]


class Grown(msgspec.Struct, frozen=True):
    """A tree after more leaves, and the hashes that came with them: what a store must keep, nothing else."""

    range: CompactRange
    runs: tuple[Run, ...]


def grow(before: CompactRange, leaf_hashes: Sequence[bytes]) -> Grown:
    """Append leaves. Costs about two hashes a leaf, however large the tree already is."""
    if any(len(one) != HASH_BYTES for one in leaf_hashes):
        raise ValueError(f"a hash has {HASH_BYTES} bytes")
    size, left = before.size + len(leaf_hashes), list(before.peaks)
    runs: list[Run] = []
    peaks: list[bytes] = []
    fresh = list(leaf_hashes)
    for level in range(size.bit_length()):
        start = before.size >> level
        if fresh:
            runs.append(Run(level=level, start=start, hashes=fresh))
        # An odd number of subtrees so far: the last one waits for a neighbour on its right
        row = [left.pop(), *fresh] if start & 1 else fresh
        if len(row) & 1:
            peaks.append(row[-1])
        fresh = pair(row)
    return Grown(range=CompactRange(size=size, peaks=tuple(reversed(peaks))), runs=tuple(runs))
