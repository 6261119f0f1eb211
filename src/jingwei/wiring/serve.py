"""One node at work: the front, and the worker beside it, each a process, each started again when it ends.

A worker that hangs gives no sign of life on the board; it is killed, for nothing it has not committed
counts, and started again. What the desk says meanwhile comes from the same board.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .start import KEEPER

log = logging.getLogger(__name__)

#: A worker without a sign of life for this long hangs, seconds. Source: our estimate, twice what a worker
#: may wait for the writers' turn or a connection (wiring/database), 2026-11-22.
HUNG_AFTER_S = 10.0
#: A silent worker that computed at least so long meanwhile is slow, not hung: killed and begun again it would
#: only be slower. Source: our estimate, ten times what its other threads take, seconds, 2026-11-29.
WORKS_S = 0.2
#: A worker that computes but says nothing for so long goes round in a circle. Source: our estimate, seconds.
STUCK_AFTER_S = 60.0
#: A worker just started may take this long to its first sign, seconds. Source: our estimate, 2 s measured
#: on two cores at rest, thirty times that on a machine that is starved, 2026-11-22.
STARTS_WITHIN_S = 60.0
#: How long what is begun may take to end when the node is stopped, seconds; live streams never end.
#: Source: our estimate, intake's last group and a page, 2026-11-22.
ENDS_WITHIN_S = 5
#: How long the head of a request may take to come, milliseconds, and its largest size, bytes.
#: Source: our estimate, a phone on a bad line; cookies and a long search are under 8 kB, 2026-11-22.
HEADERS_WITHIN_MS, LARGEST_HEADERS = 15_000, 64 * 1024
#: Between the end of a process and its next start, seconds.
AGAIN_S = 0.5
#: Held while the worker is started. The front is a copy of this process: copied just then, it would hold on
#: to the pipe by which `Popen` learns that the worker runs, `Popen` would wait until that front ended, and
#: nobody would start the worker again meanwhile.
_starting = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_starting.acquire, after_in_parent=_starting.release, after_in_child=_starting.release
    )


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Worker:
    """The worker process, started again when it ends by itself or hangs."""

    def __init__(self, extra: list[str]) -> None:
        self.extra = extra
        self.stop = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def _keep(self) -> None:
        from jingwei.doors.entry.board import get_board

        restarted = False
        while not self.stop.is_set():
            get_board().expect_worker(restarted=restarted)
            with _starting:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "jingwei.wiring", "worker", *self.extra]
                )
            self._watch(self.process)
            if not self.stop.is_set():
                log.error("the worker ended with %s; starting it again", self.process.wait())
                self.stop.wait(AGAIN_S)
            restarted = True

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        """Return when the worker has ended, or hung and was killed, or shall end."""
        from jingwei.doors.entry.board import get_board

        started, seen, worked_s, before = time.monotonic(), False, 0.0, 0.0
        while not self.stop.wait(0.2) and process.poll() is None:
            silence, age = get_board().silence_s() or 0.0, time.monotonic() - started
            seen = seen or silence < age
            quiet = silence if seen else age
            if quiet <= before:  # a sign since we looked
                worked_s = _processor_s(process.pid)
            before = quiet
            if quiet <= (HUNG_AFTER_S if seen else STARTS_WITHIN_S):
                continue
            if quiet > STUCK_AFTER_S or _processor_s(process.pid) - worked_s < WORKS_S:
                log.error("the worker has given no sign of life for %.0f s; it is killed", quiet)
                process.kill()
                return

    def end(self) -> None:
        """End the worker, and start no other."""
        self.stop.set()
        self.thread.join(AGAIN_S * 4)
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _processor_s(pid: int) -> float:
    """Processor time that the process took so far, seconds; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0


@contextmanager
def a_board() -> Iterator[None]:
    """The board of this node's processes, made while there is still room for it."""
    from jingwei.doors.entry import board

    folder = os.environ.get("XDG_RUNTIME_DIR")
    fd, path = tempfile.mkstemp(
        prefix="jingwei-board-", dir=folder if folder and os.access(folder, os.W_OK) else None
    )
    try:
        os.write(fd, b"\0" * board.SIZE)
        os.close(fd)
        os.environ[board.VARIABLE] = path
        yield
    finally:
        os.environ.pop(board.VARIABLE, None)
        Path(path).unlink(missing_ok=True)


def serve(*, host: str, port: int, worker: bool = True, case: str = "") -> int:
    """Serve until stopped. With `case`, the worker also plays that case by the scenario clock."""
    # the pages' processes are children too: they inherit the settings from the environment
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.wiring.settings")
    os.environ[KEEPER] = str(os.getpid())
    if os.environ.get("JINGWEI_HTTPS") == "1" and not os.environ.get("JINGWEI_PROXIES"):
        log.warning("behind TLS, but JINGWEI_PROXIES names no proxy: all callers count as one address")
    with a_board():
        keeper = Worker(["--case", case] if case else [])
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: keeper.stop.set())
        if worker:
            keeper.start()
        try:
            while not keeper.stop.is_set():
                _serve_front(host, port, keeper.stop)
                if not keeper.stop.wait(AGAIN_S):
                    log.error("the front ended; starting it again")
        finally:
            keeper.end()
    return 0


def _serve_front(host: str, port: int, stop: threading.Event) -> None:
    """Serve pages and intake until told to stop, or until the server gives up on its processes."""
    from django.db import connections
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    class Front(Granian):  # type: ignore[misc, valid-type]
        def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
            """Whoever ends the server ends the node: first of all, nothing is started again."""
            stop.set()
            super().signal_handler_interrupt(*args, **kwargs)

    front = Front(
        "jingwei.wiring.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        workers_kill_timeout=ENDS_WITHIN_S,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS, max_buffer_size=LARGEST_HEADERS),
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    # The front is a copy of this process. An open SQLite connection copied with it would count as a lock the
    # copy does not have: whoever then closes the database last takes the log away under the front's feet.
    connections.close_all()
    try:
        front.serve()
    except SystemExit:
        log.error("the server gave up on its processes")
