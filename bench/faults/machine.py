"""A machine of the harness's own: a node of real processes, its database, and what can go wrong with both."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import node as nodes
from bench import processes
from tests.postgres import Server

from . import power
from .shim import WELL, Shim

#: Of a server that must survive a power cut: what PostgreSQL ships with.
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "log_min_messages": "warning",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "checkpoint_timeout": "30s",
}
PASSWORD = "river-town-2021"  # noqa: S105 - of people who do not exist
#: The bits of `Shim.fail_disk`.
PHOTOS, DATABASE = 0, 1
#: How long a node may take to answer after it was started, seconds.
PATIENCE_S = 90.0


class Machine:
    """The node at `url`; `begin` makes it, `serve` starts it, as a supervisor of the system would."""

    def __init__(
        self, work: Path, database: str, *, program: Sequence[str] = ("-m", "jingwei.wiring")
    ) -> None:
        self.work, self.database, self.program = work, database, tuple(program)
        self.home = work / "home"
        self.server: Server | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.starts, self.restarts = 0, 0
        self._over, self._keeping = threading.Event(), threading.RLock()

    @property
    def file(self) -> Path:
        return self.home / "node.sqlite3"

    def begin(self) -> None:
        """An empty folder becomes a node with the demo's cast, and a feed's and a reader's token."""
        self.work.mkdir(parents=True, exist_ok=True)
        self.work.chmod(0o711)
        photos = self.home / "photos"
        photos.mkdir(mode=0o700, parents=True)
        more = {}
        store = self.work / "pg" / "data" if self.database == "postgres" else self.home
        store.mkdir(parents=True, exist_ok=True)
        if self.database == "postgres":
            store.rmdir()
            self.server = Server(self.work / "pg", DURABLE)
            self.server.start()
            self.server.stop()
        self.shim = Shim(self.work, photos, store)
        if self.server is not None:
            self.server.env = self.shim.env()
            self.server.start_again()
            more["JINGWEI_DATABASE"] = self._database("node")
            threading.Thread(target=self._keep_database, name="system", daemon=True).start()
        self.env, self.feed, self.reader = nodes.set_up(self.home, PASSWORD, **more)

    def _database(self, name: str) -> str:
        import psycopg

        assert self.server is not None
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.server.url(name)

    def serve(self) -> None:
        """Start the node and wait until it answers."""
        self.starts += 1
        log = (self.work / f"serve-{self.starts}.log").open("w")
        line = [sys.executable, *self.program, "serve", "--port", str(self.port)]
        with log:
            self.process = subprocess.Popen(
                line, env=self.env | self.shim.env(), cwd=nodes.ROOT, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        self.wait()

    def wait(self, patience_s: float = PATIENCE_S) -> float:
        """Until the node gives a page. Returns how long it took, seconds."""
        began = time.monotonic()
        while time.monotonic() - began < patience_s:
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in", timeout=5):  # noqa: S310 - our own
                    return time.monotonic() - began
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            if self.process is None or self.process.poll() is not None:
                break
        raise RuntimeError(f"the node does not answer:\n{self.said()}")

    def said(self) -> str:
        """The end of the node's log."""
        return (self.work / f"serve-{self.starts}.log").read_text()[-4000:]

    def pids(self, role: str) -> list[int]:
        """The processes of a role: serve (the one that keeps the others), front, worker."""
        if self.process is None or self.process.poll() is not None:
            return []
        return list_pids(self.process.pid, role)

    def send(self, role: str, number: int) -> int:
        """A signal to every process of a role. Returns how many there were."""
        sent = 0
        for pid in self.pids(role):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
                sent += 1
        return sent

    def kill_all(self) -> None:
        """Kill -9 everything of the node at one blow."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def cut_power(self, seed: int) -> power.Lost:
        """Every process ends at once, and the disk keeps only what was synced. The node is down then."""
        self.kill_all()
        if self.server is not None:
            self._keeping.acquire()  # until the power is on again
            for pid in reversed(processes.tree(self._postmaster())):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _wait_for_end(self._postmaster())
        self.shim.end_log()
        files = self.server.data if self.server is not None else self.home
        return power.cut_power(self.shim.log, files, seed=seed, names_need_folder=self.server is None)

    def _keep_database(self) -> None:
        """Start PostgreSQL again when it ended by itself, as the system would, once its disk is well."""
        while not self._over.wait(0.5):
            with self._keeping:
                if self.shim.get("disk") == WELL and not self._is_database_up():
                    self._start_database()
                    self.restarts += 1

    def _is_database_up(self) -> bool:
        return Path(f"/proc/{self._postmaster() or 'gone'}").exists()

    def _start_database(self) -> None:
        assert self.server is not None
        (self.server.data / "postmaster.pid").unlink(missing_ok=True)
        with contextlib.suppress(RuntimeError):  # tried again
            self.server.start_again()

    @contextlib.contextmanager
    def database_stopped(self) -> Iterator[None]:
        """PostgreSQL is stopped for a while by somebody who may."""
        assert self.server is not None
        with self._keeping:
            self.server.stop()
            try:
                yield
            finally:
                self._start_database()

    def power_on(self) -> None:
        """Start what a machine starts when it comes up."""
        if self.server is not None:
            self._start_database()
            self._keeping.release()
        self.serve()

    def _postmaster(self) -> int:
        assert self.server is not None
        try:
            return int((self.server.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0

    def verb(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """One verb of the `jingwei` command, beside the running node."""
        return nodes.verb(self.env, *words, check=False)

    def end(self) -> None:
        """End the node and its database as an operator would, and leave nothing behind."""
        self._over.set()
        if self.process is not None and self.process.poll() is None:
            nodes.end(self.process)
        with self._keeping:
            if self.server is not None and self._is_database_up():
                self.server.stop()
        shutil.rmtree(self.work, ignore_errors=True)


def list_pids(root: int, role: str) -> list[int]:
    """Living processes of a node by what they are for: serve is the root, it keeps front and worker."""
    found = []
    for pid in processes.tree(root):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        known = "serve" if pid == root else "worker" if b"worker" in words else "front"
        if known == role and state != "Z" and b"resource_tracker" not in b" ".join(words):
            found.append(pid)
    return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for_end(pid: int) -> None:
    until = time.monotonic() + 10
    while pid and Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.02)
