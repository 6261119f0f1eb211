"""The node's own condition, on a board its processes share outside the database.

It must say that the database is gone or the disk full, so it lies in neither: a few numbers in a small
file that `serve` makes beforehand, mapped into memory. Without `JINGWEI_BOARD` a process has its own.
Ages are monotonic time: the clock on the wall may itself be the trouble.
"""

import mmap
import os
import struct
import time

import msgspec

#: What can be wrong, gravest first. The sentences stand in sentences_trouble.py.
WHAT = (
    "database_gone",
    "database_damaged",
    "disk_full",
    "disk_read_only",
    "disk_failing",
    "database_locked",
    "worker_silent",
    "photos_unkept",
    "seals_stopped",
    "clock_stepped",
)
#: Troubles in which nothing new can be kept; the worker looks again until they are over.
OF_DATABASE = frozenset(WHAT[:6])
#: The worker is said to be silent after this long without a sign of life, seconds.
#: Source: our estimate, ten times its longest list of reactions under the storm, 2026-11-22.
SILENT_AFTER_S = 5.0
#: Nobody met the trouble again for this long: it is not shown any more, seconds. The worker looks every two.
#: Source: our estimate, a node without a worker must not show an old trouble for ever, 2026-11-22.
LAPSES_AFTER_S = {"photos_unkept": 600.0, "clock_stepped": 600.0}
LAPSES_S = 60.0

VARIABLE = "JINGWEI_BOARD"
_SLOT = struct.Struct("<ddd")  # since and seen last, by monotonic time; amount
_BEAT = len(WHAT)
SIZE = _SLOT.size * (len(WHAT) + 1)


class Trouble(msgspec.Struct, frozen=True):
    """One thing that is wrong, for so many seconds. `amount` is seconds for a clock that was moved."""

    what: str
    for_s: float
    amount: float = 0.0


class Board:
    """Who may write: every process of the node. A slot is written whole; the last word counts."""

    def __init__(self, path: str | None = None) -> None:
        if path is None:
            self._map = mmap.mmap(-1, SIZE)
            return
        fd = os.open(path, os.O_RDWR)
        try:
            self._map = mmap.mmap(fd, SIZE)
        finally:
            os.close(fd)

    def note(self, what: str, *, amount: float = 0.0) -> None:
        """Say that this is wrong now, or still."""
        since, seen, _ = self._read(WHAT.index(what))
        now = time.monotonic()
        if not since or now - seen > LAPSES_AFTER_S.get(what, LAPSES_S):
            since = now
        self._write(WHAT.index(what), since, now, amount)

    def clear(self, *whats: str) -> None:
        """Say that these are over."""
        for what in whats:
            self._write(WHAT.index(what), 0.0, 0.0, 0.0)

    def beat(self) -> None:
        """The worker's sign of life."""
        _, _, restarts = self._read(_BEAT)
        now = time.monotonic()
        self._write(_BEAT, now, now, restarts)

    def expect_worker(self, *, restarted: bool = False) -> None:
        """From now on a worker owes signs of life; `restarted` counts one that had to be started again."""
        since, seen, restarts = self._read(_BEAT)
        if not since:
            since = seen = time.monotonic()
        self._write(_BEAT, since, seen, restarts + restarted)

    def silence_s(self) -> float | None:
        """How long the worker has given no sign, seconds; None where no worker is expected."""
        since, seen, _ = self._read(_BEAT)
        return time.monotonic() - seen if since else None

    def count_restarts(self) -> int:
        """How often the worker had to be started again since the node was started."""
        return int(self._read(_BEAT)[2])

    def list_troubles(self) -> list[Trouble]:
        """What is wrong now, gravest first."""
        now, found = time.monotonic(), []
        for number, what in enumerate(WHAT):
            since, seen, amount = self._read(number)
            if what == "worker_silent":
                since, seen, _ = self._read(_BEAT)
                if since and now - seen > SILENT_AFTER_S:
                    found.append(Trouble(what, now - seen))
            elif since and now - seen <= LAPSES_AFTER_S.get(what, LAPSES_S):
                found.append(Trouble(what, now - since, amount))
        return found

    def _read(self, number: int) -> tuple[float, float, float]:
        return _SLOT.unpack_from(self._map, number * _SLOT.size)  # type: ignore[return-value]

    def _write(self, number: int, *values: float) -> None:
        _SLOT.pack_into(self._map, number * _SLOT.size, *values)


_open: dict[str | None, Board] = {}


def get_board() -> Board:
    """The board of the node this process belongs to."""
    path = os.environ.get(VARIABLE) or None
    if path not in _open:
        _open[path] = Board(path)
    return _open[path]
