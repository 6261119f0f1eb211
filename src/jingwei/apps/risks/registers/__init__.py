"""Registers of what may do harm and what must be kept from it. Declared once; the kit does the rest."""

from .dangers import HIDDEN_DANGERS
from .sites import KEY_SITES
from .sources import HAZARD_SOURCES

REGISTERS = (HAZARD_SOURCES, HIDDEN_DANGERS, KEY_SITES)

__all__ = ["HAZARD_SOURCES", "HIDDEN_DANGERS", "KEY_SITES", "REGISTERS"]
