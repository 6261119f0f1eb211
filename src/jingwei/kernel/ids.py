"""Identifiers: UUID version 7 (RFC 9562 section 5.7), sortable by time of making."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """A new UUIDv7: 48 bits of milliseconds, then a 12-bit step that keeps one process in order."""
    global _last
    with _lock:
        # 60 bits: milliseconds and, below them, 4096ths of one
        stamp = (time.time_ns() << 12) // 1_000_000
        _last = stamp if stamp > _last else _last + 1
        ms, step = _last >> 12, _last & 0xFFF
    tail = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return uuid.UUID(int=(ms << 80) | (0x7 << 76) | (step << 64) | (0b10 << 62) | tail)
