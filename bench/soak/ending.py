"""What is asked of the node when the run is over: is everything there, once, and does the record hold."""

import json
import time
from collections import Counter

import httpx

from bench.node import Node, verb
from bench.soak.users import Tally

#: How long what is due may take to be done when nothing new comes, seconds.
DRAIN_S = 900.0
#: Reports a page when reading them back, and when handing them in again.
A_PAGE = 500


def drained(client: httpx.Client) -> float:
    """Wait until nothing is due. Returns how long it took, seconds; infinite when it never came."""
    started = time.monotonic()
    while time.monotonic() - started < DRAIN_S:
        if client.get("/api/v1/node").json()["due"] == 0:
            return time.monotonic() - started
        time.sleep(0.5)
    return float("inf")


def handed_in_again(node: Node, tally: Tally) -> dict[str, float]:
    """Every acknowledged report again, under its key: the node must know it, under the same number."""
    found = {"lost": 0, "renumbered": 0}
    rows = sorted(tally.acknowledged.items())
    token = {"authorization": f"Bearer {node.feed}"}
    with httpx.Client(base_url=node.url, headers=token, timeout=120) as client:
        for start in range(0, len(rows), A_PAGE):
            part = rows[start : start + A_PAGE]
            bodies = [json.loads(_text(sending.body)) for _, (_, sending) in part]
            answers = client.post("/api/v1/reports", json=bodies).raise_for_status().json()["reports"]
            for (_, (number, _)), answer in zip(part, answers, strict=True):
                found["lost"] += answer["status"] != "known"
                found["renumbered"] += answer["status"] == "known" and answer["id"] != number
    return {k: float(v) for k, v in found.items()}


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030")


def read_back(client: httpx.Client, tally: Tally) -> dict[str, float]:
    """Read every report of the node, page by page, and count each number and each mark."""
    ids: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    # counted from the oldest end would be simpler; the list is newest first and nothing comes in now
    total, offset = 1, 0
    while offset < total:
        page = client.get("/api/v1/reports", params={"offset": offset, "limit": A_PAGE}).raise_for_status()
        content = page.json()
        total, offset = content["page"]["total"], offset + A_PAGE
        ids.update(one["id"] for one in content["reports"])
        marks.update(word for one in content["reports"] for word in one["words"].split()[-1:])
    known = [number for number, _ in tally.acknowledged.values()]
    return {
        "reports_stored": float(total),
        "lost_in_list": float(sum(1 for number in known if ids[number] != 1)),
        "lost_garbage": float(sum(1 for number in tally.garbage.values() if ids[number] != 1)),
        "lost_public": float(sum(1 for mark in tally.public if marks[mark] != 1)),
        "doubled": float(sum(1 for sending in tally.acknowledged if marks[sending] > 1)),
    }


def verified(node: Node) -> tuple[float, str]:
    """What `jingwei verify` says: 1 it holds, 0 it does not, nan when the node has no such verb."""
    done = verb(node.env, "verify", check=False)
    told = (done.stdout + done.stderr).strip()
    if "invalid choice" in told:
        return float("nan"), "this release has no verify"
    return float(done.returncode == 0), told[-2000:]
