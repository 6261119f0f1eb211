"""The door for programs that report: known callers only, room for what they bring, an answer after COMMIT.

It refuses only an unknown caller, an oversized body and overload. Room is taken before a body is read, so
that overload is answered (503, with Retry-After) before memory grows; a part of it is kept for callers who
go first, and no other caller may fill what belongs to all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import msgspec
from django.db import Error, connection
from django.utils import translation

from jingwei.apps.reports.facts import Received
from jingwei.doors.entry import bodies
from jingwei.doors.entry.callers import caller_of_token
from jingwei.doors.entry.first import FIRST
from jingwei.doors.entry.headers import raw_headers
from jingwei.doors.entry.intake import LARGEST_BODY, MOST_REPORTS, Read, read_body
from jingwei.doors.entry.room import Limits, Room
from jingwei.doors.entry.troubles import RETRY_AFTER_S, note_error, say_why
from jingwei.kernel.refusals import Refused, Unavailable

from .intake_writer import IntakeWriter, Job

log = logging.getLogger(__name__)

#: Most reports, and bytes of their bodies, that may wait in this process.
#: Source: our estimate, 20 s of work at 1,000 reports/s; 64 MiB are under 1 GiB once read, 2026-11-22.
WAITING = Limits(count=20_000, size=64 * 1024 * 1024)
#: How long a body may take to come, seconds. Source: our estimate, 8 MiB over 2 Mbit/s, 2026-11-22.
BODY_WITHIN_S = 35.0
#: How long a caller waits for the answer, seconds; what is stored later is known when it comes again.
ANSWER_WITHIN_S = 60.0
#: From this size on a body is read beside the loop, bytes; so many at a time.
LARGE, LARGE_AT_ONCE = 64 * 1024, 2
#: Tokens that are looked up at a time, and that may wait for it.
LOOK_UPS, MOST_LOOK_UPS = 4, 256
#: Answered with every 503.
_LATER = [(b"retry-after", str(RETRY_AFTER_S).encode())]
#: A body that is still to come must not be taken for the next request.
_CLOSE = [(b"connection", b"close")]


class IntakeRoute:
    """`POST /api/v1/reports`: one report, or many; JSON in, JSON out."""

    PATH = "/api/v1/reports"

    def __init__(
        self,
        limits: Limits = WAITING,
        *,
        begin: Callable[[], None] | None = None,
        press: Callable[[bool], None] | None = None,
    ) -> None:
        self.writer = IntakeWriter(begin=begin, press=press)
        self.room = Room("intake", limits)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._look_ups = asyncio.Semaphore(LOOK_UPS)
        self._looking = 0

    def stop(self) -> None:
        self.writer.stop()

    async def __call__(
        self, scope: dict[str, Any], receive: Any, send: Callable[..., Awaitable[None]]
    ) -> None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            await self._let_in(headers.get("authorization", ""))
            read, outcome = await self._received(headers, receive)
        except bodies.TooLarge:
            await _refuse(send, 413, Refused("body_too_large", most_bytes=LARGEST_BODY, most=MOST_REPORTS))
        except bodies.TooSlow:
            await _refuse(send, 408, Refused("body_too_slow", seconds=int(BODY_WITHIN_S)), _CLOSE)
        except Unavailable as error:
            await _refuse(send, 503, Refused("try_again", what=error.what), _LATER)
        except Refused as error:
            await _refuse(send, 401 if error.code == "caller_unknown" else 403, error)
        else:
            await _accept(send, read, outcome)

    async def _let_in(self, authorization: str) -> None:
        """Only callers with a token that may be used: whoever has none brings nothing into memory."""
        if FIRST.knows_token(authorization):
            return
        if self._looking >= MOST_LOOK_UPS:
            raise Unavailable("intake")
        self._looking += 1
        try:
            async with self._look_ups:
                by = await asyncio.to_thread(_find, authorization)
        finally:
            self._looking -= 1
        if by is None:
            raise Refused("caller_unknown")

    async def _received(self, headers: dict[str, str], receive: Any) -> tuple[Read, Sequence[Received]]:
        """Room, body, room for its reports, the writer's answer; the room is given back whatever happens."""
        caller, first = headers.get("authorization", ""), FIRST.is_first(headers)
        said = bodies.length_of(headers)
        if said is not None and said > LARGEST_BODY:
            raise bodies.TooLarge
        held = 0

        def keep(more: int) -> None:
            nonlocal held
            if held + more > (said or 0):  # sent in pieces: room is taken as they come
                self.room.take(caller, size=more, first=first)
                held += more

        # one report at least: whoever has no room left is told before the body is read and taken apart
        with self.room.taken(caller, count=1, size=said or 0, first=first):
            try:
                content = await bodies.read_whole(receive, keep, most=LARGEST_BODY, within_s=BODY_WITHIN_S)
                read = await self._read(content, _charset(headers))
                count = len(read.told)
                if count > MOST_REPORTS:
                    raise bodies.TooLarge
                with self.room.taken(caller, count=max(0, count - 1), first=first):
                    return read, await self._written(caller, read, first=first)
            finally:
                self.room.give(caller, size=held)

    async def _read(self, content: bytes, charset: str) -> Read:
        if len(content) < LARGE:
            return read_body(content, charset)
        async with self._large:
            return await asyncio.to_thread(read_body, content, charset)

    async def _written(self, authorization: str, read: Read, *, first: bool) -> Sequence[Received]:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()

        def answer(outcome: object) -> None:
            loop.call_soon_threadsafe(partial(_settle, done, outcome))

        self.writer.put(Job(authorization=authorization, read=read, answer=answer, first=first))
        try:
            outcome = await asyncio.wait_for(done, ANSWER_WITHIN_S)
        except TimeoutError as error:
            raise Unavailable("intake") from error
        if isinstance(outcome, Exception):
            raise outcome
        return outcome  # type: ignore[return-value]


def _settle(done: "asyncio.Future[object]", outcome: object) -> None:
    if not done.done():
        done.set_result(outcome)


def _find(authorization: str) -> object:
    try:
        return caller_of_token({"authorization": authorization})
    except Error as error:
        connection.close()
        raise Unavailable(note_error(error) or "intake") from error


def _charset(headers: dict[str, str]) -> str:
    _, _, after = headers.get("content-type", "").lower().partition("charset=")
    return after.split(";")[0].strip(' "')


async def _accept(send: Any, read: Read, answers: Sequence[Received]) -> None:
    quarantined = any(a.status == "quarantined" for a in answers)
    items = [{"id": str(a.id), "status": a.status, "flags": list(a.flags)} for a in answers]
    await _answer(send, 202 if quarantined else 201, {"reports": items} if read.many else items[0])


async def _refuse(send: Any, status: int, refused: Refused, headers: list | None = None) -> None:
    body = {
        "error": refused.code,
        "zh": _say(refused, "zh-hans"),
        "en": _say(refused, "en"),
    }
    await _answer(send, status, body, headers)


def _say(refused: Refused, language: str) -> str:
    with translation.override(language):
        return say_why(refused)


async def _answer(send: Any, status: int, body: object, headers: list | None = None) -> None:
    content = msgspec.json.encode(body)
    named = raw_headers("application/json; charset=utf-8", len(content)) + (headers or [])
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": content})
