"""How long a page takes on a node of a size: 100,000 reports, 6,000 incidents, a million entries.

    jingwei bench pages --json pages.json

The node is filled first (fill.py says what is played and what is bulk-written) and kept in the temporary
folder, for that takes minutes; then it is served by its own processes. Once it is at rest, the chief of the
city's duty office goes round the pages over one connection. Measured is the time from asking to the last byte
of the answer, by whoever asks, on an idle node: the server's time and a little more. Beside it stands what
the front took of the processor, which other work on the machine changes little. Both databases one after the
other, or one: `--database postgres`, its statistics up to date as its own cleaner would keep them;
`--scale 0.1` makes a tenth of it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx

from bench import processes
from bench.activation.bench import sign_in
from bench.node import ROOT, Node, environment, served, set_up, verb
from bench.pages.play import SEED
from bench.run import Result
from bench.soak.curves import percentile

#: Copies of the storm's 2,000 reports and 120 incidents, and entries in the journal.
COPIES, ENTRIES = 50, 1_000_000
DATABASES = ("sqlite", "postgres")
#: Longest that one page in twenty may take, milliseconds.
#: Source: our estimate, under it a page seems to answer at once, 2026-11-22.
TARGET_MS = 100.0
#: How often each page is asked; what comes before that warms templates and caches.
ASKED, WARMING = 60, 8
#: Who goes round: the chief on duty of the city.
CHIEF, PASSWORD = "hejing", "river-town-2021"
#: The node rests when its processes take less than this share of a core for so long, seconds; longest wait.
REST_SHARE, REST_S, PATIENCE_S = 0.1, 5.0, 900.0


def run(*, scale: float = 1.0, database: str = "") -> Result:
    result = Result(bench="pages", seeds=[SEED], more={"command": "jingwei bench pages", "asked": ASKED})
    for one in [database] if database else DATABASES:
        folder = Path(tempfile.gettempdir()) / f"jingwei-bench-pages-{one}-{scale:g}"
        with _database(folder, one) as url:
            result.more[one] = _run(folder, one, url, scale, result)
    return result


def _run(folder: Path, database: str, url: str, scale: float, result: Result) -> dict[str, Any]:
    """Ask every page of a node on this database; what is beside the figures is returned."""
    made, env = _made(folder, url, scale)
    found, more = made["found"], {"load_before": _load()}
    with served(folder / "home", env, password=PASSWORD, feed=made["feed"], reader=made["reader"]) as node:
        more["rested_after_s"] = round(_rest(node), 1)
        if url:
            _look_through(url)
        went = go_round(node, found)
    figures = {f"{name}_p95_ms": round(percentile(one.times, 0.95), 1) for name, one in went.items()}
    figures = {"worst_p95_ms": max(figures.values()), **figures}
    result.figures |= {f"{database}_{name}": value for name, value in figures.items()}
    result.targets |= {f"{database}_{name}": {"op": "<=", "value": TARGET_MS} for name in figures}
    return more | {
        "load_after": _load(),
        "size": found["size"] | {"reports of the biggest room": found["biggest_reports"]},
        "median_ms": {name: round(percentile(one.times, 0.5), 1) for name, one in went.items()},
        "processor_ms": {name: round(one.cpu_ms, 1) for name, one in went.items()},
        "kib": {name: round(one.size / 1024, 1) for name, one in went.items()},
    }


def _made(folder: Path, url: str, scale: float) -> tuple[dict[str, Any], dict[str, str]]:
    """The filled node of that folder, made unless it is there, and the environment of its processes."""
    home, kept = folder / "home", folder / "made.json"
    more = {"JINGWEI_DATABASE": url} if url else {}
    if not kept.exists():
        env, feed, reader = set_up(home, PASSWORD, **more)
        found = fill(env, copies=max(1, round(COPIES * scale)), entries=round(ENTRIES * scale))
        kept.write_text(json.dumps({"feed": feed, "reader": reader, "found": found}))
    env = environment(home, **more)
    verb(env, "migrate", "--no-backup")
    return dict(json.loads(kept.read_text())), env


def _load() -> list[float]:
    return [round(one, 2) for one in os.getloadavg()]


def fill(env: dict[str, str], *, copies: int, entries: int) -> dict[str, Any]:
    """Fill the node in a process of its own; returns how much there is, and where to look."""
    line = [sys.executable, "-m", "bench.pages.fill", str(copies), str(entries)]
    done = subprocess.run(line, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def _rest(node: Node) -> float:
    """Wait until what was written is sealed and nothing is due. Returns how long that took, seconds."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        before = sum(held.cpu_s for held in processes.look(node.pid))
        time.sleep(REST_S)
        if sum(held.cpu_s for held in processes.look(node.pid)) - before < REST_SHARE * REST_S:
            return time.monotonic() - began
    raise RuntimeError("the node does not come to rest")


def list_pages(found: dict[str, Any]) -> dict[str, list[str]]:
    """The pages by name, each with the addresses that are asked in turn."""
    size, room = found["size"], f"/incidents/{found['biggest']}"
    later = f"from={size['incident'] // 2}"
    deep = f"from={size['report'] * 9 // 10}"
    return {
        "desk": ["/"],
        "incidents": ["/incidents"],
        "incidents_all": ["/incidents?view=all"],
        "incidents_deep": [f"/incidents?view=all&{later}"],
        "incidents_waiting": ["/incidents?view=waiting"],
        "incidents_searched": ["/incidents?view=all&q=桥梁"],
        "room": [f"/incidents/{one}" for one in found["usual"]],
        "room_biggest": [room],
        "room_biggest_later": [f"{room}?from=200"],
        "reports": ["/reports"],
        "reports_deep": [f"/reports?{deep}"],
        "reports_waiting": ["/reports?view=waiting"],
        "reports_unread": ["/reports?view=quarantined"],
        "reports_noplace": ["/reports?view=noplace"],
        "reports_rumor": ["/reports?view=rumor"],
        "reports_searched": ["/reports?q=水"],
        "report": [f"/reports/{one}" for one in found["reports"]],
        "tasks": ["/tasks"],
        "tasks_all": ["/tasks?view=all"],
        "tasks_deep": [f"/tasks?view=all&from={size['task'] // 2}"],
        "task": [f"/tasks/{one}" for one in found["tasks"]],
        "clocks": ["/clocks"],
        "clocks_deep": [f"/clocks?from={size['obligation'] // 4}"],
        "clocks_late": ["/clocks?view=late"],
        "clocks_met": ["/clocks?view=met"],
        "clocks_person": ["/clocks?view=person"],
        "sitreps": ["/sitreps"],
        "sitreps_draft": ["/sitreps?view=draft"],
        "releases": ["/releases"],
        "plans": ["/plans"],
        "search": ["/search?q=隧道"],
        "search_rare": [f"/search?q={n}1234" for n in range(1, 9)],
        "search_nothing": ["/search?q=nothing-is-called-so"],
    }


@dataclass
class Went:
    """What one page took: each asking, milliseconds; the front's processor for one; the answer's bytes."""

    times: list[float]
    cpu_ms: float
    size: int


def go_round(node: Node, found: dict[str, Any]) -> dict[str, Went]:
    """Ask each page again and again, as the chief."""
    went: dict[str, Went] = {}
    with httpx.Client(base_url=node.url, timeout=60, headers={"referer": node.url}) as client:
        sign_in(client, CHIEF, node.password)
        for name, paths in list_pages(found).items():
            for path in islice(cycle(paths), WARMING):
                _ask(client, path)
            before = _front_cpu_s(node)
            answers = [_ask(client, path) for path in islice(cycle(paths), ASKED)]
            cpu_ms = (_front_cpu_s(node) - before) * 1000 / ASKED
            went[name] = Went([ms for ms, _ in answers], cpu_ms, max(size for _, size in answers))
            print(f"  {name:24} {percentile(went[name].times, 0.95):8.1f} ms", file=sys.stderr, flush=True)
    return went


def _front_cpu_s(node: Node) -> float:
    return sum(held.cpu_s for held in processes.look(node.pid) if held.role == "front")


def _ask(client: httpx.Client, path: str) -> tuple[float, int]:
    began = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return took, len(answer.content)


@contextmanager
def _database(folder: Path, database: str, **settings: str) -> Iterator[str]:
    """The address of the node's database; '' for the file that a node makes by itself.

    `settings`: of PostgreSQL's server, over those of a server that keeps what it is given.
    """
    folder.mkdir(mode=0o755, exist_ok=True)
    if database == "sqlite":
        yield ""
        return
    import psycopg

    from bench.activation.bench import _DURABLE
    from tests.postgres import Server

    server = Server(folder / "pg", settings=_DURABLE | settings)
    made = server.data.exists()
    (server.start_again if made else server.start)()
    try:
        if not made:
            with psycopg.connect(server.url("postgres"), autocommit=True) as c:
                c.execute("CREATE DATABASE pages")
        yield server.url("pages")
    finally:
        server.stop()


def _look_through(url: str) -> None:
    """What PostgreSQL's own cleaner does in the background, done now."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as c:
        c.execute("VACUUM ANALYZE")
