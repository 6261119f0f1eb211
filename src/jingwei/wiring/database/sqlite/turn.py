"""The writers' turn: one lock of the operating system per database file.

SQLite's own busy handler polls with growing sleeps, so that a busy writer starves the others.
A file lock queues them.
"""

import os
import sys
from pathlib import Path
from typing import Any

if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)

    def _unlock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX)

    def _unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)


class Turn:
    """The turn to write one database file. In-memory databases need none."""

    def __init__(self, database: Any) -> None:
        name = str(database)
        private = not name or ":memory:" in name or "mode=memory" in name
        self.path = None if private else Path(f"{name}.turn")
        self.fd: int | None = None
        self.held = False

    def take(self) -> None:
        if self.held or self.path is None:
            return
        if self.fd is None:
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        _lock(self.fd)
        self.held = True

    def give_back(self) -> None:
        if self.held and self.fd is not None:
            _unlock(self.fd)
        self.held = False

    def close(self) -> None:
        self.give_back()
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None
