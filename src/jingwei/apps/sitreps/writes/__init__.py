"""Steps that several actions share: what is owed now, and what the record says for a draft."""

from .drafting import draft_content, kept, locked_sitrep
from .owed import arisen, arose, basis_of, follow_on, met, met_in_public, recomputed

__all__ = [
    "arisen",
    "arose",
    "basis_of",
    "draft_content",
    "follow_on",
    "kept",
    "locked_sitrep",
    "met",
    "met_in_public",
    "recomputed",
]
