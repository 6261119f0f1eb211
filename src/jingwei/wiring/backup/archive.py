"""The file of a backup: a gzipped tar of parts, closed by a list of their digests.

    about.json            which node, when, by which release, for which database, how many rows
    database.sqlite3      the whole database, or
    tables/<name>.copy    one table of PostgreSQL, in the text form of COPY, columns in its first line
    home/photos/…         files of the home that belong to the record, also home/attachments/…
    keys.sealed           secret and keys, only when asked for, encrypted with a passphrase
    manifest.json         size and SHA-256 of every part; it comes last, so that a file cut short has none

`tar xzf` reads it too. It is written under another name and takes its own when it is whole and on the disk.
"""

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import msgspec

from jingwei.kernel.refusals import Refused

FORM = "jingwei backup/1"
ABOUT, MANIFEST, DATABASE, KEYS = "about.json", "manifest.json", "database.sqlite3", "keys.sealed"
#: Parts that can be in the file; anything else in a tar is not ours.
_PART = re.compile(
    r"about\.json|manifest\.json|database\.sqlite3|keys\.sealed"
    r"|tables/[a-z0-9_]{1,63}\.copy|home/[a-z]{1,20}/[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}"
)
#: How hard gzip tries. Source: our estimate, 1 is three times as fast as 6 for a tenth more, 2026-11-22.
_LEVEL = 1
_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BackupRefused(Refused):
    """No backup can be made, or read, so: `backup_…`."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says of itself. `counts`: rows by table; `migrations`: names by app, as applied."""

    form: str = FORM
    node: str
    made_at: str
    release: str
    database: str
    last_entry: str
    last_recorded_at: str
    counts: dict[str, int]
    migrations: dict[str, list[str]]
    settings: dict[str, str]
    keys: bool = False


class Part(msgspec.Struct, frozen=True):
    bytes: int
    sha256: str


class Summed:
    """A stream that adds up what passes: bytes and SHA-256."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.bytes, self.sum = stream, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.stream.read(size)
        self.bytes += len(chunk)
        self.sum.update(chunk)
        return chunk

    def part(self) -> Part:
        return Part(bytes=self.bytes, sha256=self.sum.hexdigest())


class Writer:
    """Adds parts to the tar and remembers their digests."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.parts = tar, dict[str, Part]()

    def add(self, name: str, stream: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        summed = Summed(stream)
        self.tar.addfile(info, summed)  # type: ignore[arg-type]
        self.parts[name] = summed.part()

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self.add(name, file, os.fstat(file.fileno()).st_size)

    def add_json(self, name: str, content: Any) -> None:
        data = json.dumps(msgspec.to_builtins(content), ensure_ascii=False, indent=1).encode() + b"\n"
        self.add(name, BytesIO(data), len(data))


@contextmanager
def write(to: Path) -> Iterator[tuple[Writer, Path]]:
    """A writer of the file `to`, and a folder beside it to work in; nothing is left when it fails."""
    if to.exists():
        raise BackupRefused("backup_exists", file=str(to))
    if not to.parent.is_dir():
        raise BackupRefused("backup_no_folder", folder=str(to.parent))
    work = to.parent / f".{to.name}.part"
    with room(to), _alone(work):
        half = work / "half"
        with half.open("wb") as file:
            half.chmod(0o600)
            with tarfile.open(
                fileobj=file, mode="w:gz", compresslevel=_LEVEL, format=tarfile.PAX_FORMAT
            ) as tar:
                writer = Writer(tar)
                yield writer, work
                writer.add_json(MANIFEST, {"form": FORM, "parts": writer.parts})
            file.flush()
            os.fsync(file.fileno())
        half.rename(to)
        _sync_folder(to.parent)


@contextmanager
def room(to: Path) -> Iterator[None]:
    """A disk without room is said to be full, whatever met it first."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _full(to) from error
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") not in ("SQLITE_FULL", "SQLITE_IOERR_WRITE"):
            raise
        raise _full(to) from error


def _full(to: Path) -> BackupRefused:
    free = shutil.disk_usage(to.parent).free // 2**20
    return BackupRefused("backup_no_room", folder=str(to.parent), free=free)


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """The folder to work in; what a killed run left there is thrown away, two runs are not let in."""
    work.mkdir(mode=0o700, exist_ok=True)
    fd = os.open(work, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise BackupRefused("backup_running", file=work.name) from error
    try:
        for old in work.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        yield
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(fd)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class Reader:
    """Hands out the parts in order; `close` says whether the file was whole."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.parts = tar, dict[str, Part]()
        self.about: About | None = None

    def __iter__(self) -> Iterator[tuple[str, Summed]]:
        listed: dict[str, Part] | None = None
        for info in self.tar:
            stream = self.tar.extractfile(info) if info.isreg() else None
            if stream is None or not _PART.fullmatch(info.name) or listed is not None:
                raise BackupRefused("backup_not_ours", part=info.name[:100])
            summed = Summed(stream)
            if info.name == MANIFEST:
                listed = _listed(summed.read())
                continue
            if info.name == ABOUT:
                self.about = _about(summed.read())
            elif self.about is None:
                raise BackupRefused("backup_not_ours", part=info.name)
            yield info.name, summed
            while summed.read(_CHUNK):
                pass
            self.parts[info.name] = summed.part()
        if listed is None:
            raise BackupRefused("backup_cut_short")
        for name in sorted(listed.keys() | self.parts.keys()):
            if listed.get(name) != self.parts.get(name):
                raise BackupRefused("backup_damaged", part=name)


def _listed(data: bytes) -> dict[str, Part]:
    try:
        return msgspec.convert(json.loads(data)["parts"], dict[str, Part])
    except (ValueError, KeyError, TypeError, msgspec.ValidationError) as error:
        raise BackupRefused("backup_damaged", part=MANIFEST) from error


def _about(data: bytes) -> About:
    try:
        about = msgspec.json.decode(data, type=About)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BackupRefused("backup_damaged", part=ABOUT) from error
    if about.form != FORM:
        raise BackupRefused("backup_other_form", form=about.form[:40], known=FORM)
    return about


@contextmanager
def read(file: Path) -> Iterator[Reader]:
    """Read a backup's parts one after the other, once. Raises `BackupRefused` naming what is wrong."""
    if not file.is_file():
        raise BackupRefused("backup_missing", file=str(file))
    try:
        with file.open("rb") as stream, tarfile.open(fileobj=stream, mode="r|gz") as tar:
            yield Reader(tar)
    except EOFError as error:
        raise BackupRefused("backup_cut_short") from error
    except tarfile.TarError as error:
        raise BackupRefused(
            "backup_cut_short" if _is_gzip(file) else "backup_not_ours", part=file.name
        ) from error
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise BackupRefused("backup_damaged", part=file.name) from error


def _is_gzip(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def about(file: Path) -> About:
    """What the file says of itself, without reading the rest."""
    with read(file) as reader:
        for _name, _stream in reader:
            if reader.about is not None:
                return reader.about
    raise BackupRefused("backup_not_ours", part=file.name)
