"""What a report's words say: kind, urgency, facts with the words that say so, names of places. Pure."""

from typing import NamedTuple

from jingwei.engines.reading.asked import Asked
from jingwei.engines.reading.facts import Fact, read_facts, read_needs
from jingwei.engines.reading.kinds import Worded, language_of, read_kinds
from jingwei.engines.reading.numerals import chinese_numeral, parse_number
from jingwei.engines.reading.topics import read_topic
from jingwei.engines.reading.urgency import Urgency, read_urgency

__all__ = ["Asked", "Fact", "Reading", "Urgency", "chinese_numeral", "parse_number", "read_facts",
           "read_kinds", "read_needs", "read_report", "read_topic", "read_urgency"]  # fmt: skip


class Reading(NamedTuple):
    """One report read. `kind` is the likeliest event code, '' where no word speaks of one."""

    lang: str
    kind: str
    worded: Worded
    urgency: Urgency
    facts: tuple[Fact, ...]


def read_report(text: str) -> Reading:
    """Everything that the words alone say."""
    lang = language_of(text)
    worded = read_kinds(text, lang)
    facts = read_facts(text, lang)
    kind = min(worded.kinds, key=lambda code: (-worded.kinds[code], code), default="")
    return Reading(lang, kind, worded, read_urgency(text, facts), facts)
