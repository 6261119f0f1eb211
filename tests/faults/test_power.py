"""The power cut itself: it takes what was not synced, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.faults import power
from bench.faults.power import Lost, cut_power
from bench.faults.shim import NO_ROOM, READ_ONLY, Shim

pytestmark = pytest.mark.slow

_BEFORE = "first " * 200


@pytest.fixture
def shim(tmp_path: Path) -> Shim:
    files = tmp_path / "files"
    files.mkdir()
    (files / "old").write_text(_BEFORE)
    return Shim(tmp_path, files)


def do(shim: Shim, lines: str, *, cwd: Path) -> "subprocess.CompletedProcess[str]":
    script = "import os, time\nfd = os.open('old', os.O_RDWR)\n" + lines
    env = {**os.environ, **shim.env()}
    return subprocess.run(
        [sys.executable, "-c", script], env=env, cwd=cwd, capture_output=True, text=True, check=False
    )


def after_cut(shim: Shim, lines: str, files: Path, *, seed: int = 0) -> tuple[str, Lost]:
    shim.begin_log(slow_s=0)
    done = do(shim, lines, cwd=files)
    assert done.returncode == 0, done.stderr
    lost = cut_power(shim.log, files, seed=seed)
    return (files / "old").read_text(), lost


def seed_of(keep: float) -> int:
    """A seed whose cut keeps this share of what was not synced."""
    import random

    return next(s for s in range(100) if random.Random(s).choice((0.0, 0.5)) == keep)


NOTHING = seed_of(0.0)


def test_what_was_synced_stands_and_what_was_not_is_gone(shim: Shim, tmp_path: Path) -> None:
    lines = (
        "os.pwrite(fd, b'SYNCED', 0); os.fsync(fd); os.pwrite(fd, b'LOST' * 500, 6); os.pwrite(fd, b'x', 9)"
    )
    text, lost = after_cut(shim, lines, tmp_path / "files", seed=NOTHING)
    assert text == "SYNCED" + _BEFORE[6:]
    assert (lost.writes, lost.files) == (2, 0)


def test_a_file_cut_short_without_syncing_is_long_again(shim: Shim, tmp_path: Path) -> None:
    text, _ = after_cut(shim, "os.ftruncate(fd, 3)", tmp_path / "files", seed=NOTHING)
    assert text == _BEFORE


@pytest.mark.parametrize(("folder", "stays"), [("", False), ("; os.fsync(os.open('.', os.O_RDONLY))", True)])
def test_a_new_file_stays_once_its_folder_is_synced(
    shim: Shim, tmp_path: Path, folder: str, stays: bool
) -> None:
    lines = "new = os.open('new', os.O_RDWR | os.O_CREAT); os.write(new, b'hello'); os.fsync(new)" + folder
    after_cut(shim, lines, tmp_path / "files", seed=NOTHING)
    assert (tmp_path / "files" / "new").exists() is stays


def test_a_disk_that_lies_loses_what_it_said_it_had(shim: Shim, tmp_path: Path) -> None:
    """The canary: with a disk that does not sync, a program that syncs loses all the same."""
    shim.set("deaf", 1)
    text, _ = after_cut(shim, "os.pwrite(fd, b'SYNCED', 0); os.fsync(fd)", tmp_path / "files", seed=NOTHING)
    assert text == _BEFORE


def test_some_of_it_may_have_reached_the_disk(shim: Shim, tmp_path: Path) -> None:
    lines = "[os.pwrite(fd, bytes([65 + n]), n) for n in range(20)]"
    text, lost = after_cut(shim, lines, tmp_path / "files", seed=seed_of(0.5))
    assert 0 < lost.writes < 20
    assert sum(a != b for a, b in zip(text, _BEFORE, strict=True)) == 20 - lost.writes


@pytest.mark.parametrize(("how", "line", "error"), [
    (NO_ROOM, "os.pwrite(fd, b'x' * 5000, 0)", "No space left"),
    (READ_ONLY, "os.pwrite(fd, b'x', 0)", "Read-only"),
    (READ_ONLY, "open('new', 'w')", "Read-only"),
])  # fmt: skip
def test_the_disk_refuses_and_it_is_counted(
    shim: Shim, tmp_path: Path, how: int, line: str, error: str
) -> None:
    lines = f"time.sleep(0)\ntry:\n    {line}\nexcept OSError as e:\n    print(e)"
    assert error not in do(shim, lines, cwd=tmp_path / "files").stdout
    shim.fail_disk(how)
    done = do(shim, lines.replace("time", "(lambda: 0)() or time"), cwd=tmp_path / "files")
    if how == READ_ONLY:  # the file cannot even be opened for writing
        assert error in done.stderr + done.stdout
    assert shim.get("fired_disk") >= (how == READ_ONLY)


def test_the_clock_is_moved_for_those_under_it(shim: Shim, tmp_path: Path) -> None:
    import time

    shim.move_clock(-3600)
    said = float(do(shim, "print(time.time())", cwd=tmp_path / "files").stdout)
    assert -3605 < said - time.time() < -3500
    assert shim.get("fired_clock") > 0


def test_a_note_cut_short_hides_none_after_it(tmp_path: Path) -> None:
    """Killed in the midst of a note: whoever went on after it has synced, and that stands."""

    def note(kind: int, new: bytes = b"xy") -> bytes:
        path = b"" if kind == power.SYNC else b"p"
        return power._HEAD.pack(power._MAGIC, kind, 1, 0, 0, 0, 0, len(path), 0, len(new), 0) + path + new

    log, write = tmp_path / "log", note(power.WRITE)
    log.write_bytes(write + note(power.WRITE, b"z" * 500)[:90] + write + note(power.SYNC, b"") + write[:30])
    assert [one.kind for one in power.read_log(log)] == [power.WRITE, power.WRITE, power.SYNC]
