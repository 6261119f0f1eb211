"""How likely each kind of event is, given the words and the code of a report; learns from the stream.

Words count by a shipped table of everyday words and by naive Bayes over pairs of characters (words in
English), learned from reports whose channel filled in a code. Source: [SRC-NAIVEBAYES].
"""

import math
import re
from collections.abc import Iterable

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.reading.kinds import Kind, known_kinds, read_kinds
from jingwei.kernel.codes import kind_within

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_EN_WORD = re.compile(r"[a-z]{3,}")
#: A pair is used from this many labelled reports on. Source: our estimate, two could be chance, 2026-11-22.
LEARNED_FROM = 4
#: Kinds beyond the table that a channel's codes may bring; how far apart the places named for one may lie.
#: Source: our estimate, a place has few events that no word of ours speaks of, 2026-11-29.
STRANGE, STRANGE_M = 16, 60.0
#: Pairs remembered at most. Source: our estimate, memory of some 50 MB, 2026-11-22.
MOST_PAIRS = 200_000


def pairs(flat: str, begin: int, end: int) -> set[str]:
    """Pairs of neighbouring characters and English words outside the place's name."""
    rest = f"{flat[:begin]} {flat[end:]}" if end > begin else flat
    found = {run[n : n + 2] for run in _HAN_RUN.findall(rest) for n in range(len(run) - 1)}
    found.update(_EN_WORD.findall(rest))
    return found


class KindModel:
    """Chances of words and codes by kind. Vectors run over `codes`, in that order.

    A code of an event that the table does not have takes one of the last places, '' until then: reports
    with it belong together as any others do, and its words are learned.
    """

    def __init__(self, p: Parameters, kinds: Iterable[Kind] = ()) -> None:
        self.p = p
        table = tuple(kinds) or known_kinds()
        self.codes = [k.code for k in table] + [""] * STRANGE
        self.spread_m = [k.spread_m for k in table] + [STRANGE_M] * STRANGE
        self.index = {k.code: n for n, k in enumerate(table)}
        self._strange = iter(range(len(table), len(self.codes)))
        self.families: list[list[int]] = [
            [n for n, o in enumerate(table) if o.family == k.family] for k in table
        ]
        self.families += [[n] for n in range(len(table), len(self.codes))]
        self._each_family = list({family[0]: family for family in self.families}.values())
        self.seen = [1.0] * len(self.codes)
        self.total = float(len(self.codes))
        self.shares = [1 / len(self.codes)] * len(self.codes)
        self._fields: dict[str, list[float]] = {}
        self._pairs: dict[str, dict[int, float]] = {}
        self._weights: dict[str, tuple[int, list[tuple[int, float]]]] = {}

    def likelihood(self, flat: str, lang: str, code: str, span: tuple[int, int]) -> tuple[list[float], bool]:
        """Relative chance of words and code under each kind, the best 1; and whether they say anything."""
        worded, told = self._words(flat, lang, span)
        if code:
            field = self._field(code)
            worded = [w * f for w, f in zip(worded, field, strict=True)]
            told = True
        if not told:
            return worded, False
        top = max(worded)
        floor = self.p["kind.floor"]
        return [max(w / top, floor) for w in worded], True

    def learn(self, flat: str, code: str, span: tuple[int, int]) -> None:
        """Take a report whose channel filled in a code as a lesson about its words."""
        at = self.index.get(code)
        if at is None:
            return
        self.seen[at] += 1
        self.total += 1
        if int(self.total) % 50 == 0:
            self.shares = [n / self.total for n in self.seen]
        for pair in pairs(flat, *span):
            held = self._pairs.get(pair)
            if held is None:
                if len(self._pairs) >= MOST_PAIRS:
                    continue
                held = self._pairs[pair] = {}
            held[at] = held.get(at, 0.0) + 1

    def _words(self, flat: str, lang: str, span: tuple[int, int]) -> tuple[list[float], bool]:
        logs = [0.0] * len(self.codes)
        found = False
        rest = f"{flat[: span[0]]} {flat[span[1] :]}" if span[1] > span[0] else flat
        for code, weight in read_kinds(rest, lang).kinds.items():
            at = self.index.get(code)
            if at is not None:
                logs[at] += self.p["kind.words_weight"] * weight
                found = True
        weight = self.p["kind.learned_weight"]
        for pair in pairs(flat, *span):
            for at, learned in self._learned(pair):
                logs[at] += weight * learned
                found = True
        if not found:
            return [1.0] * len(self.codes), False
        top = max(logs)
        chances = [math.exp(max(x - top, -12.0)) for x in logs]
        whole = sum(chances)
        kin_share, lost = self.p["kind.words_family"], self.p["kind.words_wrong"]
        kin = {
            family[0]: kin_share * sum(chances[n] for n in family) / len(family)
            for family in self._each_family
        }
        mixed = [
            ((1 - kin_share - lost) * chance + kin[family[0]]) / whole + lost / len(chances)
            for chance, family in zip(chances, self.families, strict=True)
        ]
        return mixed, True

    def _learned(self, pair: str) -> list[tuple[int, float]]:
        """How much likelier the pair is under a kind than at all; renewed as its count doubles."""
        held = self._pairs.get(pair)
        if not held:
            return []
        count, weights = self._weights.get(pair, (0, []))
        total = sum(held.values()) if len(held) < 4 or not count else 0.0
        if not total:
            total = sum(held.values())
        if total < LEARNED_FROM or total < 1.5 * count:
            return weights
        weights = []
        for at, n in held.items():
            share = self.seen[at] / self.total
            gain = math.log((n + 2 * share) / ((total + 2) * share))
            if gain > 0.3:
                weights.append((at, min(gain, 3.5)))
        if len(weights) > 12:
            weights = []
        self._weights[pair] = (int(total), weights)
        return weights

    def _meet(self, code: str) -> None:
        """A place for a code that neither is in the table nor stands above what is."""
        if code in self.index or any(kind_within(own, code) for own in self.index):
            return
        at = next(self._strange, None)
        if at is not None:
            self.codes[at], self.index[code] = code, at

    def _field(self, code: str) -> list[float]:
        known = self._fields.get(code)
        if known is None:
            self._meet(code)
            known = self._fields[code] = self._code_chances(code)
        return known

    def _code_chances(self, code: str) -> list[float]:
        """Chance that a channel fills in this code, by the true kind."""
        p, at = self.p, self.index.get(code)
        rest = max(0.01, 1 - p["kind.field_right"] - p["kind.field_parent"] - p["kind.field_family"])
        found = []
        for n, own in enumerate(self.codes):
            chance = rest / len(self.codes)
            if own == code:
                chance += p["kind.field_right"]
            elif kind_within(own, code):
                chance += p["kind.field_parent"]
            elif at is not None and at in self.families[n]:
                chance += p["kind.field_family"] / max(1, len(self.families[n]) - 1)
            found.append(chance)
        return found
