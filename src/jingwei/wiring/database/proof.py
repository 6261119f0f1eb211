"""Whether the database takes writes again, tried for real: what the worker asks while there is trouble."""

from pathlib import Path

from django.db import Error, connection, transaction

from jingwei.doors.entry.board import OF_DATABASE, get_board
from jingwei.doors.entry.troubles import ROOM, look_at_disk, note_error


def look_again() -> bool:
    """Whether the database can be written now; the board says so, or what is wrong."""
    board = get_board()
    try:
        wrong = _sqlite() if connection.vendor == "sqlite" else _postgres()
    except Error as error:
        wrong = note_error(error)
        connection.close()
        if wrong is None:
            raise
    board.clear(*(what for what in OF_DATABASE if what != wrong))
    if wrong is not None:
        board.note(wrong)
    return wrong is None


def _sqlite() -> str | None:
    """Room beside the file, and a transaction that begins as a writer's."""
    wrong = look_at_disk(Path(str(connection.settings_dict["NAME"])).parent)
    if wrong is None:
        connection.close_if_unusable_or_obsolete()
        with transaction.atomic():
            pass
    return wrong


def _postgres() -> str | None:
    """A table that lives for one transaction takes room on the server's disk and a line in its log."""
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE room ON COMMIT DROP AS "
            "SELECT decode(md5(n::text), 'hex') FROM generate_series(1, %s) n",
            [ROOM // 64],
        )
        cursor.execute("SELECT pg_current_xact_id()")
    return None
