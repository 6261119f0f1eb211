"""Too much at once: asked to come back before memory grows, emergency calls still taken, nothing lost."""

import json
import threading
import time
from collections import Counter

import httpx
import pytest

from bench import processes
from jingwei.apps.agencies.actions import issue_token
from jingwei.apps.journal import queries as journal
from jingwei.apps.reports.models import Report
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of
from tests.nodes import serving

pytestmark = pytest.mark.slow
POSTS = {"calls": "4101-zbs-calls", "feeds": "4101-zbs-feeds", "hotline": "4101-12345-feed"}


def token_of(post: str) -> dict[str, str]:
    from jingwei.apps.agencies.models import Holding

    holding = Holding.objects.get(post__code=POSTS[post])
    plain = issue_token(holding.pk, "test", by=holding_of("zhongyu"), moment=real_moment())
    return {"authorization": f"Bearer {plain}"}


def front_mib(pid: int) -> float:
    return sum(h.rss_mib for h in processes.look(pid) if h.role == "front")


class Flood:
    """Callers who send batches as fast as they can, without waiting when they are told to."""

    def __init__(self, url: str, token: dict[str, str], *, callers: int, batch: int, width: int = 0) -> None:
        self.url, self.token, self.batch, self.width = url, token, batch, width
        self.over = threading.Event()
        self.answers: Counter[int] = Counter()
        self.acknowledged: set[str] = set()
        self.without_date = 0
        self.threads = [threading.Thread(target=self._pour, args=(i,)) for i in range(callers)]

    def __enter__(self) -> "Flood":
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for one in self.threads:
            one.join()

    def _pour(self, number: int) -> None:
        words = [f"洪水 {number}-{i} " + "水" * self.width for i in range(self.batch)]
        body = json.dumps([{"words": one, "place": "410105"} for one in words])
        with httpx.Client(base_url=self.url, headers=self.token, timeout=60) as client:
            while not self.over.is_set():
                try:
                    answer = client.post("/api/v1/reports", content=body)
                except httpx.HTTPError:  # the node closed the line before it read all
                    self.answers[0] += 1
                    continue
                self.answers[answer.status_code] += 1
                if answer.status_code == 201:
                    self.acknowledged |= {one["id"] for one in answer.json()["reports"]}
                else:
                    self.without_date += "retry-after" not in answer.headers


def test_others_are_told_to_come_back_while_emergency_calls_are_taken(live_db):
    tokens = {name: token_of(name) for name in POSTS}
    with serving(live_db) as node:
        with httpx.Client(base_url=node.url, headers=tokens["calls"], timeout=60) as calls:
            calls.post("/api/v1/reports", json={"words": "第一条"})
            time.sleep(4)  # the list of those who go first has been read
            before = front_mib(node.process.pid)
            most, waited, taken = 0.0, [], []
            with (
                Flood(node.url, tokens["feeds"], callers=20, batch=500) as feeds,
                Flood(node.url, tokens["hotline"], callers=20, batch=500) as hotline,
            ):
                until = time.monotonic() + 12
                while time.monotonic() < until:
                    started = time.monotonic()
                    answer = calls.post("/api/v1/reports", json={"words": "有人被困", "rescue": True})
                    waited.append(time.monotonic() - started)
                    taken.append((answer.status_code, answer.json().get("id")))
                    most = max(most, front_mib(node.process.pid))
                    time.sleep(0.1)
        told = feeds.answers + hotline.answers
        assert told[503] > 20 and told[201] > 5, told
        assert feeds.without_date == hotline.without_date == 0, "every 503 says when to come back"
        assert [status for status, _ in taken if status != 201] == [], "every emergency call was taken"
        assert sorted(waited)[len(waited) // 2] < 10
        assert most - before < 700, f"{before:.0f} MiB before, {most:.0f} MiB at most"
    acknowledged = feeds.acknowledged | hotline.acknowledged
    acknowledged |= {number for _, number in taken}
    stored = {str(i) for i in Report.objects.values_list("id", flat=True)}
    assert acknowledged <= stored and journal.count_failures() == 0


def test_large_bodies_find_no_room_before_they_are_in_memory(live_db):
    token = token_of("feeds")
    with serving(live_db) as node:
        httpx.post(f"{node.url}/api/v1/reports", json={"words": "x"}, headers=token, timeout=30)
        before, most = front_mib(node.process.pid), 0.0
        with Flood(node.url, token, callers=40, batch=200, width=5_000) as flood:
            until = time.monotonic() + 8
            while time.monotonic() < until:
                most = max(most, front_mib(node.process.pid))
                time.sleep(0.1)
        # 40 callers with 6 MB each would be 240 MB of bodies, and several times that once read
        assert flood.answers[503] + flood.answers[0] > 10, flood.answers
        assert most - before < 400, f"{before:.0f} MiB before, {most:.0f} MiB at most"
        ids = flood.acknowledged
    assert {str(i) for i in Report.objects.values_list("id", flat=True)} >= ids


def test_a_stranger_is_refused_before_the_body_is_read(live_db):
    token_of("feeds")
    with serving(live_db) as node:
        stranger = {"authorization": "Bearer jw_made-up"}
        answer = httpx.post(f"{node.url}/api/v1/reports", json={"words": "x"}, headers=stranger, timeout=30)
        assert answer.status_code == 401
        sent = 0

        def endless():
            nonlocal sent
            while sent < 200 * 1024 * 1024:
                sent += 65536
                yield b" " * 65536

        try:
            answer = httpx.post(f"{node.url}/api/v1/reports", content=endless(), headers=stranger, timeout=30)
            assert answer.status_code == 401
        except httpx.HTTPError:
            pass  # the line was closed while it was still sending
        assert sent < 8 * 1024 * 1024
