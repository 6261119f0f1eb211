"""Who uses the node during a soak: programs that report, the public with photos, officers who look."""

import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from queue import Empty, Full, Queue

import httpx

from bench.node import Node
from bench.soak.telling import Rate, Sending, Teller

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_KEY = re.compile(r'name="key" value="([^"]+)"')
_ROOMS = re.compile(r'href="(/incidents/[0-9a-f-]{36})"')
#: Pages an officer goes round.
PAGES = ("/", "/incidents?view=all", "/reports", "/clocks", "/tasks", "/plans", "/sitreps", "/releases")
#: The public form counts senders by address: each phone has its own. Source: RFC 1122 section 3.2.1.3.
_LOOPBACK = "127.0.{}.{}"
SENDERS = 16


@dataclass
class Tally:
    """What was seen from outside, gathered from all threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: dict[str, tuple[str, Sending]] = field(default_factory=dict)
    garbage: dict[str, str] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    intake_ms: list[float] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        with self.lock:
            self.counts[name] += 1

    def note(self, what: str) -> None:
        with self.lock:
            self.counts["wrong"] += 1
            self.wrong = [*self.wrong, what][-50:]

    def taken(self, sending: Sending, report_id: str) -> None:
        with self.lock:
            if sending.garbage:
                self.garbage[sending.mark] = report_id
            else:
                self.acknowledged[sending.key] = (report_id, sending)

    def flush(self) -> tuple[list[float], list[float]]:
        """The times since the last look, milliseconds: of intake, of pages."""
        with self.lock:
            found = self.intake_ms, self.page_ms
            self.intake_ms, self.page_ms = [], []
        return found


class Feeding:
    """Posts reports when they are due, whatever the node does; what is refused waits and goes again."""

    def __init__(self, node: Node, tally: Tally, rate: Rate, *, seed: int, stop: threading.Event) -> None:
        self.node, self.tally, self.rate, self.stop = node, tally, rate, stop
        self.teller = Teller(seed)
        self.waiting: Queue[Sending] = Queue(maxsize=5_000)
        self.done = threading.Event()

    def threads(self, until_s: float) -> list[threading.Thread]:
        due = threading.Thread(target=self._due, args=(until_s,), name="due")
        return [due, *(threading.Thread(target=self._send, name=f"send-{i}") for i in range(SENDERS))]

    def _due(self, until_s: float) -> None:
        begun = time.monotonic()
        for at in self.rate.times(until_s):
            if self.stop.wait(max(0.0, begun + at - time.monotonic())):
                break
            try:
                self.waiting.put_nowait(self.teller.tell(at))
            except Full:
                self.tally.add("not_sent")
        self.done.set()

    def _send(self) -> None:
        with self._client() as client:
            while not (self.done.is_set() and self.waiting.empty()):
                try:
                    sending = self.waiting.get(timeout=0.5)
                except Empty:
                    continue
                self._post(client, sending)

    def _client(self) -> httpx.Client:
        token = {"authorization": f"Bearer {self.node.feed}"}
        return httpx.Client(base_url=self.node.url, headers=token, timeout=30)

    def _post(self, client: httpx.Client, sending: Sending) -> None:
        for _ in range(60):
            started = time.perf_counter()
            try:
                answer = client.post("/api/v1/reports", content=sending.body)
            except httpx.HTTPError as error:
                self.tally.note(f"intake: {error!r}")
                time.sleep(1)
                continue
            self.tally.intake_ms.append((time.perf_counter() - started) * 1000)
            self.tally.add(f"intake_{answer.status_code}")
            if answer.status_code in (201, 202):
                self.tally.taken(sending, answer.json()["id"])
                return
            time.sleep(float(answer.headers.get("retry-after", "2")))
        self.tally.add("given_up")


class Looking:
    """An officer's day: signs in, keeps the live stream open, goes round the pages, signs out, again."""

    def __init__(
        self, node: Node, tally: Tally, *, username: str, rest_s: float, stop: threading.Event
    ) -> None:
        self.node, self.tally, self.stop = node, tally, stop
        self.username, self.rest_s = username, rest_s
        self.random = random.Random(username)
        self.rooms: list[str] = []

    def thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name=f"look-{self.username}")

    def _run(self) -> None:
        while not self.stop.is_set():
            try:
                with httpx.Client(base_url=self.node.url, timeout=30, follow_redirects=True) as client:
                    self._shift(client)
            except httpx.HTTPError as error:
                self.tally.note(f"page: {error!r}")
                self.stop.wait(2)

    def _shift(self, client: httpx.Client) -> None:
        """About ten minutes in one session."""
        form = {"username": self.username, "password": self.node.password}
        _submit(client, "/sign-in", form)
        ending = threading.Event()
        listener = threading.Thread(target=_listen, args=(client.cookies, self.node.url, ending, self.tally))
        listener.start()
        until = time.monotonic() + 600
        while time.monotonic() < until and not self.stop.wait(self.rest_s):
            self._page(client)
        ending.set()
        listener.join()
        _submit(client, "/sign-out", {}, page="/switch")

    def _page(self, client: httpx.Client) -> None:
        rooms = [self.random.choice(self.rooms)] if self.rooms else []
        path = self.random.choice([*PAGES, *rooms * 4])
        started = time.perf_counter()
        answer = client.get(path)
        self.tally.page_ms.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200 or answer.url.path.startswith("/sign-in"):
            self.tally.note(f"{path}: {answer.status_code} {answer.url.path}")
        self.tally.add("pages")
        self.rooms = _ROOMS.findall(answer.text)[:40] or self.rooms


def _listen(cookies: httpx.Cookies, url: str, ending: threading.Event, tally: Tally) -> None:
    """The page's live stream, taken up again when it breaks."""
    wait = httpx.Timeout(30, read=40)
    while not ending.is_set():
        try:
            with (
                httpx.Client(base_url=url, cookies=cookies, timeout=wait) as client,
                client.stream("GET", "/live", params={"topic": "incidents"}) as stream,
            ):
                for line in stream.iter_lines():
                    if line.startswith("data:"):
                        tally.add("live_events")
                    if ending.is_set():
                        return
        except httpx.HTTPError:
            tally.add("live_broken")
            ending.wait(2)


class Public:
    """People at the public form, each from an address of their own, with a photo now and then."""

    def __init__(self, node: Node, tally: Tally, *, rest_s: float, seed: int, stop: threading.Event) -> None:
        self.node, self.tally, self.rest_s, self.stop = node, tally, rest_s, stop
        self.teller = Teller(seed)
        self.count = 0

    def thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="public")

    def _run(self) -> None:
        while not self.stop.wait(self.rest_s):
            self.count += 1
            address = _LOOPBACK.format(1 + self.count // 200 % 200, 2 + self.count % 200)
            way = httpx.HTTPTransport(local_address=address)
            try:
                with httpx.Client(base_url=self.node.url, transport=way, timeout=60) as client:
                    self._send(client)
            except httpx.HTTPError as error:
                self.tally.note(f"public: {error!r}")

    def _send(self, client: httpx.Client) -> None:
        mark = f"p{self.count:06d}"
        form = {"words": f"家门口的路被水冲断了 {mark}", "where": "郑州市", "rescue": "1"}
        photo = {"photo": ("photo.jpg", self.teller.photo(), "image/jpeg")} if self.count % 2 else None
        page = client.get("/report").text
        form |= {"csrfmiddlewaretoken": _TOKEN.search(page)[1], "key": _KEY.search(page)[1]}
        answer = client.post("/report", data=form, files=photo, headers={"referer": self.node.url})
        if answer.status_code != 302:
            self.tally.note(f"/report: {answer.status_code}")
            return
        where = answer.headers["location"]
        with self.tally.lock:
            self.tally.public[mark] = where
        self.tally.add("photos_kept" if "photo=kept" in where else "public_without_photo")


def _submit(client: httpx.Client, path: str, form: dict[str, str], *, page: str = "") -> None:
    token = _TOKEN.search(client.get(page or path).text)
    given = form | {"csrfmiddlewaretoken": token[1] if token else ""}
    client.post(path, data=given, headers={"referer": str(client.base_url)}).raise_for_status()
