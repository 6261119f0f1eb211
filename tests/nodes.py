"""Whole nodes as other processes: what a browser or a program meets."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import databases

#: How long a node may take to answer its first request, seconds.
PATIENCE_S = 180.0


@dataclass(frozen=True)
class LiveDatabase:
    """A database of this test's own, in which transactions really commit."""

    name: str
    url: str
    home: Path

    @property
    def env(self) -> dict[str, str]:
        """The environment of another process that uses this database too."""
        env = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
        return {**env, "JINGWEI_DATABASE": self.url, "JINGWEI_HOME": str(self.home)}


@dataclass(frozen=True)
class LiveNode:
    """A node that answers at `url`. `users`: user name to password."""

    url: str
    home: Path
    users: dict[str, str]
    log: Path
    env: dict[str, str] = field(repr=False, default_factory=dict)


def bare_env() -> dict[str, str]:
    """The environment of somebody who has not heard of this run of the tests."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("JINGWEI_", "DJANGO_", "PYTEST_"))}


@contextmanager
def demo_node(
    home: Path, *options: str, database: str | None = None, program: Sequence[str] = ()
) -> Iterator[LiveNode]:
    """Start `jingwei demo` in a home of its own, wait until it answers, and end it afterwards.

    `program` is the command to start; without it, this checkout with this Python.
    """
    home.mkdir(parents=True, exist_ok=True)
    port, users, log = _free_port(), home / "users.json", home / "server.log"
    env = bare_env()
    if not program:
        program = [sys.executable, "-m", "jingwei.wiring"]
        env["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    if database is not None:
        env["JINGWEI_DEMO_DATABASE"] = database
    # the demo empties its home when it begins: it gets a folder of its own
    line = [*program, "demo", "--port", str(port), "--home", str(home / "node")]
    line += ["--users-json", str(users), *options]
    if "--compared" in line:  # a word of the tests alone: the comparison costs a quarter of a minute
        line.remove("--compared")
    else:
        line.append("--bare")
    with log.open("w") as output:
        process = subprocess.Popen(line, env=env, stdout=output, stderr=subprocess.STDOUT, cwd=home)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(url, users, process, log)
        told = json.loads(users.read_text())["users"]
        yield LiveNode(url=url, home=home / "node", users=told, log=log, env=env)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def demo_node_of_this_run(home: Path, *options: str) -> Iterator[LiveNode]:
    """The same on the database that this run of the tests is about."""
    if not databases.on_postgres():
        with demo_node(home, *options) as node:
            yield node
        return
    databases.make_template()  # brings the server up
    name = databases.create()
    try:
        with demo_node(home, *options, database=databases.url_of(name)) as node:
            yield node
    finally:
        databases.drop(name)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_until_it_answers(url: str, users: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the node ended with {process.returncode}:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{url}/sign-in", timeout=5):  # noqa: S310 - our own address
                if users.exists():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"no answer in {PATIENCE_S:.0f} s:\n{log.read_text()[-4000:]}")


@dataclass
class Serving:
    """`jingwei serve` on a database of the test's, in a process group of its own."""

    url: str
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """Kill -9 the server, its front and its worker, all at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(database: LiveDatabase, *options: str, **more: str) -> Iterator[Serving]:
    """Serve the database's node until the block ends; it may be killed before. `more`: its environment."""
    port, log = _free_port(), database.home.parent / f"serve-{time.monotonic_ns()}.log"
    env = {**database.env, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **more}
    line = [sys.executable, "-m", "jingwei.wiring", "serve", "--port", str(port), *options]
    with log.open("w") as output:
        process = subprocess.Popen(
            line, env=env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    one = Serving(url=f"http://127.0.0.1:{port}", process=process)
    try:
        _wait_until_it_answers(one.url, log, process, log)
        yield one
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                one.kill()
