"""The same content always has the same digest; other content has another."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kernel.canonical import canonical, canonical_json, salted_digest, six_places
from jingwei.kernel.grades import Grade

SHANGHAI = timezone(timedelta(hours=8))

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(-1e9, 1e9)
    | st.datetimes(timezones=st.just(UTC))
)
CONTENT = st.dictionaries(
    st.text(),
    st.recursive(LEAVES, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(), x, max_size=3)),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (7.0, '"7.000000"'),
        (Decimal("201.90"), '"201.900000"'),
        ("荥阳", '"荥阳"'),
        (Grade.MAJOR, "2"),
        (date(2021, 7, 20), '"2021-07-20"'),
        (datetime(2021, 7, 20, 8, tzinfo=UTC), '"2021-07-20T08:00:00.000000+00:00"'),
        (datetime(2021, 7, 20, 16, tzinfo=SHANGHAI), '"2021-07-20T08:00:00.000000+00:00"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (b"\x00\xff", '"00ff"'),
        ((1, [2]), "[1,[2]]"),
        ({"b": 1, "a": {"d": 1, "c": 2}}, '{"a":{"c":2,"d":1},"b":1}'),
    ],
)
def test_each_type_has_one_form(value: object, text: str) -> None:
    assert canonical_json(value) == text


def test_digest_is_sha256_over_salt_and_content() -> None:
    # printf 'salt{"words":"水漫桥面"}' | sha256sum
    known = "8064fd3ff7f8d184bf5ee15d3b357bc4975ed835100a7e4546be0398b18e1095"
    assert salted_digest({"words": "水漫桥面"}, b"salt") == known


def test_naive_time_and_unknown_type_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        canonical(datetime(2021, 7, 20))  # noqa: DTZ001 - the mistake itself
    with pytest.raises(TypeError):
        canonical({1, 2})


@given(CONTENT, st.binary(max_size=16))
def test_order_of_keys_changes_nothing(content: dict[str, object], salt: bytes) -> None:
    turned = dict(reversed(list(content.items())))
    assert salted_digest(content, salt) == salted_digest(turned, salt)


@given(CONTENT, CONTENT)
def test_canonical_form_is_stable_and_distinct(one: dict[str, object], other: dict[str, object]) -> None:
    assert canonical_json(canonical(one)) == canonical_json(one)
    if canonical(one) != canonical(other):
        assert canonical_json(one) != canonical_json(other)


def test_salt_hides_the_content() -> None:
    assert salted_digest({"words": "x"}, b"1") != salted_digest({"words": "x"}, b"2")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_six_places_are_those_of_the_shortest_digits(value: float) -> None:
    assert canonical(value) == f"{Decimal(str(value)):.6f}"


def test_every_character_is_written_as_json_writes_it() -> None:
    half = range(0xD800, 0xE000)
    text = "".join(chr(n) for n in range(0x110000) if n not in half)
    assert canonical_json({"a": text}) == json.dumps({"a": text}, ensure_ascii=False, separators=(",", ":"))


def test_whole_numbers_have_no_limit() -> None:
    assert canonical_json({"b": 2**70, "a": -(2**70)}) == f'{{"a":{-(2**70)},"b":{2**70}}}'


@given(st.integers(-(10**12), 10**12))
def test_a_number_midway_between_two_of_six_places_is_rounded_by_its_digits(n):
    value = float(f"{n}.{'5'}e-6")
    assert six_places(value) == f"{Decimal(str(value)):.6f}"


def test_canary_the_machine_would_round_one_midway_otherwise():
    assert f"{0.0000025:.6f}" != six_places(0.0000025) == "0.000002"
