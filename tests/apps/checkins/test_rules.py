"""When a check-in is due, how far a missed one goes, which taps are one: both sides of each threshold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.checkins import rules
from jingwei.kernel.refusals import Refused

T = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
MIN, SEC = timedelta(minutes=1), timedelta(seconds=1)


def test_the_next_is_due_an_interval_after_they_were_heard_or_when_they_are_to_be_out():
    assert rules.next_due(heard_at=T, every_min=20, until_at=None) == T + 20 * MIN
    assert rules.next_due(heard_at=T, every_min=20, until_at=T + 5 * MIN) == T + 5 * MIN
    assert rules.next_due(heard_at=T, every_min=20, until_at=T + 30 * MIN) == T + 20 * MIN
    assert rules.next_due(heard_at=T, every_min=20, until_at=T) == T + 20 * MIN, "past: the interval holds"


@pytest.mark.parametrize(
    ("level", "after", "expected"),
    [
        (0, -SEC, []), (0, 0 * SEC, []), (0, SEC, [1]), (0, 20 * MIN, [1]), (0, 20 * MIN + SEC, [1, 2]),
        (1, SEC, []), (1, 20 * MIN + SEC, [2]), (2, 900 * MIN, []), (1, -60 * MIN, []),
    ],
)  # fmt: skip
def test_levels_by_the_time_since_it_was_due(level, after, expected):
    assert rules.levels_missed(level=level, due_at=T, every_min=20, at=T + after) == expected


@pytest.mark.parametrize(
    ("seconds", "words", "level", "same"),
    [(0, "", 0, True), (19, "", 0, True), (20, "", 0, False), (-19, "", 0, True), (-20, "", 0, False),
     (3, "一人受伤", 0, False), (3, "", 1, False)],
)  # fmt: skip
def test_which_taps_are_one(seconds, words, level, same):
    assert rules.is_same(before=T, at=T + seconds * SEC, words=words, level=level) is same
    assert not rules.is_same(before=None, at=T, words="", level=0)


def test_it_is_missed_at_once_and_stays_so_when_the_clock_jumps_back():
    assert not rules.is_missed(level=0, due_at=T, at=T)
    assert rules.is_missed(level=0, due_at=T, at=T + SEC)
    assert rules.is_missed(level=1, due_at=T, at=T - 60 * MIN)


@pytest.mark.parametrize(
    ("numbers", "code"),
    [({"heads": 0, "every_min": 5}, "watch_heads_impossible"),
     ({"heads": 1000, "every_min": 5}, "watch_heads_impossible"),
     ({"heads": 1, "every_min": 0}, "watch_interval_impossible"),
     ({"heads": 1, "every_min": 721}, "watch_interval_impossible")],
)  # fmt: skip
def test_numbers_that_cannot_be(numbers, code):
    with pytest.raises(Refused) as no:
        rules.check_numbers(**numbers)
    assert no.value.code == code


def test_a_difference_needs_words():
    assert rules.check_out(heads=5, heads_out=5, words="") == ""
    assert rules.check_out(heads=5, heads_out=3, words=" 两人仍在井下 ") == "两人仍在井下"
    with pytest.raises(Refused, match="watch_difference_missing"):
        rules.check_out(heads=5, heads_out=3, words=" ")


@given(
    ticks=st.lists(st.integers(-90, 200), max_size=30),
    every_min=st.integers(1, 60),
)
def test_each_level_once_whatever_the_times_it_is_looked_at(ticks, every_min):
    """However often and in whatever order one looks, forwards and back: 1 before 2, each at most once."""
    level, seen = 0, []
    for tick in ticks:
        new = rules.levels_missed(level=level, due_at=T, every_min=every_min, at=T + tick * MIN)
        seen += new
        level = new[-1] if new else level
    latest = max(ticks, default=-1)
    assert seen == [1, 2][: (latest > 0) + (latest > every_min)]
