"""Condition tables read in three values: true, false, and unknown where nobody has said.

Rows of one group must all hold; of the groups one is enough (Kleene's strong logic). A row whose
threshold is words (a level of administration, a judgement) is for a person; until one has judged it,
it stays unknown and is named.
"""

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

#: What can be known of a metric; None is the same as not saying it.
Known = float | int | bool | str | None

#: True, False, or None: unknown.
Truth = bool | None

_OPS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}

#: Comparisons a figure can decide; `between` includes both ends. Any other word is for a person.
#: Source: [SRC-REG493] art. 3: 以上 includes the number, 以下 does not.
OPS = (*_OPS, "between")

_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*[-~]\s*({_NUMBER})\s*")


class Condition(msgspec.Struct, frozen=True):
    """One row: metric, comparison, threshold as written in the table."""

    id: str
    group: str
    metric: str
    op: str
    value: str


class Verdict(msgspec.Struct, frozen=True):
    """Whether a table of conditions holds, and why.

    `because`: the rows that decided: of a true verdict the first group that holds, of a false one
    the first failing row of each group; empty while undecided.
    `missing`: metrics whose figure would help decide. `judgement`: rows that await a person.
    """

    holds: Truth
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    judgement: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def threshold(value: str) -> float | bool | tuple[float, float] | str:
    """The threshold as written, read as number, truth, range, or else left as words."""
    text = value.strip()
    if re.fullmatch(_NUMBER, text):
        return float(text)
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if found := _RANGE.fullmatch(text):
        return float(found[1]), float(found[2])
    return text


def is_number(row: Condition) -> bool:
    """Whether a figure decides the row; otherwise a person or a plain yes or no does."""
    bound = threshold(row.value)
    return isinstance(bound, tuple) if row.op == "between" else isinstance(bound, float) and row.op in _OPS


def holds(row: Condition, facts: Mapping[str, Known], judged: Mapping[str, bool] | None = None) -> Truth:
    """Whether one row holds. What cannot be compared (a word for a number, NaN) is unknown.

    `judged` is what a person found, by the row's id; it never overrides a figure.
    """
    known, bound = facts.get(row.metric), threshold(row.value)
    if is_number(row):
        return _compare(row.op, known, bound)
    if row.op == "==" and isinstance(bound, bool) and isinstance(known, bool):
        return known is bound
    if row.op == "==" and isinstance(bound, str) and isinstance(known, str):
        return known == bound
    return (judged or {}).get(row.id)


def _compare(op: str, known: Known, bound: float | bool | tuple[float, float] | str) -> Truth:
    if known is None or isinstance(known, bool | str) or math.isnan(known):
        return None
    if isinstance(bound, tuple):
        return bound[0] <= known <= bound[1]
    assert isinstance(bound, float)  # noqa: S101 - is_number has said so
    return _OPS[op](known, bound)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: one false decides, otherwise one unknown leaves it open."""
    seen = list(truths)
    if False in seen:
        return False
    return None if None in seen else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: one true decides, otherwise one unknown leaves it open."""
    seen = list(truths)
    if True in seen:
        return True
    return None if None in seen else False


def evaluate(
    rows: Sequence[Condition], facts: Mapping[str, Known], judged: Mapping[str, bool] | None = None
) -> Verdict:
    """Decide a table of conditions by what is known. A table without rows holds for nothing."""
    groups: dict[str, list[tuple[Condition, Truth]]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append((row, holds(row, facts, judged)))
    truths = {name: all_of(truth for _, truth in group) for name, group in groups.items()}
    whole = any_of(truths.values())
    if whole is True:
        first = next(name for name, truth in truths.items() if truth)
        return Verdict(holds=True, because=tuple(row.id for row, _ in groups[first]))
    if whole is False:
        failing = [next(row.id for row, truth in group if truth is False) for group in groups.values()]
        return Verdict(holds=False, because=tuple(failing))
    still = [
        row for name, group in groups.items() if truths[name] is None for row, truth in group if truth is None
    ]
    return Verdict(
        holds=None,
        missing=tuple(dict.fromkeys(row.metric for row in still if is_number(row))),
        judgement=tuple(row.id for row in still if not is_number(row)),
    )
