"""The live stream: tells open pages that something changed, and which page should look again.

Server-sent events, fed by one poller of the journal. It carries no content: the page asks for what it
may see. A page that misses an event loses nothing but seconds.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.conf import settings
from django.db import DatabaseError, connection

from jingwei.apps.journal.queries import list_latest_marks
from jingwei.doors.entry.callers import caller_of_session

log = logging.getLogger(__name__)

#: How often the journal is asked for news, seconds.
POLL_S = 0.4
#: A comment is sent this often, so that proxies keep the line and the page knows it lives, seconds.
HEARTBEAT_S = 15.0
#: Most open streams a process keeps; more are told to come back later.
MOST_STREAMS = 500
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
        while not self._stop.wait(POLL_S):
            if not self._listeners:
                seen = None
                continue
            try:
                marks = list_latest_marks(WINDOW)
            except DatabaseError:
                log.warning("live stream: the database does not answer")
                connection.close()
                continue
            known = set(seen or ())
            fresh = [m for m in marks if m[0] not in known] if seen is not None else []
            seen = deque((m[0] for m in marks), maxlen=WINDOW)
            if fresh:
                self._tell(fresh)

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

    def stop(self) -> None:
        self.hub.stop()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        allowed = await asyncio.to_thread(_may_listen, scope)
        if not allowed or self.hub.count() >= MOST_STREAMS:
            await _plain(send, 503 if allowed else 401)
            return
        topics = frozenset(parse_qs(scope["query_string"].decode("latin-1")).get("topic", ["all"])[:20])
        loop, news = asyncio.get_running_loop(), asyncio.Queue[list[str]](maxsize=100)

        def tell(hit: list[str]) -> None:
            loop.call_soon_threadsafe(_put, news, hit)

        remove = self.hub.add(topics, tell)
        try:
            await self._stream(receive, send, news)
        finally:
            remove()

    async def _stream(self, receive: Any, send: Any, news: asyncio.Queue[list[str]]) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        gone = asyncio.ensure_future(_gone(receive))
        try:
            while not gone.done():
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
        finally:
            gone.cancel()


def _put(news: asyncio.Queue[list[str]], hit: list[str]) -> None:
    if not news.full():
        news.put_nowait(hit)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _may_listen(scope: dict[str, Any]) -> bool:
    headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    try:
        return cookie is not None and caller_of_session(cookie.value) is not None
    except DatabaseError:
        connection.close()
        return False


async def _plain(send: Any, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"retry-after", b"5"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
