"""One unmoving view of the database for a long check, while the node goes on writing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

#: KiB of the file that one process of a check keeps. Source: our estimate, a part of it, 2026-11-29.
CACHE_KIB = 32_000


class Snapshot:
    """A connection of its own that only reads, and sees the database as it was at one moment."""

    def __init__(self, raw: Any, vendor: str) -> None:
        self._raw, self.vendor = raw, vendor

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Sequence[Any]]:
        """Rows as the driver gives them, a few thousand at a time. Placeholders are `?` in our words."""
        cursor = self._raw.cursor()
        try:
            cursor.execute(sql if self.vendor == "sqlite" else sql.replace("?", "%s"), parameters)
            while some := cursor.fetchmany(2000):
                yield from some
        finally:
            cursor.close()

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Sequence[Any]]:
        return list(self.rows(sql, parameters))


@contextmanager
def snapshot(of: str = "") -> Iterator[Snapshot]:
    """A view that nobody's writing changes, and that holds up nobody's writing.

    `of`: on PostgreSQL, the name of another's view that this one shall share.
    """
    own = connection.copy()
    own.connect()
    try:
        raw = own.connection
        if own.vendor == "sqlite":
            raw.execute("PRAGMA query_only = ON")
            raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            raw.execute("BEGIN")
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        else:
            raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            if of:
                raw.execute(f"SET TRANSACTION SNAPSHOT '{of}'")
        yield Snapshot(raw, own.vendor)
    finally:
        own.close()
