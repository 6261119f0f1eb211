"""What a node holds: at rest, in a storm, and when it is asked for more than it can do.

    jingwei bench bounds --json bounds.json

At rest: served, worker and all, an officer at the desk. Storm: 300 reports/s told in batches and one by one
by three feeds, officers going round their pages, live streams, photos from the public. Overload: feeds that
send as fast as they can and do not wait when they are told to, while emergency calls come in.
Memory is the resident set of all processes together; beside it the share in which a page held by two
processes counts once.
"""

import json
import tempfile
import threading
import time
from pathlib import Path

import httpx

from bench import processes
from bench.node import Node, a_node, verb
from bench.run import Result
from bench.soak.curves import percentile
from bench.soak.telling import Rate
from bench.soak.users import Feeding, Looking, Public, Tally

#: How long each part lasts, seconds.
REST_S, STORM_S, OVERLOAD_S = 45.0, 90.0, 30.0
SEED = 20210720
STORM = Rate(steady_per_s=300.0, burst_per_s=300.0)
TARGETS: dict[str, dict[str, float | str]] = {
    "rest_rss_mib": {"op": "<=", "value": 300},
    "storm_rss_mib": {"op": "<=", "value": 4096},
    "overload_rss_mib": {"op": "<=", "value": 4096},
    "overload_refused": {"op": ">=", "value": 1},
    "overload_without_retry_after": {"op": "==", "value": 0},
    "overload_calls_refused": {"op": "==", "value": 0},
    "lost": {"op": "==", "value": 0},
}


class Watching:
    """The most the node held while the block lasted."""

    def __init__(self, node: Node) -> None:
        self.node, self.over = node, threading.Event()
        self.rss: list[float] = []
        self.pss: list[float] = []
        self.files: list[int] = []
        self.by_role: dict[str, float] = {}
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Watching":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.over.wait(0.5):
            held = processes.look(self.node.pid)
            self.rss.append(sum(h.rss_mib for h in held))
            self.pss.append(sum(h.pss_mib for h in held))
            self.files.append(sum(h.files for h in held))
            for one in held:
                self.by_role[one.role] = max(self.by_role.get(one.role, 0.0), one.rss_mib)


def run() -> Result:
    result = Result(bench="bounds", seeds=[SEED], targets=TARGETS)
    with (
        tempfile.TemporaryDirectory(prefix="jingwei-bounds-") as folder,
        a_node(Path(folder) / "home") as node,
    ):
        _rest(node, result)
        tally = _storm(node, result)
        _overload(node, tally, result)
        result.figures["lost"] = _lost(node, tally)
        result.figures |= {f"end_{k}": round(v, 1) for k, v in processes.disk(node.home).items()}
    result.figures = {k: round(v, 2) for k, v in result.figures.items()}
    return result


def _note(result: Result, name: str, seen: Watching, *, most: bool = True) -> None:
    """The most of a part; at rest the middle of its second half."""
    for kind, values in (("rss", seen.rss), ("pss", seen.pss)):
        late = values[len(values) // 2 :]
        result.figures[f"{name}_{kind}_mib"] = max(values) if most else percentile(late, 0.5)
    result.figures[f"{name}_files"] = float(max(seen.files))
    result.more[f"{name}_rss_mib_by_process"] = {k: round(v, 1) for k, v in sorted(seen.by_role.items())}


def _rest(node: Node, result: Result) -> None:
    stop = threading.Event()
    officer = Looking(node, Tally(), username="chiqinghe", rest_s=5.0, stop=stop).thread()
    officer.start()
    with Watching(node) as seen:
        time.sleep(REST_S)
    stop.set()
    officer.join()
    _note(result, "rest", seen, most=False)
    result.figures |= {f"rest_{k}": v for k, v in processes.disk(node.home).items()}


def _storm(node: Node, result: Result) -> Tally:
    stop, tally = threading.Event(), Tally()
    before = processes.disk(node.home)
    feeding = Feeding(node, tally, STORM, seed=SEED, stop=stop)
    names = ("lisiyuan", "hejing", "chiqinghe", "baishuyan", "luoruchuan", "yuzijin")
    looking = [Looking(node, tally, username=n, rest_s=1.0, stop=stop).thread() for n in names]
    everybody = [
        *feeding.threads(STORM_S),
        *looking,
        Public(node, tally, rest_s=1.0, seed=7, stop=stop).thread(),
    ]
    with Watching(node) as seen:
        for one in everybody:
            one.start()
        time.sleep(STORM_S)
        stop.set()
        for one in everybody:
            one.join()
    _note(result, "storm", seen)
    intake, pages = tally.flush()
    result.figures |= {
        "storm_reports": float(len(tally.acknowledged) + len(tally.garbage)),
        "storm_intake_p99_ms": percentile(intake, 0.99),
        "storm_page_p95_ms": percentile(pages, 0.95),
    }
    grown = sum(processes.disk(node.home).values()) - sum(before.values())
    result.figures["storm_kib_per_report"] = grown * 1024 / max(1, len(tally.acknowledged))
    result.more["storm_counts"] = dict(sorted(tally.counts.items()))
    return tally


def _overload(node: Node, tally: Tally, result: Result) -> None:
    """Feeds without manners, and one line of emergency calls."""
    hotline = verb(node.env, "token", "4101-12345-feed", "bench", "--as", "zhongyu").stdout.split()[-1]
    calls = verb(node.env, "token", "4101-zbs-calls", "bench", "--as", "zhongyu").stdout.split()[-1]
    over, counts = threading.Event(), Tally()
    body = json.dumps([{"words": f"过载 {i}", "place": "410105"} for i in range(500)]).encode()

    def pour(token: str) -> None:
        with httpx.Client(
            base_url=node.url, headers={"authorization": f"Bearer {token}"}, timeout=90
        ) as client:
            while not over.is_set():
                try:
                    answer = client.post("/api/v1/reports", content=body)
                except httpx.HTTPError:
                    counts.add("closed")
                    continue
                counts.add(str(answer.status_code))
                if answer.status_code == 201:
                    ids = [one["id"] for one in answer.json()["reports"]]
                    with tally.lock:
                        tally.garbage.update((one, one) for one in ids)
                elif answer.status_code == 503 and "retry-after" not in answer.headers:
                    counts.add("without")

    floods = [threading.Thread(target=pour, args=(t,)) for t in (node.feed, hotline) for _ in range(24)]
    waited: list[float] = []
    with Watching(node) as seen, httpx.Client(base_url=node.url, timeout=60) as line:
        line.headers["authorization"] = f"Bearer {calls}"
        for one in floods:
            one.start()
        until = time.monotonic() + OVERLOAD_S
        while time.monotonic() < until:
            started = time.perf_counter()
            answer = line.post("/api/v1/reports", json={"words": "有人被困", "rescue": True})
            waited.append((time.perf_counter() - started) * 1000)
            counts.add("calls" if answer.status_code == 201 else "calls_refused")
            time.sleep(0.1)
        over.set()
        for one in floods:
            one.join()
    _note(result, "overload", seen)
    result.figures |= {
        "overload_refused": float(counts.counts["503"]),
        "overload_taken": float(counts.counts["201"]) * 500,
        "overload_without_retry_after": float(counts.counts["without"]),
        "overload_calls": float(counts.counts["calls"]),
        "overload_calls_refused": float(counts.counts["calls_refused"]),
        "overload_calls_p95_ms": percentile(waited, 0.95),
    }
    result.more["overload_counts"] = dict(sorted(counts.counts.items()))


def _lost(node: Node, tally: Tally) -> float:
    """Acknowledged reports that the node does not list."""
    ids: set[str] = set()
    token = {"authorization": f"Bearer {node.reader}"}
    with httpx.Client(base_url=node.url, headers=token, timeout=120) as client:
        total, offset = 1, 0
        while offset < total:
            page = (
                client.get("/api/v1/reports", params={"offset": offset, "limit": 500})
                .raise_for_status()
                .json()
            )
            total, offset = page["page"]["total"], offset + 500
            ids |= {one["id"] for one in page["reports"]}
    known = {number for number, _ in tally.acknowledged.values()} | set(tally.garbage.values())
    return float(len(known - ids))
