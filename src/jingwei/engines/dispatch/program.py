"""The linear program of all items together, where vehicles or crews bind: aim after aim, with proven bounds.

Columns are pairs of lot and need, few at first; prices name those to add. A bound holds for all pairs,
tried or not: what the prices give, less what any pair could still gain by them.
"""

from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
from ortools.linear_solver.python import model_builder_helper
from scipy.sparse import csr_matrix, vstack

from jingwei.engines.dispatch.item import STEPS, Wanted
from jingwei.engines.dispatch.network import NotSolved
from jingwei.engines.dispatch.pairs import Flags, Floats, Ints

#: Columns are added so many times at most. Source: our measurement, twice was enough, 2026-11-29.
ROUNDS = 4
#: An aim that is met may be missed again by this share of it, so that the next has room for rounding.
#: Source: our estimate, a hundred times the tolerance of the solver.
SLACK = 1e-6


class Together(msgspec.Struct):
    """Items side by side, and the numbers of the limits that a unit of a pair counts in."""

    wanted: list[Wanted]
    #: Of each item (rows, needs): number of the source's limit and of its crews' limit; -1: none.
    source: list[Ints]
    crew: list[Ints]
    load: list[int]
    #: Loads, by number.
    limits: Floats


class Answer(msgspec.Struct):
    #: Of each item (rows, needs), not whole.
    sent: list[Floats]
    bounds: dict[str, float]
    #: Prices of aims `unmet` (0 with one aim) and `cost`: of needs and lots by item, of limits.
    needs: list[list[Floats]]
    lots: list[list[Floats]]
    of_limits: list[Floats]


class _Columns:
    """Where everything stands in the program: pairs of each item, then unmet, then steps of districts."""

    def __init__(self, asked: Together, inside: list[Flags], fair: bool) -> None:
        self.pairs = [np.nonzero(flags) for flags in inside]
        sizes = [len(pair[0]) for pair in self.pairs]
        self.first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        needs = [len(one.asked) for one in asked.wanted]
        self.needs = np.concatenate([[0], np.cumsum(needs)]).astype(np.int64)
        lots = [len(one.room) for one in asked.wanted]
        self.lots = self.needs[-1] + np.concatenate([[0], np.cumsum(lots)]).astype(np.int64)
        self.limits = int(self.lots[-1])
        self.groups = self.limits + len(asked.limits)
        groups = [len(one.of_district) if fair else 0 for one in asked.wanted]
        self.group = self.groups + np.concatenate([[0], np.cumsum(groups)]).astype(np.int64)
        self.unmet = int(self.first[-1])
        self.steps = self.unmet + int(self.needs[-1])
        self.rows = int(self.group[-1])
        self.count = self.steps + STEPS * int(self.group[-1] - self.groups)


class _Program(msgspec.Struct):
    columns: Any
    matrix: Any
    upper: Floats
    low: Floats
    high: Floats
    #: Name of the aim -> objective.
    aims: dict[str, Floats]


def solve(asked: Together, inside: list[Flags]) -> Answer:
    for _ in range(ROUNDS):
        program = _program(asked, inside)
        values, duals, bounds, missing = _aims(asked, program, inside)
        if not any(flags.any() for flags in missing):
            break
        inside = [old | new for old, new in zip(inside, missing, strict=True)]
    columns = program.columns
    sent = []
    for number, one in enumerate(asked.wanted):
        units = np.zeros(one.may.shape)
        units[columns.pairs[number]] = values[columns.first[number] : columns.first[number + 1]]
        sent.append(units)
    last = duals[-1]
    first = duals[0] if len(duals) > 1 else np.zeros_like(last)
    parts = [[d[a:b] for a, b in pairwise(at)] for d in (first, last) for at in (columns.needs, columns.lots)]
    limits = [d[columns.limits : columns.groups] for d in (first, last)]
    return Answer(sent, bounds, [parts[0], parts[2]], [parts[1], parts[3]], limits)


def _program(asked: Together, inside: list[Flags]) -> _Program:
    one = asked.wanted[0]
    fair = one.price is None and one.fair and any(len(w.of_district) > 1 for w in asked.wanted)
    columns = _Columns(asked, inside, fair)
    row, column, value = [], [], []
    upper = np.full(columns.count, np.inf)
    cost = {name: np.zeros(columns.count) for name in ("unmet", "unfair", "changed", "cost")}

    def put(rows: Any, at: Any, many: Any) -> None:
        rows, at, many = np.broadcast_arrays(rows, at, many)
        row.append(rows.ravel())
        column.append(at.ravel())
        value.append(many.ravel().astype(np.float64))

    for number, wanted in enumerate(asked.wanted):
        r, n = columns.pairs[number]
        at = columns.first[number] + np.arange(len(r))
        unmet = columns.unmet + columns.needs[number] + np.arange(len(wanted.asked))
        put(columns.needs[number] + n, at, 1)
        put(columns.needs[number] + np.arange(len(wanted.asked)), unmet, 1)
        put(columns.lots[number] + r, at, 1)
        for limit in (asked.source[number][r, n], asked.crew[number][r, n]):
            some = limit >= 0
            put(columns.limits + limit[some], at[some], asked.load[number])
        cost["cost"][at] = wanted.cost[r, n]
        cost["unmet"][at] = wanted.hold[r]
        cost["unmet"][unmet] = wanted.weight
        upper[unmet] = wanted.asked
        if wanted.before:
            cost["changed"][at] = 1.0
            old = np.zeros(wanted.may.shape, dtype=np.int64)
            for key, units in wanted.before.items():
                old[key] = units
            _same(columns, upper, cost["changed"], at, old[r, n])
        if fair:
            group = columns.group[number] + wanted.district
            put(group, unmet, 1)
            whole = np.maximum(wanted.of_district, np.bincount(wanted.district, wanted.asked))
            first = columns.steps + STEPS * int(columns.group[number] - columns.groups)
            steps = first + np.arange(STEPS * len(whole))
            put(columns.group[number] + np.repeat(np.arange(len(whole)), STEPS), steps, -1)
            upper[steps] = np.repeat(whole / STEPS, STEPS)
            upper[steps[STEPS - 1 :: STEPS]] += 1
            cost["unfair"][steps] = np.tile(2 * np.arange(STEPS) + 1, len(whole))
    matrix = csr_matrix(
        (np.concatenate(value), (np.concatenate(row), np.concatenate(column))),
        shape=(columns.rows, columns.count),
    )
    needs = np.concatenate([w.asked for w in asked.wanted]).astype(np.float64)
    lots = np.concatenate([w.room for w in asked.wanted]).astype(np.float64)
    zero = np.zeros(columns.rows - columns.groups)
    high = np.concatenate([needs, lots, asked.limits, zero])
    low = np.concatenate([needs, np.full(len(lots) + len(asked.limits), -np.inf), zero])
    return _Program(columns, matrix, upper, low, high, _aims_of(asked, cost, fair))


def _same(columns: _Columns, upper: Floats, changed: Floats, at: Ints, old: Ints) -> None:
    """A pair that the plan before used counts as changed only for what goes beyond; here: not at all."""
    changed[at[old > 0]] = 0.0


def _aims_of(asked: Together, cost: dict[str, Floats], fair: bool) -> dict[str, Floats]:
    one = asked.wanted[0]
    if one.price is not None:
        return {"total": cost["cost"] + cost["unmet"] * one.price + cost["changed"] * one.change}
    found = {"unmet": cost["unmet"]}
    if fair:
        found["unfair"] = cost["unfair"]
    if any(w.before for w in asked.wanted) and one.stable:
        found["changed"] = cost["changed"]
    return found | {"cost": cost["cost"]}


def _aims(
    asked: Together, program: _Program, inside: list[Flags]
) -> tuple[Floats, list[Floats], dict[str, float], list[Flags]]:
    """Solve aim after aim; the aims before become limits."""
    bounds: dict[str, float] = {}
    duals: list[Floats] = []
    matrix, low, high = program.matrix, program.low, program.high
    missing = [np.zeros_like(flags) for flags in inside]
    values = np.zeros(program.columns.count)
    before: list[str] = []
    for name, cost in program.aims.items():
        values, dual = _glop(matrix, cost, program.upper, low, high)
        bound, found = _proven(asked, program, name, before, dual, values, high, inside)
        bounds[name] = bound
        missing = [a | b for a, b in zip(missing, found, strict=True)]
        duals.append(dual[: program.columns.rows])
        reached = float(cost @ values)
        matrix = vstack([matrix, csr_matrix(cost)]).tocsr()
        low = np.append(low, -np.inf)
        high = np.append(high, reached + SLACK * max(abs(reached), 1.0))
        before.append(name)
    return values, duals, bounds, missing


def _glop(matrix: Any, cost: Floats, upper: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    model = model_builder_helper.ModelBuilderHelper()
    zero: Any = np.zeros(len(cost))  # its types say 64-bit floats in a way that numpy's own do not meet
    most: Any = upper
    price: Any = cost
    least_row: Any = low
    most_row: Any = high
    model.fill_model_from_sparse_data(zero, most, price, least_row, most_row, matrix)
    solver = model_builder_helper.ModelSolverHelper("GLOP")
    solver.solve(model)
    if solver.status() != model_builder_helper.SolveStatus.OPTIMAL:
        raise NotSolved(f"linear program: {solver.status_string()}")
    return np.array(solver.variable_values()), np.array(solver.dual_values())


def _proven(
    asked: Together,
    program: _Program,
    name: str,
    before: list[str],
    dual: Floats,
    values: Floats,
    high: Floats,
    inside: list[Flags],
) -> tuple[float, list[Flags]]:
    """A bound that holds for every plan, and the best pairs of each need left out that could still gain."""
    columns, cost = program.columns, program.aims[name]
    dual = dual.copy()
    limits = slice(columns.needs[-1], columns.groups)
    dual[limits] = np.minimum(dual[limits], 0.0)
    dual[columns.rows :] = np.minimum(dual[columns.rows :], 0.0)
    bound = float(dual @ np.where(np.isfinite(high), high, 0.0))
    aims = cost - sum(
        (dual[columns.rows + k] * program.aims[other] for k, other in enumerate(before)), np.zeros(len(cost))
    )
    reduced = aims - program.matrix.T @ dual[: columns.rows]
    rest = reduced[columns.unmet :]
    top = np.where(np.isfinite(program.upper), program.upper, 0.0)[columns.unmet :]
    bound += float(np.minimum(rest, 0.0) @ top)
    missing = []
    for number, wanted in enumerate(asked.wanted):
        of_pair = _of_pair(asked, number, name, before, dual, columns)
        gain = np.where(wanted.may, np.minimum(of_pair, 0.0), 0.0)
        r, n = columns.pairs[number]
        gain[r, n] = np.minimum(reduced[columns.first[number] : columns.first[number + 1]], 0.0)
        # of one need no more than it asks, whatever the pairs: the best pair for all of it
        bound += float(gain.min(axis=0, initial=0.0) @ wanted.asked)
        better = wanted.may & ~inside[number] & (gain < -0.5)
        if better.any():
            order = np.argsort(np.where(better, gain, 0.0), axis=0)[:6]
            best = np.zeros_like(better)
            np.put_along_axis(best, order, True, axis=0)
            better &= best
        missing.append(better)
    return bound, missing


def _of_pair(
    asked: Together, number: int, name: str, before: list[str], dual: Floats, columns: _Columns
) -> Floats:
    """Reduced cost of every pair of an item, as if it were new."""
    wanted = asked.wanted[number]
    new = 1.0 if wanted.before else 0.0
    plain: dict[str, Any] = {
        "unmet": np.broadcast_to(wanted.hold[:, None].astype(np.float64), wanted.may.shape),
        "unfair": 0.0,
        "changed": new,
        "cost": wanted.cost.astype(np.float64),
    }
    price = wanted.price
    if price is not None:
        plain["total"] = plain["cost"] + plain["unmet"] * price + new * wanted.change
    found = np.zeros(wanted.may.shape) + plain[name]
    for k, other in enumerate(before):
        found = found - dual[columns.rows + k] * plain[other]
    found = found - dual[columns.needs[number] : columns.needs[number + 1]][None, :]
    found = found - dual[columns.lots[number] : columns.lots[number + 1]][:, None]
    of_limits = np.append(dual[columns.limits : columns.groups], 0.0)
    for limit in (asked.source[number], asked.crew[number]):
        found = found - asked.load[number] * of_limits[limit]
    return np.asarray(found)
