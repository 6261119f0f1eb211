"""`jingwei restore`: a node again, on an empty machine, from one file.

Until the end a file `restoring` stands in the home, and the node does not start: a restore that was
interrupted is never taken for a node. Run again, it begins anew.
"""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from jingwei.apps.agencies import actions as agencies_do
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.facts import Backed
from jingwei.apps.seals import actions as seals
from jingwei.doors.entry.moments import this_moment
from jingwei.wiring.migrate import migrate

from . import archive, keys, postgres, sqlite
from .archive import About, BackupRefused
from .make import HOME_PARTS, Say, unpack

MARK = "restoring"


class Done(msgspec.Struct, frozen=True):
    """A node made again: from which file, and where its journal ends."""

    about: About
    last_recorded_at: datetime | None
    tokens: int


def restore(file: Path, *, operator: str = "", passphrase: str = "", say: Say = lambda _: None) -> Done:
    """Make the node again from its backup; `operator` is whose act it is recorded as.

    Refuses a database that has entries, a damaged file, and one of a newer release.
    """
    home = Path(settings.HOME)
    work = home / ".restore"
    _check_empty(home)
    about = archive.about(file)
    _check_fits(about, keyed=bool(passphrase))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / MARK).write_text(f"{file}\n")
    shutil.rmtree(work, ignore_errors=True)
    try:
        done = _make(file, about, operator, passphrase, say)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    (home / MARK).unlink()
    return done


def _make(file: Path, about: About, operator: str, passphrase: str, say: Say) -> Done:
    home = Path(settings.HOME)
    work = home / ".restore"
    with archive.room(home / MARK):
        say("reading the file")
        _unpack(file, work)
        _put_database(about, work, say)
        _put_home(home, work, passphrase)
        return _note(about, operator, say)


def is_unfinished() -> bool:
    """Whether a restore was begun here and not brought to its end."""
    return (Path(settings.HOME) / MARK).exists()


def _check_empty(home: Path) -> None:
    if is_unfinished():
        return
    if _has_entries():
        raise BackupRefused("restore_not_empty")
    for folder in HOME_PARTS:
        if any((home / folder).glob("*")):
            raise BackupRefused("restore_home_not_empty", folder=str(home / folder))


def _has_entries() -> bool:
    name = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and not name.exists():
        return False
    tables = connection.introspection.table_names()
    if "journal_entry" not in tables:
        return bool(tables)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM journal_entry LIMIT 1")
        return cursor.fetchone() is not None


def _check_fits(about: About, *, keyed: bool) -> None:
    """Can this machine and this release hold it?"""
    unknown = unknown_migrations(about.migrations)
    if unknown:
        raise BackupRefused("restore_newer", release=about.release, migration=unknown[0])
    if about.database == "postgresql" and connection.vendor == "sqlite":
        raise BackupRefused("restore_not_into_sqlite")
    if about.node != settings.JINGWEI_NODE:
        raise BackupRefused("restore_other_node", node=about.node, here=settings.JINGWEI_NODE)
    if keyed and not about.keys:
        raise BackupRefused("restore_no_keys")


def unknown_migrations(applied: dict[str, list[str]]) -> list[str]:
    """Migrations that were applied and that this release does not have: the data is newer than the code."""
    known = MigrationExecutor(None).loader.disk_migrations
    return [f"{a}.{n}" for a, names in sorted(applied.items()) for n in names if (a, n) not in known]


def _unpack(file: Path, work: Path) -> None:
    with archive.read(file) as reader:
        for name, stream in reader:
            unpack(stream, work / name)


def _put_database(about: About, work: Path, say: Say) -> None:
    if connection.vendor == "sqlite":
        say("putting the database in its place")
        _put_file(work / archive.DATABASE)
    else:
        _fill_tables(about, work, say)
    say("bringing it to this release")
    migrate()


def _put_file(copy: Path) -> None:
    if sqlite.find_fault(copy):
        raise BackupRefused("backup_damaged", part=archive.DATABASE)
    connection.close()
    place = Path(str(connection.settings_dict["NAME"]))
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for beside in ("-wal", "-shm"):
        place.with_name(place.name + beside).unlink(missing_ok=True)
    shutil.move(copy, place)


def _fill_tables(about: About, work: Path, say: Say) -> None:
    """Tables as they were at the release that made the file, and its rows, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        postgres.drop_tables(cursor, connection.introspection.table_names(cursor))
    say("tables as they were")
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name) for app, names in about.migrations.items() for name in names])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'")
        postgres.empty_tables(cursor)
        put = _rows_of_sqlite if about.database == "sqlite" else _rows_of_postgres
        put(cursor, about, work, say)
        postgres.continue_numbers(cursor)


#: What rows of registers are found by, kept by each database in its own way: bringing it to this release
#: makes it where it is not there.
MADE_ANEW = frozenset({"registers_found", "registers_indexed"})


def _rows_of_postgres(cursor: Any, about: About, work: Path, say: Say) -> None:
    for table in _in_order(about, work / "tables"):
        say(f"{table}: {about.counts[table]}")
        with (work / "tables" / f"{table}.copy").open("rb") as stream:
            _loading(cursor, table, about, lambda: postgres.load(cursor, table, stream))  # noqa: B023


def _in_order(about: About, folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.copy") if path.stem in about.counts)


def _rows_of_sqlite(cursor: Any, about: About, work: Path, say: Say) -> None:
    with sqlite.reading(work / archive.DATABASE) as one:
        for table in sorted(set(sqlite.list_tables(one)) - postgres.LEFT_OUT - MADE_ANEW):
            say(f"{table}: {about.counts[table]}")
            names = sqlite.list_columns(one, table)
            rows = one.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the file's own schema
            _loading(cursor, table, about, lambda: postgres.load_rows(cursor, table, names, rows))  # noqa: B023


def _loading(cursor: Any, table: str, about: About, load: Callable[[], None]) -> None:
    try:
        load()
    except DatabaseError as error:
        raise BackupRefused("restore_row_refused", table=table, error=str(error).splitlines()[0]) from error


def _put_home(home: Path, work: Path, passphrase: str) -> None:
    for folder in HOME_PARTS:
        files = work / "home" / folder
        if files.is_dir():
            shutil.rmtree(home / folder, ignore_errors=True)
            shutil.move(files, home / folder)
    if passphrase:
        for name, data in keys.unseal((work / archive.KEYS).read_bytes(), passphrase).items():
            place = home / name
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.write_bytes(data)
            place.chmod(0o600)


def _note(about: About, operator: str, say: Say) -> Done:
    """In the restored node: doors closed, a new epoch, and the fact that says from which backup."""
    say("ending sessions and tokens, beginning a new epoch")
    moment = this_moment()
    by = agencies.get_operator(operator, at=moment.at)
    last = datetime.fromisoformat(about.last_recorded_at) if about.last_recorded_at else None
    backed = Backed(
        made_at=datetime.fromisoformat(about.made_at),
        last_entry=about.last_entry,
        last_recorded_at=last,
        release=about.release,
    )
    with transaction.atomic():
        # what the lost machine sealed after the backup belongs to the epoch before
        epoch = seals.begin_epoch("restored", by=by, moment=moment)
        tokens = agencies_do.note_restore(backed, epoch=epoch, by=by, moment=moment)
    return Done(about=about, last_recorded_at=last, tokens=tokens)
