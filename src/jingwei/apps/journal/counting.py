"""How many there are of something, where there are so many that counting takes a while."""

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from django.db import connection

N = TypeVar("N", bound=int | Mapping[Any, int])

#: From so many on a count holds for a moment: fewer are counted as quickly, and each of them may matter.
#: Source: our estimate, 1,000 take less than half a millisecond, 2026-11-30.
WORTH = 1_000
#: How long it holds, seconds. Source: our estimate, every open desk asks about once a second, and nobody
#: decides by the last digits of a thousand, 2026-11-30.
HOLDS_S = 5.0


class _Counted(NamedTuple):
    at_s: float
    n: object


_counted: dict[tuple[str, ...], _Counted] = {}


def count_many(count: Callable[[], N], *scope: str) -> N:
    """What `count` gives: one number, or several by name; of many, as they were a moment ago.

    `scope` names what is counted and for whom.
    """
    key = (str(connection.settings_dict["NAME"]), *scope)
    known = _counted.get(key)
    if known is not None and time.monotonic() - known.at_s < HOLDS_S:
        return known.n  # type: ignore[return-value]
    found = count()
    if (sum(found.values()) if isinstance(found, Mapping) else found) >= WORTH:
        _counted[key] = _Counted(time.monotonic(), found)
    return found
