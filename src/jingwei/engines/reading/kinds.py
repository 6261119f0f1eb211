"""Which kinds of event the words speak of, and whether they are hearsay or idle talk."""

import re
from functools import cache
from typing import NamedTuple

from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.lexicon import Hit, Lexicon
from jingwei.engines.reading.tables import rows, spell, words

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LETTERS = re.compile(r"[A-Za-z]+")
#: How far apart the two words of a pair may stand, in characters. Source: our estimate, one clause of
#: Chinese is some ten characters and of English some six words, 2026-11-29.
PAIR_REACH = {"zh": 10, "en": 36}
#: Between the two words of a pair no sentence ends.
_END = re.compile(r"[。!?;\n]|\.\s")


class Kind(NamedTuple):
    code: str
    family: str
    spread_m: float


class Worded(NamedTuple):
    """Evidence for kinds as natural logarithms; empty where no word is known.

    `said`: which characters of the text say so.
    """

    kinds: dict[str, float]
    hearsay: bool
    idle: bool
    said: tuple[tuple[int, int], ...] = ()


@cache
def known_kinds() -> tuple[Kind, ...]:
    return tuple(Kind(r["code"], r["family"], float(r["spread_m"])) for r in rows("kinds"))


def language_of(text: str) -> str:
    """zh where at least a third of the letters are Chinese characters, else en; names may be in the other."""
    if text.isascii():
        return "en"
    han = sum(map(len, _HAN.findall(text)))
    latin = sum(map(len, _LETTERS.findall(text))) / 5
    return "zh" if han and han >= latin else "en"


Weights = tuple[tuple[str, float], ...]


class _Known(NamedTuple):
    """All words of kinds: the lexicon, what a word says, what two words say together, and those words.

    What is said is a number of `weights`; words of one meaning share it.
    """

    lexicon: Lexicon
    alone: dict[str, int]
    pairs: dict[tuple[str, str], int]
    paired: frozenset[str]
    weights: list[Weights]


def _weights(cell: str) -> Weights:
    """Codes with their weights; `12G*` is every known kind that begins so."""
    found: dict[str, float] = {}
    for part in cell.split():
        code, _, weight = part.partition(":")
        for kind in known_kinds():
            if kind.code == code or (code.endswith("*") and kind.code.startswith(code[:-1])):
                found[kind.code] = max(found.get(kind.code, -9.0), float(weight))
    return tuple(sorted(found.items()))


@cache
def _known() -> _Known:
    alone: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    numbers: dict[Weights, int] = {}

    def number(old: int | None, new: Weights) -> int:
        """The number of what a word says, with what it said already."""
        if old is not None:
            held = dict(order[old])
            for code, weight in new:
                held[code] = max(held.get(code, -9.0), weight)
            new = tuple(sorted(held.items()))
        if new not in numbers:
            numbers[new] = len(order)
            order.append(new)
        return numbers[new]

    order: list[Weights] = []
    for row in (*rows("kind-words-zh"), *rows("kind-words-en")):
        weights = _weights(row["codes"])
        for word in spell(row["words"]):
            one, plus, other = word.partition("+")
            if plus:
                both = (one, other) if one <= other else (other, one)
                pairs[both] = number(pairs.get(both), weights)
            else:
                alone[word] = number(alone.get(word), weights)
    paired = frozenset(w for both in pairs for w in both)
    return _Known(Lexicon((*alone, *paired)), alone, pairs, paired, order)


@cache
def _manners() -> tuple[Lexicon, frozenset[str]]:
    hearsay = frozenset(words("manner", manner="hearsay"))
    return Lexicon((*hearsay, *words("manner", manner="idle"))), hearsay


def read_kinds(text: str, lang: str = "") -> Worded:
    """What the words say about the kind; a meaning counts once. `lang` is that of most of the text."""
    flat = flatten(text)
    known = _known()
    hits = known.lexicon.scan(flat)
    alone = known.alone
    told = [(alone[h.word], h.begin, h.end) for h in hits if h.word in alone]
    if len(hits) > 1:
        told += _pairs(flat, hits, known, PAIR_REACH[lang or language_of(text)])
    found: dict[str, float] = {}
    for number in {n for n, _, _ in told}:
        for code, weight in known.weights[number]:
            found[code] = found.get(code, 0.0) + weight
    manners, hearsay = _manners()
    manner = {h.word for h in manners.scan(flat)}
    said = tuple(sorted((begin, end) for _, begin, end in told))
    return Worded(found, bool(manner & hearsay), bool(manner - hearsay), said)


def _pairs(flat: str, hits: list[Hit], known: _Known, reach: int) -> list[tuple[int, int, int]]:
    """Words that say something only together, in one sentence and near each other."""
    told = []
    some = [h for h in hits if h.word in known.paired]
    for n, one in enumerate(some):
        for other in some[n + 1 :]:
            if other.begin - one.end > reach:
                break
            a, b = one.word, other.word
            number = known.pairs.get((a, b) if a <= b else (b, a))
            if number is not None and not _END.search(flat, one.end, other.begin):
                told.append((number, one.begin, other.end))
    return told
