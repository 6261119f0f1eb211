"""The registers of means. Each is declared once; the kit does the rest."""

from .people import CONTACTS, EXPERTS, TEAMS
from .sites import HOSPITALS, SHELTERS, STORES
from .vehicles import VEHICLES

REGISTERS = (TEAMS, VEHICLES, STORES, SHELTERS, HOSPITALS, EXPERTS, CONTACTS)

__all__ = [
    "CONTACTS",
    "EXPERTS",
    "HOSPITALS",
    "REGISTERS",
    "SHELTERS",
    "STORES",
    "TEAMS",
    "VEHICLES",
]
