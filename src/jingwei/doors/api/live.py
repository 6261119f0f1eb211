"""The live stream: tells open pages that something changed, and which page should look again.

Server-sent events, fed by one poller of the journal. It carries no content: the page asks for what it
may see. A page that misses an event loses nothing but seconds.
"""

import asyncio
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.db import Error, connection

from jingwei.apps.journal.queries import list_latest_marks
from jingwei.doors.entry.board import get_board
from jingwei.doors.entry.callers import caller_of_session
from jingwei.doors.entry.first import session_key
from jingwei.doors.entry.headers import raw_headers
from jingwei.doors.entry.troubles import note_error

log = logging.getLogger(__name__)

#: How often the journal is asked for news, seconds.
POLL_S = 0.4
#: A comment is sent this often, so that proxies keep the line and the page knows it lives, seconds.
HEARTBEAT_S = 15.0
#: Most open streams a process keeps, and most of one session; more are told to come back later.
#: Source: our estimate, the desks of a province's duty offices; the pages of one desk, 2026-11-22.
MOST_STREAMS, MOST_OF_A_SESSION = 500, 12
#: Most callers at a time of whom it is not known yet whether they may listen.
MOST_ASKING = 64
#: How often a stream asks whether its session still may listen, in heartbeats.
ASK_AGAIN = 4
#: Most entries looked back over: numbers may become visible out of order.
WINDOW = 500


class Hub:
    """Who listens to what, and the one thread that asks the journal."""

    def __init__(self) -> None:
        self._listeners: set[tuple[frozenset[str], Callable[[list[str]], None]]] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def count(self) -> int:
        return len(self._listeners)

    def add(self, topics: frozenset[str], tell: Callable[[list[str]], None]) -> Callable[[], None]:
        one = (topics, tell)
        with self._lock:
            self._listeners.add(one)
            if self._thread is None:
                self._thread = threading.Thread(target=self._poll, name="live", daemon=True)
                self._thread.start()
        return lambda: self._listeners.discard(one)

    def stop(self) -> None:
        self._stop.set()

    def _poll(self) -> None:
        seen: deque[int] | None = None
        wrong: list[str] = []
        while not self._stop.wait(POLL_S):
            if not self._listeners:
                seen = None
                continue
            was, wrong = wrong, [one.what for one in get_board().list_troubles()]
            if was != wrong:
                self._tell_all()
            try:
                marks = list_latest_marks(WINDOW)
            except Error as error:
                log.warning("live stream: the database does not answer")
                note_error(error)
                connection.close()
                continue
            known = set(seen or ())
            fresh = [m for m in marks if m[0] not in known] if seen is not None else []
            seen = deque((m[0] for m in marks), maxlen=WINDOW)
            if fresh:
                self._tell(fresh)

    def _tell_all(self) -> None:
        """The node itself is in trouble, or no longer: every open page looks again."""
        with self._lock:
            listeners = list(self._listeners)
        for _, tell in listeners:
            tell(["node"])

    def _tell(self, fresh: list[tuple[int, str, str]]) -> None:
        topics = {"all"}
        for _, kind, subject in fresh:
            app = kind.partition(".")[0]
            topics |= {app, f"{app}/{subject}"}
        with self._lock:
            listeners = list(self._listeners)
        for wanted, tell in listeners:
            hit = sorted(wanted & topics)
            if hit:
                tell(hit)


class LiveRoute:
    """`GET /live?topic=incidents&topic=clock`: only for a signed-in session."""

    PATH = "/live"

    def __init__(self) -> None:
        self.hub = Hub()
        self._asking = 0
        self._of: Counter[str] = Counter()

    def stop(self) -> None:
        self.hub.stop()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        key = _session_of(scope)
        full = self.hub.count() >= MOST_STREAMS or self._of[key] >= MOST_OF_A_SESSION
        if full or self._asking >= MOST_ASKING:
            await _plain(send, 503)
            return
        if not await self._may_listen(key):
            await _plain(send, 401)
            return
        topics = frozenset(parse_qs(scope["query_string"].decode("latin-1")).get("topic", ["all"])[:20])
        loop, news = asyncio.get_running_loop(), asyncio.Queue[list[str]](maxsize=100)

        def tell(hit: list[str]) -> None:
            loop.call_soon_threadsafe(_put, news, hit)

        remove = self.hub.add(topics, tell)
        self._of[key] += 1
        try:
            await self._stream(receive, send, news, key)
        finally:
            remove()
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]

    async def _may_listen(self, key: str) -> bool:
        self._asking += 1
        try:
            return bool(key) and await asyncio.to_thread(_may_listen, key)
        finally:
            self._asking -= 1

    async def _stream(self, receive: Any, send: Any, news: asyncio.Queue[list[str]], key: str) -> None:
        headers = [*raw_headers("text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        gone = asyncio.ensure_future(_gone(receive))
        ask_at = time.monotonic() + ASK_AGAIN * HEARTBEAT_S
        try:
            while not gone.done():
                if time.monotonic() > ask_at:
                    ask_at = time.monotonic() + ASK_AGAIN * HEARTBEAT_S
                    if not await self._may_listen(key):
                        break
                waiting = asyncio.ensure_future(news.get())
                await asyncio.wait({gone, waiting}, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    data = msgspec.json.encode(waiting.result())
                    body = b"event: changed\ndata: " + data + b"\n\n"
                else:
                    waiting.cancel()
                    body = b": here\n\n"
                if not gone.done():
                    await send({"type": "http.response.body", "body": body, "more_body": True})
            if not gone.done():  # the session is over: the page asks again and is told so
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


def _put(news: asyncio.Queue[list[str]], hit: list[str]) -> None:
    if not news.full():
        news.put_nowait(hit)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _session_of(scope: dict[str, Any]) -> str:
    cookies = [v.decode("latin-1") for k, v in scope["headers"] if k.lower() == b"cookie"]
    return session_key("; ".join(cookies))


def _may_listen(key: str) -> bool:
    try:
        return caller_of_session(key) is not None
    except Error:
        connection.close()
        return False


async def _plain(send: Any, status: int) -> None:
    headers = [*raw_headers("text/plain; charset=utf-8", 0), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
