"""A Merkle tree over the journal, after RFC 9162 section 2.1: each piece of what was sealed can be proved."""

from .hashing import EMPTY_ROOT, HASH_BYTES, leaf_hash, leaf_hashes, node_hash
from .leaves import ENTRY_1, SealedEntry, entry_leaf
from .levels import TILE_LEVELS, Hashes, MemoryLevels, MissingHash, TiledLevels, range_at, root_at
from .proofs import consistency_path, inclusion_path, verify_consistency, verify_inclusion
from .ranges import CompactRange, Grown, Run, grow
from .texts import TEXT_1, Texts, leaf_of_texts

__all__ = [
    "EMPTY_ROOT",
    "ENTRY_1",
    "HASH_BYTES",
    "TEXT_1",
    "TILE_LEVELS",
    "CompactRange",
    "Grown",
    "Hashes",
    "MemoryLevels",
    "MissingHash",
    "Run",
    "SealedEntry",
    "Texts",
    "TiledLevels",
    "consistency_path",
    "entry_leaf",
    "grow",
    "inclusion_path",
    "leaf_hash",
    "leaf_hashes",
    "leaf_of_texts",
    "node_hash",
    "range_at",
    "root_at",
    "verify_consistency",
    "verify_inclusion",
]
