"""Numbers as people say them, in figures and words of both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.engines.reading.numerals import chinese_numeral, parse_chinese, parse_number


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("3", 3, 3),
        ("３５", 35, 35),
        ("三十五", 35, 35),
        ("两千零五", 2005, 2005),
        ("一百二", 120, 120),
        ("三千五", 3500, 3500),
        ("三万五", 35_000, 35_000),
        ("一百零二", 102, 102),
        ("廿三", 23, 23),
        ("俩", 2, 2),
        ("仨", 3, 3),
        ("1,200", 1200, 1200),
        ("1.2万", 12_000, 12_000),
        ("3千", 3000, 3000),
        ("贰拾", 20, 20),
        ("两三", 2, 3),
        ("二三十", 20, 39),
        ("三十五六", 35, 36),
        ("五六百", 500, 699),
        ("三到五", 3, 5),
        ("3-5", 3, 5),
        ("十几", 11, 19),
        ("百余", 101, 199),
        ("30多", 31, 39),
        ("3000余", 3001, 3999),
        ("三十几", 31, 39),
        ("好几十", 30, 99),
        ("数百", 200, 999),
        ("twenty-five", 25, 25),
        ("a hundred and ten", 110, 110),
        ("two dozen", 24, 24),
        ("3k", 3000, 3000),
        ("two or three", 2, 3),
        ("3 to 5", 3, 5),
        ("dozens", 20, 99),
        ("several", 3, 9),
        ("half a dozen", 5, 7),
    ],
)
def test_a_number_means_what_people_mean_by_it(said, low, high):
    assert parse_number(said) == (low, high)


@pytest.mark.parametrize("said", ["", "人", "abc", "十百个", "three blind", "3.4.5", "-"])
def test_what_is_no_number_is_none(said):
    assert parse_number(said) is None


@pytest.mark.parametrize(
    ("before", "said", "after", "low", "high"),
    [
        ("at least ", "5", "", 5, 9),
        ("超过", "100", "", 100, 199),
        ("不到", "10", "", 5, 10),
        ("近", "100", "", 80, 100),
        ("约", "30", "", 24, 36),
        ("", "30", "左右", 24, 36),
        ("nearly ", "1,000", "", 800, 1000),
    ],
)
def test_words_around_a_number_widen_it(before, said, after, low, high):
    assert parse_number(said, before, after) == (low, high)


@given(st.integers(0, 99_999_999))
def test_a_chinese_numeral_reads_back_as_the_number(number):
    assert parse_chinese(chinese_numeral(number)) == number


@given(st.integers(0, 999_999))
def test_figures_of_both_widths_mean_the_same(number):
    wide = str(number).translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    assert parse_number(wide) == parse_number(str(number)) == (number, number)


@given(st.text(max_size=30))
def test_no_text_breaks_a_number_and_its_ends_are_in_order(text):
    span = parse_number(text)
    assert span is None or span.low <= span.high


def test_numerals_beyond_a_hundred_million_are_refused():
    for number in (-1, 100_000_000):
        with pytest.raises(ValueError, match="outside"):
            chinese_numeral(number)
