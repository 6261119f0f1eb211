"""The tables of words shipped with the package, read once."""

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/reading/<name>.csv`; rows whose first cell begins with # are remarks."""
    text = files("jingwei").joinpath("data", "reading", f"{name}.csv").read_text(encoding="utf-8")
    table = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(table)


def words(name: str, **wanted: str) -> tuple[str, ...]:
    """The column `word` of the rows that have these values, longest first."""
    found = {r["word"] for r in rows(name) if all(r[k] == v for k, v in wanted.items())}
    return tuple(sorted(found, key=lambda w: (-len(w), w)))
