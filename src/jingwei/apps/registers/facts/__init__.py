"""How a register is declared, what is handed to it, and what can be said to have happened to its rows."""

from .declared import KINDS, LAT, LON, NAME, OWNER, PLACE, Choice, Column, Need, Register, Span
from .given import Cell, CellError, RowError, Sought
from .said import CalendarShared, ImportAdvanced, RowChanged, RowCommented, RowRevealed, ViewSaved

__all__ = [
    "KINDS",
    "LAT",
    "LON",
    "NAME",
    "OWNER",
    "PLACE",
    "CalendarShared",
    "Cell",
    "CellError",
    "Choice",
    "Column",
    "ImportAdvanced",
    "Need",
    "Register",
    "RowChanged",
    "RowCommented",
    "RowError",
    "RowRevealed",
    "Sought",
    "Span",
    "ViewSaved",
]
