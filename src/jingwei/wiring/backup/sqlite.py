"""The SQLite database of a running node as one file, at one instant, while writers go on."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

#: How many pages are copied at a time, between two words of progress: 8 MB.
_PAGES = 2048
#: What opens doors is never in a backup: sessions end with the machine they were opened on.
SESSIONS = ("django_session", "agencies_signedinsession")

Progress = Callable[[float], None]


def snapshot(source: Path, target: Path, progress: Progress) -> None:
    """Copy the database by SQLite's own online backup, inside one read transaction.

    In WAL the transaction holds up no writer; and without it every write of another process would
    make the copy begin again from the first page, so that beside a busy node it never ended.
    """
    with closing(_open(source)) as node, closing(sqlite3.connect(target)) as copy:
        node.execute("BEGIN")
        node.execute("SELECT count(*) FROM sqlite_master").fetchone()
        node.backup(copy, pages=_PAGES, progress=lambda _s, left, all_: progress(1 - left / max(all_, 1)))
        node.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA secure_delete = ON")
        known = set(list_tables(copy))
        with copy:
            for table in known & set(SESSIONS):
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A database file that nobody writes."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as one:
        yield one


def list_tables(one: sqlite3.Connection) -> list[str]:
    """Those that hold rows of their own; an index for search is made of them and is none."""
    rows = one.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%'"
    )
    return sorted(name for (name,) in rows)


def list_columns(one: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in one.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def count_rows(one: sqlite3.Connection) -> dict[str, int]:
    counts = {}
    for table in list_tables(one):
        (counts[table],) = one.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    return counts


def list_migrations(one: sqlite3.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in one.execute("SELECT app, name FROM django_migrations ORDER BY id"):
        found.setdefault(app, []).append(name)
    return found


def last_entry(one: sqlite3.Connection) -> tuple[str, str]:
    """Id and real time of the last entry; '' in a node that has none."""
    row = one.execute("SELECT id, recorded_at FROM journal_entry ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], f"{row[1]}+00:00".replace(" ", "T")) if row else ("", "")


def find_fault(path: Path) -> str:
    """What SQLite finds wrong with the file; '' when it is sound."""
    try:
        with reading(path) as one:
            (found,) = one.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else str(found)
