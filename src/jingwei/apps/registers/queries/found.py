"""Rows found by their pieces: by any part of a name, first letters or code, and by filtered values.

A page of the list is looked for in three ways, each dearer than the one before. First the next rows of the
list are read: what fits many is there. Then all that has the pieces is fetched and put into order, or read
along the list from where it begins, if it stands together. Where that is too much, the next lower divisions
are asked one after the other in the order of the list, until the page is full. So a word that fits few rows,
none, many, or many that stand together at the end are all found without reading the register.
"""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import UUIDField

from jingwei.apps.journal import queries as journal

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

#: Rows of the list that are read in the hope of a full page. Source: our measurement at a million rows, 17 ms
#: on SQLite, which puts the others into order more slowly, and 7 ms on PostgreSQL, 2026-11-30.
NEAR = {"sqlite": 6_000, "postgresql": 2_000}
#: So many rows are put into order without a look along the list. Source: our measurement at a million rows,
#: they take 38 ms, a look along it and a count 40; more, spread evenly, are found by it, 2026-11-30.
FEW = 10_500
#: More rows than this are asked first whether they all stand in one division. Source: our estimate, asking is
#: as dear as ordering some thousands, 2026-11-29.
MANY = 10_000
#: Rows by whose places the division is guessed.
_LOOKED_AT = 50
#: Rows that are fetched and put into order for one page at most. Source: our measurement on PostgreSQL,
#: 50,000 take as long as asking sixty divisions that have none of them, 2026-11-29.
MOST_SORTED = 50_000
#: The same where they are named one by one in another question. Source: SQLite takes 32,766 values.
MOST_NAMED = 10_000

#: One in so many rows is looked at where pieces alone are counted. Source: our estimate, of ten thousand five
#: hundred; were a twentieth of them gone, all looked at would fit once in 10^11 times, 2026-11-30.
LOOKED_IN = 21

#: The reaction that keeps rows of other apps findable: a name for ever.
KEEPING_UP = "registers.index_kept"


class Asked(msgspec.Struct, frozen=True):
    """What is asked of the index: words a row must hold, the pieces it must have, values of filters."""

    register: Register
    words: tuple[str, ...]
    grams: tuple[int, ...]
    equal: tuple[tuple[str, Any], ...]


class Key(NamedTuple):
    """Where a row stands in the list."""

    place: str
    name: str
    id: uuid.UUID


class Hits(NamedTuple):
    """The next rows that fit, and how many fit in all, `after` or not; None where they were not counted."""

    keys: list[Key]
    total: int | None


def find_asked(register: Register, sought: Sought) -> Asked | None:
    """What to ask the index; None where there is nothing to ask, or where it does not hold all rows yet."""
    words = tuple(form for word in _words(sought) if (form := search_form(word)))
    equal = {n: v for n, v in sought.equal.items() if n in filters_by(register)}
    if sought.struck or not (words or equal or register.kept) or not _is_whole(register):
        return None
    values = [gram_of_value(register, name, value) for name, value in equal.items()]
    held = tuple((name, _typed(register, name, value)) for name, value in equal.items())
    return Asked(register, words, (*grams_of_words(register, words), *values), held)


def _typed(register: Register, name: str, value: str) -> Any:
    column = register.column(name)
    return value == "1" if column is not None and column.kind == "flag" else value


def _words(sought: Sought) -> list[str]:
    return sought.text.replace("\x00", "").split()


def _is_whole(register: Register) -> bool:
    """Whether the index holds all rows as they stand; of those that another app keeps, nothing may be due."""
    if register.kept and journal.is_due(KEEPING_UP):
        return False
    return Indexed.objects.filter(register=register.code, scheme=scheme_of(register), done=True).exists()


def is_answered_alone(register: Register, sought: Sought) -> bool:
    """Whether words and filters with pieces are all that is sought, in the list's own order."""
    filters = {name for name in sought.equal if (c := register.column(name)) and c.filtered}
    if register.kept:  # its rows keep no times and no points
        return filters <= filters_by(register)
    more = (sought.stale_before, sought.changed_from, sought.changed_until, sought.due_from, sought.box)
    return sought.order == "place" and not any(more) and filters <= filters_by(register)


def find_page(asked: Asked, areas: Sequence[Area], *, after: Key | None, limit: int) -> Hits:
    """The next rows of the areas in the list's order."""
    keys: list[Key] = []
    total: int | None = 0
    for area in areas:
        found = Hits([], None)
        if len(keys) < limit and not _is_over(area, after):
            found = _find_in(asked, area, after, limit - len(keys), near=not area.alone)
        keys += found.keys
        total = total + found.total if total is not None and found.total is not None else None
    return Hits(keys, total)


def _is_over(area: Area, after: Key | None) -> bool:
    if after is None or (not area.place and not area.alone):
        return False
    return area.place < after.place if area.alone else area.until <= after.place


def _find_in(asked: Asked, area: Area, after: Key | None, limit: int, *, near: bool) -> Hits:
    if not asked.grams:
        return Hits(_list_along(asked, area, after, limit), None)
    if near and _are_few(asked, area):
        return _find_sorted(asked, area, after, limit, None) or Hits([], None)
    by_list = _list_near(asked, area, after, limit) if near else []
    if len(by_list) == limit:
        return Hits(by_list, None)
    if (lower := _find_narrower(asked, area)) is not None:
        return Hits(_find_in(asked, lower, after, limit, near=True).keys, None)
    begin = _find_beginning(asked, area, after) if near and not by_list else None
    hits = None
    if begin is not None and NEAR[connection.vendor] < begin.total <= MOST_SORTED:
        hits = _find_from(asked, area, begin, after, limit)
    if hits is None and (begin is None or begin.total <= MOST_SORTED):
        hits = _find_sorted(asked, area, after, limit, MOST_SORTED)
    if hits is not None:
        return hits
    if not near and len(by_list := _list_near(asked, area, after, limit)) == limit:
        return Hits(by_list, None)
    if area.alone:  # so many in one place: they are read along the list, as far as the list can do that
        if asked.register.kept and asked.equal:
            return _find_sorted(asked, area, after, limit, None) or Hits([], None)
        return Hits(_list_along(asked, area, after, limit), None)
    keys: list[Key] = []
    for lower in _list_lower(asked.register, area, after.place if after else ""):
        keys += _find_in(asked, lower, after, limit - len(keys), near=False).keys
        if len(keys) >= limit:
            break
    return Hits(keys, None)


def _are_few(asked: Asked, area: Area) -> bool:
    """Whether what has the pieces is so little that it is put into order sooner than looked for in the list.

    SQLite counts so many by pieces alone in a moment; PostgreSQL would look at each row.
    """
    if connection.vendor != "sqlite":
        return False
    source, values = _pieces(asked, area)
    few = f"SELECT COUNT(*) FROM (SELECT 1 FROM {source} LIMIT %s) AS few"  # noqa: S608 - our own words
    return int(_read(few, [*values, FEW + 1])[0][0]) <= FEW


def _find_narrower(asked: Asked, area: Area) -> Area | None:
    """The division in which all that has the pieces stands, where that is much; None where it is none.

    SQLite counts by pieces alone; PostgreSQL would look at each row, and puts them into order as fast.
    """
    if connection.vendor != "sqlite" or area.alone:
        return None
    count = _count_pieces(asked, area)
    if count <= MANY:
        return None
    source, values = _source(asked, area)
    places = [row[0] for row in _read(f"SELECT f.place FROM {source} LIMIT %s", [*values, _LOOKED_AT])]  # noqa: S608 - our own words
    lower = _around(places)
    if lower is None or (not lower.alone and len(lower.place) <= len(area.place)):
        return None
    return lower if _count_pieces(asked, lower) == count else None


def _around(places: Sequence[str]) -> Area | None:
    """The smallest division that holds all these places."""
    if len(set(places)) == 1:
        return Area(places[0], alone=True)
    for length in reversed(PLACE_LENGTHS):
        within = {place[:length] for place in places}
        if len(within) == 1 and len(shared := within.pop()) == length:
            return Area(shared)
    return None


def _count_pieces(asked: Asked, area: Area) -> int:
    """How many rows have the pieces, by the index alone: never less than those that fit."""
    source, values = _pieces(asked, area)
    return int(_read(f"SELECT COUNT(*) FROM {source}", values)[0][0])  # noqa: S608 - our own words


class Beginning(NamedTuple):
    """How many have the pieces and fit, and the first place at or behind `after` in which some do."""

    total: int
    place: str | None


def _find_beginning(asked: Asked, area: Area, after: Key | None) -> Beginning | None:
    """Where what has the pieces begins in the list, where none is near but there seem to be many.

    Read without being kept or put into order, many rows take two thirds of the time. SQLite has asked
    already whether all stand in one division.
    """
    source, values = _source(asked, area)
    if connection.vendor == "sqlite" or _estimate(source, values) <= NEAR["postgresql"]:
        return None
    ((count, place),) = _read(
        "SELECT COUNT(*), MIN(hit.place) FILTER (WHERE hit.place >= %s) "  # noqa: S608 - our own words
        f"FROM (SELECT f.place FROM {source} LIMIT {MOST_SORTED + 1:d}) AS hit",
        [after.place if after else "", *values],
    )
    return Beginning(count, place)


def _estimate(source: str, values: list[Any]) -> int:
    """How many rows PostgreSQL's planner expects: any number is right, a good one is quick."""
    ((plan,),) = _read(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {source}", values)  # noqa: S608 - our own words
    return int(plan[0]["Plan"]["Plan Rows"])


def _find_from(asked: Asked, area: Area, begin: Beginning, after: Key | None, limit: int) -> Hits | None:
    """A full page along the list from where they begin, or None."""
    if begin.place is None:
        return Hits([], begin.total)
    since = after if after and after.place == begin.place else Key(begin.place, "", uuid.UUID(int=0))
    keys = _list_near(asked, area, since, limit)
    return Hits(keys, begin.total) if len(keys) == limit else None


def _list_near(asked: Asked, area: Area, after: Key | None, limit: int) -> list[Key]:
    """Those among the next rows of the list, as far as one can look along it."""
    if asked.register.kept and asked.equal:
        return []
    return _list_along(asked, area, after, limit, most=NEAR[connection.vendor])


def _list_along(
    asked: Asked, area: Area, after: Key | None, limit: int, most: int | None = None
) -> list[Key]:
    """The next rows that fit, found by reading along the list, at most so many of it."""
    listed, inside = _list_of(asked, area, after.place if after is not None else "")
    where = " AND ".join([f"{_position()}(near.text, %s) > 0" for _ in asked.words])
    values: list[Any] = list(asked.words)
    for name, value in () if asked.register.kept else asked.equal:
        where += (" AND " if where else "") + f'near."{name}" = %s'
        values.append(value)
    order = f"place, name, {'row_id' if asked.register.kept else 'id'}"
    if after is not None:
        listed += f" AND ({order}) > (%s, %s, %s)"
        inside += [after.place, after.name, _held(after.id)]
    if most is not None:
        listed += f" ORDER BY {order} LIMIT %s"
        inside.append(most)
    # rows that are given in order, at most so many, SQLite takes as they come, but would order again if told
    ordered = most is not None and connection.vendor == "sqlite"
    again = "" if ordered else "ORDER BY near.place, near.name, near.id"
    rows = _read(
        f"SELECT near.place, near.name, near.id FROM ({listed}) AS near "  # noqa: S608 - our own words
        f"{'WHERE ' + where if where else ''} {again} LIMIT %s",
        [*inside, *values, limit],
    )
    return [Key(place, name, _id(row_id)) for place, name, row_id in rows]


def _list_of(asked: Asked, area: Area, since: str = "") -> tuple[str, list[Any]]:
    """The register's list as it stands in an index: its own, or what is kept of another app's rows.

    `since`: the place from which on it is read.
    """
    if asked.register.kept:
        listed = "SELECT place, name, row_id AS id, text FROM registers_found WHERE listed AND register = %s"
        return _placed(listed, [asked.register.code], area, "place", since)
    table = asked.register.model._meta.db_table
    filters = "".join(f', "{name}"' for name, _ in asked.equal)
    listed = f"SELECT place, name, id, found_by AS text{filters} FROM {table} WHERE removed_at IS NULL"  # noqa: S608 - our own names
    return _placed(listed, [], area, "place", since)


def _find_sorted(asked: Asked, area: Area, after: Key | None, limit: int, most: int | None) -> Hits | None:
    """All that has the pieces and fits, put into order; None when that is more than `most`."""
    source, values = _source(asked, area)
    behind, last = "", []
    if after is not None:
        behind, last = "WHERE (place, name, row_id) > (%s, %s, %s)", [*after[:2], _held(after.id)]
    few = "" if most is None else f"LIMIT {most + 1:d}"
    rows = _read(
        f"WITH hit AS MATERIALIZED (SELECT f.place, f.name, f.row_id FROM {source} {few}) "  # noqa: S608 - our own words
        "SELECT every.n, page.place, page.name, page.row_id FROM (SELECT COUNT(*) AS n FROM hit) AS every "
        f"LEFT JOIN (SELECT * FROM hit {behind} ORDER BY place, name, row_id LIMIT %s) AS page ON TRUE "
        "ORDER BY page.place, page.name, page.row_id",
        [*values, *last, limit],
    )
    if most is not None and rows[0][0] > most:
        return None
    keys = [Key(place, name, _id(row_id)) for _, place, name, row_id in rows if row_id is not None]
    return Hits(keys, rows[0][0])


def _list_lower(register: Register, area: Area, after: str) -> Iterator[Area]:
    """The place itself, then the next lower divisions in which there are rows, in order: a step each."""
    if area.place >= after:
        yield Area(area.place, alone=True)
    length = next((n for n in PLACE_LENGTHS if n > len(area.place)), 0)
    place = _find_place(register, area, max(after[:length], area.place), beyond=after[:length] <= area.place)
    while place is not None:
        lower = Area(place[:length]) if 0 < length <= len(place) else Area(place, alone=True)
        yield lower
        place = _find_place(register, area, place if lower.alone else lower.until, beyond=lower.alone)


def _find_place(register: Register, area: Area, since: str, *, beyond: bool) -> str | None:
    """The first place of the area in which there are rows, from this one on or beyond it."""
    listed, values = _list_of(Asked(register, (), (), ()), area)
    mark = ">" if beyond else ">="
    first = f"SELECT place FROM ({listed} AND place {mark} %s) AS near ORDER BY place LIMIT 1"  # noqa: S608 - our own words
    rows = _read(first, [*values, since])
    return str(rows[0][0]) if rows else None


def count_found(asked: Asked, areas: Sequence[Area], *, most: int) -> int:
    """How many rows there are, at most `most`."""
    count = 0
    for area in areas:
        if _are_surely(asked, area, most - count):
            return most
        source, values = _source(asked, area) if asked.grams else _all_listed(asked, area)
        statement = f"SELECT COUNT(*) FROM (SELECT 1 FROM {source} LIMIT %s) AS few"  # noqa: S608 - our own words
        count += _read(statement, [*values, most - count])[0][0]
        if count >= most:
            break
    return count


def _are_surely(asked: Asked, area: Area, most: int) -> bool:
    """Whether there are so many, by a twentieth more pieces and a look at one in `LOOKED_IN` of them.

    Pieces outlive rows that are gone, and two may share a number: what is looked at must fit without
    exception. SQLite counts by pieces alone; on PostgreSQL each row is looked at anyway.
    """
    if connection.vendor != "sqlite" or not asked.grams:
        return False
    source, values = _pieces(asked, area)
    more = most + most // 20 + 1
    fitting, compared = _compared("f.id = few.one", [], asked, area)
    looked = f"CASE WHEN rowid / {LOOKED_IN:d} * {LOOKED_IN:d} = rowid THEN rowid END"
    ((count, looked_at, fit),) = _read(
        "SELECT COUNT(*), COUNT(few.one), COUNT(f.id) FROM "  # noqa: S608 - our own words
        f"(SELECT {looked} AS one FROM {source} LIMIT %s) AS few LEFT JOIN registers_found f ON {fitting}",
        [*values, more, *compared],
    )
    return bool(count == more and looked_at == fit > 0)


def list_few(asked: Asked, areas: Sequence[Area]) -> list[uuid.UUID] | None:
    """All rows, in no order; None when they are more than can be put into order."""
    found: list[uuid.UUID] = []
    for area in areas:
        source, values = _source(asked, area)
        statement = f"SELECT f.row_id FROM {source} LIMIT %s"  # noqa: S608 - our own words
        found += [_id(row[0]) for row in _read(statement, [*values, MOST_NAMED + 1 - len(found)])]
        if len(found) > MOST_NAMED:
            return None
    return found


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
    if connection.vendor == "sqlite":  # in this order: what has the pieces, then what it is
        source = source.replace(
            "registers_grams ",
            "registers_grams CROSS JOIN registers_found f ON f.id = registers_grams.rowid ",
            1,
        )
    return _compared(source, values, asked, area)


def _all_listed(asked: Asked, area: Area) -> tuple[str, list[Any]]:
    """All rows of a register that another app keeps, along the list."""
    return _compared("registers_found f WHERE f.listed", [], asked, area)


def _compared(source: str, values: list[Any], asked: Asked, area: Area) -> tuple[str, list[Any]]:
    source += " AND f.register = %s"
    values.append(asked.register.code)
    for word in asked.words:
        source += f" AND {_position()}(f.text, %s) > 0"
        values.append(word)
    return _placed(source, values, area, "f.place")


def _placed(source: str, values: list[Any], area: Area, place: str, since: str = "") -> tuple[str, list[Any]]:
    """What lies in the area. An index is entered at `since`: it would be read from the area's beginning."""
    if area.alone:
        return f"{source} AND {place} = %s", [*values, area.place]
    if area.place or since:
        source, values = f"{source} AND {place} >= %s", [*values, max(area.place, since)]
    if area.place:
        source, values = f"{source} AND {place} < %s", [*values, area.until]
    return source, values


def _position() -> str:
    return "instr" if connection.vendor == "sqlite" else "strpos"


def _read(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _held(value: uuid.UUID) -> Any:
    return UUIDField().get_db_prep_value(value, connection)


def _id(value: str | uuid.UUID) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
