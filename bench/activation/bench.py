"""From a person's decision to everything started: a plan of 200 orders is activated through its page.

The clock runs from the moment the form is sent until the answer is there: orders, command body, measures
and call-out are then written down in one transaction, and counted on the response's page. The draft
notices follow from a reaction; how long until they stand there is told beside it, without a target.
"""

import json
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.node import ROOT, Node, a_node
from bench.node import verb as run_verb
from bench.run import Result

#: Orders of one activation, and the time they may take, seconds.
#: Source: what the product promises: under a second from decision to everything started, 2026-11-22.
ACTIONS, TARGET_S = 200, 1.0
#: Activations measured on each database; the slowest counts.
ROUNDS = 5
#: Who activates where: the leader of the county's government, under the plan's county rows.
LEADER, COUNTY = "xingyantian", "410182"
#: Until when the draft notices must stand there, or the run is no run, seconds.
PATIENCE_S = 30.0

_PLAN = ROOT / "src/jingwei/data/plans/zhengzhou-flood.json"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FIELD = re.compile(r'name="(version|until)"[^>]* value="([^"]*)"')
_ORDERS = re.compile(r'href="/tasks/[0-9a-f-]{36}"')
_NOTICES = re.compile(r'class="title" href="/releases/[0-9a-f-]{36}"')
#: A data folder for a PostgreSQL that keeps its promises, as a node's would.
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on"}


@dataclass(frozen=True)
class Round:
    """One activation as seen from outside."""

    answered_s: float
    drafted_s: float
    orders: int


def plan_of(actions: int, code: str) -> dict[str, Any]:
    """The shipped plan with so many orders at the county's mildest level, to all receivers it knows."""
    body: dict[str, Any] = json.loads(_PLAN.read_text(encoding="utf-8"))
    own = [t for t in body["tasks"] if t["scope"] == "county"]
    body["tasks"] = [own[n % len(own)] | {"id": f"t{n}", "level": 4} for n in range(actions)]
    return body | {"code": code, "version": "bench"}


def run() -> Result:
    result = Result(
        "activation",
        targets={"activation_200_s": {"op": "<=", "value": TARGET_S}},
        more={
            "command": "jingwei bench activation",
            "commit": _commit(),
            "rounds": ROUNDS,
            "orders": ACTIONS,
            "counted": "the slowest round of both databases",
        },
    )
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        for name, node in _nodes(Path(folder)):
            with node as running:
                rounds = [_measure(running, f"bench-{n}") for n in range(ROUNDS)]
            _told(result, name, rounds)
    slowest = max(v for k, v in result.figures.items() if k.endswith("_slowest_s"))
    result.figures = {"activation_200_s": slowest, **result.figures}
    return result


def _commit() -> str:
    """Which state of the checkout was measured; `+` when files were changed since."""
    line = ["git", "describe", "--always", "--abbrev=12", "--dirty=+"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _told(result: Result, name: str, rounds: list[Round]) -> None:
    short = [r.orders for r in rounds if r.orders != ACTIONS]
    if short:
        raise RuntimeError(f"{name}: {short} orders were started instead of {ACTIONS}")
    answered = [r.answered_s for r in rounds]
    result.figures[f"{name}_slowest_s"] = round(max(answered), 4)
    result.figures[f"{name}_median_s"] = round(statistics.median(answered), 4)
    result.figures[f"{name}_notices_drafted_s"] = round(max(r.drafted_s for r in rounds), 4)


def _nodes(folder: Path) -> Iterator[tuple[str, Any]]:
    yield "sqlite", a_node(folder / "sqlite-node")
    with _postgres(folder / "pg") as url:
        yield "postgres", a_node(folder / "postgres-node", JINGWEI_DATABASE=url)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    import psycopg

    from tests.postgres import Server

    server = Server(folder, settings=_DURABLE)
    server.start()
    try:
        with psycopg.connect(
            host=str(server.folder), user="postgres", dbname="postgres", autocommit=True
        ) as c:
            c.execute("CREATE DATABASE activation")
        yield server.url("activation")
    finally:
        server.stop()


def _measure(node: Node, code: str) -> Round:
    file = node.home / f"{code}.json"
    file.write_text(json.dumps(plan_of(ACTIONS, code), ensure_ascii=False), encoding="utf-8")
    run_verb(node.env, "plan", str(file), "--as", "zhongyu")
    with httpx.Client(base_url=node.url, timeout=60, headers={"referer": node.url}) as client:
        sign_in(client, LEADER, node.password)
        page = client.get(f"/plans/{code}/activate?place={COUNTY}&level=4").raise_for_status().text
        form = dict(_FIELD.findall(page)) | {
            "csrfmiddlewaretoken": _token(page), "place": COUNTY, "level": "4", "matter": "防汛",
        }  # fmt: skip
        began = time.perf_counter()
        answer = client.post(f"/plans/{code}/activate", data=form)
        answered = time.perf_counter() - began
        if answer.status_code != 302:
            raise RuntimeError(f"the activation was not taken: {answer.status_code}")
        where = answer.headers["location"]
        page = client.get(where).raise_for_status().text
        orders = len(set(_ORDERS.findall(page)))
        while not _NOTICES.search(page):
            if time.perf_counter() - began > PATIENCE_S:
                raise RuntimeError("no draft notice stands there")
            time.sleep(0.02)
            page = client.get(where).raise_for_status().text
        return Round(answered, time.perf_counter() - began, orders)


def sign_in(client: httpx.Client, username: str, password: str) -> None:
    """By the form, as a person does."""
    form = {"username": username, "password": password}
    form["csrfmiddlewaretoken"] = _token(client.get("/sign-in").raise_for_status().text)
    answer = client.post("/sign-in", data=form)
    if answer.status_code != 302 or answer.headers["location"] != "/":
        raise RuntimeError(f"{username} is not signed in: {answer.status_code}")


def _token(page: str) -> str:
    found = _TOKEN.search(page)
    if found is None:
        raise RuntimeError("the page has no form")
    return found[1]
