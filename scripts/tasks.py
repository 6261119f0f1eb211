"""What the Makefile calls: set up what a task needs, then do it. Exit codes: 0 done, 1 failed, 2 cannot."""

import os
import subprocess
import sys
from collections.abc import Callable

import setup

Task = Callable[[list[str]], int]

#: Tests that need neither a database nor a network.
PURE = (
    "tests/kernel",
    "tests/engines",
    "tests/house",
    "tests/apps/*/test_rules*.py",
    "tests/apps/*/test_facts*.py",
)
#: Tests of what is written about the project.
DOCS = ("docs", "glossary", "openapi", "wire")


def _do(*line: str, **more: str) -> int:
    """Run one command of the virtual environment in the project's folder."""
    env = {**os.environ, **more}
    return subprocess.run([str(setup.PYTHON), *line], cwd=setup.ROOT, env=env, check=False).returncode


def _first_failure(*codes: int) -> int:
    return next((code for code in codes if code), 0)


def make_ready(_: list[str]) -> int:
    setup.ready("test")
    setup.say("ready: make demo, make test")
    return 0


def run(options: list[str]) -> int:
    setup.ready("run")
    return _do("-m", "jingwei.wiring", "migrate") or _do("-m", "jingwei.wiring", "serve", *options)


def demo(options: list[str]) -> int:
    setup.ready("run")
    if "porto-alegre" not in options:  # they are China's
        setup.put_beside("polygons", "outlines of divisions, 77 MB")
    setup.put_beside("solvers", "the planner of dispatch, 45 MB")
    return _do("-m", "jingwei.wiring", "demo", *options)


def test(options: list[str]) -> int:
    """The whole suite: what touches the database on PostgreSQL first, then everything on SQLite."""
    setup.ready("test")
    codes = []
    for database in ("postgres", "sqlite"):
        setup.say(f"tests on {database}")
        codes.append(_do("-m", "pytest", "-n", "2", "--dist", "loadgroup", "--database", database, *options))
    return _first_failure(*codes)


def fast(options: list[str]) -> int:
    setup.ready("dev")
    paths = [p for name in PURE for p in sorted(map(str, setup.ROOT.glob(name)))]
    return _do("-m", "pytest", "--pure", *paths, *options)


def lint(_: list[str]) -> int:
    setup.ready("dev")
    return _first_failure(
        _do("-m", "ruff", "check", "."),
        _do("-m", "ruff", "format", "--check", "."),
        _do("-c", "from importlinter.cli import lint_imports_command as c; c()"),
        _do("-m", "mypy"),
    )


def fix(_: list[str]) -> int:
    setup.ready("dev")
    return _first_failure(_do("-m", "ruff", "check", "--fix", "."), _do("-m", "ruff", "format", "."))


def docs(_: list[str]) -> int:
    setup.ready("dev")
    written = _do("-m", "tests.house.openapi") or _do("-m", "tests.house.wire")
    return written or _do("-m", "pytest", *sorted(f"tests/house/test_{name}.py" for name in DOCS))


def bench(options: list[str]) -> int:
    setup.ready("dev")
    return _do("-m", "jingwei.wiring", "bench", *options)


def check(_: list[str]) -> int:
    return _first_failure(lint([]), test([]))


TASKS: dict[str, Task] = {
    "setup": make_ready,
    "run": run,
    "demo": demo,
    "test": test,
    "fast": fast,
    "lint": lint,
    "fix": fix,
    "docs": docs,
    "bench": bench,
    "check": check,
}


def main(words: list[str]) -> int:
    if not words or words[0] not in TASKS:
        print(f"usage: tasks.py {'|'.join(TASKS)}", file=sys.stderr)
        return 2
    try:
        return TASKS[words[0]](words[1:])
    except setup.Missing as missing:
        print(f"jingwei: missing: {missing}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
