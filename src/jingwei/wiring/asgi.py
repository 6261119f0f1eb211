"""The one front: raw routes for intake and the live stream, Django for all else on a pool of threads."""

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any
from urllib.parse import quote_from_bytes

from .start import is_kept, start

start()

from django.conf import settings  # noqa: E402 - after settings
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http.request import split_domain_port, validate_host  # noqa: E402

from jingwei.doors.api.intake import IntakeRoute  # noqa: E402
from jingwei.doors.api.live import LiveRoute  # noqa: E402
from jingwei.doors.api.parse_only import ParseOnlyRoute  # noqa: E402
from jingwei.doors.entry.addresses import HEADER, find_caller  # noqa: E402
from jingwei.doors.entry.headers import raw_headers  # noqa: E402
from jingwei.doors.web.statics import PREFIX, Statics  # noqa: E402

from .database.memory import stay_light  # noqa: E402
from .database.order import go_first, press  # noqa: E402
from .pages import Pages  # noqa: E402

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

#: How long the front finishes what it began once the process that keeps it is gone, seconds.
#: Source: our estimate, as wiring/serve.py gives it, 2026-11-22.
ORPHAN_S = 5.0
#: How long one thread of the front may keep the others waiting, seconds: pages and intake share a process.
#: Source: our estimate, a fifth of Python's own; a report takes 0.3 ms, 2026-11-29.
SWITCH_S = 0.001

stay_light()
_pages = Pages(get_wsgi_application())
_intake = IntakeRoute(begin=go_first, press=press)
_live = LiveRoute()
#: Beside the intake when a measurement asks for it; else there is no such address.
_parse_only = ParseOnlyRoute() if os.environ.get("JINGWEI_PARSE_ONLY") == "1" else None
_statics = Statics()
log = logging.getLogger(__name__)


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        begun = _Begun(send)
        seen = {**scope, "query_string": _ascii(scope["query_string"])}
        if settings.JINGWEI_PROXIES:
            seen["client"] = _caller(scope)
        try:
            await _http(seen, receive, begun)
        except Exception:
            log.exception("%r %.100r failed beside Django", scope["method"], scope["path"])
            if not begun.yes:
                headers = raw_headers("text/plain; charset=utf-8", 0)
                await send({"type": "http.response.start", "status": 500, "headers": headers})
                await send({"type": "http.response.body", "body": b""})


async def _http(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if not _is_ours(scope):
        headers = raw_headers("text/plain; charset=utf-8", 0)
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
    elif scope["path"] == IntakeRoute.PATH and scope["method"] == "POST":
        await _intake(scope, receive, send)
    elif _parse_only is not None and (scope["path"], scope["method"]) == (ParseOnlyRoute.PATH, "POST"):
        await _parse_only(scope, receive, send)
    elif scope["path"] == LiveRoute.PATH:
        await _live(scope, receive, send)
    elif scope["path"].startswith(PREFIX):
        await _statics(scope, send)
    else:
        await _pages(scope, _coroutine(receive), _coroutine(send))


class _Begun:
    """Whether an answer was begun; one that was cannot be replaced by another."""

    def __init__(self, send: Send) -> None:
        self.send, self.yes = send, False

    async def __call__(self, message: dict[str, Any]) -> None:
        self.yes = True
        await self.send(message)


def _is_ours(scope: dict[str, Any]) -> bool:
    """Whether the request names this node, once: others' names are not answered on any route."""
    hosts = [v.decode("latin-1") for k, v in scope["headers"] if k.lower() == b"host"]
    if len(hosts) != 1:
        return False
    name, _port = split_domain_port(hosts[0])
    return bool(name) and validate_host(name, settings.ALLOWED_HOSTS)


def _caller(scope: dict[str, Any]) -> tuple[str, int] | None:
    """Who asked, behind the operator's own proxies. Without a port where another than the peer asked."""
    peer = scope.get("client")
    if not peer:
        return None
    told = (value for name, value in scope["headers"] if name.lower() == HEADER)
    found = find_caller(str(peer[0]), told, settings.JINGWEI_PROXIES)
    return (found, peer[1] if found == peer[0] else 0)


def _ascii(query: bytes) -> bytes:
    """A query as it must be on the wire: what some programs leave bare is written as %XX."""
    return query if query.isascii() else quote_from_bytes(query, safe="%&=+;,/?:@!$'()*-._~").encode()


def _coroutine(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The server hands out awaitables of its own; the adapter to threads wants coroutines."""

    async def run(*args: Any) -> Any:
        return await call(*args)

    return run


def _end_with_parent() -> None:
    """Whoever was killed cannot end its children: without the process that keeps us, nobody would."""
    kept = is_kept()
    while kept():
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORPHAN_S)
    os._exit(1)


def _settle_memory() -> None:
    """What is loaded stays: the collector shall not look through all of it in the midst of a page."""
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)


async def _lifespan(receive: Receive, send: Send) -> None:
    threading.Thread(target=_end_with_parent, name="orphan", daemon=True).start()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _settle_memory()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await asyncio.to_thread(_intake.stop)
            _live.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
