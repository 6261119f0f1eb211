"""Counting people: lowered only with a reason, each person once, lines read or told why not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.people import rules
from jingwei.apps.people.facts import Listed
from jingwei.apps.people.rules import PeopleRefused


@pytest.mark.parametrize(
    ("measure", "before", "value", "reason", "refused"),
    [
        ("deaths", 12, 11, "", True),
        ("deaths", 12, 11, "  ", True),
        ("deaths", 12, 11, "一人系重复", False),
        ("deaths", 12, 12, "", False),
        ("deaths", 12, 13, "", False),
        ("missing", 5, 4, "", True),
        ("dead_or_missing", 5, 4, "", True),
        ("injured", 5, 4, "", True),
        ("serious_injuries", 5, 4, "", True),
        ("evacuated", 5, 4, "", False),
        ("trapped", 5, 0, "", False),
    ],
)
def test_only_a_lowered_figure_of_casualties_needs_a_reason(measure, before, value, reason, refused):
    try:
        rules.check_lowering(measure=measure, before=before, value=value, reason=reason)
        assert not refused
    except PeopleRefused as no:
        assert refused and no.code == "lowering_needs_reason"


@pytest.mark.parametrize("value", [None, -1, 0.5, rules.MOST_PEOPLE + 1, float("nan"), float("inf")])
def test_no_count_of_people(value):
    with pytest.raises(PeopleRefused) as refused:
        rules.check_value(value)
    assert refused.value.code == "value_impossible"


@pytest.mark.parametrize("value", [0, 1, 302.0, rules.MOST_PEOPLE])
def test_a_count_of_people(value):
    assert rules.check_value(value) == value


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        ({"name": " "}, "name_missing"),
        ({"age": "130"}, 130),
        ({"age": "131"}, "age_unreadable"),
        ({"age": "三十"}, "age_unreadable"),
        ({"age": "35岁"}, 35),
        ({"sex": "?"}, "sex_unreadable"),
        ({"id_last4": "12"}, "id_unreadable"),
        ({"id_last4": "41018219860101123x"}, 35),
        ({"name": "王" * 201}, "too_long"),
    ],
)
def test_a_line_is_read_or_says_what_is_wrong(changes, read):
    line = msgspec.structs.replace(Listed(name="王小明", sex="男", age="35", id_last4="123X"), **changes)
    found = rules.read_line(line)
    assert (found if isinstance(found, str) else found.age) == read


def person(name="王小明", age=35, id_last4="", number=""):
    return rules.Person(
        number=number, name=name, sex="m", age=age, id_last4=id_last4, place_words="", status=""
    )


@pytest.mark.parametrize(
    ("persons", "counted"),
    [
        ([], 0),
        ([person(), person()], 1),
        ([person(), person(age=36)], 2),
        ([person(id_last4="1111"), person(id_last4="2222")], 2),
        ([person(id_last4="1111"), person(id_last4="1111")], 1),
        ([person(id_last4="1111"), person()], 1),
        ([person(age=None), person(age=None)], 2),
    ],
)
def test_each_person_counts_once(persons, counted):
    assert rules.count_distinct(persons) == counted


NAMES = st.sampled_from(["王伟", "李娜", "张强"])
PERSONS = st.lists(
    st.builds(person, name=NAMES, age=st.sampled_from([None, 30, 31]), id_last4=st.sampled_from(["", "1111"]))
)


@given(PERSONS, PERSONS)
def test_a_longer_list_never_counts_fewer(some, more):
    assert rules.count_distinct(some) <= rules.count_distinct(some + more) <= len(some + more)


@given(PERSONS)
def test_equal_lines_are_told_apart_by_their_order(persons):
    keys = rules.keys_of(persons)
    assert len(set(keys)) == len(persons)


def test_a_mask_leaves_the_first_character():
    assert (rules.mask_name("王小明"), rules.mask_name("")) == ("王**", "")
