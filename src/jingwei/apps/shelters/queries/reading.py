"""What a text of the desk says, for the doors: people, and the lines that name none."""

from datetime import date

import msgspec

from .. import rules
from ..facts import NewGuest
from ..rules import LineWrong


class Read(msgspec.Struct, frozen=True):
    """People as read from a text, in order, and what could not be read, by line."""

    guests: tuple[NewGuest, ...]
    wrong: tuple[LineWrong, ...]


def read_words(text: str, *, on: date) -> Read:
    """One person to a line: name, age, sex, telephone or identity number, needs, in any order."""
    guests, wrong = rules.read_family(text, on=on)
    return Read(tuple(guests), tuple(wrong))
