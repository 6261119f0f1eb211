"""How cells are read, masked, found and compared. Decides, never fetches."""

from .cells import Known, fold, is_empty, plain, read_cell, read_row, typed
from .keeping import RegisterRefused, check_keeper, check_point, check_reason, check_together, check_words
from .masks import masked
from .searching import found_by, initials, key_of

__all__ = [
    "Known",
    "RegisterRefused",
    "check_keeper",
    "check_point",
    "check_reason",
    "check_together",
    "check_words",
    "fold",
    "found_by",
    "initials",
    "is_empty",
    "key_of",
    "masked",
    "plain",
    "read_cell",
    "read_row",
    "typed",
]
