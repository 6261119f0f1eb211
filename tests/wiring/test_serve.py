"""The process that keeps a node's others: it starts again what ended, and ends all of them when told to."""

import contextlib
import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from bench.faults.desk import Desk
from bench.faults.machine import list_pids
from jingwei.wiring import serve
from tests.databases import PASSWORD
from tests.nodes import LiveDatabase, Serving, serving

pytestmark = pytest.mark.slow


def roles(node: Serving) -> dict[str, int]:
    found = {role: list_pids(node.process.pid, role) for role in ("serve", "front", "worker")}
    return {role: pids[0] for role, pids in found.items() if pids}


def wait_for(what: object, within_s: float = 30.0) -> None:
    until = time.monotonic() + within_s
    while not what():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture
def node(live_db: LiveDatabase) -> Iterator[Serving]:
    with serving(live_db) as one:
        wait_for(lambda: {"serve", "front", "worker"} <= set(roles(one)))
        yield one


@pytest.fixture
def stream(node: Serving) -> Iterator[http.client.HTTPResponse]:
    """A page that stays open: its live stream never ends by itself."""
    desk = Desk(node.url)
    desk.sign_in("lisiyuan", PASSWORD)
    parts = urlsplit(node.url)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=30)
    cookies = "; ".join(f"{one.name}={one.value}" for one in desk.jar)
    link.request("GET", "/live?topic=all", headers={"Cookie": cookies})
    answer = link.getresponse()
    assert answer.status == 200
    yield answer
    link.close()


def answers(node: Serving) -> bool:
    try:
        return Desk(node.url).get("/sign-in")[0] == 200
    except OSError:
        return False


def is_gone(pid: int) -> bool:
    """Ended; whether somebody has taken note of it is not the node's business."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_told_to_end_all_at_once_with_a_stream_open_nothing_lingers(
    node: Serving, stream: http.client.HTTPResponse
) -> None:
    pids = roles(node)
    for pid in pids.values():
        os.kill(pid, signal.SIGTERM)
    assert node.process.wait(25) == 0
    wait_for(lambda: all(is_gone(pid) for pid in pids.values()))


def test_what_was_killed_is_started_again_also_twice_in_a_row(node: Serving) -> None:
    for role in ("worker", "front", "front"):
        old = roles(node)[role]
        os.kill(old, signal.SIGKILL)
        wait_for(lambda role=role, old=old: roles(node).get(role, old) != old)
    wait_for(lambda: answers(node))


def test_without_the_process_that_keeps_them_the_others_end(node: Serving) -> None:
    pids = roles(node)
    os.kill(pids["serve"], signal.SIGKILL)
    node.process.wait()
    wait_for(lambda: is_gone(pids["front"]) and is_gone(pids["worker"]))


def test_a_worker_that_stands_still_is_said_on_the_desk_and_replaced(node: Serving) -> None:
    desk = Desk(node.url, language="en")
    desk.sign_in("lisiyuan", PASSWORD)
    wait_for(lambda: not desk.troubles())
    time.sleep(1.5)  # its first sign of life: before it, a worker may take long to start
    old = roles(node)["worker"]
    os.kill(old, signal.SIGSTOP)
    assert desk.sees(lambda said: said == {"worker_silent"}, 15) is not None
    assert "The worker does not answer" in desk.get("/")[1]
    wait_for(lambda: roles(node).get("worker", old) != old, 70)
    assert desk.sees(lambda said: not said, 30) is not None


def watched(monkeypatch, program: str, *, stuck_after_s: float = 60.0) -> bool:
    """Whether a worker that runs this and gives no sign is killed within some seconds."""
    began = time.monotonic()
    monkeypatch.setattr(serve, "HUNG_AFTER_S", 1.0)
    monkeypatch.setattr(serve, "STUCK_AFTER_S", stuck_after_s)
    # one sign at the start, none after it
    board = SimpleNamespace(silence_s=lambda: max(0.0, time.monotonic() - began - 0.7))
    monkeypatch.setattr("jingwei.doors.entry.board.get_board", lambda: board)
    keeper = serve.Worker([])
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        thread = threading.Thread(target=keeper._watch, args=(process,), daemon=True)
        thread.start()
        thread.join(6)
        killed = not thread.is_alive()
        keeper.stop.set()
        process.kill()
    return killed and process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what another process computed")
def test_a_silent_worker_that_computes_is_slow_and_left_alone(monkeypatch) -> None:
    """On a crowded machine, killed and begun again, it would only be slower."""
    assert not watched(monkeypatch, "while True: pass")


@pytest.mark.parametrize(
    ("program", "stuck_after_s"), [("import time; time.sleep(60)", 60.0), ("while True: pass", 2.0)]
)
def test_one_that_waits_for_ever_or_goes_round_in_a_circle_is_killed(
    monkeypatch, program, stuck_after_s
) -> None:
    assert watched(monkeypatch, program, stuck_after_s=stuck_after_s)


def files_of(pid: int) -> set[str]:
    """The files a process holds open."""
    found = set()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(one.readlink().name)
    return found


def test_the_keeper_holds_no_database_when_it_is_copied_to_the_front(live_db: LiveDatabase) -> None:
    """A connection copied by fork has no lock: the log would be deleted under it, with what it took."""
    with serving(live_db) as node:
        assert [name for name in files_of(node.process.pid) if "sqlite" in name] == []


def test_canary_a_database_that_is_held_open_is_seen(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "node.sqlite3")) as one:
        one.execute("CREATE TABLE t (n)")
        assert "node.sqlite3" in files_of(os.getpid())
