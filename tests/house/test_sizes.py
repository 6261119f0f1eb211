"""Nothing grows out of sight: the hard stops of length, and names that say something."""

import ast
from pathlib import Path

from tests.house.tree import Tree, functions, none, parse, plant

#: Hard stops. Source: ARCHITECTURE.md, "Sizes".
LINES_PER_FILE, LINES_PER_FUNCTION, ARGUMENTS, README_LINES = 500, 80, 8, 60
#: Names under which anything could hide. The database adapter's `base` is Django's word.
NOWHERE = {"utils", "helpers", "common", "misc", "base", "manager", "core"}
DJANGO_WANTS = {"src/jingwei/wiring/database/sqlite/base.py"}


def _python(tree: Tree) -> list[Path]:
    return [p for p in tree.files("*.py") if "migrations" not in p.parts]


def long_files(tree: Tree) -> list[str]:
    found = [(p, len(p.read_text().splitlines())) for p in _python(tree)]
    return [f"{tree.name(p)}: {n} lines" for p, n in found if n > LINES_PER_FILE]


def long_functions(tree: Tree) -> list[str]:
    return [
        f"{tree.name(p)}:{f.lineno} {f.name}: {f.end_lineno - f.lineno + 1} lines"
        for p in _python(tree)
        for f in functions(parse(p))
        if f.end_lineno and f.end_lineno - f.lineno + 1 > LINES_PER_FUNCTION
    ]


def count_arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([a for a in named if a.arg not in ("self", "cls")])


def long_signatures(tree: Tree) -> list[str]:
    """Tests are free: a test's arguments are its fixtures and its table."""
    return [
        f"{tree.name(p)}:{f.lineno} {f.name}: {count_arguments(f)} arguments"
        for p in _python(tree)
        if not p.is_relative_to(tree.root / "tests")
        for f in functions(parse(p))
        if count_arguments(f) > ARGUMENTS
    ]


def nameless_files(tree: Tree) -> list[str]:
    names = [(tree.name(p), p.stem) for p in _python(tree)]
    return [name for name, stem in names if stem in NOWHERE and name not in DJANGO_WANTS]


def readmes(tree: Tree) -> list[str]:
    found = []
    for app in tree.apps():
        path = app / "README.md"
        text = path.read_text() if path.exists() else ""
        if not text:
            found.append(f"{app.name}: no README.md")
        elif len(text.splitlines()) > README_LINES:
            found.append(f"{app.name}: README.md has {len(text.splitlines())} lines")
        found += [
            f"{app.name}: README.md does not say **{word}**"
            for word in ("Owns", "Words", "Records", "Reacts to", "Never")
            if text and f"**{word}**" not in text
        ]
    return found


def test_files_are_short() -> None:
    none(long_files(Tree()))


def test_functions_are_short() -> None:
    none(long_functions(Tree()))


def test_signatures_are_short() -> None:
    none(long_signatures(Tree()))


def test_files_have_names() -> None:
    none(nameless_files(Tree()))


def test_every_app_says_what_it_is() -> None:
    none(readmes(Tree()))


def test_canary_each_excess_is_seen(tmp_path: Path) -> None:
    body = "\n".join("    x = 1" for _ in range(LINES_PER_FUNCTION))
    many = ", ".join(f"a{n}" for n in range(ARGUMENTS + 1))
    tree = plant(
        tmp_path,
        {
            "src/jingwei/kernel/utils.py": f"def f():\n{body}\n",
            "src/jingwei/kernel/long.py": "x = 1\n" * (LINES_PER_FILE + 1),
            "src/jingwei/kernel/many.py": f"def f({many}): ...\ndef g(self, *, {many}): ...\n",
            "src/jingwei/apps/mute/facts.py": "",
            "src/jingwei/apps/wordy/README.md": "**Owns**\n" * (README_LINES + 1),
        },
    )
    assert long_files(tree) == ["src/jingwei/kernel/long.py: 501 lines"]
    assert long_functions(tree) == ["src/jingwei/kernel/utils.py:1 f: 81 lines"]
    assert len(long_signatures(tree)) == 2
    assert nameless_files(tree) == ["src/jingwei/kernel/utils.py"]
    assert "mute: no README.md" in readmes(tree)
    assert "wordy: README.md has 61 lines" in readmes(tree)
    assert "wordy: README.md does not say **Never**" in readmes(tree)
