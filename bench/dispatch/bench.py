"""`jingwei bench dispatch`: who orders what, from where and when, under a disaster whose course nobody knows.

    pip install --require-hashes -r requirements/bench.txt requirements/solvers.txt first
    jingwei bench dispatch --json FILE                  ten seeds at full size: hours
    jingwei bench dispatch --seeds 2 --scale 0.1        a try: minutes
    python -m bench.dispatch --help                     the rest: jobs at once, results kept, regime

Points are the weight of loads unmet over the weight of all asked for. Ours stands beside first come nearest
source, greedy by priority and the exact plan every five minutes; between the clairvoyant's bound, whose
certificate is checked, and a policy that knows the true distribution and has all the time it wants. All have
the same deadlines, the same right to wait and the same knowledge; every order of every run is walked by a
checker that plans nothing. Exactness, proof, prices and stability are held against other code (`still.py`),
and p-medians, shelters and routes against what is published or proven (`published.py`).
"""

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import mean
from typing import Any

from bench.dispatch import published, still
from bench.dispatch.runs import OTHERS, OURS, YARDSTICKS, Job, do_all, tuned
from bench.dispatch.settings import DEVELOPMENT_SEEDS, EVALUATION_SEEDS, REGIMES
from bench.run import Result

TARGETS: dict[str, dict[str, float | str]] = {
    "share_of_gap_first_come_to_best_policy_closed": {"op": ">=", "value": 0.85},
    "orders_changed_share_on_1pct_change": {"op": "<=", "value": 0.05},
    "over_capacity": {"op": "==", "value": 0},
    "unqualified": {"op": "==", "value": 0},
    "promised_twice": {"op": "==", "value": 0},
    "other_breaches": {"op": "==", "value": 0},
    "static_gap": {"op": "==", "value": 0},
    "static_s_over_bare_solver": {"op": "<=", "value": 1.3},
    "coupled_proven_gap": {"op": "<=", "value": 0.005},
    "price_error_by_finite_difference": {"op": "<=", "value": 0.01},
    "still_broken": {"op": "==", "value": 0},
    "bound_too_high": {"op": "<=", "value": 1e-6},
    "pmed_worst_gap": {"op": "<=", "value": 0.001},
    "shelter_gap": {"op": "==", "value": 0},
    "shelter_broken": {"op": "==", "value": 0},
    "routes_broken": {"op": "==", "value": 0},
}
#: Named by themselves among the figures; the rest of the checker's kinds are summed.
NAMED = ("over_capacity", "unqualified", "promised_twice")
#: Seeds on which nothing moves; each takes a minute for the bound alone.
STILL_SEEDS = 3


#: What a run can be made of, besides the policies.
PARTS = ("still", "published")


def run(*, seeds: float = len(EVALUATION_SEEDS), scale: float = 1.0, regime: str = "same", futures: float = 0,
        at_once: float = 1, development: float = 0, keep: str = "", parts: str = "") -> Result:  # fmt: skip
    """`parts`: some policies and PARTS, a comma between. `keep`: a folder of results to go on from."""
    chosen = (DEVELOPMENT_SEEDS if development else EVALUATION_SEEDS)[: int(seeds)]
    wanted = tuple(parts.split(",")) if parts else (*OTHERS, *YARDSTICKS, *OURS, *PARTS)
    result = Result("dispatch", seeds=list(chosen), targets=dict(TARGETS))
    result.more |= {"command": f"jingwei bench dispatch (scale {scale}, regime {regime})", "commit": commit(),
                    "scale": scale, "regime": regime, "settings": asdict(REGIMES[regime].scaled(scale)),
                    "tuned": tuned()}  # fmt: skip
    if names := [name for name in wanted if name not in PARTS]:
        jobs = [Job(n, s, regime, scale, int(futures)) for s in chosen for n in names]
        known, put = kept(keep, str(result.more["commit"]))
        sum_up(result, do_all(jobs, int(at_once), _say, known, put))
    if "still" in wanted:
        from bench.dispatch import ours

        figures, each = still.measure(ours.plan, chosen[:STILL_SEEDS], REGIMES[regime].scaled(scale), _say)
        result.figures |= figures
        result.more["still"] = each
    if "published" in wanted:
        figures, told = published.measure(_say)
        result.figures |= figures
        result.more["published"] = told
    result.targets = {k: v for k, v in result.targets.items() if k in result.figures}
    return result


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _say(line: str) -> None:
    print(line, flush=True)


def kept(folder: str, of: str) -> tuple[Callable[[Job], Any], Callable[[Job, dict[str, Any]], None]]:
    """Results in a folder, by commit: a broken run goes on, and none mixes two states of the code."""
    if not folder:
        return lambda _: None, lambda *_: None
    home = Path(folder) / of
    home.mkdir(parents=True, exist_ok=True)

    def path(job: Job) -> Path:
        return home / f"{job.regime}-{job.scale:g}-{job.seed}-{job.name}-{job.futures}.json"

    def known(job: Job) -> dict[str, Any] | None:
        return json.loads(path(job).read_text()) if path(job).exists() else None

    def put(job: Job, told: dict[str, Any]) -> None:
        path(job).write_text(json.dumps(told) + "\n")

    return known, put


def sum_up(result: Result, found: dict[Job, dict[str, Any]]) -> None:
    """Means over the seeds for everyone; the shares of gaps; breaches; what each seed was like."""
    names = list(dict.fromkeys(job.name for job in found))
    rows = {n: {job.seed: told for job, told in found.items() if job.name == n} for n in names}
    points = {n: {s: float(t["unmet_points"]) for s, t in by.items()} for n, by in rows.items()}
    result.more["each"] = {n: {str(s): told for s, told in sorted(by.items())} for n, by in rows.items()}
    for n in names:
        told = _means(list(rows[n].values()))
        if n == "ours":
            result.figures |= told
        else:
            result.comparators[n] = told
    if "ours" in names:
        result.figures |= _breaches(rows["ours"]) | _against(points, result)
    result.more["breaches_of_others"] = {
        n: _breaches(rows[n]) for n in names if n not in ("ours", "clairvoyant")
    }


def _means(rows: list[dict[str, Any]]) -> dict[str, float]:
    wanted = ("unmet_points", "worst_tenth_of_districts_points", "cost_min_per_load", "weighted_delay_min",
              "seconds", "p95_step_s", "worst_step_s", "peak_mib")  # fmt: skip
    found = {k: mean(float(r[k]) for r in rows) for k in wanted if k in rows[0]}
    return found | {k: max(float(r[k]) for r in rows) for k in ("worst_step_s", "peak_mib") if k in rows[0]}


def _breaches(by_seed: dict[int, dict[str, Any]]) -> dict[str, float]:
    total: dict[str, float] = dict.fromkeys((*NAMED, "other_breaches"), 0.0)
    for told in by_seed.values():
        for kind, count in told["breaches"].items():
            total[kind if kind in NAMED else "other_breaches"] += count
    return total


def _against(points: dict[str, dict[int, float]], result: Result) -> dict[str, float]:
    """Ours between first come and the yardsticks: over all seeds, and the worst of them."""
    figures: dict[str, float] = {}
    ours, seeds = points["ours"], sorted(points["ours"])
    if {"first_come", "knowing"} <= set(points):
        first, best = points["first_come"], points["knowing"]
        shares = {s: (first[s] - ours[s]) / (first[s] - best[s]) for s in seeds if first[s] > best[s]}
        total = sum(first[s] - best[s] for s in seeds)
        closed = sum(first[s] - ours[s] for s in seeds) / total if total > 0 else float("nan")
        figures["share_of_gap_first_come_to_best_policy_closed"] = closed
        figures["worst_seed_share_of_gap_closed"] = min(shares.values(), default=float("nan"))
        result.more["share_of_gap_closed"] = {str(s): v for s, v in shares.items()}
    if "clairvoyant" in points:
        over = {s: ours[s] - points["clairvoyant"][s] for s in seeds}
        figures["excess_unmet_over_clairvoyant_points"] = mean(over.values())
        figures["worst_seed_excess_points"] = max(over.values())
        for name, theirs in points.items():
            if name not in ("ours", "clairvoyant"):
                excess = mean(theirs[s] - points["clairvoyant"][s] for s in seeds)
                result.comparators[name]["excess_unmet_over_clairvoyant_points"] = excess
    return figures
