"""Writes of sitreps: the machine watches the clocks and drafts, people send and receive."""

from .clocks import meet_obligation, recompute, watch_clocks
from .reports import draft_sitrep, edit_sitrep, receive_sitrep, submit_sitrep

__all__ = [
    "draft_sitrep",
    "edit_sitrep",
    "meet_obligation",
    "receive_sitrep",
    "recompute",
    "submit_sitrep",
    "watch_clocks",
]
