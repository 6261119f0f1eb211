"""How much is sent in one run, and what every part of it needs: the node, orders, what was acknowledged."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench import processes
from bench.intake.sender import Order, Sent, now_said
from bench.node import Node
from bench.run import Result
from bench.soak.ending import drained

SEED = 20210720
#: How long the storm lasts for which something is promised.
MINUTES = 10.0


@dataclass(frozen=True)
class Load:
    """How much is sent. `batches` of `per_batch` reports; singles and batches so many times over.

    A batch is as large as what the node takes into one transaction: both sides commit as often.
    """

    minutes: float = MINUTES
    per_s: float = 300.0
    connections: int = 32
    singles: int = 6_000
    batches: int = 10
    per_batch: int = 1_000
    at_once: int = 2
    rounds: int = 3
    warm_up: int = 500


@dataclass
class Run:
    """One run on one node, and what was acknowledged in it."""

    node: Node
    folder: Path
    load: Load
    result: Result
    sendings: list[tuple[Order, Mapping[int, str]]] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)

    def order(self, name: str, count: int, **more: object) -> Order:
        given: dict[str, object] = {
            "url": self.node.url, "path": "/api/v1/reports", "token": self.node.feed, "name": name,
            "seed": SEED, "begun_at": now_said(), "first": 0, "count": count, "per_body": 1,
            "connections": self.load.connections, "out": str(self.folder / f"{name}.json"),
        }  # fmt: skip
        return Order(**given | more)  # type: ignore[arg-type]

    def taken(self, order: Order, sent: Sent) -> Sent:
        """Note what was acknowledged; nothing may be given up."""
        self.sendings.append((order, sent.ids))
        if sent.given_up or len(sent.ids) != order.count:
            raise RuntimeError(f"{order.name}: {len(sent.ids)} of {order.count} taken, {sent.statuses}")
        return sent

    def rest(self) -> float:
        """Wait until the worker has nothing left to do. Returns how long it took, seconds."""
        with reader(self.node) as client:
            return drained(client)


def reader(node: Node) -> httpx.Client:
    return httpx.Client(base_url=node.url, headers={"authorization": f"Bearer {node.reader}"}, timeout=120)


def read_only(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True)


def cpu_s(node: Node) -> dict[str, float]:
    """Processor time of each kind of process so far, seconds."""
    found: dict[str, float] = {"front": 0.0}
    for one in processes.look(node.pid):
        found[one.role] = found.get(one.role, 0.0) + one.cpu_s
    return found


def per_report_ms(before: Mapping[str, float], after: Mapping[str, float], reports: int) -> float:
    """Processor time of all the node's processes between two looks, milliseconds for each report."""
    return sum(after[role] - before.get(role, 0.0) for role in after) / reports * 1000
