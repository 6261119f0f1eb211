"""Django's SQLite adapter, a few lines over: writers queue, and a write outside a transaction fails.

A transaction on a node begins IMMEDIATE. Before that the connection takes the writers' turn, so that
intake, pages, worker and imports queue fairly instead of polling. Outside a transaction the connection
is `query_only`: a forgotten `atomic` shows at once as an error instead of as a lost fact.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

from .turn import Turn


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn: Turn | None = None
        self.guarded = True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.turn = Turn(conn_params["database"])
        connection = super().get_new_connection(conn_params)
        if self.guarded:
            connection.execute("PRAGMA query_only = ON")
        return connection

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Migrations alter tables and note what they did outside transactions: let them."""
        self.ensure_connection()
        self.guarded = False
        self.connection.execute("PRAGMA query_only = OFF")
        try:
            yield
        finally:
            self.guarded = True
            if self.connection is not None:
                self.connection.execute("PRAGMA query_only = ON")

    def _start_transaction_under_autocommit(self) -> None:
        assert self.turn is not None  # noqa: S101 - set with the connection
        self.turn.take()
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
