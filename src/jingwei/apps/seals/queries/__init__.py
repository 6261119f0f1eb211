"""Reads of the seals: the tree, what waits, the key, and the check of the whole record."""

from ..rules import Finding
from .checking import Verified, verify
from .keys import (
    KeyUnreadable,
    find_last_note,
    get_signer,
    has_key,
    is_torn,
    list_kept_epochs,
    list_notes,
    path_of_key,
    path_of_notes,
    read_notes,
)
from .proving import prove
from .spoken import list_still_unspoken, list_unspoken
from .state import State, get_state, keep_check
from .tree import find_epoch, find_last_seal, get_hashes, get_head, list_epochs
from .waiting import count_unsealed, find_unsealed_since, is_anything_unsealed

__all__ = [
    "Finding",
    "KeyUnreadable",
    "State",
    "Verified",
    "count_unsealed",
    "find_epoch",
    "find_last_note",
    "find_last_seal",
    "find_unsealed_since",
    "get_hashes",
    "get_head",
    "get_signer",
    "get_state",
    "has_key",
    "is_anything_unsealed",
    "is_torn",
    "keep_check",
    "list_epochs",
    "list_kept_epochs",
    "list_notes",
    "list_still_unspoken",
    "list_unspoken",
    "path_of_key",
    "path_of_notes",
    "prove",
    "read_notes",
    "verify",
]
