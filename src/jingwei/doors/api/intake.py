"""The door for programs that report: parse, queue, answer after COMMIT.

One writer per process gathers what waits and takes it in as one transaction per caller, so that a burst
costs one fsync a group. It refuses only an unknown caller, an oversized body and overload.
"""

import asyncio
import logging
import queue
import threading
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from django.db import DatabaseError, connection
from django.utils import translation

from jingwei.apps.reports import actions as reports
from jingwei.apps.reports.facts import Received
from jingwei.doors.entry.callers import caller_of_token
from jingwei.doors.entry.intake import LARGEST_BODY, MOST_REPORTS, Read, read_body
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.entry.refusals import say
from jingwei.kernel.refusals import Refused, Unavailable

log = logging.getLogger(__name__)

#: Most reports that may wait in this process before it answers 503.
MOST_WAITING = 20_000
#: Most reports in one transaction.
GROUP = 1_000


class _Job(msgspec.Struct):
    authorization: str
    read: Read
    answer: Callable[[object], None]


class IntakeWriter:
    """The thread that takes waiting reports in, in groups."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, job: _Job) -> None:
        """Queue reports. Raises Unavailable when too many wait already."""
        with self._lock:
            if self._waiting + len(job.read.told) > MOST_WAITING:
                raise Unavailable("intake")
            self._waiting += len(job.read.told)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()
        self._jobs.put(job)

    def stop(self) -> None:
        """Take in what waits, then end."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while (jobs := self._gather()) is not None:
            try:
                self._take_in(jobs)
            finally:
                with self._lock:
                    self._waiting -= sum(len(job.read.told) for job in jobs)

    def _gather(self) -> list[_Job] | None:
        job = self._jobs.get()
        if job is None:
            return None
        jobs, size = [job], len(job.read.told)
        while size < GROUP and not self._jobs.empty():
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                break
            jobs.append(job)
            size += len(job.read.told)
        return jobs

    def _take_in(self, jobs: list[_Job]) -> None:
        groups: dict[uuid.UUID, list[_Job]] = {}
        for job in jobs:
            try:
                by = caller_of_token({"authorization": job.authorization})
            except DatabaseError:
                log.exception("the database does not answer")
                connection.close()
                by, job.authorization = None, ""
                job.answer(Unavailable("database"))
                continue
            if by is None:
                job.answer(Refused("caller_unknown"))
            else:
                groups.setdefault(by, []).append(job)
        for by, group in groups.items():
            self._write(by, group)

    def _write(self, by: uuid.UUID, group: list[_Job]) -> None:
        try:
            told = [one for job in group for one in job.read.told]
            answers = reports.receive_reports(told, by=by, moment=this_moment())
        except Exception as error:  # noqa: BLE001 - door's edge: a group that fails is tried job by job
            if len(group) > 1:
                for job in group:
                    self._write(by, [job])
                return
            group[0].answer(_outcome(error))
            return
        start = 0
        for job in group:
            job.answer(answers[start : start + len(job.read.told)])
            start += len(job.read.told)


def _outcome(error: Exception) -> Exception:
    if isinstance(error, Refused | Unavailable):
        return error
    log.error("intake could not write", exc_info=error)
    if isinstance(error, DatabaseError):
        connection.close()
    return Unavailable("database")


class _TooLarge(Exception):
    pass


class IntakeRoute:
    """`POST /api/v1/reports`: one report, or many; JSON in, JSON out."""

    PATH = "/api/v1/reports"

    def __init__(self) -> None:
        self.writer = IntakeWriter()

    def stop(self) -> None:
        self.writer.stop()

    async def __call__(
        self, scope: dict[str, Any], receive: Any, send: Callable[..., Awaitable[None]]
    ) -> None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            read = read_body(await _body(receive, headers), _charset(headers))
            if len(read.told) > MOST_REPORTS:
                raise _TooLarge
            outcome = await self._written(headers.get("authorization", ""), read)
        except _TooLarge:
            await _refuse(send, 413, Refused("body_too_large", most_bytes=LARGEST_BODY, most=MOST_REPORTS))
        except Unavailable as error:
            await _refuse(send, 503, Refused("try_again", what=error.what), [(b"retry-after", b"2")])
        except Refused as error:
            await _refuse(send, 401 if error.code == "caller_unknown" else 403, error)
        else:
            await _accept(send, read, outcome)

    async def _written(self, authorization: str, read: Read) -> Sequence[Received]:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()

        def answer(outcome: object) -> None:
            loop.call_soon_threadsafe(lambda: None if done.done() else done.set_result(outcome))

        self.writer.put(_Job(authorization=authorization, read=read, answer=answer))
        outcome = await done
        if isinstance(outcome, Exception):
            raise outcome
        return outcome  # type: ignore[return-value]


async def _body(receive: Any, headers: dict[str, str]) -> bytes:
    """The whole body. Raises _TooLarge before it is all in memory."""
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_BODY:
        raise _TooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise _TooLarge
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


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
        return say(refused.code, refused.facts)


async def _answer(send: Any, status: int, body: object, headers: list | None = None) -> None:
    content = msgspec.json.encode(body)
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json; charset=utf-8"),
                (b"content-length", str(len(content)).encode()),
                (b"x-content-type-options", b"nosniff"),
                (b"cache-control", b"no-store"),
                *(headers or []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": content})
