"""How urgent a report is by its words: a life in danger now, people in danger, something needed, or calm."""

from functools import cache
from typing import NamedTuple

from jingwei.engines.reading.facts import Fact
from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.lexicon import Lexicon
from jingwei.engines.reading.tables import rows, spell

#: The levels. Source: our estimate, in the order in which a duty desk would call back, 2026-11-29.
LIFE, DANGER, NEED, CALM = 1, 2, 3, 4
#: What a fact alone says. Source: our estimate, as above.
_BY_FACT = {"trapped": LIFE, "missing": LIFE, "dead_or_missing": LIFE, "deaths": DANGER, "injured": DANGER,
            "fire": DANGER, "hazard": DANGER, "building": DANGER, "evacuated": NEED, "need": NEED,
            "road": NEED, "utility": NEED}  # fmt: skip
#: Water as deep as a grown-up's waist endangers life. Source: our estimate, 2026-11-29.
DEEP_M = 1.0


class Urgency(NamedTuple):
    """`level` 1 is the most urgent, 0 where nothing is said; `begin`, `end`: which characters say so."""

    level: int
    begin: int = 0
    end: int = 0


@cache
def _known() -> tuple[Lexicon, dict[str, int]]:
    levels: dict[str, int] = {}
    for row in rows("urgency"):
        for word in spell(row["words"]):
            levels[word] = min(int(row["level"]), levels.get(word, CALM))
    return Lexicon(levels), levels


def read_urgency(text: str, facts: tuple[Fact, ...]) -> Urgency:
    """The most urgent that words or facts say; calm words count only where nothing denies them."""
    lexicon, levels = _known()
    said = [Urgency(levels[h.word], h.begin, h.end) for h in lexicon.scan(flatten(text))]
    said += [Urgency(level, f.begin, f.end) for f in facts if (level := _by_fact(f))]
    grave = [u for u in said if u.level < CALM]
    calm = [u for u in said if u.level == CALM]
    if calm and not any(u.level == LIFE for u in grave):
        return max(calm, key=lambda u: u.end)
    return min(grave, key=lambda u: (u.level, u.begin), default=Urgency(0))


def _by_fact(fact: Fact) -> int:
    if fact.negated:
        return 0
    if fact.measure == "depth":
        return LIFE if fact.high is not None and fact.high >= DEEP_M else DANGER
    if fact.measure == "injured" and fact.label == "severe":
        return LIFE
    return _BY_FACT.get(fact.measure, 0)
