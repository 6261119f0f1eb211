"""The tables of words shipped with the package, read once, and their short form written out.

In a table's cell `|` stands between words, `{a/b}` is either, `{/a}` is a or nothing.
"""

import csv
import re
from functools import cache
from importlib.resources import files

_CHOICE = re.compile(r"\{([^{}]*)\}")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/words/<name>.csv`; rows whose first cell begins with # are remarks."""
    text = files("jingwei").joinpath("data", "words", f"{name}.csv").read_text(encoding="utf-8")
    table = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(table)


def words(name: str, **wanted: str) -> tuple[str, ...]:
    """The words of the rows that have these values, longest first."""
    kept = (r for r in rows(name) if all(r[k] == v for k, v in wanted.items()))
    found = {w for r in kept for w in spell(r["words"])}
    return tuple(sorted(found, key=lambda w: (-len(w), w)))


@cache
def spell(cell: str) -> tuple[str, ...]:
    """Every word of a cell: `车{翻/坠}|侧翻` is 车翻, 车坠, 侧翻."""
    found: dict[str, None] = {}
    for short in _parts(cell):
        for word in _unfold(short):
            if word.strip():
                found[word.strip()] = None
    return tuple(found)


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _unfold(short: str) -> list[str]:
    """Innermost choices first, until none is left."""
    open_, done = [short], []
    while open_:
        word = open_.pop()
        choice = _CHOICE.search(word)
        if choice is None:
            done.append(word)
            continue
        head, tail = word[: choice.start()], word[choice.end() :]
        open_.extend(head + part + tail for part in reversed(choice.group(1).split("/")))
    return done
