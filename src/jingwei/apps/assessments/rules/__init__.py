"""What the record says, measured against what the rules asked for. Decides, never fetches. Pure."""

from .chains import chains_of, check_chains
from .marks import list_unmarked, marks_of_evidence
from .pairs import list_pairs
from .responses import check_conflicts, check_delay
from .silence import check_silence
from .wording import check_wording
from .words import check_later

__all__ = [
    "chains_of",
    "check_chains",
    "check_conflicts",
    "check_delay",
    "check_later",
    "check_silence",
    "check_wording",
    "list_pairs",
    "list_unmarked",
    "marks_of_evidence",
]
