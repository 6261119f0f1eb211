"""The writers' turn: one lock of the operating system per database file.

SQLite's own busy handler polls with growing sleeps, so that a busy writer starves the others.
A file lock queues them. It has no time limit of its own, so whoever has to queue lets a thread do it.

Intake goes first: while it wants the turn or has it, it holds a second lock. Whoever goes last (the worker)
looks, when it gives the turn back, whether intake was waiting meanwhile, and stays away for a while if so.
"""

import os
import sys
import threading
import time
from enum import Enum
from pathlib import Path
from typing import Any

#: How long a writer waits for its turn, seconds: one that hangs must not hold up intake for longer.
#: Source: our estimate, a transaction takes about 20 ms, imports write in chunks, 2026-11-22.
WAIT_S = 5.0

#: Who goes last stays away so many times as long as it had the turn, and never longer than this, seconds;
#: it asks that often whether intake is still there.
#: Source: our estimate, a flood gets nine tenths of the time, a storm of 300 reports/s what it asks for,
#: and the worker never less than a tenth, 2026-11-29.
AWAY, MOST_AWAY_S, LOOK_S = 9.0, 0.25, 0.002
#: How often intake tries to be seen while somebody just looks. Source: our estimate, a look takes some
#: microseconds, and these tries two milliseconds, 2026-12-01.
LOOKS = 20


class Rank(Enum):
    """Who goes before whom; nobody is kept out."""

    FIRST = "first"
    USUAL = "usual"
    LAST = "last"


if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)

    def _is_locked(fd: int) -> bool:
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    _is_shared = _is_locked

    def _unlock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX)

    def _is_locked(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _is_shared(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)


class TurnTaken(Exception):
    """Somebody kept the turn for longer than one waits."""

    sqlite_errorcode = 5  # SQLITE_BUSY, which it is


class _Place:
    """A place in the queue. Given up, it lets the turn go as soon as it comes."""

    def __init__(self, fd: int) -> None:
        self._fd, self._mutex, self._wanted = os.dup(fd), threading.Lock(), True
        self._come = threading.Event()
        threading.Thread(target=self._queue, name="writers-turn", daemon=True).start()

    def wait(self) -> bool:
        """Whether the turn came in time; if not, the place is kept for who asks again."""
        with self._mutex:
            if self._come.is_set() and not self._wanted:
                return False
            self._wanted = True
        if self._come.wait(WAIT_S):
            return True
        return not self.give_up()

    def give_up(self) -> bool:
        """Whether it was still in time to give up: else the turn has just come, and is ours."""
        with self._mutex:
            if self._come.is_set():
                return False
            self._wanted = False
        return True

    @property
    def is_over(self) -> bool:
        return self._come.is_set() and not self._wanted

    def _queue(self) -> None:
        _lock(self._fd)
        with self._mutex:
            if not self._wanted:
                _unlock(self._fd)
            self._come.set()
        os.close(self._fd)


class Turn:
    """The turn to write one database file. In-memory databases need none."""

    def __init__(self, database: Any, rank: Rank = Rank.USUAL) -> None:
        name = str(database)
        private = not name or ":memory:" in name or "mode=memory" in name
        self.path = None if private else Path(f"{name}.turn")
        self.rank = rank
        self.fd: int | None = None
        self._first_fd: int | None = None
        self._taken_at = self._away_until = 0.0
        self._pressed = False
        self.held = False
        self._place: _Place | None = None

    def take(self) -> None:
        """Wait for the turn. Raises TurnTaken when it does not come in time."""
        if self.held or self.path is None:
            return
        if self.fd is None:
            self.fd, self._first_fd = _opened(self.path), _opened(self.path.with_suffix(".first"))
        if self.rank is Rank.FIRST:
            self._be_there()
        elif self.rank is Rank.LAST:
            self._stay_away()
        try:
            self._wait()
        except BaseException:
            self._no_more_first()
            raise
        self.held, self._taken_at = True, time.monotonic()

    def _wait(self) -> None:
        assert self.fd is not None  # noqa: S101 - opened by whoever calls
        if self._place is None or self._place.is_over:
            self._place = None if _is_locked(self.fd) else _Place(self.fd)
        if self._place is not None:
            if not self._place.wait():
                raise TurnTaken(f"nobody else could write for {WAIT_S:g} s")
            self._place = None

    def give_back(self) -> None:
        if self.held and self.fd is not None:
            had_s = time.monotonic() - self._taken_at
            _unlock(self.fd)
            if self.rank is Rank.LAST and self._is_first_there():
                self._away_until = time.monotonic() + min(AWAY * had_s, MOST_AWAY_S)
        self.held = False
        self._no_more_first()

    def press(self, pressed: bool) -> None:
        """Who goes first is there between its turns too, while it is pressed: those it answers come again."""
        self._pressed = pressed
        if not self.held:
            self._no_more_first()

    def _no_more_first(self) -> None:
        if self.rank is Rank.FIRST and self._first_fd is not None and not self._pressed:
            _unlock(self._first_fd)

    def _be_there(self) -> None:
        """Let others see that intake waits or writes; who just looks whether it does has gone in a moment."""
        assert self._first_fd is not None  # noqa: S101 - opened with the turn
        for _ in range(LOOKS):
            if _is_shared(self._first_fd):
                return
            time.sleep(LOOK_S / LOOKS)

    def _stay_away(self) -> None:
        """Until intake had its time, or has gone."""
        while time.monotonic() < self._away_until and self._is_first_there():
            time.sleep(LOOK_S)

    def _is_first_there(self) -> bool:
        assert self._first_fd is not None  # noqa: S101 - opened with the turn
        if not _is_locked(self._first_fd):
            return True
        _unlock(self._first_fd)
        return False

    def close(self) -> None:
        self._pressed = False
        self.give_back()
        if self._place is not None and not self._place.give_up() and self.fd is not None:
            _unlock(self.fd)
        self._place = None
        for fd in (self.fd, self._first_fd):
            if fd is not None:
                os.close(fd)
        self.fd = self._first_fd = None


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
