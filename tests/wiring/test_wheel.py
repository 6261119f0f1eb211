"""An ordinary wheel: installed somewhere else, with nothing of the checkout in sight, it works."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.nodes import LiveNode, bare_env, demo_node

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def _run(line: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in bare_env().items() if k != "PYTHONPATH"}
    return subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `jingwei` command of an environment that holds the locked packages and our wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    built = _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    made = _run([sys.executable, "-m", "venv", str(folder / "env")], folder)
    assert made.returncode == 0, made.stderr
    pip = [str(folder / "env/bin/python"), "-m", "pip", "install", "-q", "--no-input"]
    for what in (
        ["--only-binary=:all:", "--require-hashes", "-r", str(ROOT / "requirements/run.txt")],
        ["--no-deps", "--no-index", str(wheel)],
    ):
        done = _run([*pip, *what], folder)
        assert done.returncode == 0, done.stderr
    return folder / "env/bin/jingwei"


@pytest.fixture(scope="module")
def node(installed: Path) -> Iterator[LiveNode]:
    home = installed.parents[2] / "home"
    with demo_node(home, "--paused", program=[str(installed)]) as running:
        yield running


def _get(url: str, language: str) -> str:
    request = urllib.request.Request(url, headers={"Accept-Language": language})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - likewise
        assert answer.status == 200
        return str(answer.read().decode())


def test_help_has_one_line_for_every_verb(installed: Path) -> None:
    done = _run([str(installed), "--help"], installed.parent)
    assert done.returncode == 0
    verbs = re.findall(r"^\s{2,}([a-z][a-z-]+)\s{2,}(\S.*)$", done.stdout, re.MULTILINE)
    assert {"demo", "replay", "migrate"} <= {verb for verb, _ in verbs}
    assert all(len(line) <= 110 for line in done.stdout.splitlines())


def test_exit_codes_say_what_kind_of_end(installed: Path) -> None:
    assert _run([str(installed), "--help"], installed.parent).returncode == 0
    for wrong in (["no-such-verb"], ["replay", "no-such-case"], ["demo", "--no-such-option"]):
        done = _run([str(installed), *wrong], installed.parent)
        assert done.returncode == 2, wrong
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr


def test_the_replay_works_from_the_wheel(installed: Path) -> None:
    done = _run([str(installed), "replay", "zhengzhou-2021"], installed.parent)
    assert done.returncode == 0, done.stderr
    assert "C1" in done.stdout


def test_pages_styles_and_translations_are_inside(node: LiveNode) -> None:
    page = _get(f"{node.url}/sign-in", "zh-CN")
    assert "登录" in page
    assert "登录" not in _get(f"{node.url}/sign-in", "en").replace("中文", "")
    styles = re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page)
    assert styles
    for style in styles:
        assert "{" in _get(node.url + style, "zh-CN")
    assert node.users


def test_the_node_does_not_run_from_the_checkout(node: LiveNode, installed: Path) -> None:
    code = "import jingwei; print(jingwei.__file__)"
    done = _run([str(installed.with_name("python")), "-c", code], installed.parent)
    assert done.stdout.startswith(str(installed.parents[1]))
