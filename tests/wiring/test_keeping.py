"""The keeper starts the worker and copies itself as the front, both at once: neither holds up the other."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from jingwei.wiring import serve

#: How long the copy lives that stands for the front, seconds; and how long the moment is made in which a
#: copy takes the pipe along.
LIVES_S, MOMENT_S = 3.0, 0.4

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be copied here")


@pytest.fixture
def begun(monkeypatch) -> threading.Event:
    """Set while a process is being started, its pipe open: that moment is made long enough to be met."""
    at, really = threading.Event(), subprocess._fork_exec  # type: ignore[attr-defined]

    def slowly(*args: object) -> int:
        at.set()
        time.sleep(MOMENT_S)
        return int(really(*args))

    monkeypatch.setattr(subprocess, "_fork_exec", slowly)
    return at


@pytest.fixture
def keeper(monkeypatch) -> Iterator[serve.Worker]:
    """One whose worker ends at once; it is started a single time."""
    monkeypatch.setattr(sys, "executable", "/bin/true")
    monkeypatch.setattr(serve, "AGAIN_S", 60.0)
    one = serve.Worker([])
    yield one
    one.stop.set()
    one.thread.join(10)


def copied(at: threading.Event) -> int:
    """Copy this process just then, as the server copies it for its front."""
    assert at.wait(10)
    pid = os.fork()
    if pid == 0:
        time.sleep(LIVES_S)
        os._exit(0)
    return pid


def noticed_after_s(keeper: serve.Worker, at: threading.Event) -> float:
    """How long until the keeper knows the process that it started."""
    began = time.monotonic()
    keeper.start()
    front = copied(at)
    while keeper.process is None and time.monotonic() - began < LIVES_S * 2:
        time.sleep(0.02)
    took = time.monotonic() - began
    with contextlib.suppress(ProcessLookupError):
        os.kill(front, signal.SIGKILL)
    os.waitpid(front, 0)
    return took


def test_a_front_that_starts_at_the_same_moment_hides_no_worker_from_its_keeper(
    keeper: serve.Worker, begun: threading.Event
) -> None:
    assert noticed_after_s(keeper, begun) < LIVES_S / 2


def test_canary_without_their_turn_the_keeper_waits_until_the_front_has_ended(
    keeper: serve.Worker, begun: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_starting", contextlib.nullcontext())
    assert noticed_after_s(keeper, begun) > LIVES_S * 0.8
