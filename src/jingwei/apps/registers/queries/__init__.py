"""Reads of registers: what is declared, lists by place, one row with its history, views."""

from ..rules import RegisterRefused
from .calendars import CalendarCard, DueDay, find_calendar, list_calendars, list_due
from .choices import list_choices
from .declared import get_form, get_register, list_registers
from .files import FileLine, list_files
from .given import look_up, read_rows
from .imports import (
    ImportCard,
    LineCard,
    find_import,
    list_first_lines,
    list_imports,
    list_taken,
    list_wrong,
    look_at,
    propose_columns,
    read_lines,
)
from .lists import MOST_COUNTED, RowLine, RowPage, count_rows, list_rows, list_standing
from .points import count_row_cells, find_bounds, list_geometries, list_row_points, list_rows_by_id, seen_by
from .rows import ChangeLine, CommentLine, find_row, get_row, list_changes, list_comments, may_keep
from .then import MOST_TURNED, Stood
from .views import ViewLine, list_views

__all__ = [
    "MOST_COUNTED",
    "MOST_TURNED",
    "CalendarCard",
    "ChangeLine",
    "CommentLine",
    "DueDay",
    "FileLine",
    "ImportCard",
    "LineCard",
    "RegisterRefused",
    "RowLine",
    "RowPage",
    "Stood",
    "ViewLine",
    "count_row_cells",
    "count_rows",
    "find_bounds",
    "find_calendar",
    "find_import",
    "find_row",
    "get_form",
    "get_register",
    "get_row",
    "list_calendars",
    "list_changes",
    "list_choices",
    "list_comments",
    "list_due",
    "list_files",
    "list_first_lines",
    "list_geometries",
    "list_imports",
    "list_registers",
    "list_row_points",
    "list_rows",
    "list_rows_by_id",
    "list_standing",
    "list_taken",
    "list_views",
    "list_wrong",
    "look_at",
    "look_up",
    "may_keep",
    "propose_columns",
    "read_lines",
    "read_rows",
    "seen_by",
]
