"""How much of a thing is asked for: a number, what it is counted in, and what makes it rough. Pure."""

import re
from functools import cache
from typing import NamedTuple

import msgspec

from jingwei.engines.reading.amounts import MOST_FIGURES
from jingwei.engines.reading.lexicon import Hit, Lexicon
from jingwei.engines.reading.numerals import NUMBER, parse_said, said_bound
from jingwei.engines.reading.tables import rows, spell, words

#: A text without one of these has no number that can be a quantity.
_ANY = re.compile(
    r"[0-9零一二两三四五六七八九十百千万几数仨廿卅壹贰叁肆伍陆柒捌玖]|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twel|thirt|fo|fift|sixt|sevent|ninet|"
    r"twent|dozen|scores|a hundred|a thousand|hundred|thousand|several|couple|half a)"
)
_NUMBER = re.compile(rf"(?<![0-9.a-z第#年月号])(?<![0-9]:)(?:{NUMBER})(?![0-9:])")
#: What may end a quantity where nothing says what it is counted in.
_END = re.compile(r"\s*(?:$|[。,.、;!?\n)]|more\b|additional\b)")
#: How far before a number words that bound it are looked for. Source: as `amounts`, 2026-11-30.
_BEFORE = 16


class Unit(msgspec.Struct, frozen=True):
    """What things are counted in. kind: count, pack, measure; a measure is `factor` of its `base`."""

    unit: str
    name_zh: str
    name_en: str
    kind: str
    base: str
    factor: float
    labels: frozenset[str]
    said: frozenset[str]

    def fits(self, label: str) -> bool:
        return not self.labels or label in self.labels


class Item(msgspec.Struct, frozen=True):
    """A thing with a name of its own. `unit`: what it is counted in where none is said."""

    item: str
    label: str
    name_zh: str
    name_en: str
    unit: str
    said: frozenset[str]


class Quantity(NamedTuple):
    """A number with what it counts. `rough`: about, least, most, '' as said; `word`: its unit as said."""

    begin: int
    end: int
    low: float
    high: float
    rough: str
    word: str


@cache
def known_units() -> dict[str, Unit]:
    """The rows of need-units by their code."""
    return {
        row["unit"]: Unit(
            row["unit"], row["name_zh"], row["name_en"], row["kind"], row["base"],
            float(row["factor"] or 1), frozenset(row["labels"].split()),
            frozenset((*spell(row["zh"]), *spell(row["en"]))),
        )
        for row in rows("need-units")
    }  # fmt: skip


@cache
def known_items() -> dict[str, Item]:
    """The rows of need-items by their code."""
    return {
        row["item"]: Item(
            row["item"], row["label"], row["name_zh"], row["name_en"], row["unit"],
            frozenset((*spell(row["zh"]), *spell(row["en"]))),
        )
        for row in rows("need-items")
    }  # fmt: skip


@cache
def _units_said() -> dict[str, tuple[Unit, ...]]:
    said: dict[str, list[Unit]] = {}
    for unit in known_units().values():
        for word in unit.said:
            said.setdefault(word, []).append(unit)
    # what counts few classes before what counts any
    return {word: tuple(sorted(of, key=lambda u: (not u.labels, u.unit))) for word, of in said.items()}


@cache
def _items_said() -> tuple[Lexicon, dict[str, Item]]:
    said = {word: item for item in known_items().values() for word in sorted(item.said)}
    return Lexicon(said), said


def _alternatives(found: tuple[str, ...]) -> str:
    return "|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in found)


@cache
def _unit_after() -> re.Pattern[str]:
    said = sorted(_units_said(), key=lambda w: (-len(w), w))
    latin = "|".join(re.escape(w) for w in said if w.isascii())
    han = "|".join(re.escape(w) for w in said if not w.isascii())
    rough = r"(?:多|余|来)?"
    # 10 more boxes; 50kg; 三个 but not 三个小时
    return re.compile(
        rf"{rough}\s?(?:(?P<han>{han})(?![小月星礼钟])|(?:(?:more|additional|extra|large|big|small)\s)?"
        rf"(?P<latin>{latin})(?![a-z0-9']))(?:\s?(?:左右|上下|以上|以下))?"
    )


@cache
def gap(role: str, *, more: str = "") -> re.Pattern[str]:
    """Nothing but words of this role, as often as they come."""
    both = (*words("need-words", role=role, lang="zh"), *words("need-words", role=role, lang="en"))
    extra = f"|{more}" if more else ""
    return re.compile(rf"(?:\s|{_alternatives(both)}{extra})*")


@cache
def _given() -> re.Pattern[str]:
    both = (*words("need-words", role="given", lang="zh"), *words("need-words", role="given", lang="en"))
    return re.compile(rf"(?:{_alternatives(both)})\s*(?:约|大约|about\b)?\s*$")


@cache
def _vague() -> frozenset[str]:
    both = (*words("need-words", role="vague", lang="zh"), *words("need-words", role="vague", lang="en"))
    return frozenset(both)


def unit_of(word: str, label: str) -> Unit | None:
    """The unit a word says of things of this class; None where it counts other things."""
    return next((u for u in _units_said().get(word, ()) if u.fits(label)), None)


def label_of(word: str) -> str:
    """The class of a thing with a name of its own; '' of any other word."""
    item = _items_said()[1].get(word)
    return item.label if item else ""


def item_hits(flat: str) -> list[tuple[Hit, Item]]:
    """Things with a name of their own, where they stand."""
    lexicon, said = _items_said()
    return [(hit, said[hit.word]) for hit in lexicon.scan(flat)]


def read_quantities(flat: str) -> list[Quantity]:
    """The numbers that may say how much: none that is long, vague, of a house or a day, or there already."""
    if _ANY.search(flat) is None:
        return []
    found = []
    for match in _NUMBER.finditer(flat):
        one = _quantity(flat, match.start(), match.end())
        if one is not None:
            found.append(one)
    return found


def _quantity(flat: str, begin: int, end: int) -> Quantity | None:
    said = flat[begin:end]
    if said in _vague() or sum(c.isdigit() for c in said) > MOST_FIGURES:
        return None
    before = flat[max(0, begin - _BEFORE) : begin]
    if _given().search(before):
        return None
    around = said.endswith("来")  # 两百来: about two hundred
    span = parse_said(said.removesuffix("来"))
    if span is None or not 0 < span.high < 1e8:
        return None
    unit = _unit_after().match(flat, end)
    stop = unit.end() if unit else end
    rough, taken = said_bound(before, flat[end:stop] + flat[stop : stop + 8])
    word = (unit.group("han") or unit.group("latin")) if unit else ""
    return Quantity(begin - taken, stop, span.low, span.high, rough or ("about" if around else ""), word)


def ends_bare(flat: str, quantity: Quantity) -> bool:
    """Whether a quantity says what it counts, or nothing follows that could say otherwise."""
    return bool(quantity.word) or _END.match(flat, quantity.end) is not None
