"""Levels. One is the gravest, everywhere."""

from enum import IntEnum


class Grade(IntEnum):
    """Grade of an event. Source: [SRC-ERL2024] art. 3: especially major, major, larger, general."""

    ESPECIALLY_MAJOR = 1
    MAJOR = 2
    LARGER = 3
    GENERAL = 4

    @property
    def numeral(self) -> str:
        return NUMERALS[self.value]


class WarningLevel(IntEnum):
    """Warning level. Source: [SRC-ERL2024] art. 63: levels one to four are red, orange, yellow, blue."""

    RED = 1
    ORANGE = 2
    YELLOW = 3
    BLUE = 4


#: Numerals in which levels are written on signs and screens.
NUMERALS = {1: "I", 2: "II", 3: "III", 4: "IV"}
