"""Reunification: presence is never told without consent, whatever is asked and however often."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.journal.models import Entry
from jingwei.apps.shelters import actions, queries, rules
from jingwei.apps.shelters.actions import seeking as seeking_actions
from jingwei.apps.shelters.facts import NewSeeking
from jingwei.apps.shelters.models import Seeking, SeekTry
from tests.builders import STORM, a_moment, authority_of, holding_of

from .acts import act, family, guest, opened, refused

pytestmark = pytest.mark.django_db
PHONE = "13911111111"


def public() -> dict:
    from jingwei.apps.agencies.queries import find_holding_of_post

    by = find_holding_of_post("4101-zbs-public", at=STORM)
    return {"by": by or holding_of("zhongyu"), "moment": a_moment()}


def seek(name: str = "王小明", address: str = "", **more) -> str:
    new = NewSeeking(seeker="李四", seeker_phone=PHONE, relation="妻子", name=name, **more)
    return actions.ask_seeking(new, address=address, **public())


def seeking_of(number: str) -> uuid.UUID:
    return Seeking.objects.get(number=number).pk


def told(number: str, phone: str = PHONE, address: str = "192.0.2.1"):
    return actions.look_up_seeking(number, phone, address=address, **public())


def test_answered_only_with_consent_and_only_by_a_person():
    opening = opened()
    (one,) = family(opening, "王小明 40 男")
    number = seek(age=41)
    (match,) = queries.list_matches(seeking_of(number), authority=authority_of("hejing"))
    assert match.id == one and match.name == "王**"
    assert told(number) is None, "a match is no answer"
    answer = lambda: actions.answer_seeking(seeking_of(number), one, **act())  # noqa: E731
    assert refused(answer) == "guest_has_not_agreed"
    actions.note_consent(one, agrees=False, **act())
    assert refused(answer) == "guest_has_not_agreed" and told(number) is None
    actions.note_consent(one, agrees=True, **act())
    assert told(number) is None, "consent alone tells nobody"
    answer()
    assert (told(number).shelter, told(number).place) == ("三中体育馆", "410105")
    assert refused(answer) == "seeking_over"


def test_what_was_told_is_told_no_more_when_consent_is_taken_back():
    opening = opened()
    (one,) = family(opening, "王小明 40", agreed=True)
    number = seek()
    actions.answer_seeking(seeking_of(number), one, **act())
    assert told(number)
    actions.note_consent(one, agrees=False, **act())
    assert told(number) is None
    actions.note_consent(one, agrees=True, **act())
    actions.let_guests_leave(opening, [one], went="home", **act())
    assert told(number).shelter == "", "moved on: the shelter is not said any more"
    actions.reopen_seeking(seeking_of(number), reason="认错人", **act(who="zhongyu"))
    assert told(number) is None
    actions.end_seeking(seeking_of(number), reason="自行找到", **act(who="zhongyu"))
    assert told(number) is None
    assert (
        refused(lambda: actions.end_seeking(seeking_of(number), reason="再", **act(who="zhongyu")))
        == "seeking_over"
    )


def test_canary_an_answer_that_does_not_ask_for_consent_is_seen(monkeypatch):
    monkeypatch.setattr(rules, "told", lambda consent: True)
    with pytest.raises(AssertionError):
        test_what_was_told_is_told_no_more_when_consent_is_taken_back()


def test_for_a_child_alone_or_one_who_is_not_conscious_a_named_person_decides():
    opening = opened()
    child, out, grown = family(opening, "王宝 5"), family(opening, "不详 昏迷"), family(opening, "赵云 70")
    for one in (*child, *out):
        assert (
            refused(lambda one=one: actions.note_consent(one, agrees=True, **act())) == "consent_not_theirs"
        )
        actions.decide_consent(one, reason="派出所核对过身份", **act())
        assert guest(one).consent == "decided"
    assert (
        refused(lambda: actions.decide_consent(grown[0], reason="家属要求", **act())) == "consent_their_own"
    )
    assert refused(lambda: actions.decide_consent(child[0], reason="", **act())) == "guest_reason_missing"
    actions.note_consent(child[0], agrees=False, **act())
    assert refused(lambda: actions.decide_consent(child[0], reason="再想", **act())) == "consent_refused"


def test_a_family_agrees_for_its_children_and_nobody_for_who_is_unconscious():
    ids = family(opened(), "王小明 40；王宝 5；王大 70 昏迷", agreed=True)
    assert [guest(one).consent for one in ids] == ["yes", "yes", ""]
    ids = family(opened("二中"), "王宝 5", agreed=True)
    assert guest(ids[0]).consent == ""


@pytest.mark.parametrize(
    "change", [{"seeker": " "}, {"seeker_phone": "12"}, {"relation": ""}, {"name": "，"}, {"name": ""}]
)
def test_nobody_seeks_without_saying_who_they_are(change):
    fields = {"seeker": "李四", "seeker_phone": PHONE, "relation": "妻子", "name": "王小明"} | change
    if change == {"name": "，"}:
        fields["name"] = "  "
    assert refused(lambda: actions.ask_seeking(NewSeeking(**fields), **public())) == "seeking_incomplete"
    assert not Seeking.objects.exists()


def asked(call) -> list[str]:
    """The shape of what a call asks the database: statements without their values."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        call()
    return [q["sql"].split("'")[0][:60] for q in found.captured_queries]


def test_asking_does_the_same_whether_the_person_is_here_or_not():
    (one,) = family(opened(), "王小明 40", agreed=True)
    assert guest(one).consent == "yes"
    seek("暖一暖", address="192.0.2.9")
    here = asked(lambda: seek("王小明", address="192.0.2.1"))
    nowhere = asked(lambda: seek("不存在", address="192.0.2.2"))
    assert len(here) == len(nowhere)
    assert not any("shelters_guest" in q or "shelters_stay" in q for q in here), "nobody is looked up"
    first, second = Entry.objects.filter(kind="shelters.seeking_asked/1").order_by("-seq")[:2]
    assert first.body.keys() == second.body.keys() and first.body["channel"] == second.body["channel"]


def test_a_number_tried_out_says_nothing_and_is_recorded():
    (one,) = family(opened(), "王小明 40", agreed=True)
    number = seek()
    actions.answer_seeking(seeking_of(number), one, **act())
    other = seek("不存在")
    assert told(number, "13922222222", "192.0.2.2") is None, "another telephone"
    assert told("0000-0000", PHONE, "192.0.2.3") is None and told(other, PHONE, "192.0.2.4") is None
    assert told(number, "", "192.0.2.5") is None
    seen = [
        (e.body["known"], e.body["told"]) for e in Entry.objects.filter(kind="shelters.seeking_looked_up/1")
    ]
    assert sorted(seen) == [(False, False), (False, False), (False, False), (True, False)]


def test_many_questions_from_one_address_or_telephone_wait(monkeypatch):
    for n in range(rules.MOST_TRIES):
        actions.look_up_seeking(f"{n:04d}-0000", PHONE, address="192.0.2.1", **public())
    assert refused(lambda: told("0000-0001")) == "too_many_seekings"
    assert told("0000-0001", address="192.0.2.2") is None, "another address may ask"
    for n in range(rules.MOST_TRIES):
        seek(f"王{n}", address=f"198.51.100.{n}")
    assert refused(lambda: seek("张三", address="198.51.100.99")) == "too_many_seekings"
    assert not SeekTry.objects.filter(origin__contains="192.0.2").exists(), "no address is kept"


def test_canary_without_counting_a_list_of_names_goes_through(monkeypatch):
    monkeypatch.setattr(seeking_actions.writes, "count_try", lambda *_, **__: None)
    with pytest.raises(pytest.fail.Exception):
        test_many_questions_from_one_address_or_telephone_wait(monkeypatch)


def test_asked_twice_under_a_key_it_is_one_question_and_counts_once():
    assert seek(key="k1", address="192.0.2.1") == seek(key="k1", address="192.0.2.1")
    assert Seeking.objects.count() == 1 and SeekTry.objects.count() == 2


def test_a_search_is_masked_in_lists_and_seen_below_its_area():
    number = seek()
    (line,) = queries.list_seekings(authority=authority_of("hejing"))
    assert line.number == number and "李四" not in repr(line) and PHONE not in repr(line)
    assert "王小明" not in repr(line)


def test_who_was_struck_or_joined_is_no_answer():
    opening = opened()
    (one,), (two,) = family(opening, "王小明 40", agreed=True), family(opening, "王小明 41", agreed=True)
    number = seek()
    actions.join_guests(one, two, **act())
    assert refused(lambda: actions.answer_seeking(seeking_of(number), one, **act())) == "guest_joined"
    actions.answer_seeking(seeking_of(number), two, **act())
    actions.part_guests(one, **act())
    actions.strike_guest(two, reason="误登", **act())
    assert told(number) is None
