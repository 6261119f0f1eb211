"""The board: what one process finds wrong, all say."""

import time
from pathlib import Path

import pytest

from jingwei.doors.entry import board
from jingwei.doors.entry.board import SIZE, Board
from jingwei.doors.entry.sentences_trouble import TROUBLES


@pytest.fixture
def two(tmp_path: Path) -> tuple[Board, Board]:
    path = tmp_path / "board"
    path.write_bytes(b"\0" * SIZE)
    return Board(str(path)), Board(str(path))


def whats(one: Board) -> list[str]:
    return [trouble.what for trouble in one.list_troubles()]


def test_what_one_process_notes_all_see_gravest_first(two: tuple[Board, Board]) -> None:
    worker, front = two
    worker.note("clock_stepped", amount=-3600)
    worker.note("disk_full")
    assert whats(front) == ["disk_full", "clock_stepped"]
    assert front.list_troubles()[1].amount == -3600
    front.clear("disk_full", "clock_stepped")
    assert whats(worker) == []


def test_since_is_when_it_began(two: tuple[Board, Board]) -> None:
    one, _ = two
    one.note("disk_full")
    time.sleep(0.05)
    one.note("disk_full")
    assert 0.05 <= one.list_troubles()[0].for_s < 30


def test_what_nobody_meets_again_lapses(two: tuple[Board, Board], monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = two
    one.note("disk_full")
    monkeypatch.setattr(board, "LAPSES_S", -1.0)
    assert whats(one) == []


def test_a_worker_is_silent_only_where_one_is_expected(
    two: tuple[Board, Board], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, front = two
    monkeypatch.setattr(board, "SILENT_AFTER_S", 0.05)
    assert front.silence_s() is None
    assert whats(front) == []
    worker.expect_worker()
    time.sleep(0.1)
    assert whats(front) == ["worker_silent"]
    worker.beat()
    assert whats(front) == []
    worker.expect_worker(restarted=True)
    assert front.count_restarts() == 1


def test_every_trouble_has_its_sentences() -> None:
    assert set(TROUBLES) == set(board.WHAT)
