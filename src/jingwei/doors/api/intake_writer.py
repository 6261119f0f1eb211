"""The one writer of a process: what waits at the intake goes in by groups, one transaction per caller.

A burst costs one fsync a group. Callers who go first are taken before all others; within either kind the
order of coming is kept.
"""

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable

import msgspec
from django.db import Error, connection

from jingwei.apps.reports import actions as reports
from jingwei.doors.entry.callers import caller_of_token
from jingwei.doors.entry.intake import Read
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.entry.troubles import note_error, trouble_of
from jingwei.kernel.refusals import Refused, Unavailable

log = logging.getLogger(__name__)

#: Most reports in one transaction.
GROUP = 1_000
#: Fewer than so many wait a moment for the next, seconds: a commit costs the disk the same for one and for
#: many, and keeps the worker from its turn. Source: our estimate, a commit takes 4 ms of the disk; at 300/s
#: there are 80 of them a second in place of 300, 2026-11-29.
FEW, TOGETHER_S = 4, 0.008
#: So many reports within so long, seconds, are a flood, until it was less or none came for so long, seconds.
#: Source: our estimate, twice a storm of 300 reports/s; 32 callers who are answered have all sent their next
#: report within the last, 2026-11-29.
FLOOD, WITHIN_S, GONE_S = 120, 0.2, 0.015
#: How long what waits may take when the process ends, seconds.
END_S = 10.0


class Job(msgspec.Struct):
    """Reports of one request; `answer` is told the receipts, or why there are none."""

    authorization: str
    read: Read
    answer: Callable[[object], None]
    first: bool = False


class IntakeWriter:
    """The thread that takes waiting reports in, in groups. What may wait is the route's business.

    `begin` is called first on the thread; `press` when a flood begins, and when it is over.
    """

    def __init__(
        self, *, begin: Callable[[], None] | None = None, press: Callable[[bool], None] | None = None
    ) -> None:
        self._begin, self._press = begin, press
        self._flood = False
        self._lately: deque[tuple[float, int]] = deque()
        self._first: deque[Job] = deque()
        self._others: deque[Job] = deque()
        self._more = threading.Condition()
        self._ending = False
        self._thread: threading.Thread | None = None

    def put(self, job: Job) -> None:
        """Queue reports. Raises `Unavailable` when the process is ending."""
        with self._more:
            if self._ending:
                raise Unavailable("intake")
            (self._first if job.first else self._others).append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()
            self._more.notify()

    def stop(self) -> None:
        """Take in what waits, then end."""
        with self._more:
            self._ending = True
            self._more.notify()
        if self._thread is not None:
            self._thread.join(timeout=END_S)

    def _run(self) -> None:
        if self._begin is not None:
            self._begin()
        while (jobs := self._gather()) is not None:
            try:
                self._take_in(jobs)
            except Exception as error:  # door's edge: the thread must outlive any group
                log.error("a group could not be taken in", exc_info=error)
                for job in jobs:
                    job.answer(Unavailable("intake"))

    def _gather(self) -> list[Job] | None:
        """The next group; None when the process ends and nothing waits."""
        with self._more:
            while not self._first and not self._others:
                if self._ending:
                    return None
                if not self._more.wait(GONE_S if self._flood else None):
                    self._note_flood(False)
            self._let_gather()
            jobs: list[Job] = []
            size = 0
            waiting = self._first or self._others  # never both: a call must not wait for a thousand others
            while size < GROUP and waiting:
                job = waiting.popleft()
                jobs.append(job)
                size += len(job.read.told)
            self._note_flood(self._is_flood(size))
            return jobs

    def _is_flood(self, size: int) -> bool:
        """Whether with this group many have come lately."""
        now = time.monotonic()
        self._lately.append((now, size))
        while self._lately[0][0] < now - WITHIN_S:
            self._lately.popleft()
        return sum(one for _, one in self._lately) >= FLOOD

    def _note_flood(self, flood: bool) -> None:
        if flood != self._flood and self._press is not None:
            self._press(flood)
        self._flood = flood

    def _let_gather(self) -> None:
        """Let a few more come, for a moment; a call goes at once."""
        until = time.monotonic() + TOGETHER_S
        while not self._ending and not self._first and len(self._others) < FEW:
            left = until - time.monotonic()
            if left <= 0:
                return
            self._more.wait(left)

    def _take_in(self, jobs: list[Job]) -> None:
        groups: dict[uuid.UUID, list[Job]] = {}
        known: dict[str, uuid.UUID | None] = {}  # what is written together is asked for once: one instant
        trouble: Exception | None = None
        for job in jobs:
            if trouble is not None:  # it would not answer the others either, and each would wait for it
                job.answer(trouble)
                continue
            try:
                if job.authorization not in known:
                    known[job.authorization] = caller_of_token({"authorization": job.authorization})
                by = known[job.authorization]
            except Error as error:
                trouble = _outcome(error)
                job.answer(trouble)
                continue
            if by is None:
                job.answer(Refused("caller_unknown"))
            else:
                groups.setdefault(by, []).append(job)
        for by, group in groups.items():
            self._write(by, group)

    def _write(self, by: uuid.UUID, group: list[Job]) -> None:
        try:
            told = [one for job in group for one in job.read.told]
            answers = reports.receive_reports(told, by=by, moment=this_moment())
        except Exception as error:  # noqa: BLE001 - door's edge: a group that fails is tried job by job
            outcome = _outcome(error)
            if len(group) > 1 and trouble_of(error) is None:
                for job in group:
                    self._write(by, [job])
                return
            for job in group:
                job.answer(outcome)
            return
        start = 0
        for job in group:
            job.answer(answers[start : start + len(job.read.told)])
            start += len(job.read.told)


def _outcome(error: Exception) -> Exception:
    """What the caller is told: a refusal, or to come back. Nothing was written."""
    if isinstance(error, Refused | Unavailable):
        return error
    trouble = note_error(error)
    log.error("intake could not write: %s", trouble or "a bug", exc_info=error if trouble is None else None)
    if isinstance(error, Error):
        connection.close()
    return Unavailable(trouble or "intake")
