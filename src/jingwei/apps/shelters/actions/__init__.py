"""What people do with shelters and for the people in them."""

from .coming import register_family
from .going import bring_guests_back, let_guests_leave, move_guests
from .guests import change_guest, erase_guest, restore_guest, reveal_guest, strike_guest
from .looking import search_guests, take_list
from .opening import change_opening, close_shelter, open_shelter, reopen_shelter
from .same import join_guests, part_guests
from .seeking import (
    answer_seeking,
    ask_seeking,
    decide_consent,
    end_seeking,
    look_up_seeking,
    note_consent,
    reopen_seeking,
)
from .supplying import adopt_heads, count_supply

__all__ = [
    "adopt_heads",
    "answer_seeking",
    "ask_seeking",
    "bring_guests_back",
    "change_guest",
    "change_opening",
    "close_shelter",
    "count_supply",
    "decide_consent",
    "end_seeking",
    "erase_guest",
    "join_guests",
    "let_guests_leave",
    "look_up_seeking",
    "move_guests",
    "note_consent",
    "open_shelter",
    "part_guests",
    "register_family",
    "reopen_seeking",
    "reopen_shelter",
    "restore_guest",
    "reveal_guest",
    "search_guests",
    "strike_guest",
    "take_list",
]
