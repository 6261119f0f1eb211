"""Every source that code or a table names is in docs/sources.md; the shipped list is there in full."""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ID = re.compile(r"\bSRC-[A-Z0-9]+(?:-[0-9]+)?\b")


def listed(text: str) -> set[str]:
    return set(re.findall(r"^\| (SRC-[A-Z0-9-]+) \|", text, re.MULTILINE))


def named_in(*folders: Path) -> dict[str, str]:
    """Ids named in Python and in tables, and where."""
    found = {}
    for folder in folders:
        for path in [*folder.rglob("*.py"), *folder.rglob("*.csv"), *folder.rglob("*.json")]:
            for id in ID.findall(path.read_text(encoding="utf-8")):
                found.setdefault(id, path.name)
    return found


def test_every_source_named_is_listed():
    known = listed((ROOT / "docs" / "sources.md").read_text(encoding="utf-8"))
    named = named_in(ROOT / "src" / "jingwei")
    assert {id: where for id, where in named.items() if id not in known} == {}


def test_the_shipped_list_is_in_the_document():
    known = listed((ROOT / "docs" / "sources.md").read_text(encoding="utf-8"))
    with (ROOT / "src/jingwei/data/sources/sources.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} <= known


def test_canary_a_source_from_nowhere_is_seen(tmp_path):
    (tmp_path / "rules.py").write_text("#: Source: [SRC-NOWHERE] art. 1\nLIMIT = 3\n")
    assert named_in(tmp_path) == {"SRC-NOWHERE": "rules.py"}
    assert listed("| SRC-HERE | a law |\n") == {"SRC-HERE"}
