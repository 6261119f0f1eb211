"""What rows are found by, kept beside them: an FTS5 table on SQLite, an array with a GIN index on PostgreSQL.

Equal on both by test. A number of `Found` is never used twice, so pieces of one that is gone lead nowhere.
"""

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.db.models.base import ModelState

from jingwei.apps.journal.writes import copy_rows, execute_raw, spelling

from .facts import Register
from .models import Found, Indexed
from .queries.source import rows_of
from .rules.grams import filters_by, found_columns, grams_of, scheme_of
from .rules.searching import found_by

#: Rows whose pieces are made in one transaction when all are made anew. Source: our estimate, some tens of
#: milliseconds of the writers' turn each, 2026-11-29.
_AT_ONCE = 1000
#: Rows in one statement of PostgreSQL. Source: our estimate, 2026-11-29.
_IN_ONE = 100
_KEPT = "register, row_id, place, name, text, listed"
_MARKS = ", ".join(["%s"] * 7)


def index_rows(register: Register, rows: Sequence[Any], changed: Collection[uuid.UUID]) -> None:
    """Let rows that were just written be found by what they hold now; `changed`: those that were there.

    In the caller's transaction. A register that was full before it had pieces waits for `index_register`.
    """
    if not rows or not _is_kept(register, rows):
        return
    if changed:
        Found.objects.filter(row_id__in=list(changed)).delete()
    _insert(register, [row for row in rows if row.removed_at is None])


def _is_kept(register: Register, rows: Sequence[Any]) -> bool:
    if Indexed.objects.filter(register=register.code).exists():
        return True
    written = [row.pk for row in rows]
    if rows_of(register).exclude(pk__in=written).exists():
        return False
    Indexed.objects.create(register=register.code, scheme=scheme_of(register), done=True)
    return True


def index_register(register: Register, *, most_s: float = float("inf")) -> int:
    """Make the pieces of all rows of a register that has none, or other ones. Returns how many rows.

    Goes on where it was left, for so many seconds; rows written meanwhile are found as well.
    """
    began = perf_counter()
    scheme = scheme_of(register)
    with transaction.atomic():
        state, _ = Indexed.objects.get_or_create(register=register.code, defaults={"scheme": scheme})
        if state.scheme != scheme:
            Found.objects.filter(register=register.code).delete()
            state.scheme, state.done, state.reached = scheme, False, None
            state.save()
    count = 0
    while not state.done and perf_counter() - began < most_s:
        with transaction.atomic():
            state = Indexed.objects.select_for_update().get(pk=state.pk)
            count += _go_on(register, state)
    if count and connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # its planner knows nothing of them yet
            cursor.execute("ANALYZE registers_found")
    return count


def _go_on(register: Register, state: Indexed) -> int:
    rows = rows_of(register).filter(removed_at__isnull=True).order_by("pk")
    if state.reached:
        rows = rows.filter(pk__gt=state.reached)
    some = list((rows if register.kept else rows.select_for_update())[:_AT_ONCE])
    if some:
        Found.objects.filter(row_id__in=[row.pk for row in some]).delete()
        _insert(register, some)
        state.reached = some[-1].pk
    state.done = len(some) < _AT_ONCE
    state.save()
    return len(some)


def _insert(register: Register, rows: Sequence[Any]) -> None:
    """In the list's order: what stands together there is fetched together, in few pages."""
    rows = sorted(rows, key=lambda row: (row.place, row.name))
    names = ("place", *filters_by(register))
    given = [
        (row, text, grams_of(register, text, {name: getattr(row, name) for name in names}))
        for row, text in _texts(register, rows)
    ]
    listed = register.kept is not None
    if connection.vendor == "sqlite":
        numbers = _next_numbers(len(given))
        kept = [
            (n, register.code, row.pk.hex, row.place, row.name, text, listed)
            for n, (row, text, _) in zip(numbers, given, strict=True)
        ]
        pieces = [
            (n, " ".join([f"{gram & 0xFFFFFFFF:08x}" for gram in grams]))
            for n, (_, _, grams) in zip(numbers, given, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO registers_found (id, {_KEPT}) VALUES ({_MARKS})", kept)  # noqa: S608 - our own names
            cursor.executemany("INSERT INTO registers_grams (rowid, pieces) VALUES (%s, %s)", pieces)
        return
    lines = [
        (register.code, str(row.pk), row.place, row.name, text, listed, "{" + ",".join(map(str, grams)) + "}")
        for row, text, grams in given
    ]
    copy_rows("registers_found", f"{_KEPT}, grams", lines)


def _next_numbers(count: int) -> range:
    """Numbers of SQLite's own for so many new rows; nobody else writes while we do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'registers_found'")
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return range(first, first + count)


def _texts(register: Register, rows: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """Each row with what it is found by; those that another app keeps do not carry it."""
    for row in rows:
        if register.kept is None:
            yield row, row.found_by
        else:
            yield row, found_by(register, {c.name: getattr(row, c.name) for c in register.columns})


def changes_pieces(register: Register, columns: Collection[str]) -> bool:
    """Whether a change of these columns changes what the row is found by."""
    return not found_columns(register).isdisjoint(columns)


#: Kinds of fields whose values both databases take as they are; Django looks at each of them anew.
_PLAIN = frozenset(
    (
        "CharField",
        "TextField",
        "FloatField",
        "IntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "BigAutoField",
        "BooleanField",
        "BinaryField",
    )
)


def _kept_as(fields: Sequence[Any], rows: Sequence[Any]) -> Iterator[list[Any]]:
    """The rows' values as the database keeps them; what is to be made of a column is asked for once."""
    makers = [(field.attname, _maker(field)) for field in fields]
    for row in rows:
        values = [(getattr(row, name), make) for name, make in makers]
        yield [value if value is None or make is None else make(value) for value, make in values]


def _maker(field: Any) -> Callable[[Any], Any] | None:
    """How the database keeps a value of this field, as Django would write it; None: as it is."""
    kind = getattr(field, "target_field", field).get_internal_type()
    if kind in _PLAIN:
        return None
    spelt = spelling()
    if kind == "UUIDField":
        return spelt.id
    if kind == "DateTimeField":  # rows written together mostly share theirs; as text both take them fastest
        return lru_cache(maxsize=64)(lambda at: str(spelt.time(at)))
    if kind == "JSONField" and field.encoder is None:
        return json.dumps
    return partial(field.get_db_prep_save, connection=connection)


def update_rows(rows: Sequence[Any], names: Collection[str]) -> None:
    """Write these columns of rows that were changed in memory, one statement for all.

    What Django makes of many rows is one expression for each column and row: most of the time of an import.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if field.name in names or field.attname in names]
    fields.append(meta.pk)
    values = list(_kept_as(fields, rows))
    if connection.vendor == "sqlite":
        marks = ", ".join(f'"{field.column}" = %s' for field in fields[:-1])
        with connection.cursor() as cursor:
            cursor.executemany(f'UPDATE {meta.db_table} SET {marks} WHERE "{meta.pk.column}" = %s', values)  # noqa: S608 - our own names
        return
    for start in range(0, len(values), _IN_ONE):
        _update_some(meta.db_table, fields, values[start : start + _IN_ONE])


def _update_some(table: str, fields: Sequence[Any], values: Sequence[Sequence[Any]]) -> None:
    """One statement of PostgreSQL for all these rows: it would make a plan for each of many."""
    names = [f'"{field.column}"' for field in fields]
    kinds = [field.cast_db_type(connection) for field in fields]
    given = [
        "(" + ", ".join(f"${n * len(kinds) + c + 1}::{kind}" for c, kind in enumerate(kinds)) + ")"
        for n in range(len(values))
    ]
    said = ", ".join(f"{name} = new.{name}" for name in names[:-1])
    with connection.wrap_database_errors:
        execute_raw(
            f"UPDATE {table} SET {said} FROM (VALUES {', '.join(given)}) "  # noqa: S608 - our own names
            f"AS new ({', '.join(names)}) WHERE {table}.{names[-1]} = new.{names[-1]}",
            [value for row in values for value in row],
        )


def new_like(row: Any, own: uuid.UUID, **values: Any) -> Any:
    """A new recorded row in memory as this one but for these values, with an id and a salt of its own.

    What Django makes of a new row asks each field for its default: a tenth of an import. Values go past
    descriptors: a row that is referred to is named by its column.
    """
    kind: Any = type(row)
    made = kind.__new__(kind)
    made.__dict__.update(row.__dict__, _state=ModelState(), id=own, **values)
    made.forget()
    return made


def insert_rows(rows: Sequence[Any]) -> None:
    """Write new rows, many at once: Django makes a statement for each few of them."""
    if rows:
        fields = _new_fields(rows[0])
        _insert_values(type(rows[0])._meta, fields, _kept_as(fields, rows))


def insert_like(row: Any, **columns: Sequence[Any]) -> None:
    """Write new rows that differ from this one in these columns alone, without a row in memory for each."""
    fields = _new_fields(row)
    (like,) = _kept_as(fields, [row])
    at = {field.attname: n for n, field in enumerate(fields)}
    makers = [(at[name], _maker(fields[at[name]])) for name in columns]
    values = []
    for given in zip(*columns.values(), strict=True):
        one = like.copy()
        for (n, make), value in zip(makers, given, strict=True):
            one[n] = value if make is None else make(value)
        values.append(one)
    _insert_values(row._meta, fields, values)


def _new_fields(row: Any) -> list[Any]:
    """All columns but a number that the database gives."""
    return [f for f in row._meta.concrete_fields if not (f.primary_key and row.pk is None)]


def _insert_values(meta: Any, fields: Sequence[Any], values: Iterable[list[Any]]) -> None:
    names = ", ".join(f'"{field.column}"' for field in fields)
    if connection.vendor != "sqlite":
        copy_rows(meta.db_table, names, values)
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})",  # noqa: S608 - our own names
            list(values),
        )
