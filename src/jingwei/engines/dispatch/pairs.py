"""The same as `allowed`, over arrays: of one item all its lots against all its needs."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from jingwei.engines.dispatch.allowed import Left, barred_pairs
from jingwei.engines.dispatch.model import Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class ItemPairs(msgspec.Struct):
    """Lots and needs of one item that can take part; (lots, needs) for the matrices."""

    item: str
    lots: Ints
    needs: Ints
    may: Flags
    #: Of a unit; inf where there is no way.
    cost: Floats


class Pairs:
    def __init__(self, problem: Problem, left: Left) -> None:
        self.problem, self.left = problem, left
        sources, needs, given = problem.sources, problem.needs, problem.settings
        self.travel_s = np.asarray(problem.travel_s, dtype=np.float64).reshape(len(sources), -1)
        self.ready_s = np.array([one.ready_s for one in sources], dtype=np.float64)
        self.tier = np.array([given.tier_price.get(one.tier, 0.0) for one in sources], dtype=np.float64)
        self.agreed = np.array([one.tier == "own" or bool(one.agreement) for one in sources], dtype=bool)
        self.due_s = np.array([np.inf if n.due_s is None else n.due_s for n in needs], dtype=np.float64)
        self.at = np.array([n.at for n in needs], dtype=np.int64)
        self.holds = {
            name: np.array([name in one.qualifications for one in sources], dtype=bool)
            for name in {n.qualification for n in needs if n.qualification is not None}
        }
        self.serves = [(number, set(one.serves)) for number, one in enumerate(sources) if one.serves]
        self.barred = barred_pairs(problem)

    def items(self) -> list[ItemPairs]:
        """Every item that is both asked for and there, in the order of its first need."""
        asked: dict[str, list[int]] = {}
        there: dict[str, list[int]] = {}
        for number, need in enumerate(self.problem.needs):
            if self.left.quantity[number] > 0:
                asked.setdefault(need.item, []).append(number)
        for number, lot in enumerate(self.problem.lots):
            if self.left.free[number] > 0:
                there.setdefault(lot.item, []).append(number)
        return [self._of(item, there.get(item, []), needs) for item, needs in asked.items()]

    def _of(self, item: str, lots: list[int], needs: list[int]) -> ItemPairs:
        problem, given = self.problem, self.problem.settings
        rows, columns = np.array(lots, dtype=np.int64), np.array(needs, dtype=np.int64)
        source = np.array([problem.lots[lot].source for lot in lots], dtype=np.int64)
        price = np.array([problem.lots[lot].unit_cost for lot in lots], dtype=np.float64)
        arrives = self.travel_s[np.ix_(source, self.at[columns])] + self.ready_s[source][:, None]
        may: Flags = np.isfinite(arrives) & (arrives <= self.due_s[columns][None, :])
        may &= self.agreed[source][:, None]
        for name, holds in self.holds.items():
            asking = np.array([problem.needs[n].qualification == name for n in needs], dtype=bool)
            may &= holds[source][:, None] | ~asking[None, :]
        place = {s: np.flatnonzero(source == s) for s in np.unique(source)} if self.serves else {}
        for number, districts in self.serves:
            for row in place.get(number, ()):
                may[row] &= np.array([problem.needs[n].district in districts for n in needs], dtype=bool)
        if self.barred:
            where: dict[int, int] = {n: c for c, n in enumerate(needs)}
            at: dict[int, Any] = {int(s): r for r, s in enumerate(source)}
            for need, one in self.barred:
                if need in where and one in at:
                    may[at[one], where[need]] = False
        cost = given.second_price * arrives + self.tier[source][:, None] + price[:, None]
        return ItemPairs(item, rows, columns, may, cost)
