"""One line of the desk becomes a person; room, consent, doubles and hours follow their rules."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.hazards.facts import DemandStandard
from jingwei.apps.shelters import rules
from jingwei.apps.shelters.facts import NewGuest
from jingwei.apps.shelters.rules import Line, Presence, Speaker

DAY = date(2021, 7, 20)
NOON = datetime(2021, 7, 20, 12, 0, tzinfo=UTC)


def one(text: str) -> NewGuest:
    found = rules.read_line(text, on=DAY)
    assert isinstance(found, NewGuest), found
    return found


@pytest.mark.parametrize(
    ("text", "name", "sex", "age", "needs"),
    [
        ("王小明 40 男", "王小明", "m", 40, ()),
        ("男，40岁，王小明", "王小明", "m", 40, ()),
        ("李秀英 女 ７３ 独居 透析", "李秀英", "f", 73, ("alone", "dialysis", "old")),
        ("宝宝 8个月", "", "", 0, ("infant",)),
        ("张伟 12岁", "张伟", "", 12, ("child",)),
        ("孕妇 陈丽 28", "陈丽", "", 28, ("pregnant",)),
        ("不详 男 约 60岁 昏迷", "", "m", 60, ("old", "unconscious")),
        ("? 女", "", "f", None, ()),
        ("Anna Müller 31 F wheelchair", "Anna Müller", "f", 31, ("wheelchair",)),
        ("赵云 59", "赵云", "", 59, ()),
        ("赵云 60", "赵云", "", 60, ("old",)),
        ("赵云 17", "赵云", "", 17, ("child",)),
        ("赵云 18", "赵云", "", 18, ()),
        ("赵云 2", "赵云", "", 2, ("infant",)),
        ("赵云 3", "赵云", "", 3, ("child",)),
        ("aged_no 5 baby", "aged_no", "", 5, ("child", "infant")),
    ],
)
def test_a_line_is_read_in_any_order(text, name, sex, age, needs):
    found = one(text)
    assert (found.name, found.sex, found.age, found.needs) == (name, sex, age, needs)


def test_a_telephone_and_the_end_of_a_number_are_told_apart_from_an_age():
    found = one("王小明 40 13812345678 尾号123X")
    assert (found.phone, found.id_last4, found.age) == ("13812345678", "123X", 40)
    assert one("王小明 #4321").id_last4 == "4321"


def test_of_an_identity_number_only_sex_age_and_its_end_are_kept():
    found = one("王小明 11010519491231002X")  # GB 11643's own example
    assert (found.sex, found.age, found.id_last4) == ("f", 71, "002X") and "old" in found.needs
    assert "19491231" not in repr(found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("王小明 110105194912310021", "identity_wrong"),
        ("王小明 110105194902310021", "identity_wrong"),
        ("王小明 131", "number_unreadable"),
        ("王小明 1234567", "number_unreadable"),
        ("，，", "nobody_named"),
        ("好" * 51, "name_too_long"),
    ],
)
def test_what_cannot_be_read_says_why(text, code):
    assert rules.read_line(text, on=DAY) == code


def test_a_family_is_one_person_to_a_line_and_a_wrong_line_keeps_its_number():
    guests, wrong = rules.read_family("王小明 40；李丽 38\n\n王宝 131\n王二 5", on=DAY)
    assert [g.name for g in guests] == ["王小明", "李丽", "王二"]
    assert [(w.line, w.code) for w in wrong] == [(3, "number_unreadable")]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text):
    guests, wrong = rules.read_family(text, on=DAY)
    assert all(g.age is None or 0 <= g.age <= 130 for g in guests)
    assert len(guests) + len(wrong) <= len(text) + 1


def standard(quantity: float) -> DemandStandard:
    return DemandStandard(
        rule_id="DS030", code="SHELTER_SHORT_CN", name_zh="", name_en="", item_class="shelter",
        quantity=quantity, per="m2/person", basis="min", unit_zh="", unit_en="", source="SRC-GB51143",
        evidence="recalled, unverified",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "registered", "area", "per", "people", "by_what"),
    [
        (None, 200, 150.0, 2.0, 75, "area"),
        (None, 50, 150.0, 2.0, 50, "register"),
        (None, None, 149.9, 2.0, 74, "area"),
        (None, 200, None, 2.0, 200, "register"),
        (300, 50, 150.0, 2.0, 300, "person"),
        (None, None, None, 2.0, None, ""),
        (None, None, 150.0, None, None, ""),
        (None, None, 0.3, 0.1, 3, "area"),
    ],
)
def test_room_is_the_smaller_of_register_and_area_unless_a_person_says(
    said, registered, area, per, people, by_what
):
    found = rules.room_of(
        said=said, registered=registered, area_m2=area, standard=standard(per) if per else None
    )
    assert (found.people, found.by_what) == (people, by_what)


ADULT, CHILD, OUT = Speaker(40, ()), Speaker(5, ()), Speaker(40, ("unconscious",))


@pytest.mark.parametrize(
    ("who", "family", "may"),
    [
        (ADULT, [ADULT], True),
        (CHILD, [CHILD], False),
        (CHILD, [CHILD, ADULT], True),
        (CHILD, [CHILD, OUT], False),
        (CHILD, [CHILD, Speaker(None, ())], False),
        (OUT, [OUT, ADULT], False),
        (Speaker(17, ()), [Speaker(17, ())], False),
        (Speaker(18, ()), [Speaker(18, ())], True),
    ],
)
def test_who_may_agree(who, family, may):
    assert rules.may_agree(who, family) is may


def a_line(n: int, name="王小明", age=40, sex="m", last4="", phone="") -> Line:
    return Line(n, rules.name_key(name), age, sex, last4, phone)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (a_line(2), True),
        (a_line(2, name="王 小明"), True),
        (a_line(2, age=41), True),
        (a_line(2, age=42), False),
        (a_line(2, sex="f"), False),
        (a_line(2, sex=""), True),
        (a_line(2, name="王大明"), False),
        (a_line(2, age=None), False),
        (a_line(2, age=None, phone="13800000000"), True),
    ],
)
def test_who_is_probably_the_same(other, same):
    assert rules.is_same(a_line(1, phone="13800000000"), other) is same


def test_the_ends_of_numbers_decide_where_both_are_known():
    assert rules.is_same(a_line(1, last4="1234"), a_line(2, age=70, last4="1234"))
    assert not rules.is_same(a_line(1, last4="1234"), a_line(2, last4="4321"))


def test_nobody_without_a_name_is_the_same_as_anybody():
    assert rules.list_same([a_line(1, name=""), a_line(2, name="")]) == []
    assert rules.list_same([a_line(1), a_line(2), a_line(3, name="李")]) == [(1, 2)]


def test_heads_by_the_hour_add_up():
    hour = timedelta(hours=1)
    stays = [
        Presence(NOON - 2 * hour, None, ("old",)),
        Presence(NOON - hour - timedelta(minutes=30), NOON + timedelta(minutes=5), ()),
        Presence(NOON, None, ("infant",)),
    ]
    found = rules.list_hours(stays, until=NOON + timedelta(minutes=10), hours=3)
    assert [(h.at.hour, h.heads, h.came, h.left) for h in found] == [
        (10, 1, 1, 0),
        (11, 2, 1, 0),
        (12, 3, 0, 1),
    ]
    assert found[-1].needs == {"infant": 1, "old": 1}
    for before, after in pairwise(found):
        assert before.heads + before.came - before.left == after.heads


def test_what_was_written_without_a_signal_keeps_its_time_where_that_can_be():
    opened_at = NOON - timedelta(hours=5)
    assert rules.came_at(NOON - timedelta(hours=1), opened_at=opened_at, now=NOON) == NOON - timedelta(
        hours=1
    )
    for impossible in (None, NOON + timedelta(minutes=1), opened_at - timedelta(minutes=1)):
        assert rules.came_at(impossible, opened_at=opened_at, now=NOON) == NOON
    long_ago = NOON - timedelta(days=8)
    assert rules.came_at(long_ago, opened_at=NOON - timedelta(days=9), now=NOON) == NOON
