"""The field's lists of values that columns choose from; package data, with source and evidence."""

import csv
import io
from functools import cache
from importlib.resources import files

from ..facts import Choice


@cache
def _terms() -> dict[str, tuple[Choice, ...]]:
    text = (files("jingwei") / "data" / "registers" / "terms.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[Choice, ...]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        found[row["list"]] = (*found.get(row["list"], ()), Choice(row["code"], row["zh"], row["en"]))
    return found


def list_choices(name: str) -> tuple[Choice, ...]:
    """The values of one list, in the order of the table. Raises `KeyError` for a list nobody made."""
    return _terms()[name]
