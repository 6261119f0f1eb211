"""How much may wait at a door before callers are asked to come back: by count and by bytes.

A part is kept for callers who go first (emergency calls, the duty desk); and no single caller among the
others may fill what is theirs. Whoever finds no room is refused before anything of theirs is kept.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from jingwei.kernel.refusals import Unavailable


class Limits(msgspec.Struct, frozen=True):
    """Most that may wait. `kept`: the share of it for those who go first; `one`: what one other may fill.

    Source: our estimate, a fourth of a city's calls on a bad day come by the emergency numbers; half of the
    rest leaves room for a second feed beside one that went wild, 2026-11-22.
    """

    count: int
    size: int
    kept: float = 0.25
    one: float = 0.5


class Room:
    """What waits now. Used from many threads."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self._lock = threading.Lock()
        self._count = self._size = 0
        self._of: Counter[str] = Counter()
        self._size_of: Counter[str] = Counter()

    def take(self, caller: str, *, count: int = 0, size: int = 0, first: bool = False) -> None:
        """Take room for so many, of so many bytes. Raises `Unavailable` when there is none."""
        with self._lock:
            if not self._fits(caller, count, size, first=first):
                raise Unavailable(self.name)
            self._count += count
            self._size += size
            self._of[caller] += count
            self._size_of[caller] += size

    def give(self, caller: str, *, count: int = 0, size: int = 0) -> None:
        """Give it back."""
        with self._lock:
            self._count -= count
            self._size -= size
            for held, amount in ((self._of, count), (self._size_of, size)):
                held[caller] -= amount
                if held[caller] <= 0:
                    del held[caller]

    @contextmanager
    def taken(self, caller: str, *, count: int = 0, size: int = 0, first: bool = False) -> Iterator[None]:
        """Room for as long as the block lasts."""
        self.take(caller, count=count, size=size, first=first)
        try:
            yield
        finally:
            self.give(caller, count=count, size=size)

    def held(self) -> tuple[int, int]:
        """How many wait, and their bytes."""
        return self._count, self._size

    def _fits(self, caller: str, count: int, size: int, *, first: bool) -> bool:
        share = 1.0 if first else 1.0 - self.limits.kept
        if self._count + count > self.limits.count * share or self._size + size > self.limits.size * share:
            return False
        if first:
            return True
        own = share * self.limits.one
        return (
            self._of[caller] + count <= self.limits.count * own
            and self._size_of[caller] + size <= self.limits.size * own
        )
