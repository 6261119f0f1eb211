"""Packing programmes, max saves·x under A x <= b, x >= 0, where each column stands in a few rows with ones.

HiGHS solves, in a process of its own; columns are added until none would help. The answer is not believed:
`certify` checks it over every column there is, with nothing but arithmetic.
"""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

#: What counts as nought, in weights; loads and room are whole numbers below a few hundred.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Programme:
    rows: Any  # [columns, k] the rows each column stands in
    saves: Any  # [columns]
    limits: Any  # [rows]


@dataclass(frozen=True)
class Solution:
    x: Any  # [columns]
    price: Any  # [rows]
    rounds: int

    def value(self, of: Programme) -> float:
        return float(of.saves @ self.x)


@dataclass(frozen=True)
class Certificate:
    """How far the answer is from each condition of optimality; all nought proves it."""

    primal: float  # the most a row is exceeded, or a column below nought
    dual: float  # the most a column would still save, or a price below nought
    slackness: float  # sum of price x slack and of column x reduced cost, over the value
    gap: float  # worth of the limits less value, over the value

    @property
    def holds(self) -> bool:
        return max(self.primal, self.dual, self.slackness, abs(self.gap)) <= 1e-5


def certify(of: Programme, found: Solution) -> Certificate:
    """Primal and dual feasibility, complementary slackness, and equal values; over all columns."""
    used = np.zeros(len(of.limits))
    for k in range(of.rows.shape[1]):
        used += np.bincount(of.rows[:, k], found.x, len(of.limits))
    reduced = found.price[of.rows].sum(1) - of.saves
    value, worth = found.value(of), float(found.price @ of.limits)
    slack = float(np.abs(found.price * (of.limits - used)).sum() + np.abs(found.x * reduced).sum())
    size = max(abs(value), 1.0)
    return Certificate(
        float(max(0.0, (used - of.limits).max(initial=0), (-found.x).max(initial=0))),
        float(max(0.0, (-reduced).max(initial=0), (-found.price).max(initial=0))),
        slack / size, (worth - value) / size,
    )  # fmt: skip


def maximise(of: Programme, start: Any, group: Any, say: Callable[[str], None] = lambda _: None) -> Solution:
    """Columns are added from `start` (their numbers) on: those that help most of each `group` of columns."""
    inside = np.zeros(len(of.saves), bool)
    inside[start] = True
    way = multiprocessing.get_context("spawn")
    for rounds in range(1, 60):
        which = np.flatnonzero(inside)
        with ProcessPoolExecutor(1, mp_context=way) as pool:
            some, price = pool.submit(_highs, of.rows[which], of.saves[which], of.limits).result()
        price = np.maximum(price, 0.0)
        reduced = price[of.rows].sum(1) - of.saves
        helps = np.flatnonzero((reduced < -TOLERANCE) & ~inside)
        say(f"round {rounds}: {len(which)} of {len(inside)} columns, {len(helps)} would help")
        if not len(helps):
            x = np.zeros(len(of.saves))
            x[which] = np.maximum(some, 0.0)
            return Solution(x, price, rounds)
        inside[first_of_each(helps[np.argsort(reduced[helps], kind="stable")], group, 10)] = True
    raise RuntimeError("the linear programme did not end")


def first_of_each(ordered: Any, group: Any, most: int) -> Any:
    """The first `most` columns of each group, in the order given."""
    mine = group[ordered]
    by_group = np.argsort(mine, kind="stable")
    begins = np.searchsorted(mine[by_group], mine[by_group], side="left")
    return ordered[by_group[np.arange(len(by_group)) - begins < most]]


def _highs(rows: Any, saves: Any, limits: Any) -> tuple[Any, Any]:
    """In the child. Interior point with crossover: a vertex and its prices."""
    import highspy

    n, k = rows.shape
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = n, len(limits)
    programme.col_cost_ = -saves.astype(float)
    programme.col_lower_, programme.col_upper_ = np.zeros(n), np.full(n, np.inf)
    programme.row_lower_, programme.row_upper_ = np.full(len(limits), -np.inf), limits.astype(float)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = np.arange(0, k * n + 1, k)
    programme.a_matrix_.index_ = np.sort(rows, axis=1).ravel()
    programme.a_matrix_.value_ = np.ones(k * n)
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("solver", "ipm"), ("threads", 1)):
        solver.setOptionValue(name, value)
    solver.passModel(programme)
    solver.run()
    status = solver.modelStatusToString(solver.getModelStatus())
    if status != "Optimal":
        raise RuntimeError(f"HiGHS: {status}")
    found = solver.getSolution()
    return np.array(found.col_value), -np.array(found.row_dual)
