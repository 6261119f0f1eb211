"""Facts a report states, each with the words that say so: people, depth, fire, roads, needs.

A clause is what stands between two marks of punctuation. A number belongs to the fact of its clause; a
later clause about the same fact corrects an earlier one.
"""

import re
from functools import cache

import msgspec

from jingwei.engines.reading.numerals import NARROW, NUMBER, parse_number
from jingwei.engines.reading.tables import rows

COUNTS = ("trapped", "injured", "deaths", "missing", "evacuated")
#: Facts about a life in danger.
GRAVE = frozenset(("trapped", "injured", "deaths", "missing", "vulnerable"))

_CLAUSE = re.compile(r"[^,，。.;；!！?？\n]+(?:\.\d+[^,，。.;；!！?？\n]*)*")
_PEOPLE = re.compile(
    rf"({NUMBER})\s*(?:多|余|来)?\s*(?:个|名|位|口|具|人|户|people|persons?|of us|men|women|$|\b)"
)
_METRES = re.compile(
    rf"({NUMBER}|半)\s*(米|公尺|m\b|met(?:er|re)s?\b|公分|厘米|cm\b|feet\b|foot\b|ft\b|inch(?:es)?\b)"
    r"([一二三四五六七八九半])?|half an? met(?:er|re)"
)
#: Metres of each unit. Source: the international foot of 0.3048 m; the metric units by definition.
_UNIT_M = {"米": 1.0, "公尺": 1.0, "公分": 0.01, "厘米": 0.01, "cm": 0.01, "foot": 0.3048, "feet": 0.3048,
           "ft": 0.3048}  # fmt: skip
#: Depth by a standing grown-up's body, metres. Source: our estimate, a person of 1.65 m, 2026-11-22.
_BODY_M = {"脚踝": 0.1, "脚脖": 0.1, "小腿": 0.3, "膝": 0.5, "大腿": 0.7, "腰": 1.0, "胸": 1.2, "脖子": 1.4,
           "ankle": 0.1, "shin": 0.3, "knee": 0.5, "thigh": 0.7, "waist": 1.0, "chest": 1.2,
           "neck": 1.4}  # fmt: skip
_BODY = re.compile("(?:到|齐|没过|过|淹|up to|over|at)[^,，。]{0,12}?(" + "|".join(_BODY_M) + ")|("
                   + "|".join(w for w in _BODY_M if w.isascii()) + ")[- ](?:deep|high)")  # fmt: skip


class Fact(msgspec.Struct, frozen=True):
    """One stated fact. `low`, `high`: what the number may be, None where none is said; depth in metres.

    `begin`, `end`: which characters of the text say so.
    """

    measure: str
    begin: int
    end: int
    low: float | None = None
    high: float | None = None
    label: str = ""
    negated: bool = False


@cache
def _patterns(lang: str) -> tuple[re.Pattern[str], dict[str, tuple[str, str, bool]]]:
    """One expression for all facts of a language, and what each of its groups means."""
    mine = [r for r in rows("facts") if r["lang"] == lang]
    mine.sort(key=lambda r: r["role"] != "denies")
    bound = r"\b" if lang == "en" else ""
    parts = [f"(?P<g{n}>{bound}(?:{r['word']}))" for n, r in enumerate(mine)]
    meaning = {f"g{n}": (r["measure"], r["label"], r["role"] == "denies") for n, r in enumerate(mine)}
    return re.compile("|".join(parts)), meaning


def read_facts(text: str, lang: str) -> tuple[Fact, ...]:
    """Facts in the order they are stated; for one measure and label the last one holds."""
    flat = text.translate(NARROW).lower()
    pattern, meaning = _patterns(lang)
    found: dict[tuple[str, str], Fact] = {}
    for clause in _CLAUSE.finditer(flat):
        begin, words = clause.start(), clause.group()
        for hit in pattern.finditer(words):
            measure, label, denied = meaning[str(hit.lastgroup)]
            fact = _one(measure, label, denied, words, (begin, hit))
            known = found.get((measure, label))
            if known is None or fact.low is not None or known.low is None:
                found[measure, label] = fact
        depth = _depth(words, begin)
        if depth:
            found["depth", ""] = depth
    return tuple(sorted(found.values(), key=lambda f: f.begin))


def _one(measure: str, label: str, denied: bool, words: str, at: tuple[int, re.Match[str]]) -> Fact:
    begin, hit = at
    first, last = hit.start(), hit.end()
    if denied:
        return Fact(measure, begin + first, begin + last, 0.0, 0.0, negated=True)
    low = high = None
    if measure in COUNTS:
        near = [
            n
            for n in _PEOPLE.finditer(words)
            if n.start() - last < 8 and first - n.end() < 12 and not _METRES.match(words, n.start())
        ]
        for number in reversed(near):
            span = parse_number(number.group(1))
            if span is not None:
                low, high = span
                first, last = min(first, number.start()), max(last, number.end())
                break
    return Fact(measure, begin + first, begin + last, low, high, label)


def _depth(words: str, begin: int) -> Fact | None:
    """The last depth of a clause: 从25公分到了70厘米 is 0.7 m."""
    last = None
    for hit in _METRES.finditer(words):
        value = _metres(hit)
        if value is not None:
            last = Fact("depth", begin + hit.start(), begin + hit.end(), value, value)
    if last is None and (body := _BODY.search(words)):
        value = _BODY_M[body.group(1) or body.group(2)]
        last = Fact("depth", begin + body.start(), begin + body.end(), value, value)
    return last


def _metres(hit: re.Match[str]) -> float | None:
    if hit.group(1) is None or hit.group(1) == "半":
        return 0.5
    span = parse_number(hit.group(1))
    if span is None:
        return None
    unit = hit.group(2)
    scale = _UNIT_M.get(unit, 0.0254 if unit.startswith("inch") else 1.0)
    tail = hit.group(3)
    more = 0.0
    if tail and scale == 1.0:
        more = 0.5 if tail == "半" else "零一二三四五六七八九".index(tail) / 10
    value = round(span.high * scale + more, 3)
    return value if 0 < value < 30 else None
