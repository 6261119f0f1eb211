"""How many reports there are, where there are so many that counting takes a while."""

import time
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from ..models import Report

#: From so many on a count holds for a moment: fewer are counted as quickly.
#: Source: our estimate, 5,000 take half a millisecond, 2026-11-30.
WORTH = 5_000
#: How long it holds, seconds. Source: our estimate, every open desk asks about once a second, and nobody
#: decides by the last digits of five, 2026-11-30.
HOLDS_S = 5.0


class _Counted(NamedTuple):
    at_s: float
    n: int


_counted: dict[tuple[str, str], _Counted] = {}


def count_all(rows: "QuerySet[Report]", scope: str) -> int:
    """How many of these there are; of many, as they were a moment ago. `scope` names which these are."""
    key = (str(connection.settings_dict["NAME"]), scope)
    known = _counted.get(key)
    if known is not None and time.monotonic() - known.at_s < HOLDS_S:
        return known.n
    total = rows.count()
    if total >= WORTH:
        _counted[key] = _Counted(time.monotonic(), total)
    return total
