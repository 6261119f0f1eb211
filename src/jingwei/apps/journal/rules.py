"""How the worker paces itself. Decides, never fetches."""

from datetime import datetime, timedelta

import msgspec

#: What one transaction of reactions should take, in seconds.
#: Source: docs/decisions/0003-journal-and-reactions.md; intake's p99 stays low beside it.
TARGET_S = 0.020
#: A list is not made shorter than this for missing the aim: below it the transaction itself costs more
#: than its entries. Source: our measurement, about 20 statements a list whatever its length, 2026-11-22.
LEAST = 80
#: Unless one takes this long, seconds of the worker's own time: others wait for the writers' turn.
#: Source: our estimate, ten times the aim, 2026-11-22.
TOO_LONG_S = 0.200
#: Most entries handed to a reaction at once. Source: the same.
MOST = 200
#: First and longest wait before a failed entry is tried again, seconds.
#: Source: our estimate, a passing fault clears in seconds, a standing one is seen within 10 min, 2026-11-22.
FIRST_DELAY_S, LONGEST_DELAY_S = 2.0, 600.0


def next_size(size: int, took_s: float) -> int:
    """How many entries to take next, so that one transaction takes about `TARGET_S` of the worker's own time.

    Shorter than `LEAST` only while a list is far too long: lists of one cost the most an entry, and a
    worker that falls behind must not become slower for it.
    """
    if took_s > TOO_LONG_S:
        return max(1, size // 2)
    wanted = int(size * TARGET_S / took_s) if took_s > 0 else MOST
    return max(LEAST, min(MOST, size * 2, max(size // 2, wanted)))


def next_try_at(attempts: int, now: datetime) -> datetime:
    """When a failed entry is due again: the delay doubles with each attempt."""
    delay = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** max(0, attempts - 1))
    return now + timedelta(seconds=delay)


def latest_try_at(now: datetime) -> datetime:
    """When the entry that failed last and longest is due again; no failure waits beyond it."""
    return now + timedelta(seconds=LONGEST_DELAY_S)


class Row(msgspec.Struct, frozen=True):
    """Which row a fact speaks of, and its salted digest after the write."""

    model: str
    id: str
    version: int
    digest: str
