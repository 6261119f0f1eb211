"""What is handed to a register: cells as written, what is sought, and what was wrong. Pure."""

from collections.abc import Mapping
from datetime import date

import msgspec

#: What a cell holds once it is read.
Cell = str | int | float | bool | date | None


class CellError(msgspec.Struct, frozen=True):
    """Why a cell was not taken; `facts` fill the gaps of its sentence."""

    column: str
    code: str
    facts: Mapping[str, str] = {}


class Document(msgspec.Struct, frozen=True):
    """A file to be kept with a row, checked by the door: a picture drawn anew, or a PDF as it came."""

    name: str
    mime: str
    content: bytes


class RowError(msgspec.Struct, frozen=True):
    """A line that was not taken, by its number in the file, and why."""

    line: int
    errors: tuple[CellError, ...]


class Sought(msgspec.Struct, frozen=True):
    """What a list is asked for. `struck`: the rows struck through, instead of those that stand.

    `stale_before`: only rows that nobody confirmed since (ISO time; '' for all). `order`: 'place' (place,
    then name) or 'stale' (what was confirmed longest ago first). `box`: west, south, east, north of what
    has a point, over the 180th meridian where west lies east of east. `changed_from`, `changed_until`: ISO
    times, both included, '' for open. `due_from`: ISO day, only rows with something still to do from then on.
    """

    text: str = ""
    place: str = ""
    equal: Mapping[str, str] = {}
    stale_before: str = ""
    struck: bool = False
    order: str = "place"
    box: tuple[float, float, float, float] | None = None
    changed_from: str = ""
    changed_until: str = ""
    due_from: str = ""
