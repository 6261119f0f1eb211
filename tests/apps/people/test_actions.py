"""Counts are adopted and revised in the open; lists are masked, and every look is recorded."""

import uuid
from datetime import timedelta

import pytest

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.models import Membership
from jingwei.apps.journal import queries as journal
from jingwei.apps.people import actions, queries, rules
from jingwei.apps.people.facts import FigureAdopted, FigureRevised, Given, Listed, PersonRevealed
from jingwei.apps.people.models import Count, ListedPerson
from jingwei.apps.people.rules import PeopleRefused
from jingwei.apps.reports.facts import Claim
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told

pytestmark = pytest.mark.django_db
CITY = {"kind": "11B03", "place": "4101", "channel": "official"}


@pytest.fixture
def duty():
    return holding_of("lisiyuan")


def a_report(*figures: Claim, **changes) -> uuid.UUID:
    (answer,) = receive(told("死亡", figures=figures, **(CITY | changes)), by=holding_of("lisiyuan"))
    settle()
    return answer.id


def deaths(value, area=""):
    return Claim(measure="deaths", value=value, unit="person", area=area)


@pytest.fixture
def storm(duty) -> tuple[uuid.UUID, uuid.UUID]:
    report_id = a_report(deaths(12), deaths(300, "41"), Claim(measure="missing", value=5, unit="person"))
    return Membership.objects.get(report_id=report_id, left_at=None).incident_id, report_id


def adopt(incident_id, by, *, measure="deaths", area="", **given) -> uuid.UUID:
    return actions.adopt_figure(
        incident_id, Given(**given), measure=measure, area=area, by=by, moment=a_moment()
    )


def revise(count_id, by, *, reason="", **given) -> uuid.UUID:
    later = a_moment(STORM + timedelta(hours=1))
    return actions.revise_figure(count_id, Given(**given), reason=reason, by=by, moment=later)


def refused(call, *given, **more) -> str:
    with pytest.raises(PeopleRefused) as no:
        call(*given, **more)
    return no.value.code


def test_a_person_adopts_what_a_report_tells(storm, duty):
    incident_id, report_id = storm
    adopt(incident_id, duty, measure="deaths", report_id=report_id)
    ((measure, area, count),) = queries.list_counts(incident_id)
    assert (measure, area, count.value, count.report_id, count.by) == ("deaths", "4101", 12, report_id, duty)
    (said,) = journal.list_entries(subjects=[str(incident_id)], kinds=[FigureAdopted])
    assert (said.fact.value, said.fact.report_id, said.by) == (12, str(report_id), duty)


def test_by_hand_it_needs_its_source_and_a_whole_number(storm, duty):
    incident_id, _ = storm
    assert refused(adopt, incident_id, duty, measure="deaths", value=12) == "count_source_missing"
    assert refused(adopt, incident_id, duty, measure="deaths", value=1.5, source="x") == "value_impossible"
    assert refused(adopt, incident_id, duty, measure="rain_1h", value=1, source="x") == "measure_not_counted"
    assert (
        refused(adopt, incident_id, duty, measure="deaths", area="9z", value=1, source="x") == "area_missing"
    )
    adopt(incident_id, duty, measure="deaths", value=12, source="市公安局")
    assert refused(adopt, incident_id, duty, measure="deaths", value=13, source="x") == "count_stands"


def test_lowering_needs_a_reason_and_the_old_count_stays(storm, duty):
    incident_id, report_id = storm
    first = adopt(incident_id, duty, measure="deaths", report_id=report_id)
    assert refused(revise, first, duty, value=11, source="公安") == "lowering_needs_reason"
    assert Count.objects.get(pk=first).state == "stands"
    second = revise(first, duty, value=11, source="公安", reason="一人重名")
    (chain,) = [
        c for c in queries.list_count_chains(incident_id) if (c.measure, c.area) == ("deaths", "4101")
    ]
    assert [(c.id, c.value, c.stands) for c in chain.counts] == [(second, 11, True), (first, 12, False)]
    (said,) = journal.list_entries(subjects=[str(incident_id)], kinds=[FigureRevised])
    assert (said.fact.before, said.fact.value, said.fact.reason) == (12, 11, "一人重名")
    revise(second, duty, value=14, source="公安")


def test_canary_without_the_rule_it_is_lowered_in_silence(storm, duty, monkeypatch):
    incident_id, report_id = storm
    first = adopt(incident_id, duty, measure="deaths", report_id=report_id)
    monkeypatch.setattr(rules, "check_lowering", lambda **_: None)
    revise(first, duty, value=1, source="公安")
    (said,) = journal.list_entries(subjects=[str(incident_id)], kinds=[FigureRevised])
    assert (said.fact.value, said.fact.reason) == (1, "")


def test_two_officers_on_one_count_the_second_is_told(storm, duty):
    incident_id, _ = storm
    first = adopt(incident_id, duty, measure="deaths", value=12, source="公安")
    revise(first, duty, value=13, source="公安")
    assert refused(revise, first, duty, value=14, source="公安") == "count_revised_meanwhile"


def test_chains_are_never_mixed(storm, duty):
    """A province's figure is not the city's, the missing are not the dead, another incident tells nothing."""
    incident_id, report_id = storm
    adopt(incident_id, duty, measure="deaths", area="41", report_id=report_id)
    city = adopt(incident_id, duty, measure="deaths", report_id=report_id)
    assert {(a, c.value) for _, a, c in queries.list_counts(incident_id)} == {("41", 300), ("4101", 12)}
    county = a_report(deaths(40, "410182"))
    assert refused(revise, city, duty, report_id=county) == "figure_not_told"
    missing = a_report(Claim(measure="missing", value=50, unit="person"))
    assert refused(revise, city, duty, report_id=missing) == "figure_not_told"
    elsewhere = a_report(deaths(77), kind="12P04", place="410105", occurred_at=STORM + timedelta(days=9))
    assert refused(revise, city, duty, report_id=elsewhere) == "figure_not_told"
    assert Count.objects.get(pk=city).state == "stands"


def test_sources_that_differ_stand_side_by_side(storm, duty):
    incident_id, report_id = storm
    other = a_report(deaths(25), channel="media", source="某报")
    adopt(incident_id, duty, measure="deaths", report_id=report_id)
    (chain,) = [
        c for c in queries.list_count_chains(incident_id) if (c.measure, c.area) == ("deaths", "4101")
    ]
    assert {f.value for f in chain.told} == {12, 25} and chain.differs
    assert chain.stands.value == 12
    assert other in {f.report_id for f in chain.told}


def test_the_grade_goes_by_what_reports_tell(storm, duty):
    incident_id, _ = storm
    adopt(incident_id, duty, measure="deaths", value=33, source="公安")
    settle()
    found = incidents.find_incident(incident_id, authority=authority_of("hejing"))
    assert (found.proposed_grade, found.figures["deaths"]) == (2, 12)


# --- lists -----------------------------------------------------------------------------------------------

WANG = Listed(name="王小明", sex="男", age="35", id_last4="123X", place_words="解放路1号")
LI = Listed(name="李大红", sex="女", age="60", place_words="二七广场")


def import_(incident_id, *lines, by, measure="missing", source="公安局"):
    return actions.import_list(
        incident_id, measure=measure, lines=lines, source=source, by=by, moment=a_moment()
    )


def the_list(incident_id):
    return queries.list_person_lists(incident_id)[0]


def test_good_lines_are_taken_and_bad_ones_named(storm, duty):
    incident_id, _ = storm
    done = import_(incident_id, WANG, Listed(name=""), Listed(name="某", age="很老"), LI, by=duty)
    assert (done.added, [(e.row, e.code) for e in done.errors]) == (
        2,
        [(2, "name_missing"), (3, "age_unreadable")],
    )
    assert the_list(incident_id).counted == 2


def test_a_list_that_comes_again_brings_lines_up_to_date(storm, duty):
    incident_id, _ = storm
    import_(incident_id, WANG, LI, by=duty)
    later = Listed(name="王小明", sex="男", age="36", id_last4="123X", status="已找到遗体")
    again = import_(incident_id, later, LI, by=duty)
    assert (again.added, again.updated, again.unchanged) == (0, 1, 1)
    third = import_(incident_id, later, LI, by=duty)
    assert (third.added, third.updated, third.unchanged) == (0, 0, 2)
    assert {p.status for p in the_list(incident_id).persons} == {"已找到遗体", ""}


def test_a_struck_line_is_kept_not_counted_and_can_come_back(storm, duty):
    incident_id, _ = storm
    import_(incident_id, WANG, LI, by=duty)
    person_id = the_list(incident_id).persons[0].id
    assert (
        refused(actions.strike_person, person_id, reason=" ", by=duty, moment=a_moment()) == "reason_missing"
    )
    actions.strike_person(person_id, reason="平安", by=duty, moment=a_moment())
    import_(incident_id, WANG, LI, by=duty)
    found = the_list(incident_id)
    assert (found.counted, len(found.persons), found.persons[-1].struck_reason) == (1, 2, "平安")
    actions.restore_person(person_id, reason="误划", by=duty, moment=a_moment())
    assert the_list(incident_id).counted == 2
    assert ListedPerson.objects.filter(incident_id=incident_id).count() == 2


def test_the_same_name_and_age_is_flagged_and_counts_once(storm, duty):
    incident_id, _ = storm
    import_(incident_id, WANG, LI, Listed(name="王小明", age="35", number="7"), by=duty)
    found = the_list(incident_id)
    assert [p.double for p in found.persons].count(True) == 2 and found.counted == 2


def test_a_count_is_taken_from_the_list_and_lowered_with_a_reason(storm, duty):
    incident_id, _ = storm
    given = {"measure": "missing", "by": duty, "moment": a_moment()}
    assert refused(actions.count_list, incident_id, **given) == "list_empty"
    import_(incident_id, WANG, LI, by=duty)
    actions.count_list(incident_id, **given)
    actions.strike_person(the_list(incident_id).persons[0].id, reason="平安", by=duty, moment=a_moment())
    assert refused(actions.count_list, incident_id, **given) == "lowering_needs_reason"
    actions.count_list(incident_id, reason="一人平安", **given)
    ((_, area, count),) = queries.list_counts(incident_id)
    assert (area, count.value, count.from_list) == ("4101", 1, True)


def test_lists_come_out_masked(storm, duty):
    """The mask is what hides: without it the canary finds the name."""
    incident_id, _ = storm
    import_(incident_id, WANG, by=duty)
    shown = repr(queries.list_person_lists(incident_id))
    assert not [hidden for hidden in ("王小明", "123X", "解放路1号") if hidden in shown]


def test_canary_without_the_mask_the_name_is_seen(storm, duty, monkeypatch):
    incident_id, _ = storm
    import_(incident_id, WANG, by=duty)
    monkeypatch.setattr(rules, "mask_name", lambda name: name)
    assert "王小明" in repr(queries.list_person_lists(incident_id))


def test_every_look_is_recorded_with_its_reason_and_no_fact_holds_a_name(storm, duty):
    incident_id, _ = storm
    import_(incident_id, WANG, by=duty)
    person_id = the_list(incident_id).persons[0].id
    given = {"by": duty, "moment": a_moment()}
    assert refused(actions.reveal_person, person_id, reason="", **given) == "reason_missing"
    for reason in ("通知家属", "再次核对"):
        assert actions.reveal_person(person_id, reason=reason, **given).name == "王小明"
    looks = journal.list_entries(subjects=[str(incident_id)], kinds=[PersonRevealed])
    assert [(e.fact.reason, e.by) for e in looks] == [("通知家属", duty), ("再次核对", duty)]
    assert "王小明" not in repr(journal.list_entries(subjects=[str(incident_id)]))


def test_canary_a_look_without_a_record_is_seen(storm, duty, monkeypatch):
    incident_id, _ = storm
    import_(incident_id, WANG, by=duty)
    monkeypatch.setattr("jingwei.apps.people.actions.lists.record", lambda *_, **__: [])
    person_id = the_list(incident_id).persons[0].id
    actions.reveal_person(person_id, reason="x", by=duty, moment=a_moment())
    assert not journal.list_entries(subjects=[str(incident_id)], kinds=[PersonRevealed])
