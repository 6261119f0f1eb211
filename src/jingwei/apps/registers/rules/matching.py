"""Which column a heading of a file stands for."""

import re
from collections.abc import Mapping, Sequence

from ..facts import Register
from .searching import search_form

#: What stands around a heading and says nothing of which column it is: units, stars, numbers of columns.
_AROUND = re.compile(r"[（(\[【].*?[)）\]】]|[*＊:：#]|^\d+[.、]")


def heading_form(heading: str) -> str:
    """A heading as it is compared: without its unit, star and white space."""
    return search_form(_AROUND.sub("", heading))[:200] or search_form(heading)[:200]


def match_columns(register: Register, headings: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Number of the file's column (from 0, as text) to a column of the register; none of them twice.

    First what was remembered (`known`: heading's form to column), then the column's own names.
    """
    names: dict[str, str] = {}
    for column in register.given:
        for word in (column.zh, column.en, column.name, *column.headings):
            names.setdefault(heading_form(word), column.name)
    found: dict[str, str] = {}
    given = {column.name for column in register.given}
    for number, heading in enumerate(headings):
        form = heading_form(heading)
        name = known[form] if form in known else names.get(form, "")
        if name and name in given and name not in found.values():
            found[str(number)] = name
    return found


def texts_of(
    matched: Mapping[str, str], cells: Sequence[str], always: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A line's cells by the register's columns; a line that ends early has nothing in the rest.

    `always`: what a column holds where the line itself says nothing.
    """
    found = {column: cells[int(n)] if int(n) < len(cells) else "" for n, column in matched.items()}
    for column, text in (always or {}).items():
        if not found.get(column, "").strip():
            found[column] = text
    return found
