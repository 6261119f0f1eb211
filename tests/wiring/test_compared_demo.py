"""The demo serves at once and shows the comparison when it is there; nothing goes on without the demo."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.databases import PASSWORD
from tests.doors.api.test_live import sign_in
from tests.nodes import bare_env, demo_node

pytestmark = pytest.mark.slow

#: How long the whole case twice may take beside other work, seconds.
PATIENCE_S = 300.0


def wait_for(what: Callable[[], bool], within_s: float) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.2)
    return what()


def kept_by(pid: int) -> list[int]:
    """The processes that compute for this one."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                told = (one / "environ").read_bytes().split(b"\0")
                line = (one / "cmdline").read_bytes()
            except OSError:
                continue
            if f"JINGWEI_KEEPER={pid}".encode() in told and b"replay" in line:
                found.append(int(one.name))
    return found


def folders() -> set[str]:
    return {p.name for p in Path(tempfile.gettempdir()).glob("jingwei-compare-*") if p.is_dir()}


def test_the_demo_serves_first_and_then_shows_the_comparison(tmp_path: Path) -> None:
    with (
        demo_node(tmp_path, "--compared", "--paused", "--password", PASSWORD) as node,
        httpx.Client(base_url=node.url, timeout=60) as client,
    ):
        sign_in(client, "lisiyuan")
        first = client.get("/replay/compare")
        assert first.status_code == 200
        assert "<progress" in first.text or 'data-pair="level"' in first.text
        assert wait_for(lambda: 'data-pair="level"' in client.get("/replay/compare").text, PATIENCE_S)
        assert "<progress" not in client.get("/replay/compare").text


COMPUTES = """
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is born without
from jingwei.wiring.compare import Computing
one = Computing("zhengzhou-2021")
print(one._process.pid, flush=True)
{then}
"""


def computing(then: str) -> "subprocess.Popen[str]":
    env = {**bare_env(), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.Popen(
        [sys.executable, "-c", COMPUTES.format(then=then)], env=env, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_what_computes_ends_with_who_asked_for_it(how: signal.Signals) -> None:
    before = folders()
    one = computing("time.sleep(600)")
    try:
        assert one.stdout is not None
        one.stdout.readline()
        assert wait_for(lambda: len(folders() - before) > 0 and kept_by(one.pid) != [], 30)
        (child,) = kept_by(one.pid)
        one.send_signal(how)
        one.wait(10)
        assert wait_for(lambda: not Path(f"/proc/{child}").exists(), 30)
    finally:
        one.kill()
        one.wait()


def test_giving_up_leaves_no_process_and_no_folder() -> None:
    before = folders()
    one = computing("time.sleep(3); one.give_up(); print('given up', flush=True); time.sleep(600)")
    try:
        assert one.stdout is not None
        one.stdout.readline()
        assert kept_by(one.pid)
        assert folders() - before
        assert one.stdout.readline() == "given up\n"
        assert kept_by(one.pid) == []
        assert folders() - before == set()
    finally:
        one.kill()
        one.wait()
