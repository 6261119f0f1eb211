"""What a report's words say: kind, facts with the words that say so, and the names of places. Pure."""

from jingwei.engines.reading.facts import Fact, read_facts
from jingwei.engines.reading.kinds import read_kinds
from jingwei.engines.reading.numerals import chinese_numeral, parse_number

__all__ = ["Fact", "chinese_numeral", "parse_number", "read_facts", "read_kinds"]
