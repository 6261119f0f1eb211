"""What is published or can be proven: p-medians, people to shelters, vehicle routes.

p-medians: OR-Library's, with published optima (Beasley 1985). Shelters: made-up towns, the optimum proven by
HiGHS as a mixed-integer programme in a process of its own. Routes: PyVRP's on ten published instances, read,
priced and checked by `routes.py`. The instances are looked for in `JINGWEI_BENCH_OPTIMISATION` or
`../shared/data/optimisation`.
"""

import csv
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.dispatch import routes

#: Six with capacity alone, four with several depots, time windows and a longest duration.
ROUTED = ("CVRP/X-n106-k14", "CVRP/X-n110-k13", "CVRP/X-n115-k10", "CVRP/X-n120-k6", "CVRP/X-n129-k18",
          "CVRP/X-n134-k13", "MDVRPTW/PR11A", "MDVRPTW/PR11B", "MDVRPTW/PR17A", "MDVRPTW/PR17B")  # fmt: skip
#: Seconds PyVRP has for each.
ROUTE_S = 15.0
#: Seeds of the towns of shelters.
TOWNS = (9001, 9002, 9003)
HAZARD = "flood"


def data() -> Path:
    return Path(os.environ.get("JINGWEI_BENCH_OPTIMISATION", "../shared/data/optimisation"))


@dataclass(frozen=True)
class Shelters:
    """People by group (whole ones, a group may be parted) and shelters. Aim: first as many as can be housed,
    one with a special need counting twice; then the least way all told.
    """

    people: Any  # [groups]
    special: tuple[str, ...]  # of each group, "" none
    capacity: Any  # [shelters]
    suits: tuple[frozenset[str], ...]  # hazards each shelter stands; the one that happens is HAZARD
    offers: tuple[frozenset[str], ...]  # special needs each shelter meets
    travel_s: Any  # [groups, shelters] whole seconds, inf = no way

    @property
    def may(self) -> Any:
        fits = np.array([[not s or s in offers for offers in self.offers] for s in self.special])
        return fits & np.array([HAZARD in s for s in self.suits])[None, :] & np.isfinite(self.travel_s)

    @property
    def worth(self) -> Any:
        return np.array([1 + bool(s) for s in self.special])


def measure(say: Callable[[str], None] = print) -> tuple[dict[str, float], dict[str, Any]]:
    from bench.dispatch import ours

    gaps, seconds, each = pmed(data() / "pmed", ours.medians, say)
    figures = {"pmed_worst_gap": max(gaps.values()), "pmed_total_s": seconds, "pmed_instances": len(gaps)}
    told: dict[str, Any] = {"pmed": each}
    housed = [judge(town(seed), ours.shelter(town(seed))) for seed in TOWNS]
    figures |= {
        "shelter_gap": max(h["gap"] for h in housed),
        "shelter_broken": sum(h["broken"] for h in housed),
    }
    told["shelters"] = housed
    routed = [routed_of(name, ROUTE_S, say) for name in ROUTED]
    figures |= {
        "routes_broken": float(sum(r["broken"] for r in routed)),
        "routes_mean_gap": sum(r["gap"] for r in routed) / len(routed),
        "routes_worst_gap": max(r["gap"] for r in routed),
    }
    return figures, told | {"routes": routed}


# -- p-medians


def read_pmed(path: Path) -> tuple[Any, int]:
    """Ways between all nodes over the net, and p. Of two edges between the same nodes the last one counts."""
    from scipy.sparse.csgraph import shortest_path

    numbers = [int(x) for x in path.read_text(encoding="ascii").split()]
    n, edges, p = numbers[:3]
    net = np.full((n, n), np.inf)
    for a, b, way in np.array(numbers[3 : 3 + 3 * edges]).reshape(-1, 3):
        net[a - 1, b - 1] = net[b - 1, a - 1] = way
    np.fill_diagonal(net, 0)
    return shortest_path(net, directed=False), p


def cost_of_medians(ways: Any, chosen: list[int], p: int) -> float:
    """Sum over all nodes of the way to the nearest that was chosen; infinite when it is not p of them."""
    if len(set(chosen)) != p or len(chosen) != p or not all(0 <= c < len(ways) for c in chosen):
        return float("inf")
    return float(ways[:, chosen].min(1).sum())


def pmed(folder: Path, medians: Callable[[Any, int], list[int]], say: Callable[[str], None]
         ) -> tuple[dict[str, float], float, list[dict[str, float | str]]]:  # fmt: skip
    gaps, total, each = {}, 0.0, []
    for row in csv.DictReader((folder / "optima.csv").read_text(encoding="utf-8").splitlines()):
        ways, p = read_pmed(folder / f"{row['instance']}.txt")
        begin = time.perf_counter()
        chosen = [int(c) for c in medians(ways, p)]
        took = time.perf_counter() - begin
        optimum = float(row["optimum"])
        gaps[row["instance"]] = (cost_of_medians(ways, chosen, p) - optimum) / optimum
        total += took
        each.append({"instance": row["instance"], "gap": gaps[row["instance"]], "seconds": round(took, 3)})
        say(f"{row['instance']}: gap {gaps[row['instance']]:.5f}, {took:.1f} s")
    return gaps, total, each


# -- shelters


def town(seed: int, groups: int = 300, shelters: int = 40) -> Shelters:
    """Places of people and shelters; a little less room than people."""
    rng = np.random.default_rng([seed, 5])
    people = rng.integers(5, 200, groups)
    special = tuple(("", "wheelchair", "medical")[k] for k in rng.choice(3, groups, p=(0.8, 0.12, 0.08)))
    size = rng.lognormal(0, 0.6, shelters)
    capacity = np.maximum(10, np.floor(size / size.sum() * people.sum() * 1.15)).astype(int)
    suits = tuple(frozenset(h for h in (HAZARD, "quake") if rng.random() < 0.85) for _ in range(shelters))
    offers = tuple(
        frozenset(o for o in ("wheelchair", "medical") if rng.random() < 0.3) for _ in range(shelters)
    )
    here, there = rng.uniform(0, 20, (groups, 2)), rng.uniform(0, 20, (shelters, 2))
    ways = np.rint(
        np.abs(here[:, None] - there[None]).sum(2) / 20 * 3600 * rng.uniform(0.9, 1.3, (groups, shelters))
    )
    return Shelters(people, special, capacity, suits, offers, np.where(ways > 3600, np.inf, ways))


def judge(one: Shelters, people: Any) -> dict[str, float]:
    """How far from the proven optimum, in either aim, and how many limits are broken."""
    found = np.asarray(people)
    worth, way = _aims(one, found)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        best_worth, best_way = pool.submit(_optimum, one).result()
    short, longer = (best_worth - worth) / max(best_worth, 1), (way - best_way) / max(best_way, 1)
    broken = int((found.sum(0) > one.capacity).sum() + (found.sum(1) > one.people).sum())
    broken += int(((found > 0) & ~one.may).sum() + (found < 0).sum() + (found != np.rint(found)).sum())
    # a way that is shorter because fewer are housed is no merit
    return {
        "gap": max(short, longer) if short <= 0 else short,
        "broken": broken,
        "housed": worth,
        "way_s": way,
    }


def _aims(one: Shelters, people: Any) -> tuple[float, float]:
    ways = np.where(one.may, one.travel_s, 0.0)
    return float((people.sum(1) * one.worth).sum()), float((people * ways).sum())


def _optimum(one: Shelters) -> tuple[float, float]:
    """In the child: the most that can be housed, and then the least way; both proven to the whole number."""
    import highspy

    group, shelter = np.nonzero(one.may)
    n, m = len(group), len(one.people) + len(one.capacity)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)
    made = highspy.HighsLp()
    made.num_col_, made.num_row_ = n, m
    worth = one.worth[group].astype(float)
    made.col_cost_, made.col_lower_ = -worth, np.zeros(n)
    made.col_upper_ = np.minimum(one.people[group], one.capacity[shelter]).astype(float)
    made.integrality_ = [highspy.HighsVarType.kInteger] * n
    made.row_lower_ = np.full(m, -np.inf)
    made.row_upper_ = np.concatenate([one.people, one.capacity]).astype(float)
    made.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    made.a_matrix_.start_ = np.arange(0, 2 * n + 1, 2)
    made.a_matrix_.index_ = np.stack([group, len(one.people) + shelter], axis=1).ravel()
    made.a_matrix_.value_ = np.ones(2 * n)
    solver.passModel(made)
    solver.run()
    _proven(solver)
    most = float(np.rint(np.array(solver.getSolution().col_value)) @ worth)
    solver.addRow(most, np.inf, n, np.arange(n), worth)
    solver.changeColsCost(n, np.arange(n), one.travel_s[group, shelter])
    solver.run()
    _proven(solver)
    return most, float(np.rint(np.array(solver.getSolution().col_value)) @ one.travel_s[group, shelter])


def _proven(solver: Any) -> None:
    status = solver.modelStatusToString(solver.getModelStatus())
    if status != "Optimal":
        raise RuntimeError(f"HiGHS: {status}")


# -- routes


def routed_of(name: str, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """PyVRP's routes, priced and checked; beside the published cost, priced the same way."""
    path = data() / "vrp" / f"{name}.vrp"
    of = routes.read(path)
    found = routes.check(of, routes.plan(path, of, seconds))
    best, said = routes.read_solution(path.with_suffix(".sol"), of)
    theirs = routes.check(of, best)
    if theirs.broken or theirs.cost != said:
        raise RuntimeError(f"{name}: the checker does not agree with the published solution")
    gap = (found.cost - said) / said
    say(f"{name}: {found.cost}, published {said}, gap {gap:.4f}, {len(found.broken)} broken")
    return {"instance": name, "cost": found.cost, "published": said, "gap": gap, "broken": len(found.broken)}
