"""Pages on a bounded pool of threads: nobody waits without end, and nobody slow holds a thread.

A thread is taken once the request is whole, and given back before the answer is sent. Callers who go first
find threads and places that others never fill.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.template.loader import render_to_string
from django.utils import translation

from jingwei.doors.entry import bodies
from jingwei.doors.entry.first import FIRST
from jingwei.doors.entry.headers import raw_headers
from jingwei.doors.entry.refusals import say
from jingwei.doors.entry.room import Limits, Room
from jingwei.doors.entry.troubles import RETRY_AFTER_S
from jingwei.kernel.refusals import Unavailable

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

#: Threads for pages, and how many of them only callers who go first may use.
#: Source: docs/decisions/0002-sqlite-and-writers-turn.md; our estimate, two officers at once, 2026-11-22.
THREADS, THREADS_KEPT = 8, 2
#: Most requests in the house, and bytes of their bodies. One caller here is one address.
#: Source: our estimate, 128 pages are under 10 s of work on two cores, and six forms of the largest kind
#: at once, 2026-11-22.
WAITING = Limits(count=128, size=256 * 1024 * 1024, one=0.8)
#: Largest body of a page: the public's form with its photo, with room for the form around it, bytes.
LARGEST = 33 * 1024 * 1024
#: How long a body may take to come, seconds. Source: our estimate, a 10 MB photo over 1 Mbit/s, 2026-11-22.
BODY_WITHIN_S = 90.0


class Pages:
    """The pages' way in: a place in the house, the whole request, a thread, the whole answer."""

    def __init__(self, wsgi: Any, *, threads: int = THREADS, limits: Limits = WAITING) -> None:
        self._wsgi: Any = WSGIMiddleware(wsgi, workers=threads)
        self._threads = asyncio.Semaphore(threads)
        self._others = asyncio.Semaphore(max(1, threads - THREADS_KEPT))
        self.room = Room("pages", limits)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        first, address = FIRST.is_first(headers), str((scope.get("client") or ("",))[0])
        size = bodies.length_of(headers)
        size = LARGEST if size is None and "transfer-encoding" in headers else size or 0
        try:
            with self.room.taken(address, count=1, size=min(size, LARGEST), first=first):
                answer = await self._answered(scope, headers, receive, first=first)
        except Unavailable:
            answer = _refusal(scope, headers, 503)
        except bodies.TooLarge:
            answer = _refusal(scope, headers, 413)
        except bodies.TooSlow:
            answer = _refusal(scope, headers, 408)
        except bodies.Gone:
            return
        for message in answer:
            await send(message)

    async def _answered(
        self, scope: dict[str, Any], headers: dict[str, str], receive: Receive, *, first: bool
    ) -> list[dict[str, Any]]:
        too_large = (bodies.length_of(headers) or 0) > LARGEST
        if too_large and scope["path"] not in READS_LENGTH:
            raise bodies.TooLarge
        if too_large:  # the view says so in its own words; nothing of it is read
            return await self._run(scope, _nothing, first=first)
        if bodies.length_of(headers) is None and "transfer-encoding" not in headers:
            return await self._run(scope, _nothing, first=first)
        file = await bodies.read_to_file(receive, most=LARGEST, within_s=BODY_WITHIN_S)
        with file:
            return await self._run(scope, bodies.told_again(file), first=first)

    async def _run(self, scope: dict[str, Any], receive: Receive, *, first: bool) -> list[dict[str, Any]]:
        """The whole answer, made by a thread; sending it holds none."""
        start: dict[str, Any] = {}
        parts: list[bytes] = []

        async def keep(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        if first:
            async with self._threads:
                await self._wsgi(scope, receive, keep)
        else:
            async with self._others, self._threads:
                await self._wsgi(scope, receive, keep)
        return [start, {"type": "http.response.body", "body": b"".join(parts)}]


#: Where a view looks at the length itself and answers in its own words.
READS_LENGTH = frozenset({"/report"})


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


_WHY = {503: "overloaded", 413: "form_too_large", 408: "form_too_slow"}


def _refusal(scope: dict[str, Any], headers: dict[str, str], status: int) -> list[dict[str, Any]]:
    """A short page, or a line of JSON for programs, that costs nothing to make."""
    english = "jw_lang=en" in headers.get("cookie", "")
    with translation.override("en" if english else "zh-hans"):
        says = say(_WHY[status], {"most_mib": LARGEST // 1024**2, "seconds": int(BODY_WITHIN_S)})
        again = scope["method"] in ("GET", "HEAD") and status == 503
        if scope["path"].startswith("/api/"):
            kind, text = "application/json; charset=utf-8", f'{{"error": "{_WHY[status]}"}}'
        else:
            kind = "text/html; charset=utf-8"
            text = render_to_string(
                "web/crowded.html", {"says": says, "again_s": again and RETRY_AFTER_S * 3}
            )
    content = text.encode()
    named = raw_headers(kind, len(content))
    if status == 503:
        named.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    if status != 503 or not again:
        named.append((b"connection", b"close"))  # what is still to come must not be taken for a request
    start = {"type": "http.response.start", "status": status, "headers": named}
    return [start, {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content}]
