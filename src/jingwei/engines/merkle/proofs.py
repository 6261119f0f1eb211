"""Proofs that an entry is in the tree, and that a later tree still begins with an earlier one.

A path does not say for which size it was made: trees of several sizes share its form. The size must come
from where the root comes from, a signed checkpoint, never from the proof.
"""

from collections.abc import Sequence

from .hashing import EMPTY_ROOT, HASH_BYTES, node_hash
from .levels import Hashes, subtree


def inclusion_path(hashes: Hashes, *, index: int, size: int) -> list[bytes]:
    """Hashes that lead from leaf `index` to the root of the first `size` leaves. RFC 9162 section 2.1.3.1."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(hashes, middle, end))
            end = middle
        else:
            path.append(subtree(hashes, start, middle))
            start = middle
    return path[::-1]


def consistency_path(hashes: Hashes, *, first: int, second: int) -> list[bytes]:
    """Hashes that show that `second` leaves begin with the `first` ones. RFC 9162 section 2.1.4.1.

    Empty where there is nothing to show: from nothing, and between equal sizes.
    """
    if not 0 <= first <= second:
        raise ValueError(f"{first} leaves cannot come before {second}")
    if first in (0, second):
        return []
    path, start, end, known = [], 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(subtree(hashes, middle, end))
            end = middle
        else:
            path.append(subtree(hashes, start, middle))
            start, known = middle, False
    if not known:
        path.append(subtree(hashes, start, end))
    return path[::-1]


def verify_inclusion(leaf_hash: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf is number `index` (from 0) of the tree with this size and root.

    RFC 9162 section 2.1.3.2, and every hash of its full length.
    """
    if not 0 <= index < size or not _are_hashes([leaf_hash, root, *path]):
        return False
    fn, sn, r = index, size - 1, leaf_hash
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def verify_consistency(
    *, first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether the tree of `second` leaves begins with the tree of `first` leaves.

    RFC 9162 section 2.1.4.2 for 0 < first < second. It leaves out the ends: equal sizes need equal roots,
    anything begins with an empty tree, and neither takes a path.
    """
    if not 0 <= first <= second or not _are_hashes([first_root, second_root, *path]):
        return False
    if first == second:
        return not path and first_root == second_root and (first > 0 or first_root == EMPTY_ROOT)
    if first == 0:
        return not path and first_root == EMPTY_ROOT
    return bool(path) and _leads_to_both(first, second, path, first_root, second_root)


def _leads_to_both(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Steps 2 to 7 of RFC 9162 section 2.1.4.2."""
    if first.bit_count() == 1:
        path = [first_root, *path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


def _split(width: int) -> int:
    """The largest power of two below `width`, at least 2. RFC 9162 section 2.1.1."""
    return 1 << ((width - 1).bit_length() - 1)


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(isinstance(one, bytes) and len(one) == HASH_BYTES for one in values)
