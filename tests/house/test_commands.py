"""The commands of the project: ten, without logic; they name what is missing; locks without addresses."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.tree import ROOT

TARGETS = ["setup", "run", "demo", "test", "fast", "lint", "fix", "docs", "bench", "check"]


def load(name: str) -> ModuleType:
    """A module of scripts/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup_script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("setup")
    monkeypatch.setitem(sys.modules, "setup", module)
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    return module


def test_the_makefile_has_these_targets_and_one_call_each() -> None:
    text = (ROOT / "Makefile").read_text()
    assert re.findall(r"^(\w+)\s*:\s*;", text, re.MULTILINE) == TARGETS
    assert re.search(rf"^\.PHONY: {' '.join(TARGETS)}$", text, re.MULTILINE)
    assert not re.search(r"\b(if|ifeq|for|foreach|shell)\b", re.sub(r"#.*", "", text))


def test_every_target_is_a_task(setup_script: ModuleType) -> None:
    assert list(load("tasks").TASKS) == TARGETS


def test_without_root_the_missing_thing_is_named(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup_script, "_python", lambda: None)
    monkeypatch.setattr(setup_script, "_packages", lambda kind: None)
    monkeypatch.setattr(setup_script, "_paths", lambda: None)
    monkeypatch.setattr(setup_script, "_has_chinese_font", lambda: True)
    monkeypatch.setenv("JINGWEI_CHROMIUM", str(ROOT / "no-such-browser"))
    assert load("tasks").main(["test"]) == 2
    told = capsys.readouterr().err
    assert "missing: Chromium" in told
    assert "apt-get install chromium" in told


def test_the_demo_needs_no_browser(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(setup_script, "_python", lambda: None)
    monkeypatch.setattr(setup_script, "_packages", asked.append)
    monkeypatch.setattr(setup_script, "_paths", lambda: None)
    monkeypatch.setattr(setup_script, "_system", lambda: asked.append("browser"))
    monkeypatch.setattr(setup_script, "put_beside", lambda name, what: asked.append(name))
    tasks = load("tasks")
    monkeypatch.setattr(tasks, "_do", lambda *line: 0)
    assert tasks.main(["demo"]) == 0
    assert asked == ["run", "polygons", "solvers"]
    asked.clear()
    assert tasks.main(["demo", "--place", "porto-alegre"]) == 0
    assert asked == ["run", "solvers"], "outlines are of China"


def test_what_cannot_be_had_beside_is_said_and_stops_nothing(
    setup_script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "polygons.txt").write_text("no-such-package==1 --hash=sha256:" + "0" * 64)
    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\necho no such thing >&2\nexit 1\n")
    failing.chmod(0o755)
    for name, value in {"ROOT": tmp_path, "VENV": tmp_path, "PYTHON": failing}.items():
        monkeypatch.setattr(setup_script, name, value)
    setup_script.put_beside("polygons", "outlines")
    assert "without outlines, everything else works: no such thing" in capsys.readouterr().out
    assert not (tmp_path / ".ready-polygons").exists()
    failing.write_text("#!/bin/sh\nexit 0\n")
    setup_script.put_beside("polygons", "outlines")
    assert (tmp_path / ".ready-polygons").exists()


def test_an_old_python_is_refused_by_name(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setup_script, "PYTHON", tmp_path / "none")
    monkeypatch.setattr(setup_script.sys, "version_info", (3, 9, 2))
    with pytest.raises(setup_script.Missing, match=r"Python 3\.11 or later"):
        setup_script._python()


def test_an_unknown_task_is_misuse(setup_script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert load("tasks").main(["dance"]) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "least"), [("run.txt", 11), ("dev.txt", 11), ("polygons.txt", 1), ("solvers.txt", 8)]
)
def test_locks_have_a_hash_for_everything_and_no_address(name: str, least: int) -> None:
    text = (ROOT / "requirements" / name).read_text()
    packages = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)[1:]
    assert len(packages) >= least
    assert all("--hash=sha256:" in one for one in packages)
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|@ file", text)


def test_what_runs_is_locked_alike_for_development() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text()
        return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))

    run, dev = pins("run.txt"), pins("dev.txt")
    assert {n: dev.get(n) for n in run} == run


def test_ci_runs_what_everyone_runs() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "make test"
