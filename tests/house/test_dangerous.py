"""Not in the package: parsers that obey, words that are run, tables that calculate."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import Tree, dotted, none, parse, plant

#: Modules that run, fetch or unfold what the data says. XML coming in needs `defusedxml` and its own test.
BANNED = ("pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "telnetlib", "ftplib", "xmlrpc")
#: Where XML is read by a parser that refuses every declaration of an entity, and by its own tests.
READS_XML = {("src/jingwei/engines/sheets/workbooks.py", "xml.parsers")}
#: Calls that run what the data says.
RUNS = {
    "eval",
    "exec",
    "compile",
    "os.system",
    "os.popen",
    "__import__",
    "mark_safe",
    "django.utils.safestring.mark_safe",
}
#: Spreadsheets we would write: a cell that begins with = + - @ is a formula to the program that opens it.
TABLES = {
    "csv.writer",
    "csv.DictWriter",
    "writer",
    "DictWriter",
    "openpyxl.Workbook",
    "xlsxwriter.Workbook",
    "Workbook",
}
#: Where a table is written and every cell goes through one function that makes formulas plain words.
NEUTRAL = "plain_cell"
#: Where `format_html`-like building is done with escaping, by name.
SAFE = {
    "src/jingwei/doors/web/templatetags/jw.py",
    "src/jingwei/doors/web/sketch.py",
    "src/jingwei/doors/web/qr.py",
    "src/jingwei/doors/web/views/releases.py",
}


def banned_modules(tree: Tree) -> list[str]:
    found = []
    for path in tree.sources():
        for node in ast.walk(parse(path)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names = [n for n in names if (tree.name(path), n) not in READS_XML]
            found += [f"{tree.name(path)}:{node.lineno} {n}" for n in names if n.split(".")[0] in BANNED]
    return found


def runs_words(tree: Tree) -> list[str]:
    return [
        f"{tree.name(path)}:{node.lineno} {dotted(node.func)}"
        for path in tree.sources()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and (dotted(node.func) in RUNS or any(k.arg == "shell" and _true(k.value) for k in node.keywords))
        and not (dotted(node.func) == "mark_safe" and tree.name(path) in SAFE)
    ]


def _true(node: ast.AST) -> bool:
    return not (isinstance(node, ast.Constant) and node.value is False)


def tables_with_formulas(tree: Tree) -> list[str]:
    """Files that write a table for spreadsheets without the function that makes formulas plain words."""
    found = []
    for path in tree.sources():
        module = parse(path)
        calls = {dotted(n.func) for n in ast.walk(module) if isinstance(n, ast.Call)}
        if calls & TABLES and not any(c.split(".")[-1] == NEUTRAL for c in calls):
            found.append(tree.name(path))
    return found


def test_nothing_obeys_data() -> None:
    none(banned_modules(Tree()) + runs_words(Tree()))


def test_no_table_is_written_that_could_calculate() -> None:
    none(tables_with_formulas(Tree()))


@pytest.mark.parametrize(
    "line",
    [
        "import pickle", "from xml.etree import ElementTree", "import yaml", "eval('1')",
        "import subprocess\nsubprocess.run('x', shell=True)", "from lxml import etree",
        "import os\nos.system('x')",
        "from django.utils.safestring import mark_safe\nmark_safe('x')",
    ],
)  # fmt: skip
def test_canary_what_obeys_data_is_found(line: str, tmp_path: Path) -> None:
    tree = plant(tmp_path, {"src/jingwei/doors/planted.py": line})
    assert len(banned_modules(tree) + runs_words(tree)) == 1


def test_canary_a_table_with_formulas_is_found_and_one_without_is_not(tmp_path: Path) -> None:
    line = "import csv, sys\nout = csv.writer(sys.stdout)\nout.writerow([{}])"
    assert tables_with_formulas(plant(tmp_path / "a", {"src/jingwei/doors/planted.py": line.format("x")}))
    calm = line.format("plain_cell(x)")
    assert not tables_with_formulas(plant(tmp_path / "b", {"src/jingwei/doors/planted.py": calm}))
