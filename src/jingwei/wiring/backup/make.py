"""`jingwei backup`: the node as one file, while it runs; and whether such a file is whole."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection

from . import archive, keys, postgres, sqlite
from .archive import About, BackupRefused

Say = Callable[[str], None]

#: Folders of the home that belong to the record. Checkpoints are taken before the database, which then
#: knows every one of them; photos and attachments after it, because their files are there before their rows.
HOME_PARTS = ("checkpoints", "photos", "attachments")
#: Files of the home that open or sign, and go into a backup only encrypted.
KEY_FILES = ("secret", "keys")
#: Settings worth knowing on another machine. What opens doors, and paths of this one, stay behind.
_SETTINGS = ("NODE", "HOSTS", "HTTPS", "SECOND_FACTOR", "PUBLIC_POST", "TIME_ZONE", "LOG")


class Made(msgspec.Struct, frozen=True):
    """What was written, and where."""

    file: Path
    bytes: int
    about: About


def backup(dest: Path, *, at: datetime, say: Say = lambda _: None, passphrase: str = "") -> Made:
    """Write the node into one file. `dest`: the file, or a folder in which it gets a name of its own.

    `at` is real time. With a passphrase the node's secret and keys go in too, encrypted.
    """
    file = dest / _name(at) if dest.is_dir() else dest
    file = file.absolute()
    with archive.write(file) as (writer, work):
        _check_room(file)
        kept = _keep_checkpoints(work)
        if connection.vendor == "sqlite":
            about = _sqlite(writer, work, at=at, say=say, keyed=bool(passphrase))
        else:
            about = _postgres(writer, work, at=at, say=say, keyed=bool(passphrase))
        _home(writer, "checkpoints", kept, say)
        for part in ("photos", "attachments"):
            _home(writer, part, settings.HOME / part, say)
        if passphrase:
            sealed = work / archive.KEYS
            sealed.write_bytes(keys.seal(dict(_key_files()), passphrase))
            writer.add_file(archive.KEYS, sealed)
        say("writing it to the disk")
    return Made(file=file, bytes=file.stat().st_size, about=about)


def _name(at: datetime) -> str:
    return f"jingwei-{settings.JINGWEI_NODE}-{at:%Y%m%dT%H%M%SZ}.tar.gz"


def _check_room(file: Path) -> None:
    """Refuse at once what cannot fit: the copy of a SQLite database needs its size beside the file."""
    if connection.vendor == "sqlite":
        need = Path(str(connection.settings_dict["NAME"])).stat().st_size
        stats = os.statvfs(file.parent)
        if stats.f_bavail * stats.f_frsize < need:
            free = stats.f_bavail * stats.f_frsize // 2**20
            raise BackupRefused("backup_no_room", folder=str(file.parent), free=free)


def _sqlite(writer: archive.Writer, work: Path, *, at: datetime, say: Say, keyed: bool) -> About:
    copy = work / archive.DATABASE
    source = Path(str(connection.settings_dict["NAME"]))
    sqlite.snapshot(source, copy, _percent("copying the database", say))
    with sqlite.reading(copy) as one:
        counts = sqlite.count_rows(one)
        about = describe(sqlite, one, database="sqlite", at=at, keyed=keyed, counts=counts)
    writer.add_json(archive.ABOUT, about)
    say(f"packing the database, {copy.stat().st_size / 2**20:.0f} MB")
    writer.add_file(archive.DATABASE, copy)
    copy.unlink()
    return about


def _postgres(writer: archive.Writer, work: Path, *, at: datetime, say: Say, keyed: bool) -> About:
    with postgres.reading() as one:
        counts = postgres.count_rows(one)
        about = describe(postgres, one, database="postgresql", at=at, keyed=keyed, counts=counts)
        writer.add_json(archive.ABOUT, about)
        done, every, told = 0, sum(counts.values()), _percent("copying the tables", say)
        for table in sorted(counts.keys() - postgres.LEFT_OUT):
            part = work / f"{table}.copy"
            postgres.export(one, table, part)
            writer.add_file(f"tables/{table}.copy", part)
            part.unlink()
            done += counts[table]
            told(done / max(every, 1))
    return about


def describe(
    kind: ModuleType, one: Any, *, database: str, at: datetime, keyed: bool, counts: dict[str, int]
) -> About:
    """What the file says of itself; `kind` reads that database, `one` is a connection to it."""
    entry, recorded_at = kind.last_entry(one)
    counts = {table: 0 if table in sqlite.SESSIONS else n for table, n in counts.items()}
    return About(
        node=settings.JINGWEI_NODE,
        made_at=at.isoformat(timespec="seconds"),
        release=release(),
        database=database,
        last_entry=entry,
        last_recorded_at=recorded_at,
        counts=counts,
        migrations=kind.list_migrations(one),
        settings={n: v for n in _SETTINGS if (v := os.environ.get(f"JINGWEI_{n}"))},
        keys=keyed,
    )


def release() -> str:
    """The version of this program, as its package says."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("jingwei")
    except PackageNotFoundError:
        return "checkout"


def _keep_checkpoints(work: Path) -> Path:
    """A copy of them as they are before the database is read."""
    to = work / "checkpoints"
    to.mkdir()
    for path in (settings.HOME / "checkpoints").glob("*"):
        if path.is_file():
            shutil.copyfile(path, to / path.name)
    return to


def _home(writer: archive.Writer, name: str, folder: Path, say: Say) -> None:
    files = sorted(path for path in folder.glob("*") if path.is_file())
    if files:
        say(f"{name}: {len(files)} files")
    for path in files:
        try:
            writer.add_file(f"home/{name}/{path.name}", path)
        except FileNotFoundError:
            continue  # erased meanwhile, as the journal says


def _key_files() -> Iterator[tuple[str, bytes]]:
    yield "secret", str(settings.SECRET_KEY).encode()
    for name in KEY_FILES[1:]:
        for path in sorted((settings.HOME / name).glob("*")):
            if path.is_file():
                yield f"{name}/{path.name}", path.read_bytes()


def _percent(what: str, say: Say) -> Callable[[float], None]:
    """Says every tenth part, and nothing twice."""
    last = -1

    def told(share: float) -> None:
        nonlocal last
        step = int(share * 10)
        if step > last:
            last = step
            say(f"{what}: {step * 10} %")

    return told


def check(file: Path, *, say: Say = lambda _: None) -> About:
    """Read a backup to its end: whole, every digest right, the database sound, as many rows as it says.

    Needs no node. The database is unpacked beside the temporary files for the time of the check.
    """
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="jingwei-check-") as folder, archive.read(file) as reader:
        for name, stream in reader:
            if name == archive.DATABASE:
                say("database")
                counts |= _count_in(unpack(stream, Path(folder) / name))
            elif name.startswith("tables/"):
                counts[name[7:-5]] = _lines(stream) - 1
        about = reader.about
    if about is None:
        raise BackupRefused("backup_not_ours", part=file.name)
    say("rows")
    wanted = {t: n for t, n in about.counts.items() if t in counts or about.database == "sqlite"}
    missing = about.counts.keys() - counts.keys() - postgres.LEFT_OUT
    for table in sorted(wanted.keys() | missing):
        if counts.get(table) != about.counts[table]:
            raise BackupRefused("backup_damaged", part=table)
    return about


def _count_in(path: Path) -> dict[str, int]:
    fault = sqlite.find_fault(path)
    if fault:
        raise BackupRefused("backup_damaged", part=archive.DATABASE)
    with sqlite.reading(path) as one:
        return sqlite.count_rows(one)


def unpack(stream: archive.Summed, to: Path) -> Path:
    """One part as a file on the disk."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with to.open("xb") as file:
        to.chmod(0o600)
        while chunk := stream.read(1 << 20):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return to


def _lines(stream: archive.Summed) -> int:
    found = 0
    while chunk := stream.read(1 << 20):
        found += chunk.count(b"\n")
    return found
