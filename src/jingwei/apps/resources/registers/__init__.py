"""The registers of means. Each is declared once; the kit does the rest."""

from .grassroots import GRIDS, INFORMANTS
from .people import CONTACTS, EXPERTS, TEAMS
from .promised import AGREEMENTS, PRODUCERS
from .sites import HOSPITALS, SHELTERS, STORES
from .vehicles import VEHICLES

REGISTERS = (
    TEAMS,
    VEHICLES,
    STORES,
    PRODUCERS,
    AGREEMENTS,
    SHELTERS,
    HOSPITALS,
    EXPERTS,
    CONTACTS,
    GRIDS,
    INFORMANTS,
)

__all__ = [
    "AGREEMENTS",
    "CONTACTS",
    "EXPERTS",
    "GRIDS",
    "HOSPITALS",
    "INFORMANTS",
    "PRODUCERS",
    "REGISTERS",
    "SHELTERS",
    "STORES",
    "TEAMS",
    "VEHICLES",
]
