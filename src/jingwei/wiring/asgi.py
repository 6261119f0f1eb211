"""The one front: raw routes for intake and the live stream, Django for all else on a pool of threads."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware

from .start import start

start()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - after settings

from jingwei.doors.api.intake import IntakeRoute  # noqa: E402
from jingwei.doors.api.live import LiveRoute  # noqa: E402

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

#: Threads for pages. Source: docs/decisions/0002-sqlite-and-writers-turn.md
PAGE_THREADS = 8

_wsgi: Any = get_wsgi_application()
_pages: Any = WSGIMiddleware(_wsgi, workers=PAGE_THREADS)
_intake = IntakeRoute()
_live = LiveRoute()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        if scope["path"] == IntakeRoute.PATH and scope["method"] == "POST":
            await _intake(scope, receive, send)
        elif scope["path"] == LiveRoute.PATH:
            await _live(scope, receive, send)
        else:
            await _pages(scope, _coroutine(receive), _coroutine(send))


def _coroutine(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The server hands out awaitables of its own; the adapter to threads wants coroutines."""

    async def run(*args: Any) -> Any:
        return await call(*args)

    return run


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await asyncio.to_thread(_intake.stop)
            _live.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
