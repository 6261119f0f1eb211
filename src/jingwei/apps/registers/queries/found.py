"""Rows found by their pieces: by any part of a name, first letters or code, and by filtered values.

What fits at most some ten thousand rows of an area is fetched by the index and put into order. What fits more
is looked for area by area, the next lower divisions in the order of the list, until the page is full: so a
word that fits few rows, none, many, or many that stand together at the end are all found without reading
the register.
"""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import UUIDField

from ..facts import Register, Sought
from ..models import Indexed
from ..rules.grams import (
    PLACE_LENGTHS,
    filters_by,
    gram_at,
    gram_of_value,
    gram_within,
    grams_of_words,
    scheme_of,
)
from ..rules.searching import search_form
from .areas import Area

#: Rows that are fetched and put into order for one page at most. Source: our measurement, some twenty
#: milliseconds on two cores; one more step down the divisions takes a few, 2026-11-29.
MOST_SORTED = 10_000


#: The same for one place, which cannot be taken apart: beyond, the list is read along until a page is full.
#: Source: our measurement, reading past 50,000 rows took ten times as long as ordering them, 2026-11-29.
MOST_IN_PLACE = 100_000


class Asked(msgspec.Struct, frozen=True):
    """What is asked of the index: words a row must hold, and the pieces it must have."""

    register: Register
    words: tuple[str, ...]
    grams: tuple[int, ...]


class Key(NamedTuple):
    """Where a row stands in the list."""

    place: str
    name: str
    id: uuid.UUID


class Part(msgspec.Struct, frozen=True):
    """A part of what is asked. `dense`: so much of its one place fits that reading along the list is best."""

    area: Area
    dense: bool


def find_asked(register: Register, sought: Sought) -> Asked | None:
    """What to ask the index; None where there is nothing to ask, or where it does not hold all rows yet."""
    words = tuple(form for word in _words(sought) if (form := search_form(word)))
    equal = {n: v for n, v in sought.equal.items() if n in filters_by(register)}
    if register.kept or sought.struck or not (words or equal) or not _is_whole(register):
        return None
    values = [gram_of_value(register, name, value) for name, value in equal.items()]
    return Asked(register=register, words=words, grams=(*grams_of_words(register, words), *values))


def _words(sought: Sought) -> list[str]:
    return sought.text.replace("\x00", "").split()


def _is_whole(register: Register) -> bool:
    return Indexed.objects.filter(register=register.code, scheme=scheme_of(register), done=True).exists()


def is_answered_alone(register: Register, sought: Sought) -> bool:
    """Whether words and filters with pieces are all that is sought, in the list's own order."""
    more = (sought.stale_before, sought.changed_from, sought.changed_until, sought.due_from, sought.box)
    filters = {name for name in sought.equal if (c := register.column(name)) and c.filtered}
    return sought.order == "place" and not any(more) and filters <= filters_by(register)


def list_parts(asked: Asked, areas: Sequence[Area], after: str = "") -> Iterator[Part]:
    """The areas in the order of the list, taken apart until what fits can be put into order.

    `after`: places before this one are over.
    """
    for area in areas:
        yield from _taken_apart(asked, area, after)


def _taken_apart(asked: Asked, area: Area, after: str) -> Iterator[Part]:
    if (area.until if area.place and not area.alone else area.place + ":") <= after:
        return
    count = _count_hits(asked, area, MOST_SORTED + 1)
    if count <= MOST_SORTED:
        if count:
            yield Part(area, dense=False)
        return
    if area.alone:
        if area.place >= after:
            yield Part(area, dense=_count_hits(asked, area, MOST_IN_PLACE + 1) > MOST_IN_PLACE)
        return
    yield from _taken_apart(asked, Area(area.place, alone=True), after)
    for lower in _list_lower(asked.register, area, after):
        yield from _taken_apart(asked, lower, after)


def _list_lower(register: Register, area: Area, after: str) -> Iterator[Area]:
    """The next lower divisions in which there are rows, in order; each is one step along the list's index."""
    length = next((n for n in PLACE_LENGTHS if n > len(area.place)), 0)
    standing = register.model.objects.filter(area.where(), removed_at__isnull=True)
    places = standing.order_by("place").values_list("place", flat=True)
    rows = places.filter(place__gt=area.place, place__gte=after[:length])
    while (place := rows.first()) is not None:
        lower = Area(place[:length]) if 0 < length <= len(place) else Area(place, alone=True)
        yield lower
        rows = places.filter(place__gt=place) if lower.alone else places.filter(place__gte=lower.until)


def list_found(asked: Asked, area: Area, *, after: Key | None, limit: int) -> list[Key]:
    """The next rows of the area in the list's order; for an area where few enough fit."""
    source, values = _source(asked, area)
    if after is not None:
        source += " AND (f.place > %s OR f.place = %s AND (f.name > %s OR f.name = %s AND f.row_id > %s))"
        values += [after.place, after.place, after.name, after.name, _held(after.id)]
    rows = _read(
        f"SELECT f.place, f.name, f.row_id FROM {source} ORDER BY f.place, f.name, f.row_id LIMIT %s",  # noqa: S608 - our own words
        [*values, limit],
    )
    return [Key(place, name, _id(row_id)) for place, name, row_id in rows]


def count_found(asked: Asked, areas: Sequence[Area], *, most: int) -> int:
    """How many rows there are, at most `most`."""
    count = 0
    for area in areas:
        source, values = _source(asked, area)
        statement = f"SELECT COUNT(*) FROM (SELECT 1 FROM {source} LIMIT %s) AS few"  # noqa: S608 - our own words
        count += _read(statement, [*values, most - count])[0][0]
        if count >= most:
            break
    return count


def list_few(asked: Asked, areas: Sequence[Area]) -> list[uuid.UUID] | None:
    """All rows, in no order; None when they are more than can be put into order."""
    found: list[uuid.UUID] = []
    for area in areas:
        source, values = _source(asked, area)
        statement = f"SELECT f.row_id FROM {source} LIMIT %s"  # noqa: S608 - our own words
        found += [_id(row[0]) for row in _read(statement, [*values, MOST_SORTED + 1 - len(found)])]
        if len(found) > MOST_SORTED:
            return None
    return found


def _count_hits(asked: Asked, area: Area, most: int) -> int:
    """How many rows have the pieces, at most `most`: never less than those that fit."""
    source, values = _pieces(asked, area)
    return int(_read(f"SELECT COUNT(*) FROM (SELECT 1 FROM {source} LIMIT %s) AS few", [*values, most])[0][0])  # noqa: S608 - our own words


def _pieces(asked: Asked, area: Area) -> tuple[str, list[Any]]:
    grams = list(asked.grams)
    if area.alone:
        grams.append(gram_at(asked.register, area.place))
    elif (inside := gram_within(asked.register, area.place)) is not None:
        grams.append(inside)
    if connection.vendor == "sqlite":
        wanted = " AND ".join(f'"{n & 0xFFFFFFFF:08x}"' for n in grams)
        return "registers_grams WHERE registers_grams MATCH %s", [wanted]
    return "registers_found f WHERE f.grams @> %s::int[]", [grams]


def _source(asked: Asked, area: Area) -> tuple[str, list[Any]]:
    """Where the rows come from: those with the pieces, of which the text itself is compared."""
    source, values = _pieces(asked, area)
    position = "strpos"
    if connection.vendor == "sqlite":  # in this order: what has the pieces, then what it is
        source = source.replace(
            "registers_grams ",
            "registers_grams CROSS JOIN registers_found f ON f.id = registers_grams.rowid ",
            1,
        )
        position = "instr"
    source += " AND f.register = %s"
    values.append(asked.register.code)
    for word in asked.words:
        source += f" AND {position}(f.text, %s) > 0"
        values.append(word)
    if area.alone:
        return f"{source} AND f.place = %s", [*values, area.place]
    if area.place:
        return f"{source} AND f.place >= %s AND f.place < %s", [*values, area.place, area.until]
    return source, values


def _read(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _held(value: uuid.UUID) -> Any:
    return UUIDField().get_db_prep_value(value, connection)


def _id(value: str | uuid.UUID) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
