"""The pieces by which a row is found: its characters alone and in pairs, its places, its filtered values.

A word is in a text only if all its pairs are among the text's pieces. The other way round that is not so,
so whoever asks by pieces compares the text itself besides. Chinese is written without blanks and asked for
by two characters: pieces of three, as databases have them ready, would not answer that.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from zlib import crc32

from ..facts import Cell, Register

#: Kinds of columns whose values are pieces too, where a list filters by them.
FILTERED_KINDS = ("choice", "flag", "place", "organization")
#: Lengths of the codes that a place may lie in. Source: the national division codes, GB/T 2260.
PLACE_LENGTHS = (2, 4, 6, 9, 12)
#: Changed when pieces are made differently: all of them are made anew then.
_MADE = "1"


@lru_cache(maxsize=262_144)
def gram(register: str, text: str) -> int:
    """A piece as 32 bits with a sign. Two of one number are rare and do no harm: texts are compared."""
    number = crc32(f"{register}|{text}".encode())
    return number - (1 << 32) if number >> 31 else number


def grams_of(register: Register, text: str, values: Mapping[str, Cell]) -> list[int]:
    """All pieces of a row; `text` is what it is found by, words and first letters with blanks between."""
    pieces = {piece for part in text.split() for piece in _pieces(part)}
    place = str(values.get("place") or "")
    pieces |= {f"@{place[:length]}" for length in PLACE_LENGTHS if length <= len(place)}
    pieces.add(f"={place}")
    for column in register.columns:
        if column.filtered and column.kind in FILTERED_KINDS:
            pieces.add(_value(column.name, values.get(column.name)))
    return sorted(gram(register.code, piece) for piece in pieces)


def grams_of_words(register: Register, words: Iterable[str]) -> list[int]:
    """What a row must have among its pieces to hold these words: their pairs, or the one character."""
    pieces = {piece for word in words for piece in (_pairs(word) if len(word) > 1 else word)}
    return sorted(gram(register.code, piece) for piece in pieces)


def gram_of_value(register: Register, name: str, value: str) -> int:
    """The piece of a filter, as the list's address has it."""
    column = register.column(name)
    held: Cell = value == "1" if column is not None and column.kind == "flag" else value
    return gram(register.code, _value(name, held))


def gram_within(register: Register, area: str) -> int | None:
    """The piece of all rows within an area; None where the area is no division, or everywhere."""
    return gram(register.code, f"@{area}") if len(area) in PLACE_LENGTHS else None


def gram_at(register: Register, place: str) -> int:
    """The piece of the rows of a place, without those within it."""
    return gram(register.code, f"={place}")


def filters_by(register: Register) -> frozenset[str]:
    """The columns whose values are pieces."""
    return frozenset(c.name for c in register.columns if c.filtered and c.kind in FILTERED_KINDS)


def found_columns(register: Register) -> frozenset[str]:
    """The columns whose change changes a row's pieces."""
    searched = {c.name for c in register.columns if c.searched and not c.mask}
    return frozenset(searched | {"name", "place", "struck"}) | filters_by(register)


def scheme_of(register: Register) -> str:
    """Of what the pieces of a register are made, in one word."""
    names = ",".join(sorted(found_columns(register)))
    return f"{_MADE}-{crc32(names.encode()):08x}"


def _pieces(part: str) -> set[str]:
    return set(part) | _pairs(part)


def _pairs(part: str) -> set[str]:
    return {part[n : n + 2] for n in range(len(part) - 1)}


def _value(name: str, value: Cell) -> str:
    held = ("1" if value else "0") if isinstance(value, bool) else str(value or "")
    return f"{name}:{held}"
