"""Needs: what each act does and refuses; found in reports, estimated from counts, served, joined, public."""

import random
import uuid

import pytest
from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.queries import list_failures
from jingwei.apps.needs import actions, queries
from jingwei.apps.needs.actions import asking, finding
from jingwei.apps.needs.facts import (
    EstimateLapsed,
    NeedConfirmed,
    NeedEstimated,
    NeedToldAgain,
    NewNeed,
)
from jingwei.apps.needs.models import Need, Telling
from jingwei.apps.needs.queries import Sought
from jingwei.apps.needs.rules import NeedRefused
from jingwei.apps.people import actions as people
from jingwei.apps.people.facts import Given
from jingwei.apps.people.models import Count
from tests.builders import STORM, a_moment, an_incident, authority_of, settle

from .acts import HOUR, act, ask, line, refused, tell, totals

pytestmark = pytest.mark.django_db


# --- asked ---


def test_what_is_asked_stands_open_with_the_priority_and_freshness_of_its_class():
    one = line(
        ask(item_class="water", words="饮用水", unit="升", due_at=STORM + HOUR, groups=("ill", "infants"))
    )
    assert (one.state, one.origin, one.priority, one.fresh_rule) == ("open", "asked", 1, "NC004")
    assert one.fresh_until_at == STORM + 12 * HOUR and one.groups == ("infants", "ill")
    assert not one.is_stale(STORM + 11 * HOUR) and one.is_stale(STORM + 12 * HOUR)
    assert one.is_late(STORM + HOUR) and not one.is_proposed


def test_a_repeat_under_its_key_is_known_and_another_content_is_refused():
    first = ask(key="k1")
    assert ask(key="k1") == first and Need.objects.count() == 1
    assert refused(lambda: ask(21, key="k1")) == "need_key_reused"


def test_two_that_come_at_the_same_moment_are_one_need(monkeypatch):
    """The second looks before the first is written; with the canary that it did write, and was stopped."""
    first, looked, really = ask(key="k1"), [], asking._known

    def late(key, digest, *, by):
        looked.append(key)
        return None if len(looked) == 1 else really(key, digest, by=by)

    monkeypatch.setattr(asking, "_known", late)
    assert ask(key="k1") == first and len(looked) == 2, "it was told so by the table alone"
    assert Need.objects.count() == 1
    looked.clear()
    assert refused(lambda: ask(21, key="k1")) == "need_key_reused"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"words": " "}, "need_item_missing"),
        ({"item_class": "gold"}, "need_class_unknown"),
        ({"place": "999999"}, "need_place_missing"),
        ({"site": "nowhere"}, "need_place_missing"),
        ({"groups": ("kings",)}, "need_group_unknown"),
        ({"people": 0}, "need_people_impossible"),
        ({"in_packs": True}, "need_pack_unknown"),
        ({"supply_id": uuid.uuid4()}, "need_item_missing"),
        ({"incident_id": uuid.uuid4()}, "incident_unknown"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(changes, code):
    assert refused(lambda: ask(**changes)) == code and not Need.objects.exists()
    assert refused(lambda: ask(0)) == "need_quantity_impossible"


def test_unknown_items_and_unsaid_quantities_are_welcome():
    one = line(ask(None, words="老人用的拐杖", unit="", item_class="other"))
    assert (one.item_zh, one.quantity, one.still_open) == ("老人用的拐杖", None, None)


def test_a_change_of_what_was_confirmed_is_to_be_confirmed_anew_and_a_stale_form_changes_nothing():
    need = ask()
    actions.confirm_need(need, **act())
    seen = line(need).version
    new = NewNeed(words="帐篷", unit="顶", quantity=35, place="410105", item_class="shelter")
    actions.change_need(need, new, version=seen, **act())
    one = line(need)
    assert (one.state, one.quantity, one.confirmed_by) == ("open", 35, None)
    assert refused(lambda: actions.change_need(need, new, version=seen, **act())) == "need_changed_meanwhile"
    actions.confirm_need(need, **act())
    actions.change_need(
        need, NewNeed(**{f: getattr(new, f) for f in new.__struct_fields__} | {"why": "雨"}), **act()
    )
    assert line(need).state == "confirmed"


def test_confirming_anew_makes_it_fresh_again():
    need = ask()
    actions.confirm_need(need, **act(STORM + 30 * HOUR))
    one = line(need)
    assert (one.state, one.fresh_until_at) == ("confirmed", STORM + 54 * HOUR)
    actions.confirm_need(need, **act(STORM + 40 * HOUR))
    facts = [e.fact for e in journal.list_entries(kinds=[NeedConfirmed])]
    assert [f.again for f in facts] == [False, True] and line(need).fresh_until_at == STORM + 64 * HOUR


def test_the_machine_cannot_confirm_nor_the_database_hold_a_confirmation_of_nobody():
    need = ask()
    machine = {"by": agencies.get_machine(), "moment": a_moment()}
    assert refused(lambda: actions.confirm_need(need, **machine)) == "machine_may_not_decide"
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=need).update(state="confirmed")


@pytest.mark.parametrize("end", [actions.meet_need, actions.withdraw_need])
def test_met_and_withdrawn_are_over_with_their_reason_and_come_back_as_they_were(end):
    need = ask()
    actions.confirm_need(need, **act())
    assert refused(lambda: end(need, reason=" ", **act())) == "need_reason_missing"
    end(need, reason="已送到", **act())
    assert not line(need).stands and totals() == {}
    assert refused(lambda: actions.confirm_need(need, **act())) == "need_over"
    actions.restore_need(need, reason="看错了", **act())
    assert line(need).state == "confirmed" and totals()["帐篷", "410105"].confirmed == 20
    assert refused(lambda: actions.restore_need(need, reason="x", **act())) == "need_not_over"


# --- found ---


def test_what_a_report_asks_for_is_proposed_with_the_words_that_say_so():
    tell("村里被洪水围住，急需饮用水和棉被")
    rows = {row.item_class: row for row in Need.objects.all()}
    assert set(rows) == {"water", "clothing"}
    water = rows["water"]
    assert (water.origin, water.state, water.place, water.priority) == ("found", "open", "410182", 1)
    assert water.incident_id and line(water.pk).is_proposed and water.quantity is None
    (told_by,) = queries.list_tellings(water.pk)
    report = incidents.get_incident_of_reports([told_by.report_id])
    assert report[told_by.report_id].id == water.incident_id
    assert "村里被洪水围住，急需饮用水和棉被"[told_by.begin : told_by.end] == "急需饮用水"
    assert not list_failures()


def test_a_report_retold_and_one_of_a_neighbour_do_not_double_it_and_make_it_fresh():
    tell("村里被洪水围住，急需饮用水", event_ref="E-1")
    tell("洪水围村，我们村急需饮用水", at=STORM + HOUR, event_ref="E-1")
    tell("洪水围村，我们村急需饮用水", at=STORM + HOUR, event_ref="E-1")
    (need,) = Need.objects.all()
    assert need.fresh_until_at == STORM + 13 * HOUR
    assert len(journal.list_entries(kinds=[NeedToldAgain])) == line(need.pk).told - 1 >= 1
    actions.confirm_need(need.pk, **act(STORM + HOUR))
    tell("洪水围村，还是急需饮用水", at=STORM + 3 * HOUR, event_ref="E-1")
    assert line(need.pk).fresh_until_at == STORM + 13 * HOUR  # a person's word is renewed by a person


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("路口积水半米，请绕行", {}),
        ("有人被困，快来救人", {}),
        ("村里急需饮用水", {"flags": ("rumor",)}),
        ("村里急需饮用水", {"type": "warning", "level": 2}),
    ],
)
def test_calls_for_rescue_rumors_and_warnings_propose_nothing(words, more):
    tell(words, **more)
    assert not Need.objects.exists() and not list_failures()


def test_canary_a_reading_that_finds_nothing_proposes_nothing(monkeypatch):
    monkeypatch.setattr(finding, "read_needs", lambda words: ())
    tell("村里被洪水围住，急需饮用水和棉被")
    assert not Need.objects.exists()


def test_the_same_report_is_never_told_twice_of_one_class():
    tell("村里被洪水围住，急需饮用水")
    telling = Telling.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Telling.objects.create(
            need=telling.need, report_id=telling.report_id, item_class="water", begin=0, end=1
        )


# --- estimated ---


def adopt(incident, value: int, measure: str = "emergency_relocation", area: str = "") -> uuid.UUID:
    given = Given(value=value, source="安置组")
    count = people.adopt_figure(incident.pk, given, measure=measure, area=area, **act())
    settle()
    return count


def estimates(incident) -> dict[str, Need]:
    rows = Need.objects.filter(incident=incident, origin="estimated", state="open")
    return {row.standard: row for row in rows}


def test_people_counted_times_the_standard_with_its_arithmetic():
    incident = an_incident()
    adopt(incident, 1001)
    found = estimates(incident)
    assert {code: row.quantity for code, row in found.items()} == {
        "DS001": 45_045,  # 1001 × 15 l × 3 days
        "DS008": 51,  # 1001 ÷ 20 to a toilet, rounded up
        "DS016": 25_025,  # 1001 × 250 g × 3 days ÷ 30
        "DS018": 1001,
        "DS019": 1001,
        "DS020": 334,  # 1001 ÷ 3 to a tent, rounded up
        "DS028": 1502,  # 1001 × 0.5 kg × 3 days, rounded up
    }
    water = found["DS001"].estimate
    assert (water["people"], water["per_head"], water["days"], water["measure"]) == (
        1001,
        15,
        3,
        "emergency_relocation",
    )
    assert found["DS028"].estimate["exact"] == 1501.5
    assert all(line(row.pk).is_proposed for row in found.values()) and not list_failures()


def test_a_changed_count_is_estimated_again_but_what_a_person_confirmed_stays():
    incident = an_incident()
    count = adopt(incident, 1000)
    rows = estimates(incident)
    actions.confirm_need(rows["DS001"].pk, **act())
    people.revise_figure(count, Given(value=2000, source="安置组"), **act())
    settle()
    held, free = line(rows["DS001"].pk), line(rows["DS018"].pk)
    assert (held.quantity, held.state, held.estimate["quantity"]) == (45_000, "confirmed", 90_000)
    assert (free.quantity, free.estimate["people"]) == (2000, 2000)
    said = [e.fact for e in journal.list_entries(subjects=[str(held.id)], kinds=[NeedEstimated])]
    assert [(f.before, f.quantity, f.held) for f in said] == [(None, 45_000, False), (45_000, 90_000, True)]


def test_the_same_count_again_says_nothing_new():
    incident = an_incident()
    adopt(incident, 1000)
    number = len(journal.list_entries(kinds=[NeedEstimated]))
    entries = journal.list_entries(subjects=[str(incident.pk)])[:1]
    actions.estimate_needs(entries, by=agencies.get_machine(), moment=a_moment())
    assert len(journal.list_entries(kinds=[NeedEstimated])) == number


def test_a_narrower_measure_takes_the_place_of_a_wider_and_an_area_inside_another_is_not_added():
    incident = an_incident()
    adopt(incident, 50_000, "affected_population")
    assert estimates(incident)["DS018"].quantity == 50_000
    adopt(incident, 800, "evacuated", "410105")
    rows = Need.objects.filter(incident=incident, standard="DS018")
    assert {(r.area, r.state, r.quantity) for r in rows} == {
        ("4101", "withdrawn", 50_000),
        ("410105", "open", 800),
    }
    assert journal.list_entries(kinds=[EstimateLapsed])
    adopt(incident, 1000, "evacuated", "4101")
    rows = Need.objects.filter(incident=incident, standard="DS018", state="open")
    assert [(r.area, r.quantity) for r in rows] == [("4101", 1000)]


def test_a_standard_of_2018_does_not_estimate_an_event_of_2016():
    incident = an_incident(opened_at=STORM.replace(year=2016))
    adopt(incident, 1000)
    assert "DS001" not in estimates(incident) and "DS018" in estimates(incident)


def test_canary_without_a_count_nothing_is_estimated():
    incident = an_incident()
    adopt(incident, 1000)
    Count.objects.update(value=0)
    entries = journal.list_entries(subjects=[str(incident.pk)])[:1]
    actions.estimate_needs(entries, by=agencies.get_machine(), moment=a_moment())
    assert estimates(incident) == {}


# --- the same twice ---


def test_the_same_asked_twice_is_shown_joined_by_a_person_and_undone():
    one, other = ask(20, asker="三中"), ask(30, asker="街道")
    ask(5, words="雨衣")
    ask(7, place="410182")
    shown = [line(one), line(other)]
    authority = authority_of("hejing")
    assert queries.count_alike(shown, authority=authority) == {one: 1, other: 1}
    assert [a.id for a in queries.list_alike(line(one), authority=authority)] == [other]
    assert queries.count_needs(Sought(how="double"), authority=authority, at=STORM) == 2
    assert totals()["帐篷", "410105"].asked == 50
    actions.join_needs(one, other, **act())
    assert totals()["帐篷", "410105"].asked == 30 and line(other).joined == 1
    assert queries.list_alike(line(other), authority=authority) == []
    for call in (
        lambda: actions.confirm_need(one, **act()),
        lambda: actions.join_needs(one, other, **act()),
        lambda: actions.join_needs(other, one, **act()),
    ):
        assert refused(call) == "need_joined"
    assert refused(lambda: actions.withdraw_need(other, reason="x", **act())) == "need_has_joined"
    assert refused(lambda: actions.join_needs(one, one, **act())) == "need_same"
    actions.part_needs(one, **act())
    assert totals()["帐篷", "410105"].asked == 50
    assert refused(lambda: actions.part_needs(one, **act())) == "need_not_joined"


def test_needs_far_apart_in_time_or_of_another_incident_are_two():
    ask(20)
    ask(20, at=STORM + 48 * HOUR)
    ask(20, incident_id=an_incident().pk)
    assert queries.count_needs(Sought(how="double"), authority=authority_of("hejing"), at=STORM) == 0


def test_whatever_is_joined_and_undone_each_need_counts_once():
    """A hundred and fifty acts in any order; a plain book beside it says what the totals must be."""
    chance, book = random.Random(7), {}
    for step in range(150):
        ids = list(book)
        what = chance.choice(["ask", "join", "part", "withdraw", "restore", "confirm", "meet"])
        if what == "ask" or len(ids) < 4:
            quantity = chance.randrange(1, 50)
            book[ask(quantity, asker=str(step))] = [quantity, "open", None]
            continue
        a, b = chance.sample(ids, 2)
        has_joined = any(row[2] == a for row in book.values())
        stands = book[a][1] in ("open", "confirmed")
        try:
            with transaction.atomic():
                if what == "join":
                    actions.join_needs(a, b, **act())
                elif what == "part":
                    actions.part_needs(a, **act())
                elif what in ("withdraw", "meet"):
                    end = actions.withdraw_need if what == "withdraw" else actions.meet_need
                    end(a, reason="x", **act())
                elif what == "restore":
                    actions.restore_need(a, reason="x", **act())
                else:
                    actions.confirm_need(a, **act())
        except NeedRefused:
            continue
        if what == "join":
            assert stands and not has_joined and book[a][2] is None and book[b][2] is None
            book[a][2] = b
        elif what == "part":
            book[a][2] = None
        elif what in ("withdraw", "meet"):
            book[a].append(book[a][1])
            book[a][1] = "over"
        elif what == "restore":
            book[a][1] = book[a].pop()
        else:
            book[a][1] = "confirmed"
        counted = [r for r in book.values() if r[1] in ("open", "confirmed") and r[2] is None]
        found = totals().get(("帐篷", "410105"))
        assert (found.asked if found else 0) == sum(r[0] for r in counted)
        assert (found.confirmed if found else 0) == sum(r[0] for r in counted if r[1] == "confirmed")
        assert (found.needs if found else 0) == len(counted)
