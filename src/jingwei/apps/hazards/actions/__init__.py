"""Taking in tables of rules, and what areas lay over them: one person proposes, another confirms."""

from .load import load_rules, load_shipped_rules
from .overlay import confirm_overlay, propose_overlay, restore_overlay, withdraw_overlay

__all__ = [
    "confirm_overlay",
    "load_rules",
    "load_shipped_rules",
    "propose_overlay",
    "restore_overlay",
    "withdraw_overlay",
]
