"""Which trouble an error tells of: real errors of both databases, and of the disk."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import translation

from jingwei.doors.entry import troubles
from jingwei.doors.entry.board import get_board
from jingwei.doors.entry.troubles import look_at_disk, say_why, trouble_of
from jingwei.kernel.refusals import Refused, Unavailable


def full(path: Path) -> None:
    link = sqlite3.connect(path)
    link.execute("PRAGMA max_page_count = 2")
    link.execute("CREATE TABLE t (x)")
    link.execute("INSERT INTO t VALUES (zeroblob(100000))")


def locked(path: Path) -> None:
    first, second = (sqlite3.connect(path, isolation_level=None, timeout=0) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    try:
        second.execute("BEGIN IMMEDIATE")
    finally:
        first.execute("ROLLBACK")


def not_a_database(path: Path) -> None:
    path.write_bytes(b"not a database at all " * 100)
    sqlite3.connect(path).execute("SELECT * FROM sqlite_master")


def unreachable(path: Path) -> None:
    sqlite3.connect(path.parent / "nowhere" / "node.sqlite3")


def empty(path: Path) -> None:
    sqlite3.connect(path).execute("SELECT * FROM journal_entry")


def a_bug(path: Path) -> None:
    sqlite3.connect(path).execute("SELEKT")


@pytest.mark.parametrize(("cause", "what"), [
    (full, "disk_full"), (locked, "database_locked"), (not_a_database, "database_damaged"),
    (unreachable, "database_gone"), (empty, "database_gone"), (a_bug, None),
])  # fmt: skip
def test_sqlites_errors(
    cause: Callable[[Path], None], what: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "node.sqlite3"))
    with pytest.raises(sqlite3.Error) as caught:
        cause(tmp_path / "node.sqlite3")
    assert trouble_of(wrapped(caught.value)) == what


@pytest.mark.parametrize(("cause", "what"), [
    (psycopg.errors.DiskFull(), "disk_full"),
    (psycopg.errors.AdminShutdown(), "database_gone"),
    (psycopg.errors.TooManyConnections(), "database_gone"),
    (psycopg.errors.LockNotAvailable(), "database_locked"),
    (psycopg.errors.ReadOnlySqlTransaction(), "disk_read_only"),
    (psycopg.errors.InsufficientPrivilege("could not write: Read-only file system"), "disk_read_only"),
    (psycopg.errors.InsufficientPrivilege("permission denied for table"), None),
    (psycopg.errors.DataCorrupted(), "database_damaged"),
    (psycopg.OperationalError("connection refused"), "database_gone"),
    (psycopg.InterfaceError("the connection is closed"), "database_gone"),
    (psycopg.errors.UndefinedColumn(), None),
    (psycopg.errors.UniqueViolation(), None),
])  # fmt: skip
def test_postgresqls_errors(cause: Exception, what: str | None) -> None:
    assert trouble_of(wrapped(cause)) == what


def wrapped(cause: Exception) -> OperationalError:
    """As Django hands it on."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def test_the_disks_errors_and_what_is_no_trouble() -> None:
    assert trouble_of(OSError(errno.ENOSPC, "")) == "disk_full"
    assert trouble_of(OSError(errno.EROFS, "")) == "disk_read_only"
    assert trouble_of(Unavailable("photos")) == "photos_unkept"
    assert trouble_of(OSError(errno.ENOENT, "")) is None
    assert trouble_of(ValueError()) is None
    assert trouble_of(None) is None


def test_a_write_outside_a_transaction_is_a_bug_and_no_trouble(db: None) -> None:
    """Its error has the same words as a disk that cannot be written."""
    if connection.vendor != "sqlite":
        return
    connection.connection.execute("PRAGMA query_only = ON")
    try:
        with pytest.raises(OperationalError, match="readonly") as caught, connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session")
    finally:
        connection.connection.execute("PRAGMA query_only = OFF")
    assert trouble_of(caught.value) is None


def test_a_disk_is_looked_at_and_left_as_it_was(tmp_path: Path) -> None:
    assert look_at_disk(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    assert look_at_disk(tmp_path / "nowhere") == "database_gone"


def test_the_caller_hears_why_in_both_languages() -> None:
    for language, words in (("zh-hans", "磁盘已满"), ("en", "The disk is full")):
        with translation.override(language):
            assert words in say_why(Refused("try_again", what="disk_full"))
            assert words not in say_why(Refused("try_again", what="intake"))


def test_an_error_is_put_on_the_board_and_a_bug_is_not() -> None:
    before = {one.what for one in troubles.list_said()} - {"disk_full"}  # others' tests share the board
    troubles.note_error(OSError(errno.ENOSPC, ""))
    troubles.note_error(ValueError())
    assert {one.what for one in troubles.list_said()} - before == {"disk_full"}
    get_board().clear("disk_full")
