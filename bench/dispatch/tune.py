"""The settings of the comparators, each over a small table of values, on the development seeds alone."""

from collections.abc import Callable
from itertools import product
from statistics import mean
from typing import Any

from bench.dispatch.checker import walk
from bench.dispatch.resolve import Resolve
from bench.dispatch.settings import DEVELOPMENT_SEEDS, SAME
from bench.dispatch.simple import Greedy
from bench.dispatch.world import Policy, make, replay, score

TABLES: dict[str, tuple[Callable[..., Policy], dict[str, tuple[float, ...]]]] = {
    "greedy": (Greedy, {"tier": (0.0, 0.5, 1.0, 2.0, 4.0)}),
    "resolve": (
        Resolve,
        {"unmet_s": (1_000.0, 1_400.0, 2_000.0, 5_000.0, 100_000.0), "tier": (0.0, 0.5, 1.0)},
    ),
}


def tune(seeds: int, scale: float) -> None:
    """Prints mean points of each setting, best last; a person writes it into tuned.toml."""
    worlds = [make(seed, SAME.scaled(scale)) for seed in DEVELOPMENT_SEEDS[:seeds]]
    for name, (policy, table) in TABLES.items():
        found: list[tuple[float, dict[str, Any]]] = []
        for values in product(*table.values()):
            given = dict(zip(table, values, strict=True))
            points = [score(w, walk(w, replay(w, policy(**given))).good)["unmet_points"] for w in worlds]
            found.append((mean(points), given))
        for points_of, given in sorted(found, key=lambda x: -x[0]):
            print(f"{name} {given}: {points_of:.3f}", flush=True)
