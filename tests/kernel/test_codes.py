"""Codes of places and kinds: containment is a prefix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kernel.codes import (
    is_kind_code,
    is_place_code,
    kind_prefix,
    kind_within,
    normal_place,
    padded_place,
    place_within,
)

DIVISIONS = st.sampled_from(["41", "4101", "410182", "410182107", "410182107201", "42", "4102"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("410000", "41"),
        ("410100", "4101"),
        ("410182", "410182"),
        ("410182107", "410182107"),
        ("41", "41"),
        (" 410100 ", "4101"),
        ("", ""),
        ("110000", "11"),
    ],
)
def test_padding_is_taken_off(written: str, kept: str) -> None:
    assert normal_place(written) == kept


@given(DIVISIONS)
def test_padding_can_be_put_back(code: str) -> None:
    assert normal_place(padded_place(code)) == code


@pytest.mark.parametrize(
    ("code", "answer"),
    [("41", True), ("4101", True), ("", True), ("410", False), ("41018210", False), ("4a", False)],
)
def test_what_is_a_place_code(code: str, answer: bool) -> None:
    assert is_place_code(code) is answer


def test_a_place_lies_within_itself_and_what_is_above() -> None:
    assert place_within("410182107", "410182")
    assert place_within("410182", "410182")
    assert place_within("410182", "")
    assert not place_within("4101", "410182")
    assert not place_within("410183", "410182")


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("10000", "1"), ("11000", "11"), ("11B00", "11B"), ("11B03", "11B03"), ("", ""), ("11B", "11B")],
)
def test_what_sub_kinds_share(code: str, prefix: str) -> None:
    assert kind_prefix(code) == prefix


def test_a_kind_lies_within_itself_and_what_is_above() -> None:
    assert kind_within("11B03", "11B00")
    assert kind_within("11B03", "11000")
    assert kind_within("11B03", "10000")
    assert kind_within("11B03", "")
    assert not kind_within("11B00", "11B03")
    assert not kind_within("12B03", "11B00")


@pytest.mark.parametrize(
    ("code", "answer"), [("11B03", True), ("10000", True), ("11000", True), ("91B03", False), ("11B3", False)]
)
def test_what_is_a_kind_code(code: str, answer: bool) -> None:
    assert is_kind_code(code) is answer
