"""The tables of rules that ship, by the country a node stands in: law holds in its own country only.

`data/rules/` holds what is China's, and what belongs to no country: kinds, metrics, glossary. In a folder by
the country's code may stand its own tables; `elsewhere/` has those that hold in any country, standards of
international handbooks and our own estimates. A table found in neither is empty there.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import msgspec
from django.conf import settings

from .. import rules
from ..facts import Ruled

#: The country whose law the tables in `data/rules/` are.
HOME = "CN"
#: Tables of law: where a country has none of its own, nothing is graded, timed or warned of by rule.
OF_LAW = ("grading-tables", "grading-rules", "response-triggers", "reporting-deadlines", "warning-signals")


class Country(msgspec.Struct, frozen=True):
    """A country whose law no table of this node has, in words for pages."""

    code: str
    name_zh: str
    name_en: str


def find_lawless() -> Country | None:
    """The node's country where no rules of its law ship; None where they do."""
    code, data = settings.JINGWEI_COUNTRY, Path(settings.JINGWEI_DATA)
    if code == HOME or any((data / "rules" / code / f"{name}.csv").is_file() for name in OF_LAW):
        return None
    names = {row["code"]: row for row in _rows((data / "rules" / "countries.csv").read_bytes())}
    row = names.get(code, {"name_zh": code, "name_en": code})
    return Country(code, row["name_zh"], row["name_en"])


def is_law_of_home() -> bool:
    """Whether clauses of China's law, which the program itself names, hold on this node."""
    return settings.JINGWEI_COUNTRY == HOME


def list_shipped_tables() -> dict[str, bytes]:
    """The tables that ship for the node's country, by name, in the order in which they are loaded."""
    data, country = Path(settings.JINGWEI_DATA), settings.JINGWEI_COUNTRY
    shipped = {name: _path(data, name).read_bytes() for name in rules.TABLES}
    if country == HOME:
        return shipped
    found = {name: _elsewhere(data, country, name, content) for name, content in shipped.items()}
    return found | {"sources": _cited(data, country, found)}


def _path(data: Path, name: str) -> Path:
    return data / ("sources" if name == "sources" else "rules") / f"{name}.csv"


def _elsewhere(data: Path, country: str, name: str, home: bytes) -> bytes:
    for folder in (country, "elsewhere"):
        file = data / "rules" / folder / f"{name}.csv"
        if file.is_file():
            return file.read_bytes()
    bound = issubclass(rules.TABLES[name], Ruled) or name in OF_LAW
    return home.splitlines(keepends=True)[0] if bound else home


def _cited(data: Path, country: str, tables: Mapping[str, bytes]) -> bytes:
    """Of the sources those that the tables of this country name, and its own; titles in a common language."""
    named = {
        id
        for name, content in tables.items()
        if name != "sources"
        for row in _rows(content)
        for id in (row.get("source", ""), row.get("also", ""))
    }
    head, lines = _lines(_path(data, "sources"))
    found = {id: line for id, line in lines.items() if id in named}
    _, common = _lines(data / "sources" / "elsewhere.csv")
    found |= {id: line for id, line in common.items() if id in named}
    own = data / "sources" / f"{country}.csv"
    if own.is_file():
        found |= _lines(own)[1]
    return "".join([head, *found.values()]).encode()


def _lines(path: Path) -> tuple[str, dict[str, str]]:
    """The head of a table of sources, and its lines by their id: no cell of it holds a line break."""
    head, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return head, {line.partition(",")[0]: line for line in lines}


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
