"""What could be sent at all: one column for each need, source and clock hour of leaving, if needs were known.

Used by the yardsticks and by nothing of the planner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.dispatch.settings import HOUR_S, STEP_S
from bench.dispatch.simple import Eligible
from bench.dispatch.world import City, Need


@dataclass(frozen=True)
class Columns:
    """One row each: loads of need n (its number in the list) from source s leaving in clock hour h."""

    need: Any
    source: Any
    hour: Any
    first_s: Any  # the first moment it can leave within what is allowed, over all hours

    def __len__(self) -> int:
        return len(self.need)


@dataclass(frozen=True)
class Limits:
    """Right-hand sides: loads asked for, free stock, room by hour. Rows in this order."""

    asked: Any  # [needs]
    free: Any  # [sources, items]
    room: Any  # [sources, hours]

    @property
    def rows(self) -> Any:
        return np.concatenate([self.asked.ravel(), self.free.ravel(), self.room.ravel()]).astype(float)


def columns(city: City, needs: Sequence[Need], free: Any, from_s: float = 0.0) -> Columns:
    """All of them. A load leaves at a moment one is asked, once its need is known (and from `from_s` on)."""
    eligible = Eligible(city)
    found: list[tuple[Any, Any, Any, Any]] = []
    for n, need in enumerate(needs):
        crew = eligible.all if need.qualification is None else eligible.crews.get(
            need.qualification, ~eligible.all)  # fmt: skip
        s = np.flatnonzero(crew & (free[:, need.item] > 0) & np.isfinite(eligible.travel_s[:, need.place]))
        first = np.ceil(np.maximum(max(need.since_s, from_s), eligible.from_s[s]) / STEP_S) * STEP_S
        last = np.floor((need.due_s - eligible.travel_s[s, need.place]) / STEP_S) * STEP_S
        until = eligible.until_s[s]
        ends = np.where(np.isinf(until), np.inf, np.ceil(until / STEP_S) * STEP_S - STEP_S)
        last = np.minimum(last, ends)
        can = first <= last
        s, first, last = s[can], first[can], last[can]
        begin, end = (first // HOUR_S).astype(int), (last // HOUR_S).astype(int)
        for more in range(int((end - begin).max()) + 1 if len(s) else 0):
            here = begin + more <= end
            found.append((np.full(int(here.sum()), n), s[here], begin[here] + more, first[here]))
    if not found:
        return Columns(*(np.zeros(0, int) for _ in range(3)), np.zeros(0))
    return Columns(*(np.concatenate(part) for part in zip(*found, strict=True)))


def rows_of(cols: Columns, needs: Sequence[Need], limits: Limits) -> tuple[Any, Any, Any]:
    """The three rows each column stands in: its need, its stock, its room."""
    item = np.array([n.item for n in needs], int)
    count, items, hours = len(limits.asked), limits.free.shape[1], limits.room.shape[1]
    stock = count + cols.source * items + item[cols.need]
    return cols.need, stock, count + limits.free.size + cols.source * hours + cols.hour
