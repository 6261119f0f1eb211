"""How a register is declared, what is handed to it, and what can be said to have happened to its rows."""

from .declared import KINDS, LAT, LON, NAME, OWNER, PLACE, Choice, Column, Kept, Looked, Need, Register, Span
from .given import Cell, CellError, Document, RowError, Sought
from .said import (
    CalendarShared,
    FileAttached,
    FileOpened,
    FileTakenOff,
    ImportAdvanced,
    RowChanged,
    RowCommented,
    RowRevealed,
    ViewSaved,
)

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
    "Document",
    "FileAttached",
    "FileOpened",
    "FileTakenOff",
    "ImportAdvanced",
    "Kept",
    "Looked",
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
