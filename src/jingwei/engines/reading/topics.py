"""What a public message is about: people affected, works, advice, gifts, sympathy, or other news."""

from functools import cache
from typing import NamedTuple

from jingwei.engines.reading.facts import COUNTS, Fact
from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.lexicon import Lexicon
from jingwei.engines.reading.tables import rows, spell

#: What a fact adds to a topic, as a natural logarithm. Source: our estimate, as much as a word, 2026-11-29.
FACT_WEIGHT = 1.5


class Topic(NamedTuple):
    """`name` '' where no word says anything; `weights` by topic; `informative`: more than sympathy."""

    name: str
    weights: dict[str, float]
    informative: bool


@cache
def _known() -> tuple[Lexicon, dict[str, tuple[str, float]]]:
    said: dict[str, tuple[str, float]] = {}
    for row in rows("topics"):
        for word in spell(row["words"]):
            said.setdefault(word, (row["topic"], float(row["weight"])))
    return Lexicon(said), said


def read_topic(text: str, facts: tuple[Fact, ...]) -> Topic:
    """The topic that words and facts speak of most."""
    lexicon, said = _known()
    weights: dict[str, float] = {}
    for word in {h.word for h in lexicon.scan(flatten(text))}:
        topic, weight = said[word]
        weights[topic] = weights.get(topic, 0.0) + weight
    for fact in facts:
        about = "affected" if fact.measure in COUNTS else ""
        if fact.measure in ("road", "utility", "building"):
            about = "infrastructure"
        if about:
            weights[about] = weights.get(about, 0.0) + FACT_WEIGHT
    name = min(weights, key=lambda t: (-weights[t], t), default="")
    return Topic(name, weights, bool(facts) or name not in ("", "sympathy"))
