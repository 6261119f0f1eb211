"""docs/security.md answers every requirement of ASVS level 1 and 2, and every test it names exists."""

import ast
import csv
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, none

PAGE = ROOT / "docs" / "security.md"
#: Ids and levels of ASVS 5.0.0, levels 1 and 2. Source: OWASP ASVS 5.0.0, the table in English, 2025-05.
IDS = Path(__file__).with_name("asvs-5.0.0.csv")
ANSWERS = {"met", "not met", "not applicable"}
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
_TEST = re.compile(r"([\w/]+\.py)::(\w+|\*)")
#: Where an answer may rest on the page itself, or on a table that ships.
_SECTION = re.compile(r'this page, "(\w[\w ]*)"')
#: Fewest letters of a reason.
REASON = 4


def answers(text: str) -> dict[str, tuple[str, str, str]]:
    return {i: (level, answer.strip(), why.strip()) for i, level, _, answer, why in _ROW.findall(text)}


def wrong(text: str, ids: dict[str, str]) -> list[str]:
    """What is missing, too much, at another level, or without its ground."""
    given = answers(text)
    found = [f"{i}: no answer" for i in ids.keys() - given.keys()]
    found += [f"{i}: not in the standard" for i in given.keys() - ids.keys()]
    if len(_ROW.findall(text)) != len(given):
        found.append("an id is answered twice")
    for number, (level, answer, why) in given.items():
        if ids.get(number, level) != level:
            found.append(f"{number}: level {level}")
        if answer not in ANSWERS:
            found.append(f"{number}: {answer}")
        elif answer == "met" and not (_TEST.search(why) or _SECTION.search(why)):
            found.append(f"{number}: met, but no test is named")
        elif answer != "met" and len(why) < REASON:
            found.append(f"{number}: {answer} without a reason")
    return sorted(found)


def missing_tests(text: str, folder: Path = ROOT / "tests") -> list[str]:
    found = []
    for file, name in sorted(set(_TEST.findall(text))):
        path = folder / file
        if not path.exists():
            found.append(file)
            continue
        known = {n.name for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)}
        if name == "*":
            found += [] if any(k.startswith("test_") for k in known) else [f"{file}: no test in it"]
        elif name not in known:
            found.append(f"{file}::{name}")
    return found


@pytest.fixture(scope="module")
def ids() -> dict[str, str]:
    return {row["id"]: row["level"] for row in csv.DictReader(IDS.open(encoding="utf-8"))}


def test_the_list_of_requirements_is_whole(ids: dict[str, str]) -> None:
    levels = list(ids.values())
    assert (levels.count("1"), levels.count("2")) == (70, 183), "as ASVS 5.0.0 counts them"


def test_every_requirement_is_answered_with_its_ground(ids: dict[str, str]) -> None:
    none(wrong(PAGE.read_text(encoding="utf-8"), ids))


def test_every_test_that_is_named_exists() -> None:
    none(missing_tests(PAGE.read_text(encoding="utf-8")))


def test_every_section_that_is_named_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    none([name for name in set(_SECTION.findall(text)) if f"\n## {name}\n" not in text])


def test_the_counts_are_what_the_rows_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for level in "12":
        told = [answer for one, answer, _ in answers(text).values() if one == level]
        counts = [str(told.count(a)) for a in ("met", "not met", "not applicable")]
        assert f"| {level} | {' | '.join(counts)} |" in text


def test_the_way_to_report_is_private_and_names_nobody() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "Report a vulnerability" in text and "@" not in text


def test_canary_a_dropped_row_a_made_up_test_and_an_empty_reason_are_found(ids: dict[str, str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    row = next(m[0] for m in _ROW.finditer(text) if m[1] == "6.2.1")
    assert wrong(text.replace(row, ""), ids) == ["6.2.1: no answer"]
    assert wrong(text.replace(row, "| 6.2.1 | 1 | x | met | trust us |"), ids) == [
        "6.2.1: met, but no test is named"
    ]
    assert wrong(text.replace(row, "| 6.2.1 | 1 | x | not applicable |  |"), ids)
    assert missing_tests("`house/test_security.py::test_nobody_wrote`") == [
        "house/test_security.py::test_nobody_wrote"
    ]
