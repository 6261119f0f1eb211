"""Who writes before whom on SQLite: each thread says it of itself. On PostgreSQL many write at once."""

from django.db import connection

from .sqlite.turn import Rank


def go_first() -> None:
    """This thread takes reports in: whoever goes last makes room for it."""
    _rank(Rank.FIRST)


def go_last() -> None:
    """This thread carries out what follows: it makes room for intake."""
    _rank(Rank.LAST)


def press(pressed: bool) -> None:
    """This thread, which goes first, is pressed: it is to be made room for between its turns too."""
    turn = getattr(connection, "turn", None)
    if turn is not None:
        turn.press(pressed)


def _rank(rank: Rank) -> None:
    if connection.vendor == "sqlite":
        connection.rank = rank  # type: ignore[attr-defined]
        connection.close()  # the next one opened has it
