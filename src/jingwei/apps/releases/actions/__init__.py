"""Writing to the public: the machine drafts, one person writes, another approves, somebody publishes."""

from ..rules import Written
from .decide import (
    approve_release,
    correct_release,
    edit_release,
    publish_release,
    withdraw_release,
)
from .discard import discard_release, restore_release
from .draft import draft_notices, draft_release, draft_releases

__all__ = [
    "Written",
    "approve_release",
    "correct_release",
    "discard_release",
    "draft_notices",
    "draft_release",
    "draft_releases",
    "edit_release",
    "publish_release",
    "restore_release",
    "withdraw_release",
]
