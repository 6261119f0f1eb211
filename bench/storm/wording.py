"""From a plan of what to say to the words themselves, with the place of every stated fact in them."""

import random
from typing import Any, NamedTuple

from bench.storm.numbers import Said
from bench.storm.parameters import Parameters
from bench.storm.phrases import END, Bank, Mark, Template

#: What a piece of text is: plain, the place, or (0 and up) the fact of that number.
PLAIN, PLACE = -1, -2
Piece = tuple[str, int]


class Statement(NamedTuple):
    """A fact to be stated through a template, and what the words will mean."""

    template: Template
    measure: str
    value: Any
    low: Any
    high: Any
    negated: bool
    slots: dict[str, str]


class Worded(NamedTuple):
    """The words, the facts with their spans, and the span of the place (empty where none is said)."""

    text: str
    facts: list[dict[str, Any]]
    place_span: list[int]


class Writer:
    """Builds one report's words piece by piece; noise never touches a piece that states a fact or a place."""

    def __init__(self, bank: Bank, lang: str, p: Parameters, rng: random.Random) -> None:
        self.bank, self.lang, self.p, self.rng = bank, lang, p, rng
        self.pieces: list[Piece] = []
        self.facts: list[dict[str, Any]] = []

    def put(self, template: Template, slots: dict[str, Any], said: Statement | None = None) -> None:
        """Append a template with its slots filled; `p` may be a list of pieces."""
        inside = PLAIN
        for part in template.parts:
            if isinstance(part, str):
                self.pieces.append((part, inside))
            elif part is END or part == END:
                inside = PLAIN
            elif isinstance(part, Mark):
                inside = len(self.facts)
                self.facts.append(self._fact(part, said, slots))
            else:
                value = slots[part.name]
                self.pieces.append((value, PLACE if part.name == "p" and inside == PLAIN else inside))

    def _fact(self, mark: Mark, said: Statement | None, slots: dict[str, Any]) -> dict[str, Any]:
        if said is not None and not mark.measure:
            return {"measure": said.measure, "value": said.value, "low": said.low, "high": said.high,
                    "negated": said.negated}  # fmt: skip
        value: Any = True
        low = high = None
        if mark.value == "{n}":
            number: Said = slots["said"]
            value, low, high = number.high if number.low == number.high else None, number.low, number.high
        elif mark.value:
            try:
                value = low = high = float(mark.value)
            except ValueError:
                value = mark.value
        return {"measure": mark.measure, "value": value, "low": low, "high": high, "negated": False}

    def join(self, text: str) -> None:
        self.pieces.append((text, PLAIN))

    def breath(self) -> None:
        """What stands between two clauses."""
        if self.lang == "zh":
            self.join(self.rng.choice(("，", "，", "。", " ", "，")))
        else:
            self.join(self.rng.choice((", ", ". ", ", ", " - ")))

    def finish(self, *, noisy: bool = True) -> Worded:
        """Add noise and read off where each fact stands."""
        rng, p = self.rng, self.p
        if noisy and rng.random() < p["words.typo"]:
            self._mistype()
        loud = noisy and self.lang == "en" and rng.random() < p["words.caps"]
        text, place = "", []
        spans: dict[int, list[int]] = {}
        for piece, what in self.pieces:
            piece = piece.upper() if loud else piece
            begin, text = len(text), text + piece
            if what >= 0:
                spans.setdefault(what, [begin, begin])[1] = len(text)
            elif what == PLACE:
                place = [place[0] if place else begin, len(text)]
        for number, fact in enumerate(self.facts):
            fact["span"] = spans[number]
        return Worded(text, self.facts, place)

    def _mistype(self) -> None:
        """One slip: a character taken for its like, or two letters swapped."""
        plain = [n for n, (text, what) in enumerate(self.pieces) if what == PLAIN and len(text) > 3]
        if not plain:
            return
        at = self.rng.choice(plain)
        text = self.pieces[at][0]
        likes = [t for t in self.bank.typos if t.about in text]
        if likes:
            like = self.rng.choice(likes)
            self.pieces[at] = (text.replace(like.about, like.text, 1), PLAIN)
        elif self.lang == "en":
            n = self.rng.randrange(len(text) - 1)
            self.pieces[at] = (text[:n] + text[n + 1] + text[n] + text[n + 2 :], PLAIN)
