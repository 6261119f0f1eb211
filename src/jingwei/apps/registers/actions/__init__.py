"""Writes of registers: rows added, changed, confirmed, struck; undone and done again; looked at."""

from .beside import comment_row, forget_view, reveal_row, save_view
from .calendars import revoke_calendar, share_calendar
from .importing import begin_import, carry_on_imports, order_import, undo_import
from .rows import add_row, change_row, change_rows, confirm_row, strike_row
from .undoing import undo_change

__all__ = [
    "add_row",
    "begin_import",
    "carry_on_imports",
    "change_row",
    "change_rows",
    "comment_row",
    "confirm_row",
    "forget_view",
    "order_import",
    "reveal_row",
    "revoke_calendar",
    "save_view",
    "share_calendar",
    "strike_row",
    "undo_change",
    "undo_import",
]
