"""The soak: a real node under mixed use for hours; what grows, how fast, and whether anything was lost.

    jingwei bench soak --hours 2 --json soak.json

Ctrl-C (or SIGTERM) ends the run early and still asks at the end what was lost. Growth is a straight line
through the samples after the warm-up. Needs a POSIX system with /proc.
"""

import math
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from bench import processes
from bench.node import Node, a_node
from bench.run import Result
from bench.soak import curves, ending
from bench.soak.telling import Rate
from bench.soak.users import Feeding, Looking, Public, Tally

#: How often the node is looked at, seconds.
SAMPLE_S = 30.0
SEED = 20210720
#: Source: our estimate: at these speeds a node started with the flood season is no fuller at its end than
#: a storm may make it; memory of Python processes settles, it does not stand still. 2026-11-22.
TARGETS: dict[str, dict[str, float | str]] = {
    "lost": {"op": "==", "value": 0},
    "doubled": {"op": "==", "value": 0},
    "failed_reactions": {"op": "==", "value": 0},
    "wrong": {"op": "==", "value": 0},
    "verify_holds": {"op": "==", "value": 1},
    "ended_cleanly": {"op": "==", "value": 1},
    "rss_mib_per_hour": {"op": "<=", "value": 30},
    "files_per_hour": {"op": "<=", "value": 5},
    "threads_per_hour": {"op": "<=", "value": 1},
    "backlog_end": {"op": "<=", "value": 0},
}


def run(hours: float = 2.0) -> Result:
    """Soak a node for so many hours; samples go to the error output as they come."""
    result = Result(bench="soak", seeds=[SEED], targets=TARGETS)
    home = Path(tempfile.mkdtemp(prefix="jingwei-soak-"))
    stop = threading.Event()
    before = {n: signal.signal(n, lambda *_: stop.set()) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        with a_node(home) as node:
            tally, samples = Tally(), []
            _use(node, tally, samples, until_s=hours * 3600, stop=stop)
            result.figures |= _asked_at_the_end(node, tally, result)
            node.process.terminate()
            result.figures["ended_cleanly"] = float(node.process.wait(60) == 0)
        _sum_up(result, tally, samples, hours)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _keep_log(home)
    return result


def _use(
    node: Node, tally: Tally, samples: list[dict[str, float]], *, until_s: float, stop: threading.Event
) -> None:
    """Everybody uses the node until the time is over; the node is looked at meanwhile."""
    feeding = Feeding(node, tally, Rate(), seed=SEED, stop=stop)
    looking = [
        Looking(node, tally, username=name, rest_s=rest, stop=stop)
        for name, rest in (("lisiyuan", 2.0), ("hejing", 5.0), ("chiqinghe", 7.0), ("baishuyan", 11.0))
    ]
    public = Public(node, tally, rest_s=10.0, seed=SEED + 1, stop=stop)
    senders = feeding.threads(until_s)
    everybody = [*senders, public.thread(), *(one.thread() for one in looking)]
    for one in everybody:
        one.start()
    begun = time.monotonic()
    try:
        while not stop.is_set() and time.monotonic() - begun < until_s:
            stop.wait(min(SAMPLE_S, begun + until_s - time.monotonic()))
            samples.append(_sample(node, tally, (time.monotonic() - begun) / 3600))
            print(_told(samples[-1]), file=sys.stderr, flush=True)
    finally:
        stop.set()
        for one in everybody:
            one.join(120)


def _sample(node: Node, tally: Tally, hours: float) -> dict[str, float]:
    """The node as it is now, from outside."""
    held = processes.look(node.pid)
    found = {"hours": hours, "rss_mib": sum(h.rss_mib for h in held), "pss_mib": sum(h.pss_mib for h in held)}
    found |= {"files": float(sum(h.files for h in held)), "threads": float(sum(h.threads for h in held))}
    for role in sorted({h.role for h in held}):
        own = [h for h in held if h.role == role]
        found[f"rss_mib.{role}"] = sum(h.rss_mib for h in own)
        found[f"files.{role}"] = float(sum(h.files for h in own))
        found[f"threads.{role}"] = float(sum(h.threads for h in own))
        found[f"cpu_s.{role}"] = sum(h.cpu_s for h in own)
    found |= processes.disk(node.home)
    intake, pages = tally.flush()
    for name, times, share in (("intake_p99_ms", intake, 0.99), ("intake_p50_ms", intake, 0.5),
                               ("page_p95_ms", pages, 0.95), ("page_p50_ms", pages, 0.5)):  # fmt: skip
        found[name] = curves.percentile(times, share)
    found["reports"] = float(len(tally.acknowledged) + len(tally.garbage) + len(tally.public))
    found["load_1"] = os.getloadavg()[0]
    return found | _counts(node)


def _counts(node: Node) -> dict[str, float]:
    try:
        with _reader(node) as client:
            told = client.get("/api/v1/node").raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return {}
    return {"backlog": float(told["due"]), "entries": float(told["entries"]), "failed": float(told["failed"])}


def _reader(node: Node) -> httpx.Client:
    return httpx.Client(base_url=node.url, headers={"authorization": f"Bearer {node.reader}"}, timeout=120)


def _told(sample: dict[str, float]) -> str:
    names = ("reports", "backlog", "rss_mib", "files", "threads", "database_mib", "wal_mib")
    names += ("intake_p99_ms", "page_p95_ms", "failed", "load_1")
    values = "  ".join(f"{n} {sample.get(n, float('nan')):.1f}" for n in names)
    return f"{sample['hours'] * 60:6.1f} min  {values}"


def _asked_at_the_end(node: Node, tally: Tally, result: Result) -> dict[str, float]:
    with _reader(node) as client:
        found = {"drain_s": ending.drained(client)}
        found |= ending.read_back(client, tally)
        again = ending.handed_in_again(node, tally)
        told = client.get("/api/v1/node").json()
    found |= again | {"backlog_end": float(told["due"]), "failed_reactions": float(told["failed"])}
    found["entries"] = float(told["entries"])
    lost = ("lost_in_list", "lost_garbage", "lost_public", "renumbered")
    found["lost"] = again["lost"] + sum(found[name] for name in lost)
    found["verify_holds"], said = ending.verified(node)
    result.more["verify"] = said
    return found


def _sum_up(result: Result, tally: Tally, samples: list[dict[str, float]], hours: float) -> None:
    grown = curves.growth(samples)
    for name in ("rss_mib", "files", "threads", "database_mib", "page_p95_ms", "intake_p99_ms"):
        result.figures[f"{name}_per_hour"] = grown.get(name, {}).get("per_hour", float("nan"))
    result.figures |= {
        "hours": samples[-1]["hours"] if samples else 0.0,
        "acknowledged": float(len(tally.acknowledged) + len(tally.garbage) + len(tally.public)),
        "wrong": float(tally.counts["wrong"]),
        "rss_mib_most": max((s["rss_mib"] for s in samples), default=float("nan")),
        "backlog_most": max((s.get("backlog", 0.0) for s in samples), default=float("nan")),
        "intake_p99_ms": curves.percentile([s["intake_p99_ms"] for s in samples], 0.5),
        "page_p95_ms": curves.percentile([s["page_p95_ms"] for s in samples], 0.5),
    }
    result.more |= {
        "asked_hours": hours,
        "rate": {n: getattr(Rate(), n) for n in Rate.__dataclass_fields__},
        "counts": dict(sorted(tally.counts.items())),
        "wrong": tally.wrong,
        "growth": grown,
        "samples": [{k: round(v, 3) for k, v in one.items() if v == v} for one in samples],
    }
    # what could not be measured is left out: JSON has no word for it
    result.figures = {k: v for k, v in result.figures.items() if math.isfinite(v)}


def _keep_log(home: Path) -> None:
    """What the node said stays beside; the rest of its folder goes."""
    log = home / "serve.log"
    if log.exists() and log.stat().st_size:
        kept = Path(tempfile.gettempdir()) / f"{home.name}.log"
        shutil.copyfile(log, kept)
        print(f"the node's log: {kept}", file=sys.stderr)
    shutil.rmtree(home, ignore_errors=True)
