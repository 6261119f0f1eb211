"""Writes of registers: rows added, changed, confirmed, struck; undone and done again; looked at."""

from .beside import comment_row, forget_view, reveal_row, save_view
from .calendars import revoke_calendar, share_calendar
from .files import attach_file, open_file, put_file_back, take_file_off
from .importing import begin_import, carry_on_imports, order_import, undo_import
from .indexing import go_on_indexing, index_kept
from .rows import add_row, change_row, change_rows, confirm_row, restore_row, strike_row
from .undoing import undo_change

__all__ = [
    "add_row",
    "attach_file",
    "begin_import",
    "carry_on_imports",
    "change_row",
    "change_rows",
    "comment_row",
    "confirm_row",
    "forget_view",
    "go_on_indexing",
    "index_kept",
    "open_file",
    "order_import",
    "put_file_back",
    "restore_row",
    "reveal_row",
    "revoke_calendar",
    "save_view",
    "share_calendar",
    "strike_row",
    "take_file_off",
    "undo_change",
    "undo_import",
]
