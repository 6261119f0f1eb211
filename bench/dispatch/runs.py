"""One policy on one world, in a process of its own: what it ordered, checked and scored, and what it took."""

import multiprocessing
import resource
import time
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.dispatch.checker import walk
from bench.dispatch.settings import REGIMES, Setting
from bench.dispatch.simple import FirstCome, Greedy
from bench.dispatch.world import Policy, make, replay, score

HERE = Path(__file__).resolve().parent
#: What is left out of ours in each ablation.
ABLATIONS = ("anticipation", "deferral", "pruning")
OURS = ("ours", *(f"ours_no_{name}" for name in ABLATIONS))
OTHERS = ("first_come", "greedy", "resolve")
#: The two yardsticks: a policy, and a bound.
YARDSTICKS = ("knowing", "clairvoyant")


@dataclass(frozen=True)
class Job:
    name: str
    seed: int
    regime: str = "same"
    scale: float = 1.0
    futures: int = 0  # of the policy that knows; 0: as tuned

    @property
    def setting(self) -> Setting:
        return REGIMES[self.regime].scaled(self.scale)


#: Figures of one run.
Told = dict[str, Any]


def tuned() -> dict[str, dict[str, Any]]:
    return tomllib.loads((HERE / "tuned.toml").read_text(encoding="utf-8"))


def policy_of(job: Job) -> Policy:
    settings = tuned().get(job.name, {})
    if job.name == "first_come":
        return FirstCome()
    if job.name == "greedy":
        return Greedy(**settings)
    if job.name == "resolve":
        from bench.dispatch.resolve import Resolve

        return Resolve(**settings)
    if job.name == "knowing":
        from bench.dispatch.knowing import Knowing

        return Knowing(**(settings | ({"futures": job.futures} if job.futures else {})))
    if job.name in OURS:
        from bench.dispatch import ours

        off = job.name.removeprefix("ours_no_")
        return ours.policy(**({off: False} if off in ABLATIONS else {}))
    raise ValueError(job.name)


def do(job: Job) -> dict[str, Any]:
    """In the child. Figures of the run: points, breaches by kind, seconds, memory of it and its children."""
    begin = time.perf_counter()
    world = make(job.seed, job.setting)
    if job.name == "clairvoyant":
        from bench.dispatch.clairvoyant import bound

        least = bound(world)
        told: dict[str, Any] = {"unmet_points": least.unmet_points, "columns": least.columns,
                                "certificate": vars(least.certificate)}  # fmt: skip
    else:
        done = replay(world, policy_of(job))
        found = walk(world, done)
        told = score(world, found.good) | {
            "orders": found.orders, "breaches": dict(found.breaches),
            "worst_step_s": max(done.seconds), "p95_step_s": float(np.quantile(done.seconds, 0.95)),
        }  # fmt: skip
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return told | {"seconds": time.perf_counter() - begin, "peak_mib": peak / 1024}


def do_all(jobs: Iterable[Job], at_once: int = 1, say: Callable[[str], None] = print,
           known: Callable[[Job], Told | None] = lambda _: None,
           keep: Callable[[Job, Told], None] = lambda *_: None) -> dict[Job, Told]:  # fmt: skip
    """Every job, each in a fresh process. `known` and `keep`: results of a run that was broken off."""
    every = list(jobs)
    found = {job: told for job in every if (told := known(job)) is not None}
    left, begin = [job for job in every if job not in found], time.perf_counter()
    way = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(at_once, mp_context=way, max_tasks_per_child=1) as pool:
        running = {pool.submit(do, job): job for job in left}
        for number, one in enumerate(as_completed(running), 1):
            job, told = running[one], one.result()
            found[job] = told
            keep(job, told)
            after = time.perf_counter() - begin
            what = f"{told['unmet_points']:.2f} points in {told['seconds']:.0f} s"
            say(f"{number}/{len(left)} after {after:.0f} s: {job.regime} {job.seed} {job.name} {what}")
    return found
