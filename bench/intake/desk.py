"""An open desk: a duty officer's page as its own script keeps it, and what stands on it when.

The page hears on the live stream that something changed and fetches itself again, at most once a second
(jingwei.js: at least 150 ms after the news, 1,000 ms after it last began to fetch). A report that waits for a
person has a row of its own among the reports; a grave event has one among the incidents. Both stand there,
whatever else is told meanwhile, and both only after the worker has fused the report.
"""

import re
import threading
import time

import httpx

from bench.activation.bench import sign_in
from bench.node import Node

#: As the page's script has it, seconds.
AFTER_NEWS_S, BETWEEN_S = 0.15, 1.0
#: How long a page may take, seconds.
PATIENCE_S = 30.0
_SECTION = '<section class="panel" id="{}"'
_ROW = re.compile(r'<li class="row[^"]*" data-id="([0-9a-f-]{36})">')
#: The tag of a row that waits for a person; other tags have a second class.
_WAITS = '<span class="tag">'
_TOPICS = ["reports", "incidents", "clock", "plans", "tasks", "sitreps", "releases"]


def rows(page: str, section: str) -> dict[str, str]:
    """The rows of one section of the desk: id to markup."""
    _, _, after = page.partition(_SECTION.format(section))
    parts = _ROW.split(after.partition("</section>")[0])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class Desk:
    """One officer before one desk, until told to stop."""

    def __init__(self, node: Node, username: str) -> None:
        self.node, self.username = node, username
        self.stop = threading.Event()
        self.news = threading.Event()
        self.ready = threading.Event()
        #: When each report that waits, and each incident, first stood on the page; monotonic seconds.
        self.waits: dict[str, float] = {}
        self.incidents: dict[str, float] = {}
        self.fetched_ms: list[float] = []
        self.wrong: list[str] = []
        self.threads = [threading.Thread(target=one) for one in (self._look, self._listen)]

    def __enter__(self) -> "Desk":
        self.client = httpx.Client(base_url=self.node.url, timeout=PATIENCE_S)
        self.client.headers["referer"] = self.node.url
        sign_in(self.client, self.username, self.node.password)
        for one in self.threads:
            one.start()
        self.ready.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.news.set()
        for one in self.threads:
            one.join()
        self.client.close()

    def _look(self) -> None:
        last = self._fetch(count=False)
        while not self.stop.is_set():
            self.news.wait()
            wait = max(AFTER_NEWS_S, BETWEEN_S - (time.monotonic() - last))
            if self.stop.wait(wait):
                return
            self.news.clear()
            last = self._fetch()

    def _fetch(self, *, count: bool = True) -> float:
        """Fetch the page. Returns when that began."""
        began = time.monotonic()
        try:
            answer = self.client.get("/")
        except httpx.HTTPError as error:
            self.wrong.append(repr(error))
            return began
        if count:
            self.fetched_ms.append((time.monotonic() - began) * 1000)
        if answer.status_code != 200:
            self.wrong.append(f"/: {answer.status_code}")
            return began
        page = answer.text
        seen = time.monotonic()
        for one, markup in rows(page, "inbox").items():
            if _WAITS in markup:
                self.waits.setdefault(one, seen)
        for one in rows(page, "incidents"):
            self.incidents.setdefault(one, seen)
        return began

    def _listen(self) -> None:
        """The live stream, taken up again when it breaks."""
        with httpx.Client(
            base_url=self.node.url, cookies=self.client.cookies, timeout=httpx.Timeout(PATIENCE_S, read=2.0)
        ) as client:
            while not self.stop.is_set():
                try:
                    with client.stream("GET", "/live", params={"topic": _TOPICS}) as stream:
                        stream.raise_for_status()
                        self.ready.set()
                        for line in stream.iter_lines():
                            if line.startswith("data:"):
                                self.news.set()
                            if self.stop.is_set():
                                return
                except httpx.ReadTimeout:
                    continue
                except httpx.HTTPError as error:
                    self.wrong.append(f"live: {error!r}")
                    self.stop.wait(2)
