"""Django's SQLite adapter, a few lines over: writers queue, and a write outside a transaction fails.

A transaction on a node begins IMMEDIATE. Before that the connection takes the writers' turn, so that
intake, pages, worker and imports queue fairly instead of polling. Outside a transaction the connection
is `query_only`: a forgotten `atomic` shows at once as an error instead of as a lost fact.
A file that was moved, removed or replaced under an open connection would go on taking writes that nobody
finds again: every write looks whether the file is still the one at its address. A missing one is not made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from .turn import Rank, Turn, TurnTaken

#: KiB of the file that a connection keeps: of whoever takes in, carries out, loads.
#: Source: our estimate, the pages a storm's group of reports touches, 2026-11-22.
CACHE_KIB = 32_000


class Replaced(Exception):
    """The file at the database's address is not the one that was opened, or there is none."""

    sqlite_errorcode = 14  # SQLITE_CANTOPEN, which it would be for whoever opens it now


class DatabaseWrapper(base.DatabaseWrapper):
    #: What connections of the usual rank keep; less in processes that have many of them (../memory.py).
    usual_kib = CACHE_KIB

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn: Turn | None = None
        self.rank = Rank.USUAL
        self.guarded = True
        self._file: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.turn = Turn(conn_params["database"], self.rank)
        if self.guarded and self.turn.path is not None and self._file_now() is None:
            raise OperationalError("there is no database; `jingwei migrate` makes one") from Replaced()
        connection = super().get_new_connection(conn_params)
        kept = self.usual_kib if self.rank is Rank.USUAL else CACHE_KIB
        connection.execute(f"PRAGMA cache_size = -{kept}")
        self._file = self._file_now()
        if self.guarded:
            connection.execute("PRAGMA query_only = ON")
        return connection

    def is_usable(self) -> bool:
        return self._file == self._file_now()

    def _file_now(self) -> tuple[int, int] | None:
        """Device and inode of the file at the database's address; None where there is none."""
        if self.turn is None or self.turn.path is None:
            return None
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        # SQLite would throw away the log of an empty file, and with it what was committed there
        return (found.st_dev, found.st_ino) if found.st_size else None

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Migrations alter tables and note what they did outside transactions: let them."""
        self.guarded = False
        try:
            self.ensure_connection()
            self.connection.execute("PRAGMA query_only = OFF")
        except BaseException:
            self.guarded = True
            raise
        try:
            yield
        finally:
            self.guarded = True
            if self.connection is not None:
                self.connection.execute("PRAGMA query_only = ON")

    def _start_transaction_under_autocommit(self) -> None:
        assert self.turn is not None  # noqa: S101 - set with the connection
        if not self.is_usable():
            raise OperationalError("the database file was replaced; opening the new one") from Replaced()
        try:
            self.turn.take()
        except (TurnTaken, OSError) as error:
            raise OperationalError("the writers' turn did not come") from error
        try:
            self.connection.execute("PRAGMA query_only = OFF")
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        result = super()._commit()  # type: ignore[misc]
        self._end_turn()
        return result

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self.turn is not None:
                self.turn.close()

    def _end_turn(self) -> None:
        if self.guarded and self.connection is not None and not self.connection.in_transaction:
            self.connection.execute("PRAGMA query_only = ON")
        if self.turn is not None:
            self.turn.give_back()
