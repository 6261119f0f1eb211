"""A PostgreSQL node's tables at one instant, through COPY in one REPEATABLE READ transaction; and back.

pg_dump belongs to the server's packages and must be of its version; COPY is in every driver.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.db import connection

from .sqlite import SESSIONS

#: Never copied: sessions end; what was migrated is written down by the migrations themselves.
LEFT_OUT = frozenset({*SESSIONS, "django_migrations"})
_CHUNK = 1 << 20


@contextmanager
def reading() -> Iterator[Any]:
    """A connection of its own whose transaction sees one instant, whatever the node writes meanwhile."""
    import psycopg
    from psycopg import IsolationLevel

    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    params.pop("context", None)
    with psycopg.connect(**params, autocommit=False) as one:
        one.isolation_level, one.read_only = IsolationLevel.REPEATABLE_READ, True
        one.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'")
        yield one
        one.rollback()


def list_tables(one: Any) -> list[str]:
    rows = one.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    return [name for (name,) in rows.fetchall()]


def count_rows(one: Any) -> dict[str, int]:
    counts = {}
    for table in list_tables(one):
        (counts[table],) = one.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    return counts


def list_migrations(one: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in one.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall():
        found.setdefault(app, []).append(name)
    return found


def last_entry(one: Any) -> tuple[str, str]:
    row = one.execute("SELECT id, recorded_at FROM journal_entry ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0].hex, row[1].isoformat()) if row else ("", "")


def list_columns(one: Any, table: str) -> list[str]:
    rows = one.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        [f'"{table}"'],
    )
    return [name for (name,) in rows.fetchall()]


def export(one: Any, table: str, to: Path) -> None:
    """One table as COPY writes it, with the names of its columns in the first line."""
    names = list_columns(one, table)
    with to.open("wb") as file, one.cursor() as cursor:
        file.write(("\t".join(names) + "\n").encode())
        with cursor.copy(f'COPY "{table}" ({_quoted(names)}) TO STDOUT') as copy:
            for block in copy:
                file.write(block)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def load(cursor: Any, table: str, stream: IO[bytes]) -> None:
    """Rows of one table, as `export` wrote them, into the table as it stands."""
    head, rest = _first_line(stream)
    with cursor.copy(f'COPY "{table}" ({_quoted(head)}) FROM STDIN') as copy:
        copy.write(rest)
        while block := stream.read(_CHUNK):
            copy.write(block)


def _first_line(stream: IO[bytes]) -> tuple[list[str], bytes]:
    data = b""
    while b"\n" not in data and (block := stream.read(_CHUNK)):
        data += block
    head, _, rest = data.partition(b"\n")
    return head.decode().split("\t"), rest


def load_rows(cursor: Any, table: str, names: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """Rows out of SQLite: ids, times, truths and JSON are text there that PostgreSQL reads as its own."""
    with cursor.copy(f'COPY "{table}" ({_quoted(names)}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def continue_numbers(cursor: Any) -> None:
    """Let every running number go on after the highest that was loaded."""
    cursor.execute(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
        " AND NOT a.attisdropped AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL"
    )
    for table, column in cursor.fetchall():
        cursor.execute(f'SELECT max("{column}") FROM "{table}"')  # noqa: S608
        (highest,) = cursor.fetchone()
        if highest is not None:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, highest])


def empty_tables(cursor: Any) -> None:
    """Away with what the migrations themselves wrote; the backup has it."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    names = [name for (name,) in cursor.fetchall() if name != "django_migrations"]
    cursor.execute(f"TRUNCATE {_quoted(names)}")


def drop_tables(cursor: Any, tables: Sequence[str]) -> None:
    """Away with the tables of a node that nobody has founded."""
    for table in tables:
        cursor.execute(f'DROP TABLE "{table}" CASCADE')
