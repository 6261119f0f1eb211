"""Every model and every fact stands in the glossary, with its Chinese term, meaning and source."""

import ast
import re
from pathlib import Path

from tests.house.tree import Tree, dotted, none, parse, plant

ROW = re.compile(r"^\|\s*`(\w+)`\s*\|(.*)\|\s*$", re.MULTILINE)


def entries(tree: Tree) -> dict[str, list[str]]:
    """Identifier to its other cells: Chinese term, meaning, source."""
    path = tree.root / "docs" / "glossary.md"
    text = path.read_text() if path.exists() else ""
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in ROW.findall(text)}


#: What models and facts are made from.
ROOTS = {"models": {"Model", "Recorded", "RegisterRow", "PlacedRow", "AbstractBaseUser"}, "facts": {"Fact"}}


def words(tree: Tree) -> dict[str, str]:
    """Names of models and facts, and where they stand."""
    found = {}
    for row, roots in ROOTS.items():
        for path in tree.row(row):
            known = set(roots)
            for node in parse(path).body:
                if isinstance(node, ast.ClassDef) and {dotted(b).split(".")[-1] for b in node.bases} & known:
                    known.add(node.name)
                    found[node.name] = tree.name(path)
    return found


def missing(tree: Tree) -> list[str]:
    known = entries(tree)
    return [f"{name} ({where})" for name, where in words(tree).items() if name not in known]


def incomplete(tree: Tree) -> list[str]:
    return [name for name, cells in entries(tree).items() if len(cells) != 3 or not all(cells)]


def stale(tree: Tree) -> list[str]:
    """Identifiers that no longer occur anywhere in the package."""
    text = "\n".join(p.read_text() for p in tree.sources())
    return [name for name in entries(tree) if not re.search(rf"\b{name}\b", text)]


def test_every_model_and_fact_is_in_the_glossary() -> None:
    none(missing(Tree()))


def test_every_entry_is_complete_and_in_use() -> None:
    none(incomplete(Tree()))
    none(stale(Tree()))


def test_canary_a_missing_word_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/apps/bridges/models.py": (
                "class Bridge(models.Model): ...\nclass Plain: ...\nclass Drawbridge(Bridge): ...\n"
            ),
            "src/jingwei/apps/bridges/facts.py": "class BridgeClosed(Fact, frozen=True): ...\n",
            "docs/glossary.md": "| `Bridge` | 桥 | | our own |\n| `Ferry` | 渡船 | a boat | our own |\n",
        },
    )
    assert missing(tree) == [
        "Drawbridge (src/jingwei/apps/bridges/models.py)",
        "BridgeClosed (src/jingwei/apps/bridges/facts.py)",
    ]
    assert incomplete(tree) == ["Bridge"]
    assert stale(tree) == ["Ferry"]
