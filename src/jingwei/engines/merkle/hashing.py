"""The hashes a tree is made of: leaves and nodes can never be taken for each other."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

#: Bytes of one hash. Source: RFC 9162 section 10.2.1 (SHA-256).
HASH_BYTES = 32

#: First byte of what is hashed for a leaf, and for a node. Source: RFC 9162 section 2.1.1.
LEAF, NODE = b"\x00", b"\x01"

#: Root of a tree without leaves: the hash of nothing. Source: RFC 9162 section 2.1.1.
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one leaf's content."""
    return sha256(LEAF + leaf).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """Hashes of many leaves, in their order."""
    return [sha256(LEAF + leaf).digest() for leaf in leaves]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of the node above two others."""
    return sha256(NODE + left + right).digest()


def pair(row: Sequence[bytes]) -> list[bytes]:
    """The level above a row of nodes, two by two from the left; an odd last one is left out."""
    one = iter(row)
    return [sha256(NODE + left + right).digest() for left, right in zip(one, one, strict=False)]


def fold(nodes: Sequence[bytes]) -> bytes:
    """Root over complete subtrees side by side, the largest on the left."""
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for left in reversed(nodes[:-1]):
        root = node_hash(left, root)
    return root
