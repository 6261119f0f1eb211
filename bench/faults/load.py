"""People and programs who go on reporting whatever happens, and remember what they were told.

Each report has a mark of its own in its words. One that was not acknowledged is sent again under the
same key until it is; some that were are sent again too, as a caller does whose answer got lost.
"""

import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.soak.telling import PLACES

#: How long a sender waits for an answer, seconds: longer than a node may take to say that it cannot.
TIMEOUT_S = 30.0
#: Share of acknowledged reports that are sent again.
AGAIN = 0.1


@dataclass
class Told:
    """What the senders know. `acked`: mark to the id they were given."""

    acked: dict[str, str] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest_s: float = 0.0


class Load:
    """`senders` threads, each at most `per_s` reports a second."""

    def __init__(self, url: str, token: str, *, seed: int, senders: int = 4, per_s: float = 12.0) -> None:
        parts = urlsplit(url)
        self.host, self.port, self.token, self.seed = parts.hostname or "", parts.port, token, seed
        self.pause_s = 1 / per_s
        self.told, self._lock, self._count = Told(), threading.Lock(), itertools.count()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,), daemon=True) for n in range(senders)]

    def start(self) -> None:
        for one in self._threads:
            one.start()

    def finish(self, patience_s: float = 60.0) -> None:
        """Stop beginning new reports; those that are open are still sent until they are taken."""
        self._stop.set()
        until = time.monotonic() + patience_s
        for one in self._threads:
            one.join(max(0.0, until - time.monotonic()))

    def acked(self) -> int:
        return len(self.told.acked)

    def _send(self, number: int) -> None:
        chance, line = random.Random(self.seed * 1000 + number), _Line(self.host, self.port or 80)
        mine: list[dict[str, object]] = []
        while not self._stop.is_set():
            if mine and chance.random() < AGAIN:
                report = chance.choice(mine)
            else:
                report = self._report(chance)
                mine.append(report)
                with self._lock:
                    self.told.open.add(str(report["key"]))
            self._until_taken(line, report)
            time.sleep(self.pause_s)

    def _report(self, chance: random.Random) -> dict[str, object]:
        place, lon, lat = chance.choice(PLACES)
        mark = f"mark-{self.seed}-{next(self._count):06d}"
        return {
            "key": mark,
            "words": f"隧道进水 {mark}",
            "kind": chance.choice(("12P04", "11B03", "12P08")),
            "place": place,
            "channel": "119",
            "lon": round(lon + chance.gauss(0, 0.02), 5),
            "lat": round(lat + chance.gauss(0, 0.02), 5),
        }

    def _until_taken(self, line: "_Line", report: dict[str, object]) -> None:
        until = None
        while until is None or time.monotonic() < until:
            if self._once(line, report):
                return
            if self._stop.is_set() and until is None:
                until = time.monotonic() + 40
            time.sleep(0.25)

    def _once(self, line: "_Line", report: dict[str, object]) -> bool:
        began = time.monotonic()
        try:
            status, headers, body = line.post(report, self.token)
        except (OSError, http.client.HTTPException) as error:
            line.close()
            with self._lock:
                self.told.answers[f"no answer ({type(error).__name__})"] += 1
            return False
        with self._lock:
            self.told.answers[str(status)] += 1
            self.told.slowest_s = max(self.told.slowest_s, time.monotonic() - began)
            return self._heard(str(report["key"]), status, headers, body)

    def _heard(self, mark: str, status: int, headers: dict[str, str], body: bytes) -> bool:
        if status == 503:
            if "retry-after" not in headers:
                self.told.wrong.append(f"{mark}: 503 without Retry-After")
            return False
        if status not in (201, 202):
            self.told.wrong.append(f"{mark}: {status} {body[:200]!r}")
            return True
        given = json.loads(body)["id"]
        before = self.told.acked.setdefault(mark, given)
        if before != given:
            self.told.wrong.append(f"{mark}: acknowledged as {before}, then as {given}")
        self.told.open.discard(mark)
        return True


class _Line:
    """One kept connection."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.link: http.client.HTTPConnection | None = None

    def post(self, report: dict[str, object], token: str) -> tuple[int, dict[str, str], bytes]:
        if self.link is None:
            self.link = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self.link.request("POST", "/api/v1/reports", json.dumps(report), headers)
        answer = self.link.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

    def close(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None
