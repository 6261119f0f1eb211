"""Writes of people: counts we stand by, and the lists behind them."""

from .counts import adopt_figure, count_list, revise_figure
from .lists import erase_person, import_list, restore_person, reveal_person, strike_person

__all__ = [
    "adopt_figure",
    "count_list",
    "erase_person",
    "import_list",
    "restore_person",
    "reveal_person",
    "revise_figure",
    "strike_person",
]
