"""Who owes which report by when, and what a report says. Decides, never fetches. Pure."""

from .bodies import Body, level_above, place_at
from .drafting import (
    MODES_MET_BY_A_SITREP,
    REQUIRED,
    STAGES,
    Change,
    Content,
    FigureLine,
    Line,
    compare,
    find_gaps,
    find_machine_share,
    numbered,
)
from .owing import (
    Assessed,
    Case,
    Owed,
    SitrepRefused,
    assess,
    check_open,
    check_ready,
    check_version,
    in_force_at,
)
from .timing import due_after, is_immediate, next_due, state_at, warn_at

__all__ = [
    "MODES_MET_BY_A_SITREP",
    "REQUIRED",
    "STAGES",
    "Assessed",
    "Body",
    "Case",
    "Change",
    "Content",
    "FigureLine",
    "Line",
    "Owed",
    "SitrepRefused",
    "assess",
    "check_open",
    "check_ready",
    "check_version",
    "compare",
    "due_after",
    "find_gaps",
    "find_machine_share",
    "in_force_at",
    "is_immediate",
    "level_above",
    "next_due",
    "numbered",
    "place_at",
    "state_at",
    "warn_at",
]
