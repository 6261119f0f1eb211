"""Shelters: opened, families registered once, moved, gone and back, closed when empty; doubles joined."""

import uuid
from datetime import timedelta

import pytest

from jingwei.apps.journal.models import Entry
from jingwei.apps.needs.models import Need
from jingwei.apps.people.models import Count
from jingwei.apps.shelters import actions, queries
from jingwei.apps.shelters.facts import NewFamily, NewGuest, NewOpening
from jingwei.apps.shelters.models import Guest, Household, Stay
from jingwei.apps.shelters.queries import Asked
from tests.builders import STORM, an_incident, authority_of, settle

from .acts import HOUR, a_site, act, family, guest, line, opened, refused

pytestmark = pytest.mark.django_db


def facts(kind: str) -> list[dict]:
    return [e.body for e in Entry.objects.filter(kind=f"shelters.{kind}/1").order_by("seq")]


def heads(opening) -> int:
    return line(opening).heads


def test_room_comes_from_the_register_and_the_standard_of_the_day():
    found = line(opened(stage="short"))
    assert (found.room, found.by_what, found.rule_id) == (75, "area", "DS030"), "150 m² at 2 m² a head"
    found = line(opened("二中", site={"area_m2": 900.0, "capacity": 120}, stage="long"))
    assert (found.room, found.by_what) == (120, "register")
    found = line(opened("四中", stage="emergency", room=500))
    assert (found.room, found.by_what) == (500, "person")
    found = line(opened("五中", site={"area_m2": None, "capacity": None}))
    assert (found.room, found.free, found.over, found.share) == (None, None, 0, None)


def test_a_site_is_open_once_at_a_time_and_what_is_not_known_is_refused():
    site = a_site()
    first = actions.open_shelter(NewOpening(shelter_id=site), **act())
    assert (
        refused(lambda: actions.open_shelter(NewOpening(shelter_id=site), **act())) == "shelter_open_already"
    )
    for new, code in (
        (NewOpening(shelter_id=uuid.uuid4()), "shelter_unknown"),
        (NewOpening(shelter_id=a_site("二中"), stage="for ever"), "shelter_stage_unknown"),
        (NewOpening(shelter_id=a_site("四中"), room=0), "shelter_room_impossible"),
        (NewOpening(shelter_id=a_site("六中"), incident_id=uuid.uuid4()), "incident_unknown"),
    ):
        assert refused(lambda new=new: actions.open_shelter(new, **act())) == code
    actions.close_shelter(first, reason="不需要", **act())
    second = actions.open_shelter(NewOpening(shelter_id=site), **act())
    assert refused(lambda: actions.reopen_shelter(first, reason="错了", **act())) == "shelter_open_already"
    actions.close_shelter(second, reason="错了", **act())
    actions.reopen_shelter(first, reason="又要用", **act())
    assert line(first).stands and facts("reopened") == [{"opening_id": str(first), "reason": "又要用"}]


def test_an_opening_is_changed_as_it_was_read():
    opening = opened(stage="temporary")
    new = NewOpening(shelter_id=uuid.UUID(int=0), stage="short", words="改为过渡安置")
    actions.change_opening(opening, new, version=1, **act())
    assert (line(opening).stage, line(opening).room) == ("short", 75)
    again = lambda: actions.change_opening(opening, new, version=1, **act())  # noqa: E731
    assert refused(again) == "opening_changed_meanwhile"
    actions.change_opening(opening, new, version=2, **act())
    assert len(facts("opening_changed")) == 1, "nothing differs, nothing is said"


def test_a_family_is_registered_once_however_often_it_is_sent():
    opening = opened()
    new = NewFamily(guests=(NewGuest(name="王小明", age=40),), key="k1")
    first = actions.register_family(opening, new, **act())
    assert actions.register_family(opening, new, **act()) == first and heads(opening) == 1
    other = NewFamily(guests=(NewGuest(name="李丽", age=40),), key="k1")
    assert refused(lambda: actions.register_family(opening, other, **act())) == "family_key_reused"
    (fact,) = facts("family_registered")
    assert (fact["heads"], fact["over"]) == (1, 0) and "王" not in str(fact), "no name in a fact"
    number = Household.objects.get().number
    assert len(number) == 9 and queries.find_by_number(number.lower()).id == first
    actions.let_guests_leave(opening, list(Guest.objects.values_list("pk", flat=True)), went="home", **act())
    actions.close_shelter(opening, reason="雨停", **act())
    assert actions.register_family(opening, new, **act()) == first, "a late repeat is known, though closed"


def test_nobody_is_turned_away_because_it_is_full():
    opening = opened(room=1)
    family(opening, "王小明 40；李丽 38；王宝 5")
    assert (heads(opening), line(opening).over, line(opening).free) == (3, 2, 0)
    assert facts("family_registered")[0]["over"] == 2


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewFamily(guests=()), "family_empty"),
        (NewFamily(guests=(NewGuest(name="王"),) * 81), "family_too_large"),
        (NewFamily(guests=(NewGuest(name="王", age=131),)), "guest_age_impossible"),
        (NewFamily(guests=(NewGuest(name="王", needs=("gold",)),)), "guest_need_unknown"),
    ],
)
def test_what_cannot_be_registered_changes_nothing(new, code):
    opening = opened()
    assert refused(lambda: actions.register_family(opening, new, **act())) == code
    assert not Household.objects.exists() and not Stay.objects.exists()
    actions.close_shelter(opening, reason="错开", **act())
    one = NewFamily(guests=(NewGuest(name="王"),))
    assert refused(lambda: actions.register_family(opening, one, **act())) == "opening_over"


def test_people_move_leave_and_come_back():
    here, there = opened(), opened("二中")
    one, two = family(here, "王小明 40；李丽 38")
    actions.move_guests(here, [one], there, **act(STORM + HOUR))
    assert (heads(here), heads(there), guest(one).opening) == (1, 1, "二中")
    assert refused(lambda: actions.move_guests(here, [one], there, **act(STORM + HOUR))) == "guest_not_here"
    actions.let_guests_leave(here, [two], went="relatives", words="上街区", **act(STORM + HOUR))
    assert (guest(two).went, guest(two).here, queries.list_went(here)) == (
        "relatives",
        False,
        {"relatives": 1, "shelter": 1},
    )
    actions.bring_guests_back(here, [one, two], **act(STORM + 2 * HOUR))
    assert (heads(here), heads(there)) == (2, 0) and guest(one).here and guest(two).went == ""
    assert Stay.objects.filter(undone_at__isnull=False).count() == 1, "the undone stay is kept"
    assert refused(lambda: actions.bring_guests_back(here, [one], **act())) == "guest_not_gone"
    actions.move_guests(here, [one], there, **act(STORM + 3 * HOUR))
    actions.let_guests_leave(there, [one], went="home", **act(STORM + 4 * HOUR))
    assert refused(lambda: actions.bring_guests_back(here, [one], **act())) == "guest_not_gone", (
        "went on from there"
    )
    actions.bring_guests_back(there, [one], **act(STORM + 5 * HOUR))
    assert guest(one).opening == "二中" and guest(one).here


def test_nobody_moves_to_a_closed_shelter_or_nowhere():
    here, closed = opened(), opened("二中")
    actions.close_shelter(closed, reason="漏水", **act())
    (one,) = family(here)
    for to, code in ((closed, "opening_over"), (here, "guest_same"), (uuid.uuid4(), "opening_unknown")):
        assert refused(lambda to=to: actions.move_guests(here, [one], to, **act())) == code
    assert (
        refused(lambda: actions.let_guests_leave(here, [one], went="mars", **act())) == "guest_went_unknown"
    )
    assert refused(lambda: actions.let_guests_leave(here, [], went="home", **act())) == "guests_missing"
    assert guest(one).here


def test_a_shelter_is_closed_when_nobody_is_inside_and_says_where_they_went():
    opening = opened()
    one, two, three = family(opening, "王小明 40；李丽 38；赵云 70")
    assert refused(lambda: actions.close_shelter(opening, reason="雨停", **act())) == "opening_has_people"
    actions.let_guests_leave(opening, [one, two], went="home", **act())
    actions.strike_guest(three, reason="误登", **act())
    actions.close_shelter(opening, reason="雨停", **act())
    assert facts("closed")[0]["went"] == {"home": 2}
    assert not line(opening).stands
    assert refused(lambda: actions.close_shelter(opening, reason="再关", **act())) == "opening_over"


def test_a_line_struck_through_is_not_counted_and_stays_to_be_seen():
    opening = opened()
    one, _two = family(opening, "王小明 40；李丽 38")
    actions.strike_guest(one, reason="误登", **act())
    assert heads(opening) == 1 and guest(one).struck_reason == "误登"
    assert refused(lambda: actions.strike_guest(one, reason="再划", **act())) == "guest_struck"
    actions.restore_guest(one, reason="是本人", **act())
    assert heads(opening) == 2
    assert refused(lambda: actions.restore_guest(one, reason="再来", **act())) == "guest_not_struck"


def test_the_same_person_in_two_shelters_is_shown_joined_and_taken_apart():
    here, there = opened(), opened("二中")
    (one,), (other,) = family(here, "王小明 40 男"), family(there, "王 小明 41岁")
    family(there, "王小明 70")
    found = queries.list_same(here, authority=authority_of("hejing"))
    assert [(s.one.id, s.other.id) for s in found] == [(one, other)]
    assert queries.list_same(there, authority=authority_of("hejing")) == found
    actions.join_guests(one, other, **act())
    assert (heads(here), heads(there)) == (0, 2)
    assert queries.list_same(there, authority=authority_of("hejing")) == []
    assert refused(lambda: actions.join_guests(other, one, **act())) == "guest_joined"
    assert refused(lambda: actions.strike_guest(other, reason="误登", **act())) == "guest_has_joined"
    assert refused(lambda: actions.join_guests(one, one, **act())) == "guest_same"
    actions.part_guests(one, **act())
    assert (heads(here), heads(there)) == (1, 2)
    assert refused(lambda: actions.part_guests(one, **act())) == "guest_not_joined"


def test_who_a_person_is_stays_masked_and_every_look_is_recorded():
    opening = opened()
    (one,) = family(opening, "王小明 40 13812345678", came_from="崔庙镇王宗店村")
    shown = guest(one)
    assert shown.name == "王**" and "小明" not in repr(shown) and "13812345" not in repr(shown)
    households, count = queries.list_households(opening, Asked())
    assert count == 1 and "小明" not in repr(households) and "王宗店" not in repr(households)
    found = actions.reveal_guest(one, reason="家属来接", **act())
    assert (found.name, found.phone, found.came_from) == ("王小明", "13812345678", "崔庙镇王宗店村")
    assert facts("guest_revealed") == [{"guest_id": str(one), "reason": "家属来接"}]
    assert refused(lambda: actions.reveal_guest(one, reason=" ", **act())) == "guest_reason_missing"
    assert actions.search_guests("王小明", place="41", reason="医院来问", **act(who="zhongyu")) == [one]
    assert actions.search_guests("王小", place="41", reason="医院来问", **act(who="zhongyu")) == []
    assert [f["found"] for f in facts("guests_sought")] == [1, 0]
    ((number, on_paper),) = actions.take_list(opening, reason="要停电", **act())
    assert on_paper.name == "王小明" and number == Household.objects.get().number
    assert facts("list_taken")[0]["heads"] == 1


def test_a_list_is_narrowed_by_card_name_need_and_state():
    opening = opened()
    (one, _), _three = family(opening, "王小明 40；王宝 1"), family(opening, "赵云 70 透析")

    def seen(**asked) -> list[int]:
        found, count = queries.list_households(opening, Asked(**asked))
        assert count == len(found)
        return [len(h.guests) for h in found]

    card = Guest.objects.get(pk=one).household.number
    assert seen() == [1, 2] and seen(text=card.lower()) == [2] and seen(text="赵云") == [1]
    assert seen(text="赵") == [] and seen(need="infant") == [2] and seen(need="dialysis") == [1]
    actions.let_guests_leave(opening, [one], went="home", **act())
    assert seen(state="gone") == [2] and seen(state="") == [1, 2]
    assert queries.count_needs([opening])[opening] == {"dialysis": 1, "infant": 1, "old": 1}


def test_what_is_known_is_put_right_and_what_is_masked_stays():
    (one,) = family(opened(), "王小明 40 男 13812345678")
    actions.change_guest(one, NewGuest(age=41, sex="m", needs=("medicine",)), version=1, **act())
    row = Guest.objects.get(pk=one)
    assert (row.name, row.phone, row.age, row.needs) == ("王小明", "13812345678", 41, ["medicine"])
    assert (
        refused(lambda: actions.change_guest(one, NewGuest(age=42), version=1, **act()))
        == "guest_changed_meanwhile"
    )
    actions.change_guest(one, NewGuest(name="王晓明", age=41, sex="m", needs=("medicine",)), **act())
    assert Guest.objects.get(pk=one).name_key == "王晓明"


def test_erased_under_a_clause_nothing_is_left_of_who_it_was():
    (one,) = family(opened(), "王小明 40 13812345678 尾号1234", came_from="崔庙镇", phone="13911111111")
    assert refused(lambda: actions.erase_guest(one, clause="", **act())) == "guest_clause_missing"
    actions.erase_guest(one, clause="个人信息保护法 第四十七条", **act())
    row, household = Guest.objects.get(pk=one), Household.objects.get()
    assert (row.name, row.name_key, row.phone, row.id_last4, row.age) == ("", "", "", "", None)
    assert (household.came_from, household.phone) == ("", "")


def test_occupancy_by_the_hour_follows_the_stays():
    opening = opened(at=STORM - 3 * HOUR)
    one, *_ = family(opening, "王小明 40；王宝 1", at=STORM - 2 * HOUR)
    actions.let_guests_leave(opening, [one], went="home", **act(STORM - HOUR + timedelta(minutes=5)))
    found = queries.list_hours(opening, at=STORM + timedelta(minutes=1), hours=4)
    assert [h.heads for h in found] == [0, 2, 2, 1] and found[-1].needs == {"infant": 1}


def test_written_on_a_phone_a_family_came_when_it_was_written():
    opening = opened(at=STORM - 3 * HOUR)
    family(opening, came_at=STORM - HOUR)
    family(opening, came_at=STORM + HOUR)
    assert list(Stay.objects.order_by("from_at").values_list("from_at", flat=True)) == [STORM - HOUR, STORM]


def test_supplies_stand_per_head_beside_the_standard():
    opening = opened()
    family(opening, "王小明 40；李丽 38；王宝 5；赵云 70")
    actions.count_supply(opening, "DS018", 2, **act())
    actions.count_supply(opening, "DS018", 3, **act())
    found = {p.standard.rule_id: p for p in queries.list_per_head(line(opening), at=STORM)}
    blankets = found["DS018"]
    assert (blankets.needed, blankets.on_hand, blankets.short, blankets.has) == (4, 3, 1, 0.75)
    assert found["DS001"].needed == 4 * 15 * 3 and found["DS001"].on_hand is None
    assert [(f["quantity"], f["before"]) for f in facts("supply_counted")] == [(2, None), (3, 2)]
    assert refused(lambda: actions.count_supply(opening, "DS026", 3, **act())) == "shelter_standard_unknown"
    assert (
        refused(lambda: actions.count_supply(opening, "DS018", -1, **act())) == "shelter_quantity_impossible"
    )


def test_heads_taken_as_the_count_estimate_what_people_need():
    incident = an_incident().pk
    opening = opened(incident_id=incident)
    family(opening, "王小明 40；李丽 38；王宝 5")
    (area,) = queries.list_heads_by_area(incident, authority=authority_of("hejing"))
    assert (area.area, area.heads, area.openings) == ("410105", 3, 1)
    actions.adopt_heads(incident, "410105", **act())
    settle()
    assert Count.objects.get(state="stands").value == 3
    need = Need.objects.get(standard="DS018")
    assert (need.origin, need.quantity, need.state) == ("estimated", 3, "open"), "a person confirms it"
    family(opening, "赵云 70")
    actions.adopt_heads(incident, "410105", **act(STORM + HOUR))
    settle(STORM + HOUR)
    assert Count.objects.get(state="stands").value == 4 and Need.objects.get(standard="DS018").quantity == 4
    assert refused(lambda: actions.adopt_heads(incident, "410182", **act())) == "opening_without_incident"
    assert refused(lambda: actions.adopt_heads(uuid.uuid4(), "410105", **act())) == "incident_unknown"


def test_another_areas_shelter_and_people_are_not_seen():
    site = a_site("洛阳体育馆", place="410305")
    opening = actions.open_shelter(NewOpening(shelter_id=site), **act(who="zhongyu"))
    new = NewFamily(guests=(NewGuest(name="王小明"),))
    assert refused(lambda: actions.register_family(opening, new, **act())) == "not_allowed"
    actions.register_family(opening, new, **act(who="zhongyu"))
    mine = authority_of("hejing")
    assert queries.find_opening(opening, authority=mine) is None
    assert queries.find_guest(Guest.objects.get().pk, authority=mine) is None
    assert queries.find_household(Household.objects.get().pk, authority=mine) is None
    assert queries.list_openings(authority=mine) == []
