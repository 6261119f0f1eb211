"""Vehicle routes read, checked and priced by nothing but arithmetic: VRPLIB files in PyVRP's dialect.

One depot and capacity (X instances), or several with time windows and a longest duration. Distances as the
published costs have them: rounded whole, or a thousand to the unit where there are time windows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Routing:
    """Nodes by number from 0; depots first. Times and lengths in the unit of the published cost."""

    name: str
    apart: Any  # [nodes, nodes]
    demand: Any
    capacity: int
    depots: tuple[int, ...]
    depot_of_vehicle: tuple[int, ...]  # empty: any number of vehicles from the first depot
    service: Any | None = None
    window: Any | None = None  # [nodes, 2]
    longest: int | None = None

    @property
    def clients(self) -> frozenset[int]:
        return frozenset(range(len(self.demand))) - frozenset(self.depots)


@dataclass(frozen=True)
class Route:
    depot: int
    visits: tuple[int, ...]


@dataclass
class Found:
    cost: int = 0
    broken: list[str] = field(default_factory=list)


def read(path: Path) -> Routing:
    words, tables, at = _lines(path)
    timed = "TIME_WINDOW_SECTION" in tables
    factor = 1000.0 if timed else 1.0
    xy = np.array([row[1:3] for row in tables["NODE_COORD_SECTION"]], float)
    exact = np.sqrt(((xy[:, None, :] - xy[None, :, :]) ** 2).sum(2))
    apart = np.floor(factor * exact + 0.5).astype(np.int64)
    demand = np.array([row[1] for row in tables["DEMAND_SECTION"]]).astype(int)
    depots = tuple(int(row[0]) - 1 for row in tables["DEPOT_SECTION"] if row[0] > 0)
    capacity = int(words["CAPACITY"])
    if not timed:
        return Routing(at, apart, demand, capacity, depots, ())

    def scaled(name: str) -> Any:
        return np.floor(factor * np.array([row[1:] for row in tables[name]], float) + 0.5).astype(np.int64)

    vehicles = tuple(int(row[1]) - 1 for row in tables["VEHICLES_DEPOT_SECTION"])
    limit = words.get("VEHICLES_MAX_DURATION")
    longest = round(factor * float(limit)) if limit else None
    return Routing(at, apart, demand, capacity, depots, vehicles, scaled("SERVICE_TIME_SECTION")[:, 0],
                   scaled("TIME_WINDOW_SECTION"), longest)  # fmt: skip


def _lines(path: Path) -> tuple[dict[str, str], dict[str, list[list[float]]], str]:
    words: dict[str, str] = {}
    tables: dict[str, list[list[float]]] = {}
    where: list[list[float]] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if not text or text == "EOF":
            continue
        if text.endswith("SECTION"):
            where = tables.setdefault(text, [])
        elif ":" in text and where is None:
            name, _, value = text.partition(":")
            words[name.strip()] = value.strip().strip('"')
        elif where is not None:
            where.append([float(x) for x in text.split()])
    return words, tables, path.stem


def read_solution(path: Path, of: Routing) -> tuple[list[Route], int]:
    """Published routes, the vehicle by its place in the list, and the published cost."""
    routes, cost = [], -1
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition(":") if ":" in line else line.partition(" ")
        if name.startswith("Route"):
            number = int(name.split("#")[1]) - 1
            depot = of.depot_of_vehicle[number] if of.depot_of_vehicle else of.depots[0]
            clients = tuple(int(x) for x in rest.split())  # numbered from nought, depots first
            if clients:
                routes.append(Route(depot, clients))
        elif name.lower().startswith("cost"):
            cost = round(float(rest))
    return routes, cost


def check(of: Routing, routes: Sequence[Route]) -> Found:
    """Cost of the routes, and each thing that is wrong with them."""
    found, seen = Found(), set()
    for number, route in enumerate(routes):
        visits = route.visits
        twice = [v for v in visits if v in seen]
        seen |= set(visits)
        found.broken += [f"{number}: {v} visited twice" for v in twice]
        found.broken += [f"{number}: {v} is no client" for v in visits if v not in of.clients]
        if int(of.demand[list(visits)].sum()) > of.capacity:
            found.broken.append(f"{number}: over capacity")
        path = (route.depot, *visits, route.depot)
        found.cost += int(sum(of.apart[a, b] for a, b in pairwise(path)))
        if of.window is not None:
            found.broken += [f"{number}: {what}" for what in _late(of, path)]
    found.broken += [f"{v} not visited" for v in sorted(of.clients - seen)]
    for depot in of.depots if of.depot_of_vehicle else ():
        if sum(r.depot == depot for r in routes) > of.depot_of_vehicle.count(depot):
            found.broken.append(f"depot {depot}: more routes than vehicles")
    return found


def _late(of: Routing, path: tuple[int, ...]) -> list[str]:
    """Windows missed, and a duration too long, leaving at the best moment.

    Forward slack: a route can leave later as long as no window is missed, and then waits less.
    """
    assert of.window is not None and of.service is not None
    broken = []
    first = int(of.window[path[0], 0])
    now, waited, slack = first, 0, int(of.window[path[0], 1]) - first
    for a, b in pairwise(path):
        leaves = now + (int(of.service[a]) if a not in of.depots else 0)
        arrives = leaves + int(of.apart[a, b])
        early, late = int(of.window[b, 0]), int(of.window[b, 1])
        if arrives > late:
            broken.append(f"{b} reached {arrives - late} late")
        slack = min(slack, late - max(arrives, early) + waited + max(0, early - arrives))
        waited += max(0, early - arrives)
        now = max(arrives, early)
    duration = now - first - min(max(slack, 0), waited)
    if of.longest is not None and duration > of.longest:
        broken.append(f"lasts {duration - of.longest} too long")
    return broken


def plan(path: Path, of: Routing, seconds: float, seed: int = 1) -> list[Route]:
    """Routes by PyVRP within so many seconds. Their cost and whether they hold is for `check`."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    data = pyvrp.read(str(path), "exact" if of.window is not None else "round")
    best = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, display=False).best
    # a client's number is among the clients, a node's among all: depots come first
    return [
        Route(int(r.start_depot()), tuple(a.idx + len(of.depots) for a in r if a.is_client()))
        for r in best.routes()
    ]
