"""What makes the journal append-only, in each database's own words; the order of the worker; rows in bulk."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
from django.db import connection, models

_encode = msgspec.json.Encoder().encode
PROTECTED = ("journal_entry", "journal_receipt")

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
LANGUAGE plpgsql
"""
_POSTGRES_ROW = """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()
"""
_POSTGRES_TRUNCATE = """
CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()
"""


def install_triggers(more: Sequence[str] = ()) -> None:
    """Forbid UPDATE and DELETE on entries and receipts, and on `more` tables.

    Run after every migrate: altering a table drops them.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in (*PROTECTED, *more):
                for verb in ("update", "delete"):
                    cursor.execute(_SQLITE.format(table=table, verb=verb, VERB=verb.upper()))
        else:
            cursor.execute(_POSTGRES_FUNCTION)
            for table in (*PROTECTED, *more):
                cursor.execute(_POSTGRES_ROW.format(table=table))
                cursor.execute(_POSTGRES_TRUNCATE.format(table=table))


def settle(entries: Sequence[int], reaction: str, *, at: datetime) -> None:
    """The reaction is carried out for these entries: receipts instead of what was due, failures over."""
    among = ", ".join(["%s"] * len(entries))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO journal_receipt (entry_id, reaction, recorded_at) SELECT seq, %s, %s "  # noqa: S608 - marks only
            f"FROM journal_entry WHERE seq IN ({among}) ORDER BY seq",
            [reaction, connection.ops.adapt_datetimefield_value(at), *entries],
        )
        for table in ("journal_due", "journal_failure"):
            where = f"reaction = %s AND entry_id IN ({among})"
            cursor.execute(f"DELETE FROM {table} WHERE {where}", [reaction, *entries])  # noqa: S608 - our own words


def take_worker_turn() -> None:
    """On PostgreSQL one worker at a time reacts: an advisory lock until the transaction ends.

    On SQLite BEGIN IMMEDIATE has done it already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jingwei.journal.react'))")


#: Rows in one statement. Few sizes, so that each statement is made and understood once.
#: Source: measured on SQLite 3.40: 80 rows of 38 columns take a fourth less than `executemany`, and more
#: rows no less, 2026-11-29.
_STEPS = (64, 32, 16, 8, 4, 2, 1)
#: So many rows go to PostgreSQL by its own way for many. Source: our estimate, two statements' worth; an
#: import has five hundred at once, 2026-11-30.
MANY = 128


def insert_rows(table: str, columns: tuple[str, ...], rows: Sequence[Sequence[object]]) -> None:
    """Insert rows into one table, in order, in the caller's transaction.

    Values are as the database keeps them (see below); nothing is made of them here, for this is what a
    disaster does a thousand times a second.
    """
    if len(rows) >= MANY and connection.vendor == "postgresql":
        copy_rows(table, ", ".join(f'"{one}"' for one in columns), rows)
        return
    start = 0
    for step in _steps(len(rows)):
        values = [value for row in rows[start : start + step] for value in row]
        start += step
        _execute(_insert(connection.vendor, table, columns, step), values)


def copy_rows(table: str, names: str, rows: Iterable[Sequence[object]]) -> None:
    """Rows into a table of PostgreSQL by its own way for many: nothing is made of each but its text."""
    connection.validate_no_broken_transaction()
    statement = f"COPY {table} ({names}) FROM STDIN"  # our own names
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _steps(count: int) -> Iterator[int]:
    for step in _STEPS:
        while count >= step:
            yield step
            count -= step


@cache
def _insert(vendor: str, table: str, columns: tuple[str, ...], rows: int) -> str:
    named = ", ".join(f'"{one}"' for one in columns)
    return f"INSERT INTO {table} ({named}) VALUES {', '.join(marks(vendor, len(columns), rows))}"  # noqa: S608 - our own names


def marks(vendor: str, columns: int, rows: int) -> list[str]:
    """For each row its marks, in the database's own words: no adapter has to read the statement for them."""
    if vendor == "sqlite":
        return [f"({', '.join(['?'] * columns)})"] * rows
    return [f"({', '.join(f'${n * columns + c + 1}' for c in range(columns))})" for n in range(rows)]


def _execute(statement: str, values: list[Any]) -> None:
    """Beside Django's cursor, which would write each statement's marks anew."""
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            connection.connection.execute(statement, values)
        else:
            execute_raw(statement, values)


def execute_raw(statement: str, values: Sequence[Any]) -> None:
    """On PostgreSQL, a statement with marks of its own, `$1` and so on."""
    from psycopg import RawCursor

    with RawCursor(connection.connection) as cursor:
        cursor.execute(statement, values)


def update_rows(rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    """Write these fields of rows that stand, by a statement made once.

    In the caller's transaction. Rows of one model, each once.
    """
    if not rows:
        return
    kind = type(rows[0])
    named = {f.attname: f for f in kind._meta.concrete_fields}
    fields = [named[name] for name in (*names, kind._meta.pk.attname)]
    statement = _update(kind._meta.db_table, tuple(f.column for f in fields[:-1]))
    values = [[f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


@cache
def _update(table: str, columns: tuple[str, ...]) -> str:
    said = ", ".join(f'"{one}" = %s' for one in columns)
    return f'UPDATE {table} SET {said} WHERE "id" = %s'  # noqa: S608 - our own names


def next_numbers(count: int) -> Sequence[int]:
    """Numbers for so many new entries, kept for this transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # nobody else writes while we do
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal_entry'")
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('journal_entry', 'seq')) FROM generate_series(1, %s)",
            [count],
        )
        return sorted(row[0] for row in cursor.fetchall())


class Spelling(msgspec.Struct, frozen=True):
    """How this database keeps ids and aware times; asked for once where many are written."""

    id: Callable[[uuid.UUID], str]
    time: Callable[[datetime], str | datetime]


def spelling() -> Spelling:
    if connection.vendor == "sqlite":
        return Spelling(id=lambda one: one.hex, time=_time_text)
    return Spelling(id=str, time=lambda at: at)


def _time_text(at: datetime) -> str:
    return str((at if at.tzinfo is UTC else at.astimezone(UTC)).replace(tzinfo=None))


def json_value(value: object) -> str:
    """Plain values, or a fact, as the text of a JSON column."""
    try:
        return _encode(value).decode()
    except (msgspec.MsgspecError, OverflowError):  # whole numbers beyond 64 bits
        return json.dumps(msgspec.to_builtins(value))
