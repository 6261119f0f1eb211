"""Whatever is written, reading holds: spans lie in the text, nothing breaks, time is bounded."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.engines.reading import read_facts, read_kinds, read_report
from jingwei.engines.reading.facts import COUNTS
from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.numerals import chinese_numeral

PIECES = [
    "三个人",
    "被困",
    "没有",
    "受伤",
    "死亡",
    "，",
    "。",
    " ",
    "12",
    "更正",
    "水到",
    "膝盖",
    "急需",
    "船",
    "电梯",
    "着火",
    "两",
    "百余",
    "people ",
    "trapped ",
    "no ",
    "injured",
    "dead",
    " 4 ",
    "from 3 to 5",
    "knee deep",
    "water ",
    "need ",
    "food",
    ",",
    "at least ",
    "ﬁ",
    "İ",
    "𨋢",
    "🙏",
    "\x00",
    "\ud800",
    "１",
    "人",
]
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
PLAIN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_every_span_lies_in_the_text(text):
    read = read_report(text)
    spans = [(f.begin, f.end) for f in read.facts] + list(read.worded.said)
    assert all(0 <= begin < end <= len(text) for begin, end in spans)
    assert 0 <= read.urgency.begin <= read.urgency.end <= len(text)


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_the_flat_text_is_as_long_as_the_text(text):
    assert len(flatten(text)) == len(text)


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_ends_of_a_number_are_in_order_and_a_denial_is_zero(text):
    for fact in read_facts(text):
        assert (fact.low is None) == (fact.high is None)
        assert fact.low is None or 0 <= fact.low <= fact.high
        assert not fact.negated or fact.high == 0


@given(PLAIN)
@settings(max_examples=40, deadline=None)
def test_full_width_is_read_as_half_width(text):
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
    assert read_kinds(wide).kinds == read_kinds(text).kinds
    assert read_facts(wide) == read_facts(text)


@given(st.integers(1, 9999), st.sampled_from(["人被困", "名群众被困", "个人被困"]))
@settings(max_examples=40, deadline=None)
def test_the_span_of_a_count_says_its_value(number, words):
    for said in (str(number), chinese_numeral(number)):
        text = f"我们这里有{said}{words}，快来"
        fact = next(f for f in read_facts(text) if f.measure == "trapped")
        assert (fact.low, fact.high) == (number, number), text
        assert said in text[fact.begin : fact.end]


@given(st.integers(1, 9999), st.sampled_from(["trapped", "injured", "dead", "missing"]))
@settings(max_examples=60, deadline=None)
def test_the_span_of_an_english_count_says_its_value(number, word):
    text = f"Right now {number} people {word} near the bridge"
    fact = next(f for f in read_facts(text) if f.measure in COUNTS)
    assert (fact.low, fact.high) == (number, number)
    assert text[fact.begin : fact.end] == f"{number} people {word}"


def test_a_long_text_takes_no_more_than_its_share():
    """Time grows with the length, not with its square: ten times the text, at most forty times the time."""

    def seconds(text: str) -> float:
        begun = time.process_time()
        read_report(text)
        return time.process_time() - begun

    for piece in (
        "没有人被困，三个人受伤",
        "a" * 20,
        "1 to 2 to ",
        "零" * 20,
        "no one ",
        "到了我的",
        "更正 3个 ",
        "，" * 20,
        " " * 20,
        "没有人任何人",
        "at least one and ",
        "电梯困",
        "水到",
        "-3",
        "好几",
    ):
        seconds(piece * 40)
        short = min(seconds(piece * 40) for _ in range(2))
        # a crowded machine may disturb one look, not all of them; growth by the square takes far longer
        assert min(seconds(piece * 400) for _ in range(3)) < 40 * short + 0.5, piece
