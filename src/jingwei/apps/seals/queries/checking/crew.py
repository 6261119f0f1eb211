"""The long parts of a check, spread over processes that all see the database at the same moment."""

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from django.db import connection, transaction

from . import receipts, rows, scanning
from .snapshot import Snapshot, snapshot

#: How long a process with nothing more to do may take to end, seconds. Source: our estimate, 2026-11-29.
ENDS_WITHIN_S = 5.0

#: What can be handed to a process, by name: f(view, *values).
PARTS: dict[str, Callable[..., Any]] = {
    "scan": scanning.scan,
    "rows": rows.check_part,
    "receipts": receipts.check_group,
}


class Crew:
    """Runs parts of the check: in this process, or in others."""

    def __init__(self, view: Snapshot, lines: Sequence[Connection] = ()) -> None:
        self.view, self._lines = view, list(lines)

    @property
    def is_alone(self) -> bool:
        """Whether all is done in this process."""
        return not self._lines

    def run(self, part: str, tasks: Iterable[Sequence[Any]]) -> Iterator[Any]:
        """Results in the order of the tasks."""
        if not self._lines:
            for task in tasks:
                yield PARTS[part](self.view, *task)
            return
        waiting, results, given, told = iter(tasks), dict[int, Any](), 0, 0
        busy: dict[Connection, int] = {}
        idle, more = list(self._lines), True
        while more or busy:
            while more and idle:
                for task in waiting:
                    line = idle.pop()
                    _ask(line, part, task)
                    break
                else:
                    more = False
                    break
                busy[line] = given
                given += 1
            ready = wait(list(busy)) if busy else ()
            for line in [one for one in busy if one in ready]:
                results[busy.pop(line)] = _result(line)
                idle.append(line)
            while told in results:
                yield results.pop(told)
                told += 1


@contextmanager
def crew(processes: int) -> Iterator[Crew]:
    """A crew that sees one moment. More than one process only where a process can be copied."""
    if processes < 2 or not _may_share():
        with snapshot() as view:
            yield Crew(view)
        return
    connection.close()  # what SQLite knows of an open file must not be copied with the process
    context = multiprocessing.get_context("fork")
    pairs = [context.Pipe() for _ in range(processes)]
    ends = [end for pair in pairs for end in pair]
    members = [context.Process(target=_serve, args=(theirs, ends), daemon=True) for _, theirs in pairs]
    for one in members:
        one.start()
    for _, theirs in pairs:
        theirs.close()
    lines = [ours for ours, _ in pairs]
    try:
        with _at_one_moment(lines) as view:
            yield Crew(view, lines)
    finally:
        for line in lines:
            line.close()
        for one in members:
            one.join(ENDS_WITHIN_S)
            if one.is_alive():
                one.kill()


def _may_share() -> bool:
    """Where a process can be copied; on SQLite also one that may hold up writers a moment."""
    if sys.platform not in ("linux", "darwin", "freebsd"):
        return False
    return connection.vendor != "sqlite" or os.access(str(connection.settings_dict["NAME"]), os.W_OK)


@contextmanager
def _at_one_moment(lines: Sequence[Connection]) -> Iterator[Snapshot]:
    """SQLite: nobody writes while all begin to read. PostgreSQL: one hands its view on to the others."""
    if connection.vendor == "sqlite":
        with transaction.atomic():
            _open(lines, "")
            own = snapshot()
            view = own.__enter__()
        try:
            yield view
        finally:
            own.__exit__(None, None, None)
        return
    with snapshot() as view:
        _open(lines, str(view.all("SELECT pg_export_snapshot()")[0][0]))
        yield view


def _open(lines: Sequence[Connection], name: str) -> None:
    for line in lines:
        _ask(line, "open", name)
    for line in lines:
        _result(line)


def _ask(line: Connection, *what: Any) -> None:
    with suppress(OSError):  # a process that ended is told by the answer that does not come
        line.send(what)


def _result(line: Connection) -> Any:
    try:
        fine, result = line.recv()
    except (EOFError, OSError):
        fine, result = False, "its process ended"
    if not fine:
        raise RuntimeError(f"a part of the check failed: {result}")
    return result


def _serve(line: Connection, ends: Sequence[Connection]) -> None:
    """A member's life: opens its view, then does what it is told until the line is closed.

    `ends` of all lines came along with the copy of the process: a line is closed only when nobody holds it.
    """
    gc.disable()  # a part makes millions of values and no circle of them; looking for one takes a tenth
    for end in ends:
        if end is not line:
            end.close()
    try:
        _, name = line.recv()
        with snapshot(of=name) as view:
            line.send((True, None))
            while True:
                part, task = line.recv()
                try:
                    line.send((True, PARTS[part](view, *task)))
                except Exception as error:  # noqa: BLE001 - handed on to the one who asked
                    line.send((False, f"{type(error).__name__}: {error}"))
    except (EOFError, OSError, KeyboardInterrupt):
        return
