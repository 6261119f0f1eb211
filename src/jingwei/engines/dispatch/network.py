"""Min-cost flow, exact, aim after aim: the flows that are best by the first aim, among them by the second.

After each aim the arcs that its prices forbid are fixed where they are, so the next aim chooses only among
plans that are best by all before: no large weights, no overflow. Costs are whole numbers.
Prices are shortest ways in what is left open by the flow; with them an arc that was left out is proven
useless or found. Source: [SRC-AHUJA1993] chapters 9 to 11.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from ortools.graph.python import min_cost_flow

from jingwei.engines.dispatch.pairs import Flags, Ints

#: A cost times the number of nodes must stay below this. Source: 64-bit integers, with room for sums.
LARGEST = 1 << 60


class NotSolved(RuntimeError):
    """The solver gave something else than an optimum."""


class Net(msgspec.Struct):
    """Arcs as columns; `costs` one row for each aim. Node 0 is the hub: stock comes from it."""

    nodes: int
    tail: Ints
    head: Ints
    capacity: Ints
    costs: Ints
    supply: Ints


class Solved(msgspec.Struct):
    flow: Ints
    #: (aims, nodes): prices of each aim among the arcs the aims before left open.
    potentials: Ints
    values: list[int]


def solve(net: Net) -> Solved:
    aims = len(net.costs)
    lower, upper = np.zeros_like(net.capacity), net.capacity.copy()
    potentials = np.zeros((aims, net.nodes), dtype=np.int64)
    flow, values = lower, []
    for aim in range(aims):
        flow = _flow(net, lower, upper, net.costs[aim])
        found = _ways(net, flow, lower, upper, net.costs[aim])
        potentials[aim] = found
        values.append(int(flow @ net.costs[aim]))
        reduced = net.costs[aim] + found[net.tail] - found[net.head]
        lower = np.where(reduced < 0, upper, lower)
        upper = np.where(reduced > 0, lower, upper)
    return Solved(flow, potentials, values)


def _flow(net: Net, lower: Ints, upper: Ints, cost: Ints) -> Ints:
    flow = lower.copy()
    free = np.flatnonzero(upper > lower)
    if len(free) == 0:
        return flow
    need = net.supply.copy()
    np.subtract.at(need, net.tail, lower)
    np.add.at(need, net.head, lower)
    if int(np.abs(cost).max(initial=0)) * (net.nodes + 2) > LARGEST:
        raise NotSolved("costs too large for whole numbers of 64 bits")
    solver = min_cost_flow.SimpleMinCostFlow()
    tail, head = net.tail[free].astype(np.int32), net.head[free].astype(np.int32)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, (upper - lower)[free], cost[free])
    solver.set_nodes_supplies(np.arange(net.nodes, dtype=np.int32), need)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise NotSolved(f"min-cost flow: {status}")
    flow[free] += solver.flows(arcs)
    return flow


def _ways(net: Net, flow: Ints, lower: Ints, upper: Ints, cost: Ints) -> Ints:
    """Prices of the nodes: shortest from the hub along what can still change; elsewhere from anywhere."""
    out, back = flow < upper, flow > lower
    tail = np.concatenate([net.tail[out], net.head[back]])
    head = np.concatenate([net.head[out], net.tail[back]])
    return shortest(net.nodes, tail, head, np.concatenate([cost[out], -cost[back]]))


def shortest(nodes: int, tail: Ints, head: Ints, cost: Ints) -> Ints:
    """From node 0 to each; a node that is not reached starts at a number larger than any way."""
    far = int(np.abs(cost).max(initial=0)) * (nodes + 1) + 1
    found = np.full(nodes, far, dtype=np.int64)
    found[0] = 0
    if len(tail) == 0:
        return found
    order = np.argsort(head, kind="stable")
    tail, cost, sorted_head = tail[order], cost[order], head[order]
    starts = np.flatnonzero(np.concatenate([[True], sorted_head[1:] != sorted_head[:-1]]))
    heads = sorted_head[starts]
    for _ in range(nodes + 1):
        better, here = np.minimum.reduceat(found[tail] + cost, starts), found[heads]
        if not (better < here).any():
            return found
        found[heads] = np.minimum(better, here)
    raise NotSolved("a cycle that gains: the flow was not the best")


class Open(msgspec.Struct):
    """What a flow leaves open to change, arcs as columns."""

    tail: Ints
    head: Ints
    costs: Ints


def open_arcs(net: Net, flow: Ints) -> Open:
    out, back = flow < net.capacity, flow > 0
    tail = np.concatenate([net.tail[out], net.head[back]])
    head = np.concatenate([net.head[out], net.tail[back]])
    return Open(tail, head, np.concatenate([net.costs[:, out], -net.costs[:, back]], axis=1))


def prices(nodes: int, arcs: Open, *, backward: bool = False) -> Ints:
    """(aims, nodes): cheapest change, aim after aim, from the hub to each node, or from each to the hub."""
    tail, head = (arcs.head, arcs.tail) if backward else (arcs.tail, arcs.head)
    left: Any = np.ones(len(tail), dtype=bool)
    found = np.zeros((len(arcs.costs), nodes), dtype=np.int64)
    for aim, cost in enumerate(arcs.costs):
        found[aim] = shortest(nodes, tail[left], head[left], cost[left])
        left[left] = found[aim][tail[left]] + cost[left] == found[aim][head[left]]
    return found


def below(rows: Sequence[Any]) -> Flags:
    """Where the first of these that is not nought is negative."""
    found, tied = np.zeros(np.shape(rows[0]), dtype=bool), np.ones(np.shape(rows[0]), dtype=bool)
    for row in rows:
        found |= tied & (row < 0)
        tied &= row == 0
    return found
