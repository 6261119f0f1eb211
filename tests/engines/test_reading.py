"""What the words say: numbers, facts with their spans, kinds, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines.reading import chinese_numeral, parse_number, read_facts, read_kinds
from jingwei.engines.reading.kinds import language_of
from jingwei.engines.reading.numerals import Span, parse_chinese

MYRIADS = st.integers(min_value=0, max_value=99_999_999)


@given(MYRIADS)
def test_a_chinese_numeral_reads_back(number):
    assert parse_chinese(chinese_numeral(number)) == number


@given(MYRIADS)
def test_full_width_digits_are_digits(number):
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert parse_number(wide) == Span(number, number)


@pytest.mark.parametrize("number", [-1, 100_000_000])
def test_a_numeral_outside_the_range_is_refused(number):
    with pytest.raises(ValueError, match="outside"):
        chinese_numeral(number)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("两三", 2, 3), ("二三十", 20, 39), ("好几", 3, 9), ("十几", 11, 19), ("几十", 20, 99),
        ("上百", 100, 300),
        ("三到五", 3, 5), ("3-5", 3, 5), ("两千零五", 2005, 2005), ("一百二十", 120, 120), ("十", 10, 10),
        ("two or three", 2, 3), ("a couple of", 2, 3), ("twelve", 12, 12), ("dozens of", 20, 99),
        ("3.5", 3.5, 3.5), ("五到三", 3, 5),
    ],
)  # fmt: skip
def test_a_number_in_words(said, low, high):
    assert parse_number(said) == Span(low, high)


@pytest.mark.parametrize("said", ["", "人", "river", "十水", "万一"])
def test_no_number(said):
    assert parse_number(said) is None


FACTS = [
    ("一楼有3个人被困，水深1.2米", "zh", {("trapped", 3, 3, False), ("depth", 1.2, 1.2, False)}),
    ("死了两个人，失联五六人", "zh", {("deaths", 2, 2, False), ("missing", 5, 6, False)}),
    ("没有人受伤", "zh", {("injured", 0, 0, True)}),
    ("没有人被困，路还能走", "zh", {("trapped", 0, 0, True), ("road", 0, 0, True)}),
    ("人都出来了", "zh", {("trapped", 0, 0, True)}),
    ("之前说5个，现在是8个人困着", "zh", {("trapped", 8, 8, False)}),
    ("水又涨了，从25公分到了70厘米", "zh", {("depth", 0.7, 0.7, False)}),
    ("水深一米二", "zh", {("depth", 1.2, 1.2, False)}),
    ("水有半米深", "zh", {("depth", 0.5, 0.5, False)}),
    ("转移了１２０人", "zh", {("evacuated", 120, 120, False)}),
    ("水淹到胸口了", "zh", {("depth", 1.2, 1.2, False)}),
    ("two or three people trapped, water is 3 feet deep", "en",
     {("trapped", 2, 3, False), ("depth", 0.914, 0.914, False)}),
    ("nobody hurt", "en", {("injured", 0, 0, True)}),
    ("5 injured and the road is blocked", "en", {("injured", 5, 5, False), ("road", None, None, False)}),
    ("no flames seen, no deaths", "en", {("fire", 0, 0, True), ("deaths", 0, 0, True)}),
    ("about 40 cm of water", "en", {("depth", 0.4, 0.4, False)}),
    ("we need drinking water", "en", {("need", None, None, False)}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "lang", "wanted"), FACTS, ids=[f[0] for f in FACTS])
def test_facts(words, lang, wanted):
    found = {(f.measure, f.low, f.high, f.negated) for f in read_facts(words, lang)}
    assert found == wanted


def test_a_fact_says_which_words_say_so():
    words = "祥和路12号，里面还有4个人没出来，麻烦带救护车过来"
    spans = {f.measure: words[f.begin : f.end] for f in read_facts(words, "zh")}
    assert spans == {"trapped": "4个人没出来", "need": "救护车"}


@given(st.text(max_size=80), st.sampled_from(["zh", "en"]))
def test_any_text_can_be_read_and_spans_lie_in_it(words, lang):
    for fact in read_facts(words, lang):
        assert 0 <= fact.begin < fact.end <= len(words) + 2
    read_kinds(words, lang)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("电梯停了里面有人", "12N04"), ("高层阳台着火", "12G04"), ("化工罐车泄漏刺鼻", "12D02"),
        ("山体滑坡把路埋了", "11D01"), ("two cars crashed", "12H02"), ("landslide on the slope", "11D01"),
        ("地铁车厢进水", "12L99"), ("stampede in the crowd", "12S00"),
    ],
)  # fmt: skip
def test_the_likeliest_kind(words, kind):
    told = read_kinds(words, language_of(words)).kinds
    assert max(told, key=told.__getitem__) == kind


def test_hearsay_and_idle_talk_are_told_apart_from_reports():
    assert read_kinds("听说水库要垮了", "zh").hearsay
    assert read_kinds("谢谢你们，辛苦了", "zh").idle
    plain = read_kinds("电梯里有人出不来", "zh")
    assert not plain.hearsay and not plain.idle
