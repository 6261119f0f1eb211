"""The import contracts of pyproject.toml hold, and each of them would catch its violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.house.tree import ROOT, Tree, none

LINT = "from importlinter.cli import lint_imports_command as c; c()"

#: One line per contract that breaks it: file, line, the contract's number.
PLANTS = [
    ("kernel/planted.py", "import jingwei.engines", "1"),
    ("apps/journal/queries.py", "from jingwei.apps.incidents import queries", "2"),
    ("apps/clock/rules.py", "from . import queries", "3"),
    ("apps/clock/facts.py", "import django", "4"),
    ("apps/clock/actions.py", "import httpx", "5"),
    ("doors/entry/planted.py", "from jingwei.apps.clock import models", "6"),
    ("doors/api/planted.py", "import jingwei.doors.cli", "7"),
    ("apps/reports/queries/lines.py", "import jingwei.apps.reports.actions", "3"),
]


def _lint(folder: Path) -> tuple[int, str]:
    env = {**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """Every module of the package, empty, under the same contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path in Tree().sources():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    for row in ("facts", "rules", "models", "queries", "actions"):
        for app in ("journal", "clock", "reports"):
            (tmp_path / "src/jingwei/apps" / app / f"{row}.py").touch()
    for door in ("entry", "api", "cli"):
        (tmp_path / "src/jingwei/doors" / door / "__init__.py").touch()
    return tmp_path


def test_the_contracts_hold() -> None:
    code, told = _lint(ROOT)
    assert code == 0, told


def test_canary_each_contract_catches_its_violation(skeleton: Path) -> None:
    code, told = _lint(skeleton)
    assert code == 0, told
    for name, line, _ in PLANTS:
        (skeleton / "src/jingwei" / name).write_text(f"{line}\n")
    code, told = _lint(skeleton)
    assert code == 1
    for number in sorted({n for _, _, n in PLANTS}):
        broken = [x for x in told.splitlines() if x.startswith(f"{number}. ") and x.endswith("BROKEN")]
        assert broken, f"contract {number} did not notice:\n{told}"


def test_canary_a_cycle_is_caught(skeleton: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        folder = skeleton / "src/jingwei/kernel" / one
        folder.mkdir()
        (folder / "__init__.py").write_text(f"import jingwei.kernel.{other}\n")
    _, told = _lint(skeleton)
    assert any(x.startswith("8. ") and x.endswith("BROKEN") for x in told.splitlines()), told


# --- models and rules stay at home: "only the same app" is more than a contract can say ------------------


BUILT_ON = {
    "from jingwei.apps.journal.models import Recorded",
    "from jingwei.apps.registers.models import PlacedRow",
    "from jingwei.apps.registers.models import RegisterRow",
    "from jingwei.apps.registers.models import PlacedRow, RegisterRow",
}


def home_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:3]) if parts[:2] == ["jingwei", "apps"] else ""


def is_private(module: str) -> bool:
    parts = module.split(".")
    return parts[:2] == ["jingwei", "apps"] and len(parts) > 3 and parts[3] in ("models", "rules")


def strangers(edges: list[tuple[str, str, str]]) -> list[str]:
    """Of (importer, imported, line): those that reach into another app's tables or rules.

    What all may build on are the journal's `Recorded` and the registers' rows: no tables of their own.
    """
    return [
        f"{importer}: {line}"
        for importer, imported, line in edges
        if is_private(imported)
        and home_of(importer) != home_of(imported)
        and ".migrations." not in importer
        and line.strip() not in BUILT_ON
    ]


def test_models_and_rules_stay_at_home() -> None:
    graph = grimp.build_graph("jingwei", cache_dir=None)
    edges = [
        (str(found["importer"]), str(found["imported"]), str(found["line_contents"]))
        for imported in graph.modules
        if is_private(imported)
        for importer in graph.find_modules_that_directly_import(imported)
        for found in graph.get_import_details(importer=importer, imported=imported)
    ]
    assert edges
    none(strangers(edges))


def test_canary_a_stranger_is_seen() -> None:
    models, rules = "jingwei.apps.agencies.models", "jingwei.apps.agencies.rules"
    edges = [
        ("jingwei.apps.agencies.queries", models, "from .models import Post"),
        ("jingwei.apps.incidents.queries", models, "from jingwei.apps.agencies.models import Post"),
        ("jingwei.doors.web.desk", rules, "from jingwei.apps.agencies import rules"),
        (
            "jingwei.apps.incidents.models",
            "jingwei.apps.journal.models",
            "from jingwei.apps.journal.models import Entry",
        ),
        (
            "jingwei.apps.incidents.models",
            "jingwei.apps.journal.models",
            "from jingwei.apps.journal.models import Recorded",
        ),
        (
            "jingwei.apps.resources.models",
            "jingwei.apps.registers.models",
            "from jingwei.apps.registers.models import PlacedRow",
        ),
        (
            "jingwei.apps.resources.queries",
            "jingwei.apps.registers.models",
            "from jingwei.apps.registers.models import Change",
        ),
    ]
    assert [x.split(":")[0] for x in strangers(edges)] == [
        "jingwei.apps.incidents.queries",
        "jingwei.doors.web.desk",
        "jingwei.apps.incidents.models",
        "jingwei.apps.resources.queries",
    ]


#: What comes with extras alone: a node without them has every page.
OF_EXTRAS = ("numpy", "scipy", "ortools", "osmium", "cnmaps", "shapely", "pandas")
WITHOUT = """
import sys
for name in {names!r}:
    sys.modules[name] = None
from jingwei.wiring.start import start
start()
import importlib
for name in ("jingwei.wiring.urls", "jingwei.wiring.worker", "jingwei.wiring.serve", *{more!r}):
    importlib.import_module(name)
"""


def _without_extras(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "JINGWEI_HOME": str(tmp_path),
           "JINGWEI_DATABASE": f"sqlite:///{tmp_path / 'no.sqlite3'}"}  # fmt: skip
    line = [sys.executable, "-c", WITHOUT.format(names=OF_EXTRAS, more=more)]
    return subprocess.run(line, env=env, capture_output=True, text=True, check=False)


def test_every_page_and_the_worker_load_without_any_extra(tmp_path: Path) -> None:
    done = _without_extras(tmp_path)
    assert done.returncode == 0, done.stderr[-600:]


def test_canary_a_page_that_needs_an_extra_is_seen(tmp_path: Path) -> None:
    done = _without_extras(tmp_path, "jingwei.engines.roads.travel")
    assert done.returncode != 0 and "numpy" in done.stderr
