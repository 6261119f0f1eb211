"""The processes of a check: they end when it is done, and one that is killed is said, not waited for."""

import importlib
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from jingwei.apps.seals import queries
from jingwei.apps.seals.queries import checking
from tests.apps.seals.intruder import make_record
from tests.nodes import LiveDatabase

# the package has a function of that name too
crew = importlib.import_module("jingwei.apps.seals.queries.checking.crew")

#: A process that does not end by itself is waited for so long, seconds.
WAITED_S = 2.0


@pytest.fixture
def node(live_db: LiveDatabase, settings, tmp_path: Path, monkeypatch) -> LiveDatabase:
    settings.HOME = tmp_path / "home"
    make_record()
    monkeypatch.setattr(crew, "ENDS_WITHIN_S", WAITED_S)
    return live_db


def ends_after_s() -> float:
    """How long the processes of a crew take to end, once all is done."""
    with crew.crew(2) as team:
        assert len(team.view.all("SELECT 1")) == 1
        began = time.monotonic()
    return time.monotonic() - began


def test_the_processes_end_at_once_when_the_check_is_done(node) -> None:
    assert ends_after_s() < WAITED_S / 2


def test_canary_with_each_others_lines_kept_open_they_do_not(node, monkeypatch) -> None:
    serve = crew._serve
    monkeypatch.setattr(crew, "_serve", lambda line, ends: serve(line, ()))
    assert ends_after_s() > WAITED_S


def test_a_process_that_was_killed_ends_the_check_with_a_word(node, monkeypatch) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 7)

    def kill_one(part: str, share: float) -> None:
        for one in multiprocessing.active_children():
            os.kill(one.pid, signal.SIGKILL)

    with pytest.raises(RuntimeError, match="its process ended"):
        queries.verify(processes=2, say=kill_one)
