"""Taking in tables of rules, and what areas lay over them: one person proposes, another confirms."""

from .ending import end_overlay, undo_overlay_end
from .load import load_rules, load_shipped_rules
from .overlay import confirm_overlay, propose_overlay, restore_overlay, withdraw_overlay

__all__ = [
    "confirm_overlay",
    "end_overlay",
    "load_rules",
    "load_shipped_rules",
    "propose_overlay",
    "restore_overlay",
    "undo_overlay_end",
    "withdraw_overlay",
]
