"""What rows are found by, kept beside them: an FTS5 table on SQLite, an array with a GIN index on PostgreSQL.

Equal on both by test. A number of `Found` is never used twice, so pieces of one that is gone lead nowhere.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from .facts import Register
from .models import Found, Indexed
from .queries.source import rows_of
from .rules.grams import found_columns, grams_of, scheme_of
from .rules.searching import found_by

#: Rows whose pieces are made in one transaction when all are made anew. Source: our estimate, some tens of
#: milliseconds of the writers' turn each, 2026-11-29.
_AT_ONCE = 1000
#: Rows in one statement of PostgreSQL. Source: our estimate, 2026-11-29.
_IN_ONE = 100
_KEPT = "register, row_id, place, name, text, listed"


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
    given = [(row, text, _grams(register, row, text)) for row, text in _texts(register, rows)]
    listed = register.kept is not None
    if connection.vendor == "sqlite":
        kept = [
            Found(
                register=register.code,
                row_id=row.pk,
                place=row.place,
                name=row.name,
                text=text,
                listed=listed,
            )
            for row, text, _ in given
        ]
        Found.objects.bulk_create(kept)
        pieces = [
            (one.pk, " ".join(f"{n & 0xFFFFFFFF:08x}" for n in grams))
            for one, (_, _, grams) in zip(kept, given, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO registers_grams (rowid, pieces) VALUES (%s, %s)", pieces)
        return
    lines = [
        (register.code, row.pk, row.place, row.name, text, listed, "{" + ",".join(map(str, grams)) + "}")
        for row, text, grams in given
    ]
    _copy("registers_found", f"{_KEPT}, grams", lines)


def _copy(table: str, names: str, rows: Iterable[Sequence[Any]]) -> None:
    """Rows into a table of PostgreSQL by its own way for many: nothing is made of each but its text."""
    statement = f"COPY {table} ({names}) FROM STDIN"  # our own names
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _texts(register: Register, rows: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """Each row with what it is found by; those that another app keeps do not carry it."""
    for row in rows:
        if register.kept is None:
            yield row, row.found_by
        else:
            yield row, found_by(register, {c.name: getattr(row, c.name) for c in register.columns})


def _grams(register: Register, row: Any, text: str) -> list[int]:
    return grams_of(register, text, {c.name: getattr(row, c.name) for c in register.columns})


def changes_pieces(register: Register, columns: Collection[str]) -> bool:
    """Whether a change of these columns changes what the row is found by."""
    return not found_columns(register).isdisjoint(columns)


#: Kinds of fields whose values both databases take as they are; Django looks at each of them anew.
_PLAIN = frozenset(
    ("CharField", "TextField", "FloatField", "IntegerField", "PositiveIntegerField", "BooleanField")
)


def _kept_as(fields: Sequence[Any], row: Any) -> list[Any]:
    """The row's values as the database keeps them."""
    values = [(f, getattr(row, f.attname)) for f in fields]
    return [
        value if value is None or f.get_internal_type() in _PLAIN else f.get_db_prep_save(value, connection)
        for f, value in values
    ]


def update_rows(rows: Sequence[Any], names: Collection[str]) -> None:
    """Write these columns of rows that were changed in memory, one statement for all.

    What Django makes of many rows is one expression for each column and row: most of the time of an import.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if field.name in names or field.attname in names]
    fields.append(meta.pk)
    values = [_kept_as(fields, row) for row in rows]
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
    marks = ", ".join(f"%s::{field.cast_db_type(connection)}" for field in fields)
    said = ", ".join(f"{name} = new.{name}" for name in names[:-1])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {said} FROM (VALUES {', '.join([f'({marks})'] * len(values))}) "  # noqa: S608 - our own names
            f"AS new ({', '.join(names)}) WHERE {table}.{names[-1]} = new.{names[-1]}",
            [value for row in values for value in row],
        )


def insert_rows(rows: Sequence[Any]) -> None:
    """Write new rows, many at once: Django makes a statement for each few of them."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [f for f in meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]
    values = (_kept_as(fields, row) for row in rows)
    names = ", ".join(f'"{field.column}"' for field in fields)
    if connection.vendor != "sqlite":
        _copy(meta.db_table, names, values)
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})",  # noqa: S608 - our own names
            list(values),
        )
