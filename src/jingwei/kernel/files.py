"""A file that lasts: written once, and on the disk before anybody is told."""

import os
from contextlib import suppress
from pathlib import Path

from .refusals import Unavailable


def store_file(path: Path, content: bytes, *, what: str) -> None:
    """Written and on the disk before the transaction that names it ends. Raises `Unavailable(what)`."""
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(path.parent.parent)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise Unavailable(what) from error


def _sync_folder(folder: Path) -> None:
    """The name of a new file lasts only once its folder is on the disk; Windows does it with the file."""
    if os.name == "nt":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
