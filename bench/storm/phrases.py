"""Banks of phrases: templates with slots and with marks round the words that state a fact."""

import re
from collections import defaultdict
from functools import cache, cached_property
from typing import NamedTuple

from bench.storm.parameters import LANGUAGES, words

MEASURES = ("trapped", "missing", "deaths", "injured", "evacuated", "depth", "fire", "hazmat", "road",
            "need", "vulnerable")  # fmt: skip
_TOKEN = re.compile(r"\[(?:(" + "|".join(MEASURES) + r")(?:=([^:\]]*))?:)?|\]|\{(\w+)\}")


class Mark(NamedTuple):
    """Where a stated fact begins: its measure ('' = the template's own) and its value if said."""

    measure: str
    value: str


class Slot(NamedTuple):
    name: str


END = Mark("]", "")
#: A template's parts in order: plain words, a slot, a mark, or the end of a mark.
Parts = tuple[str | Slot | Mark, ...]


class Template(NamedTuple):
    role: str
    about: str
    style: str
    text: str
    parts: Parts


def parse(text: str) -> Parts:
    """Split a template at its slots and marks."""
    parts: list[str | Slot | Mark] = []
    at = 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        at = found.end()
        if found.group(3):
            parts.append(Slot(found.group(3)))
        else:
            parts.append(END if found.group() == "]" else Mark(found.group(1) or "", found.group(2) or ""))
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


class Bank:
    """One bank in one language, by role and what a template is about."""

    def __init__(self, bank: str, lang: str) -> None:
        self.rows: dict[tuple[str, str], list[Template]] = defaultdict(list)
        self.cores: dict[tuple[str, bool], list[Template]] = defaultdict(list)
        for row in words(f"phrases_{bank}_{lang}"):
            made = Template(row["role"], row["about"], row["style"], row["text"], parse(row["text"]))
            self.rows[made.role, made.about].append(made)
            if made.role == "core":
                for life in (True, False):
                    if made.style != ("mild" if life else "life"):
                        self.cores[made.about, life].append(made)
        self.styled: dict[tuple[str, str], list[Template]] = defaultdict(list)
        for (role, _), templates in self.rows.items():
            for made in templates:
                for style in ("call", "hotline", "app", "social", "official"):
                    if made.style in ("", style):
                        self.styled[role, style].append(made)

    @cached_property
    def typos(self) -> list[Template]:
        return [t for (role, _), ts in self.rows.items() if role == "typo" for t in ts]

    def slots(self, measure: str, label: str) -> list[Template]:
        return self.rows["slot", f"{measure}.{label}"]


@cache
def bank_of(bank: str, lang: str) -> Bank:
    return Bank(bank, lang)


def all_templates(bank: str) -> dict[str, list[Template]]:
    """Every template of a bank by language."""
    return {lang: [t for ts in bank_of(bank, lang).rows.values() for t in ts] for lang in LANGUAGES}
