"""Writes of sitreps: the machine watches the clocks and drafts, people send and receive."""

from .clocks import meet_by_releases, meet_obligation, recompute, watch_clocks
from .discard import discard_sitrep, restore_sitrep
from .reports import draft_finals, draft_sitrep, edit_sitrep, receive_sitrep, submit_sitrep

__all__ = [
    "discard_sitrep",
    "draft_finals",
    "draft_sitrep",
    "edit_sitrep",
    "meet_by_releases",
    "meet_obligation",
    "receive_sitrep",
    "recompute",
    "restore_sitrep",
    "submit_sitrep",
    "watch_clocks",
]
