"""What is done for people in danger: watched, heard, escalated, changed, ended, taken back."""

from .ending import end_watch, reopen_watch
from .hearing import check_in
from .looking import reveal_party
from .starting import change_watch, start_watch
from .watching import escalate_missed

__all__ = [
    "change_watch",
    "check_in",
    "end_watch",
    "escalate_missed",
    "reopen_watch",
    "reveal_party",
    "start_watch",
]
