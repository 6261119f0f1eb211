"""The best plan of one item: least weighted unmet, then the worst-off districts, fewest changes, least cost.

Only the cheapest lots of each need are tried at first; prices then prove every other pair useless, or name it
and it is tried. So the result is the best over all pairs.
"""

import msgspec
import numpy as np

from jingwei.engines.dispatch import network
from jingwei.engines.dispatch.network import Net
from jingwei.engines.dispatch.pairs import Flags, Ints

#: Lots of a need that are tried at first, and that are added at a time. Source: our measurement, 2026-11-29.
FIRST, MORE = 16, 8
#: With no more pairs than this all are tried at once. Source: our measurement, 2026-11-29.
FEW = 60_000
#: Steps in which the unmet share of a district grows dearer. Source: our estimate, twentieths will do.
STEPS = 20

Name = str


class Wanted(msgspec.Struct):
    """One item as whole numbers. A row is a lot, or the part of a lot that some crews may bring."""

    room: Ints
    asked: Ints
    may: Flags
    cost: Ints
    #: Of a unit that is sent from the row, in the unit of weight.
    hold: Ints
    weight: Ints
    #: Number of each need's district, and all that each district asked, with what stands already.
    district: Ints
    of_district: Ints
    #: row, need -> units the plan before sent that way.
    before: dict[tuple[int, int], int]
    #: None: aims one after another; else weight counts so much in the unit of cost.
    price: int | None
    change: int
    fair: bool
    stable: bool


class Found(msgspec.Struct):
    """Units by row and need, the aims' values, and prices of the aims `unmet` (with one aim 0) and `cost`."""

    row: Ints
    need: Ints
    units: Ints
    values: dict[Name, int]
    #: (2, rows), (2, needs): cheapest way to have one more there, and worth of one that is over there.
    row_in: Ints
    row_out: Ints
    need_in: Ints
    need_out: Ints


def plan(wanted: Wanted, *, first: int = FIRST) -> Found:
    """`first`: so many of the cheapest lots of each need are tried before prices name others."""
    shape = wanted.may.shape
    inside = wanted.may.copy() if wanted.may.sum() <= FEW else first_pairs(wanted, count=first)
    while True:
        built = _Built(wanted, inside)
        solved = network.solve(built.net)
        better = _left_out(built, solved.potentials, inside)
        if not better.any():
            break
        inside |= _cheapest(wanted, better)
    arcs = network.open_arcs(built.net, solved.flow)
    while True:  # an arc that carries nothing can still be a way for a price
        # with one aim the prices that proved the flow are these already
        into = solved.potentials if len(built.aims) == 1 else network.prices(built.net.nodes, arcs)
        out = network.prices(built.net.nodes, arcs, backward=True)
        better = _left_out(built, into, inside) | _left_out(built, -out, inside)
        if not better.any():
            break
        inside |= better
        tail, head, costs = built.plain_arcs(better)
        arcs = network.Open(
            np.concatenate([arcs.tail, tail]),
            np.concatenate([arcs.head, head]),
            np.concatenate([arcs.costs, costs], axis=1),
        )
    return _found(built, solved, into, out, shape)


def first_pairs(wanted: Wanted, found: Found | None = None, count: int = FIRST) -> Flags:
    """The cheapest lots of each need, whatever the plan before used, and this plan."""
    inside = _cheapest(wanted, wanted.may, count)
    for row, need in wanted.before:
        inside[row, need] = wanted.may[row, need]
    if found is not None:
        inside[found.row, found.need] = True
    return inside


def _cheapest(wanted: Wanted, among: Flags, count: int = MORE) -> Flags:
    rows = among.shape[0]
    if rows <= count:
        return among.copy()
    cost = np.where(among, wanted.cost, np.iinfo(np.int64).max)
    at = np.argpartition(cost, count - 1, axis=0)[:count]
    found = np.zeros_like(among)
    np.put_along_axis(found, at, True, axis=0)
    return found & among


def _left_out(built: "_Built", potentials: Ints, inside: Flags) -> Flags:
    """Pairs not tried that some aim's prices call better than what is there."""
    wanted = built.wanted
    row, need = potentials[:, built.rows], potentials[:, built.needs]
    rows = []
    for aim, name in enumerate(built.aims):
        own = built.plain_cost(name)
        rows.append(own + row[aim][:, None] - need[aim][None, :])
    return network.below(rows) & wanted.may & ~inside


class _Built:
    """The network of one item: hub, rows, districts, needs."""

    def __init__(self, wanted: Wanted, inside: Flags) -> None:
        self.wanted = wanted
        rows, needs = wanted.may.shape
        districts = len(wanted.of_district)
        self.rows = np.arange(1, 1 + rows)
        self.groups = np.arange(1 + rows, 1 + rows + districts)
        self.needs = np.arange(1 + rows + districts, 1 + rows + districts + needs)
        self.aims = self._aims(districts)
        unmet = [self._unmet(np.zeros(needs, dtype=np.int64))]
        if "unfair" in self.aims:
            unmet = [self._unmet_steps(districts), self._unmet(self.groups[wanted.district])]
        fixed = [self._from_hub(), *unmet]
        self.fixed = sum(len(part[0]) for part in fixed)
        parts = [*fixed, *self._sent(inside)]
        tail, head, capacity = (np.concatenate([part[n] for part in parts]) for n in range(3))
        costs = np.concatenate([part[3] for part in parts], axis=1)
        supply = np.zeros(1 + rows + districts + needs, dtype=np.int64)
        supply[self.needs] = -wanted.asked
        supply[0] = wanted.asked.sum()
        self.net = Net(len(supply), tail, head, capacity, costs, supply)

    def _aims(self, districts: int) -> list[Name]:
        wanted = self.wanted
        if wanted.price is not None:
            return ["total"]
        fair = ["unfair"] if wanted.fair and districts > 1 else []
        stable = ["changed"] if wanted.stable and wanted.before else []
        return ["unmet", *fair, *stable, "cost"]

    def _costs(self, count: int, **of: Ints | int) -> Ints:
        """(aims, count); with a price all but what is unfair runs into one."""
        wanted, found = self.wanted, np.zeros((len(self.aims), count), dtype=np.int64)
        if wanted.price is not None:
            found[0] = of.get("cost", 0)
            found[0] += wanted.price * of.get("unmet", 0) + wanted.change * of.get("changed", 0)
            return found
        for aim, name in enumerate(self.aims):
            found[aim] = of.get(name, 0)
        return found

    def plain_cost(self, name: Name) -> Ints | int:
        """What a unit costs that was not sent that way before, (rows, needs)."""
        wanted = self.wanted
        if name == "total":
            return wanted.cost + (wanted.change if wanted.before else 0)
        return wanted.cost if name == "cost" else int(name == "changed")

    def plain_arcs(self, pairs: Flags) -> tuple[Ints, Ints, Ints]:
        row, need = np.nonzero(pairs)
        costs = self._costs(len(row), cost=self.wanted.cost[row, need], changed=self._new())
        return self.rows[row], self.needs[need], costs

    def _new(self) -> int:
        return int(bool(self.wanted.before))

    def _from_hub(self) -> tuple[Ints, Ints, Ints, Ints]:
        wanted = self.wanted
        costs = self._costs(len(self.rows), unmet=wanted.hold)
        return np.zeros(len(self.rows), dtype=np.int64), self.rows, wanted.room, costs

    def _unmet_steps(self, districts: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Hub to district, dearer in steps of its share; one unit more than all, so that a price exists."""
        asked = np.bincount(
            self.wanted.district, weights=self.wanted.asked, minlength=max(districts, 1)
        ).astype(np.int64)
        whole = np.maximum(self.wanted.of_district, asked)
        edges = whole[:, None] * np.arange(STEPS + 1)[None, :] // STEPS
        width = np.diff(edges, axis=1)
        width[:, -1] += 1
        head = np.repeat(self.groups, STEPS)
        costs = self._costs(districts * STEPS, unfair=np.tile(2 * np.arange(STEPS) + 1, districts))
        return np.zeros_like(head), head, width.ravel(), costs

    def _unmet(self, tail: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        wanted = self.wanted
        costs = self._costs(len(self.needs), unmet=wanted.weight)
        return tail, self.needs, wanted.asked + 1, costs

    def _sent(self, inside: Flags) -> list[tuple[Ints, Ints, Ints, Ints]]:
        wanted = self.wanted
        row, need = np.nonzero(inside)
        cost = wanted.cost[row, need]
        new = self._costs(len(row), cost=cost, changed=self._new())
        found = [(self.rows[row], self.needs[need], wanted.asked[need] + 1, new)]
        same = [(r, n, units) for (r, n), units in wanted.before.items() if inside[r, n] and units > 0]
        self.sent = (row, need)
        if same:
            kept = np.array(same, dtype=np.int64)
            old = self._costs(len(kept), cost=wanted.cost[kept[:, 0], kept[:, 1]])
            found.append((self.rows[kept[:, 0]], self.needs[kept[:, 1]], kept[:, 2], old))
            self.sent = (np.concatenate([row, kept[:, 0]]), np.concatenate([need, kept[:, 1]]))
        return found


def _found(built: _Built, solved: network.Solved, into: Ints, out: Ints, shape: tuple[int, ...]) -> Found:
    sent = solved.flow[built.fixed :]
    units = np.zeros(shape, dtype=np.int64)
    np.add.at(units, built.sent, sent)
    row, need = np.nonzero(units)
    first, last = 0, len(built.aims) - 1
    aims = np.array([first, last] if last else [last, last])

    def of(found: Ints, nodes: Ints) -> Ints:
        picked: Ints = np.asarray(found[np.ix_(aims, nodes)], dtype=np.int64)
        if not last:
            picked[0] = 0
        return picked

    return Found(
        row,
        need,
        units[row, need],
        dict(zip(built.aims, solved.values, strict=True)),
        of(into, built.rows),
        of(out, built.rows),
        of(into, built.needs),
        of(out, built.needs),
    )
