"""Identifiers: UUID version 7 (RFC 9562 section 5.7), sortable by time of making."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """A new UUIDv7: 48 bits of milliseconds, then a 12-bit step that keeps one process in order."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[uuid.UUID]:
    """So many new ones, in order; the clock and the source of chance are asked once."""
    global _last
    if count < 1:
        return []
    with _lock:
        # 60 bits: milliseconds and, below them, 4096ths of one
        first = max((time.time_ns() << 12) // 1_000_000, _last + 1)
        _last = first + count - 1
    chance = os.urandom(8 * count)
    return [_made(first + n, chance[8 * n : 8 * n + 8]) for n in range(count)]


def _made(stamp: int, chance: bytes) -> uuid.UUID:
    tail = int.from_bytes(chance, "big") & ((1 << 62) - 1)
    ms, step = stamp >> 12, stamp & 0xFFF
    return uuid.UUID(int=(ms << 80) | (0x7 << 76) | (step << 64) | (0b10 << 62) | tail)
