"""The program does not know how the replayed disaster went: no figure of the case stands in the code."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import Tree, none, parse, plant

#: Figures that also mean something else everywhere: round numbers, a year's form, answers of HTTP.
ORDINARY = {"100", "200", "300", "400", "500", "1000", "302"}
NUMBER = re.compile(r"(?<![\w.#&-])\d+(?:\.\d+)?(?![\w.%-])")


def figures(tree: Tree) -> set[str]:
    """Distinctive figures of the cases: three digits or more, or decimals."""
    found = set()
    for path in (tree.package / "data" / "cases").glob("*/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                value = (row.get("value") or "").strip()
                if re.fullmatch(r"\d{3,}|\d+\.\d+", value):
                    found.add(value)
    return found - ORDINARY


def spoken(tree: Tree) -> Iterator[tuple[str, int, str]]:
    """Numbers in code and in its texts, and in templates: file, line, number."""
    for path in tree.sources():
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
                yield tree.name(path), node.lineno, str(node.value)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from ((tree.name(path), node.lineno, n) for n in NUMBER.findall(node.value))
    for path in tree.files("*.html"):
        for line, text in enumerate(path.read_text().splitlines(), 1):
            yield from ((tree.name(path), line, n) for n in NUMBER.findall(text))


def known_beforehand(tree: Tree) -> list[str]:
    wanted = figures(tree)
    return [f"{name}:{line} {number}" for name, line, number in spoken(tree) if number in wanted]


def test_there_are_figures_to_look_for() -> None:
    assert len(figures(Tree())) >= 5


def test_no_figure_of_a_case_stands_in_the_code() -> None:
    none(known_beforehand(Tree()))


def test_canary_a_figure_in_the_code_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/data/cases/flood/figures.csv": (
                "seq,value\n1,417\n2,63.5\n3,12\n4,500\n5,about 900\n"
            ),
            "src/jingwei/apps/bridges/rules.py": (
                "DEAD = 417\nRAIN = 63.5\nTEXT = 'then 417 died'\nN = 12\nM = 500\n"
            ),
            "src/jingwei/doors/web/templates/x.html": "<b>417</b> <i class='w-417'>63.51</i>\n",
        },
    )
    assert [x.split(":")[1] for x in known_beforehand(tree)] == ["1 417", "2 63.5", "3 417", "1 417"]
