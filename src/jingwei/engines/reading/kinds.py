"""Which kinds of event the words speak of, and whether they are hearsay or idle talk."""

import re
from functools import cache
from typing import NamedTuple

from jingwei.engines.reading.numerals import NARROW
from jingwei.engines.reading.tables import rows

_HAN = re.compile(r"[\u4e00-\u9fff]")


class Kind(NamedTuple):
    code: str
    family: str
    spread_m: float


class Worded(NamedTuple):
    """Evidence for kinds as natural logarithms; empty where no word is known."""

    kinds: dict[str, float]
    hearsay: bool
    idle: bool


@cache
def known_kinds() -> tuple[Kind, ...]:
    return tuple(Kind(r["code"], r["family"], float(r["spread_m"])) for r in rows("kinds"))


def language_of(text: str) -> str:
    """zh where at least a third of the letters are Chinese characters, else en; names may be in the other."""
    han = len(_HAN.findall(text))
    latin = sum(c.isascii() and c.isalpha() for c in text) / 5
    return "zh" if han and han >= latin else "en"


@cache
def _patterns(lang: str) -> tuple[re.Pattern[str], dict[str, dict[str, float]]]:
    weights: dict[str, dict[str, float]] = {}
    for row in rows("kind-words"):
        if row["lang"] == lang:
            codes = {c: float(w) for c, _, w in (p.partition(":") for p in row["codes"].split())}
            for word in row["words"].split("|"):
                held = weights.setdefault(word, {})
                for code, weight in codes.items():
                    held[code] = max(held.get(code, 0.0), weight)
    ordered = "|".join(re.escape(w) for w in sorted(weights, key=len, reverse=True))
    bound = r"\b" if lang == "en" else ""
    return re.compile(f"{bound}(?=({ordered}){bound})"), weights


@cache
def _manners(lang: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    said = {r["manner"]: r["word"] for r in rows("manner") if r["lang"] == lang}
    return re.compile(said["hearsay"]), re.compile(said["idle"])


def read_kinds(text: str, lang: str) -> Worded:
    """What the words say about the kind; each word counts once."""
    flat = text.translate(NARROW).lower()
    pattern, weights = _patterns(lang)
    found: dict[str, float] = {}
    for word in {m.group(1) for m in pattern.finditer(flat)}:
        for code, weight in weights[word].items():
            found[code] = found.get(code, 0.0) + weight
    hearsay, idle = _manners(lang)
    return Worded(found, bool(hearsay.search(flat)), bool(idle.search(flat)))
