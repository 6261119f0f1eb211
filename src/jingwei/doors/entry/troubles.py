"""Which trouble of the node an error tells of, and what is said of it to people."""

import errno
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import Error, connection
from django.utils.translation import gettext as _

from jingwei.kernel.refusals import Refused, Unavailable

from .board import OF_DATABASE, Trouble, get_board
from .moments import real_now
from .refusals import sentence
from .sentences_trouble import TROUBLES

#: When a caller who could not be served may try again, seconds.
#: Source: our estimate, the worker looks every 2 s whether the trouble is over, 2026-11-22.
RETRY_AFTER_S = 2
#: How much must fit on a disk for it not to be full, bytes.
#: Source: our estimate, a group of a thousand reports takes about 2 MB, 2026-11-22.
ROOM = 2 * 1024 * 1024

_DISK = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EFBIG: "disk_full",
         errno.EROFS: "disk_read_only"}  # fmt: skip
#: Primary result codes. Source: https://sqlite.org/rescode.html
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
#: SQLSTATE classes and codes. Source: PostgreSQL 18, appendix A.
_POSTGRES = {
    "53100": "disk_full",
    "58030": "disk_failing",
    "25006": "disk_read_only",
    "55P03": "database_locked",
    "57014": "database_locked",
    "XX001": "database_damaged",
    "XX002": "database_damaged",
}


class Said(msgspec.Struct, frozen=True):
    """A trouble as a page shows it, in the page's language."""

    what: str
    since_at: datetime
    says: str
    do: str


def list_said() -> list[Said]:
    """What is wrong with the node now, gravest first, in words."""
    return [say(one) for one in get_board().list_troubles()]


def say(one: Trouble) -> Said:
    says, do = TROUBLES[one.what]
    return Said(
        what=one.what,
        since_at=real_now() - timedelta(seconds=one.for_s),
        says=_(says).format(seconds=f"{one.amount:+.0f}"),
        do=_(do),
    )


def say_why(refused: Refused) -> str:
    """A refusal's sentence; before it the trouble behind it, where there is one."""
    what = str(refused.facts.get("what", ""))
    if refused.code != "try_again" or what not in TROUBLES:
        return sentence(refused)
    return " ".join((_(TROUBLES[what][0]), sentence(Refused("try_again", what=_("The node")))))


def note_error(error: BaseException | None) -> str | None:
    """Put the trouble that an error tells of on the board. Returns it, or None for any other error."""
    what = trouble_of(error)
    if what is not None:
        get_board().note(what)
    return what


def trouble_of(error: BaseException | None) -> str | None:
    """The trouble of the node behind an error; None for a bug or a refusal."""
    if isinstance(error, Unavailable):
        return "photos_unkept" if error.what == "photos" else None
    if isinstance(error, OSError):
        return _DISK.get(error.errno or 0)
    if not isinstance(error, Error):
        return None
    cause: Any = error.__cause__ or error
    if hasattr(cause, "sqlite_errorcode"):
        return _of_sqlite(cause)
    return _of_postgres(cause) if hasattr(cause, "sqlstate") else None


def _of_postgres(cause: Any) -> str | None:
    state: str | None = cause.sqlstate
    if state is None:  # not from the server: the line to it broke, or it was never there
        gone = type(cause).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout")
        return "database_gone" if gone else None
    if state == "42501":  # PostgreSQL's word for it too; else somebody took a right away: a bug
        return "disk_read_only" if os.strerror(errno.EROFS) in str(cause) else None
    if state.startswith(("08", "57P", "53")):
        return _POSTGRES.get(state, "database_gone")
    return _POSTGRES.get(state)


def _of_sqlite(cause: Any) -> str | None:
    """SQLite keeps the system's error to itself: a look at the disk says which it is."""
    code: int = cause.sqlite_errorcode & 0xFF
    if code in (_BUSY, _LOCKED):
        return "database_locked"
    if code in (_CORRUPT, _NOTADB):
        return "database_damaged"
    if code in (_READONLY, _IOERR, _FULL, _CANTOPEN):
        fallback = {_IOERR: "disk_failing", _FULL: "disk_full", _CANTOPEN: "database_gone"}
        return look_at_disk(_folder()) or fallback.get(code) or _read_only_file()
    return "database_gone" if str(cause).startswith("no such table") else None


def _folder() -> Path:
    return Path(str(connection.settings_dict["NAME"])).parent


def _read_only_file() -> str | None:
    """A file nobody may write; else it was our own guard against writes outside a transaction: a bug."""
    name = connection.settings_dict["NAME"]
    return None if os.access(name, os.W_OK) else "disk_read_only"


def look_at_disk(folder: Path) -> str | None:
    """Whether this folder's disk takes `ROOM` more bytes, durably; if not, what is wrong with it."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".room-") as file:
            file.write(b"\0" * ROOM)
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return "database_gone"
    except OSError as error:
        return _DISK.get(error.errno or 0, "disk_failing")
    return None


def look_at_photos() -> None:
    """Photos could not be kept: say so no longer once their disk takes some again."""
    board = get_board()
    if any(one.what == "photos_unkept" for one in board.list_troubles()):
        folder = Path(settings.HOME) / "photos"
        if look_at_disk(folder if folder.exists() else folder.parent) is None:
            board.clear("photos_unkept")


def is_database_in_trouble() -> bool:
    return any(one.what in OF_DATABASE for one in get_board().list_troubles())
