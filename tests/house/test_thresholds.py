"""Every number that decides something says where it comes from."""

import ast
import csv
import re
from pathlib import Path

from tests.house.tree import Tree, functions, none, parse, plant

#: Numbers that are counting or the form of a thing, not a threshold.
PLAIN = {0, 1, -1, 2}


def _rows(tree: Tree) -> list[Path]:
    return [*tree.sources("kernel", "engines"), *tree.row("rules")]


def numbers_in(value: ast.expr) -> list[float]:
    """Numbers in a constant's value; keys of a table are names, not numbers."""
    if isinstance(value, ast.Constant):
        plain = isinstance(value.value, int | float) and not isinstance(value.value, bool)
        return [value.value] if plain else []
    if isinstance(value, ast.UnaryOp):
        return numbers_in(value.operand)
    if isinstance(value, ast.BinOp):
        return numbers_in(value.left) + numbers_in(value.right)
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        return [n for e in value.elts for n in numbers_in(e)]
    if isinstance(value, ast.Dict):
        return [n for e in value.values for n in numbers_in(e)]
    if isinstance(value, ast.Call):
        parts = [*value.args, *[k.value for k in value.keywords]]
        return [n for e in parts for n in numbers_in(e)]
    return []


def unsourced(tree: Tree) -> list[str]:
    """Module constants with numbers and without a `#:` comment that says `Source:`."""
    found = []
    for path in _rows(tree):
        lines = path.read_text().splitlines()
        for node in parse(path).body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            if numbers_in(node.value) in ([], [0]) or "Source:" in comment_above(lines, node.lineno):
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            found.append(f"{tree.name(path)}:{node.lineno} {ast.unparse(target)} has no source")
    return found


def comment_above(lines: list[str], lineno: int) -> str:
    """The `#:` comment right above a line."""
    block: list[str] = []
    for line in reversed(lines[: lineno - 1]):
        if not line.lstrip().startswith("#:"):
            break
        block.insert(0, line)
    return "\n".join(block)


def is_form(node: ast.Compare) -> bool:
    length = isinstance(node.left, ast.Call) and ast.unparse(node.left.func) == "len"
    return length and all(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops)


def buried(tree: Tree) -> list[str]:
    """Comparisons in rules with a bare number: a threshold without a name and a source.

    That something has just so many characters or parts (`len(x) == 5`) is its form.
    """
    return [
        f"{tree.name(path)}:{node.lineno} compares with a bare number: {ast.unparse(node)}"
        for path in tree.row("rules")
        for function in functions(parse(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Compare)
        and not is_form(node)
        and set(numbers_in(ast.Tuple(elts=[node.left, *node.comparators]))) - PLAIN
    ]


def test_thresholds_have_sources() -> None:
    none(unsourced(Tree()))


def test_no_threshold_is_buried_in_a_rule() -> None:
    none(buried(Tree()))


def test_canary_a_number_from_nowhere_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/apps/bridges/rules.py": (
                "#: Most deaths. Source: [SRC-1] art. 3.\nMOST = 30\n"
                "#: Fewest.\nFEWEST = 3\n"
                "TABLE = {1: 'I', 2: 'II'}\nSTEPS = (0.5, 2)\nWAIT = timedelta(hours=2)\n"
                "state = 0\nON = True\n"
                "def grave(dead): return dead >= 30 or dead == 0\n"
                "def formed(code): return len(code) == 5 and len(code) < 9\n"
            ),
            "src/jingwei/engines/spread.py": "from math import pi\nRATE: float = -0.25\n",
        },
    )
    assert [x.split(" ")[1] for x in unsourced(tree)] == ["RATE", "FEWEST", "STEPS", "WAIT"]
    assert [x.split(": ")[1] for x in buried(tree)] == ["dead >= 30", "len(code) < 9"]


def unknown_sources(tree: Tree) -> list[str]:
    """Ids of sources, named in code or documents, that the list of sources does not have."""
    with (tree.package / "data" / "sources" / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    listed = tree.root / "docs" / "sources.md"
    known |= set(re.findall(r"SRC-[\w-]+", listed.read_text())) if listed.exists() else set()
    pages = [p for p in tree.files("*.md") if p != tree.root / "docs" / "sources.md"]
    return [
        f"{tree.name(path)}: {one}"
        for path in [*tree.sources(), *pages]
        for one in sorted(set(re.findall(r"\[(SRC-[\w-]+)\]", path.read_text())) - known)
    ]


def test_every_source_named_is_in_the_list() -> None:
    none(unknown_sources(Tree()))


def test_canary_a_source_nobody_knows_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/data/sources/sources.csv": "id,title_zh\nSRC-A1,甲\n",
            "src/jingwei/kernel/x.py": "#: Source: [SRC-A1] art. 3.\nA = 3\n#: Source: [SRC-B2].\nB = 4\n",
        },
    )
    assert unknown_sources(tree) == ["src/jingwei/kernel/x.py: SRC-B2"]
