"""Plans where vehicles or crews bind: the linear program shares a source's loads among its lots.

Each item is then planned exactly within these shares, and what rounding left over is given where it is worth
most. How far that is from the best is proven by the program's bound.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from jingwei.engines.dispatch import item as items
from jingwei.engines.dispatch import program
from jingwei.engines.dispatch.allowed import Left, loads_of
from jingwei.engines.dispatch.item import Found, Wanted
from jingwei.engines.dispatch.model import Problem
from jingwei.engines.dispatch.pairs import Floats, Ints, ItemPairs
from jingwei.engines.dispatch.program import Together

#: Pairs of a need that the program begins with. Source: our measurement, 2026-11-29.
FIRST = 12
#: What is left over is given out so many times. Source: our measurement, 2026-11-29.
ROUNDS = 6


class Shared(msgspec.Struct):
    """`wanted` has a row for each part of a lot that certain crews bring: `lot_row` says of which lot."""

    wanted: Wanted
    lot_row: Ints
    #: Number of the crew limit of each row; -1: no crew limit of its own.
    crew: Ints
    found: Found


def binds(problem: Problem, rest: Left, todo: Sequence[ItemPairs], plans: Sequence[Found]) -> bool:
    """Whether the items' own plans together ask more of a source or its crews than they have."""
    if not any(one.capacity is not None or one.crews for one in problem.sources):
        return False
    loads: dict[int, int] = {}
    crews: dict[tuple[int, str], int] = {}
    for pairs, found in zip(todo, plans, strict=True):
        load = loads_of(problem, pairs.item)
        for row, column, units in zip(found.row, found.need, found.units, strict=True):
            source = problem.lots[int(pairs.lots[row])].source
            loads[source] = loads.get(source, 0) + int(units) * load
            name = problem.needs[int(pairs.needs[column])].qualification
            if name is not None:
                crews[source, name] = crews.get((source, name), 0) + int(units) * load
    over = any(many > _room(rest, source) for source, many in loads.items())
    return over or any(many > rest.crews[s].get(name, many) for (s, name), many in crews.items())


def _room(rest: Left, source: int) -> float:
    room = rest.capacity[source]
    return float("inf") if room is None else float(room)


class Coupling:
    """The limits of sources and of their crews, by number; which of them a pair counts in."""

    def __init__(self, problem: Problem, rest: Left, todo: Sequence[ItemPairs]) -> None:
        self.limits: list[float] = []
        self.source: dict[int, int] = {}
        self.crews: dict[tuple[int, str], int] = {}
        for number in range(len(problem.sources)):
            room = rest.capacity[number]
            if room is not None:
                self.source[number] = len(self.limits)
                self.limits.append(float(room))
            for name, most in rest.crews[number].items():
                self.crews[number, name] = len(self.limits)
                self.limits.append(float(most))
        self.of_lot = [
            np.array([self.source.get(problem.lots[lot].source, -1) for lot in p.lots], dtype=np.int64)
            for p in todo
        ]
        self.of_pair = [self._crews(problem, pairs) for pairs in todo]
        self.load = [loads_of(problem, pairs.item) for pairs in todo]

    def _crews(self, problem: Problem, pairs: ItemPairs) -> Ints:
        found = np.full(pairs.may.shape, -1, dtype=np.int64)
        names = [problem.needs[n].qualification for n in pairs.needs]
        for name in {name for name in names if name is not None}:
            mine = np.array([one == name for one in names], dtype=bool)
            of = [self.crews.get((problem.lots[lot].source, name), -1) for lot in pairs.lots]
            found[:, mine] = np.array(of, dtype=np.int64)[:, None]
        return found


def plan(
    problem: Problem,
    rest: Left,
    todo: Sequence[ItemPairs],
    wanted: Sequence[Wanted],
    plans: Sequence[Found],
) -> tuple[list[Found], dict[str, float], list[Floats]]:
    """The items' plans by lot, what is proven of each aim in whole numbers, and prices of the lots."""
    coupling = Coupling(problem, rest, todo)
    asked = Together(
        list(wanted),
        [np.broadcast_to(of[:, None], p.may.shape) for of, p in zip(coupling.of_lot, todo, strict=True)],
        coupling.of_pair,
        coupling.load,
        np.array(coupling.limits, dtype=np.float64),
    )
    inside = [items.first_pairs(one, found, FIRST) for one, found in zip(wanted, plans, strict=True)]
    answer = program.solve(asked, inside)
    shares = [_parts(coupling, n, one) for n, one in enumerate(wanted)]
    caps = _shares(coupling, shares, answer.sent, wanted)
    done = _within(shares, caps)
    for _ in range(ROUNDS):
        more = _leftover(coupling, shares, done, wanted)
        if all(np.array_equal(a, b) for a, b in zip(caps, more, strict=True)):
            break
        better = _within(shares, more)
        if _value(better) >= _value(done):
            break
        caps, done = more, better
    founds = [_by_lot(answer, coupling, n, one, wanted[n]) for n, one in enumerate(done)]
    lots = [np.stack([answer.lots[aim][n] for aim in (0, 1)]) for n in range(len(wanted))]
    return founds, answer.bounds, lots


def _parts(coupling: Coupling, number: int, wanted: Wanted) -> Shared:
    """One row for each lot and crew limit, one for its needs without."""
    rows: list[tuple[int, int]] = []
    crews = coupling.of_pair[number]
    for row in range(len(wanted.room)):
        rows += [(row, int(crew)) for crew in np.unique(crews[row])] if crews.shape[1] else [(row, -1)]
    lot_row = np.array([row for row, _ in rows], dtype=np.int64)
    crew = np.array([crew for _, crew in rows], dtype=np.int64)
    mine = crews[lot_row] == crew[:, None]
    before: dict[tuple[int, int], int] = {}
    place = {pair: k for k, pair in enumerate(rows)}
    for (row, need), units in wanted.before.items():
        before[place[row, int(crews[row, need])], need] = units
    split = msgspec.structs.replace(
        wanted,
        room=np.zeros(len(rows), dtype=np.int64),
        may=wanted.may[lot_row] & mine,
        cost=wanted.cost[lot_row],
        hold=wanted.hold[lot_row],
        before=before,
    )
    nothing = np.zeros((2, 0), dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    return Shared(split, lot_row, crew, Found(none, none, none, {}, *[nothing] * 4))


def _shares(
    coupling: Coupling, shares: Sequence[Shared], sent: Sequence[Floats], wanted: Sequence[Wanted]
) -> list[Ints]:
    """Whole units for each row: what the program sent there, rounded down, then up where most was cut off."""
    exact = []
    for number, one in enumerate(shares):
        mine = coupling.of_pair[number][one.lot_row] == one.crew[:, None]
        exact.append(np.where(mine, sent[number][one.lot_row], 0.0).sum(axis=1))
    caps = [np.floor(units + 1e-6).astype(np.int64) for units in exact]
    cut = [(float(units[k] - caps[n][k]), n, k) for n, units in enumerate(exact) for k in range(len(units))]
    _give(
        coupling, shares, caps, [(n, k) for part, n, k in sorted(cut, reverse=True) if part > 1e-6], wanted, 1
    )
    return caps


def _give(
    coupling: Coupling,
    shares: Sequence[Shared],
    caps: list[Ints],
    order: Sequence[tuple[int, int]],
    wanted: Sequence[Wanted],
    most: int,
) -> None:
    """Up to `most` units more to each of these rows in turn, as stock and limits let."""
    left = np.array(coupling.limits)
    stock = [one.room.copy() for one in wanted]
    for n, one in enumerate(shares):
        np.subtract.at(stock[n], one.lot_row, caps[n])
        for limit in (coupling.of_lot[n][one.lot_row], one.crew):
            some = limit >= 0
            np.subtract.at(left, limit[some], (caps[n] * coupling.load[n])[some])
        free = (coupling.of_lot[n][one.lot_row] < 0) & (one.crew < 0)  # nothing binds there: all of it
        rows = np.flatnonzero(free)
        caps[n][rows] += np.maximum(stock[n][one.lot_row[rows]], 0)
        stock[n][one.lot_row[rows]] = 0
    for n, k in order:
        one, load = shares[n], coupling.load[n]
        units = min(most, int(stock[n][one.lot_row[k]]))
        counted = [x for x in (int(coupling.of_lot[n][one.lot_row[k]]), int(one.crew[k])) if x >= 0]
        for number in counted:
            units = min(units, int(left[number] // load))
        if units > 0:
            caps[n][k] += units
            stock[n][one.lot_row[k]] -= units
            for number in counted:
                left[number] -= units * load


def _within(shares: Sequence[Shared], caps: Sequence[Ints]) -> list[Shared]:
    """Each item exactly, within its shares."""
    done = []
    for one, cap in zip(shares, caps, strict=True):
        wanted = msgspec.structs.replace(one.wanted, room=cap)
        done.append(msgspec.structs.replace(one, wanted=wanted, found=items.plan(wanted)))
    return done


def _leftover(
    coupling: Coupling, shares: Sequence[Shared], done: Sequence[Shared], wanted: Sequence[Wanted]
) -> list[Ints]:
    """What is used, and the rest of each limit where one unit more saves most."""
    caps, order = [], []
    for n, one in enumerate(done):
        used = np.bincount(one.found.row, one.found.units, len(one.lot_row)).astype(np.int64)
        caps.append(used)
        worth = one.found.row_out.copy()
        worth[0 if one.wanted.price is None else 1] += one.wanted.hold
        full = used >= one.wanted.room
        order += [
            (int(worth[0, k]), int(worth[1, k]), n, int(k))
            for k in np.flatnonzero(full & ((worth[0] < 0) | ((worth[0] == 0) & (worth[1] < 0))))
        ]
    _give(coupling, shares, caps, [(n, k) for _, _, n, k in sorted(order)], wanted, 2)
    # what still is free may be kept by the row that had it
    _give(
        coupling,
        shares,
        caps,
        [(n, k) for n, one in enumerate(done) for k in range(len(one.lot_row))],
        wanted,
        1,
    )
    return caps


def _value(done: Sequence[Shared]) -> list[int]:
    names = ("unmet", "unfair", "changed", "cost", "total")
    return [sum(one.found.values.get(name, 0) for one in done) for name in names]


def _by_lot(answer: program.Answer, coupling: Coupling, number: int, one: Shared, wanted: Wanted) -> Found:
    """The plan with rows of lots again, and the program's prices of it, rounded to whole numbers."""
    found = one.found
    shape = len(wanted.room), len(wanted.asked)
    units = np.zeros(shape, dtype=np.int64)
    np.add.at(units, (one.lot_row[found.row], found.need), found.units)
    row, need = np.nonzero(units)
    into, needs = [], []
    for aim in (0, 1):
        limits = np.append(answer.of_limits[aim], 0.0)
        way = -answer.lots[aim][number] - coupling.load[number] * limits[coupling.of_lot[number]]
        if (aim == 0) == (wanted.price is None):
            way = way + wanted.hold
        into.append(np.rint(way).astype(np.int64))
        needs.append(np.rint(answer.needs[aim][number]).astype(np.int64))
    rows_in, needs_in = np.stack(into), np.stack(needs)
    return Found(row, need, units[row, need], found.values, rows_in, -rows_in, needs_in, -needs_in)
