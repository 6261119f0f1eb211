"""How a register is declared, what is handed to it, and what can be said to have happened to its rows."""

from .declared import KINDS, LAT, LON, NAME, OWNER, PLACE, Choice, Column, Register
from .given import Cell, CellError, RowError, Sought
from .said import ImportAdvanced, RowChanged, RowCommented, RowRevealed, ViewSaved

__all__ = [
    "KINDS",
    "LAT",
    "LON",
    "NAME",
    "OWNER",
    "PLACE",
    "Cell",
    "CellError",
    "Choice",
    "Column",
    "ImportAdvanced",
    "Register",
    "RowChanged",
    "RowCommented",
    "RowError",
    "RowRevealed",
    "Sought",
    "ViewSaved",
]
