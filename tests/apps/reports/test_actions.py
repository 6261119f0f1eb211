"""Reports are taken in whatever they hold; a repeat is known; nothing is lost or shown without need."""

from datetime import timedelta

import pytest

from jingwei.apps.journal import queries as journal
from jingwei.apps.reports import actions, queries
from jingwei.apps.reports.facts import CallerRevealed, Claim, Told
from jingwei.apps.reports.models import Report
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty():
    return holding_of("lisiyuan")


def test_a_report_is_kept_in_the_callers_words(duty):
    (answer,) = receive(told("“水到胸口了”，快来！"), by=duty)
    line = queries.find_report(answer.id, authority=authority_of("lisiyuan"))
    assert (answer.status, line.words, line.flags) == ("accepted", "“水到胸口了”，快来！", ())


def test_the_same_report_under_its_key_is_known(duty):
    first = receive(told(key="110-7"), by=duty)[0]
    again = receive(told(key="110-7", sent_at=STORM + timedelta(minutes=1)), by=duty)[0]
    assert (again.id, again.status) == (first.id, "known")
    assert Report.objects.filter(key="110-7").count() == 1


def test_the_same_key_with_other_words_is_kept_and_flagged(duty):
    first = receive(told(key="110-7"), by=duty)[0]
    other = receive(told("两人被困", key="110-7"), by=duty)[0]
    assert other.id != first.id and "key_reused" in other.flags
    third = receive(told("两人被困", key="110-7"), by=duty)[0]
    assert (third.id, third.status) == (other.id, "known"), "its own repeat is known too"


def test_repeats_within_one_list_are_known_too(duty):
    answers = receive(told(key="a"), told(key="a"), told("别的", key="a"), by=duty)
    assert [a.status for a in answers] == ["accepted", "known", "accepted"]
    assert answers[0].id == answers[1].id


def test_two_callers_may_use_the_same_key(duty):
    one = receive(told(key="1"), by=duty)[0]
    other = receive(told(key="1"), by=holding_of("yezhijie"))[0]
    assert one.id != other.id and "key_reused" not in other.flags


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"occurred_at": STORM + timedelta(hours=2)}, "time_in_future"),
        ({"sent_at": STORM + timedelta(hours=1)}, "clock_hours_off"),
        ({"kind": "99Z99"}, "kind_unknown"),
        ({"place": "419999"}, "place_unknown"),
        ({"place": "410305"}, "outside_area"),
        ({"lon": 300.0, "lat": 34.0, "datum": "wgs84"}, "point_impossible"),
        ({"words": "水\x00"}, "characters_escaped"),
        ({"figures": (Claim(measure="deaths", value=1, unit="人\x00"),)}, "characters_escaped"),
        ({"type": "gossip"}, "type_unknown"),
        ({"occurred_at": None}, "time_assumed"),
    ],
)
def test_odd_content_is_kept_and_flagged(duty, changes, flag):
    (answer,) = receive(told(**changes), by=duty)
    assert answer.status == "accepted"
    assert flag in answer.flags
    assert Report.objects.get(pk=answer.id).state == "accepted"


def test_what_nobody_can_read_waits_in_quarantine_and_is_transcribed(duty):
    (answer,) = receive(Told(raw="{half a rep", flags=("json_unreadable",)), by=duty)
    assert answer.status == "quarantined"
    authority = authority_of("lisiyuan")
    assert [r.raw for r in queries.list_quarantined(authority=authority)] == ["{half a rep"]
    read = actions.transcribe_report(answer.id, told("半份报告"), by=duty, moment=a_moment())
    assert queries.count_quarantined(authority=authority) == 0
    assert Report.objects.get(pk=answer.id).transcribed_as_id == read.id
    assert Report.objects.get(pk=answer.id).raw == "{half a rep", "the raw text stays as it came"


def test_the_caller_is_masked_and_every_look_is_recorded(duty):
    (answer,) = receive(told(caller_name="王小明", caller_phone="13612342071"), by=duty)
    line = queries.find_report(answer.id, authority=authority_of("lisiyuan"))
    assert line.caller == "王** 136****71"
    seen = actions.reveal_caller(answer.id, reason="回访", by=duty, moment=a_moment())
    assert seen == ("王小明", "13612342071")
    (look,) = journal.list_entries(subjects=[str(answer.id)], kinds=[CallerRevealed])
    assert look.by == duty
    for entry in journal.list_entries(subjects=[str(answer.id)]):
        assert "13612342071" not in str(entry.fact) and "王小明" not in str(entry.fact)
    assert "13612342071" not in str(Report.objects.get(pk=answer.id).told)


def test_a_figure_keeps_measure_area_unit_and_words(duty):
    claims = (
        Claim(measure="deaths", value=33, unit="person", area="410000", words="死亡33"),
        Claim(measure="missing", value=8, unit="person"),
    )
    (answer,) = receive(told(place="4101", figures=claims), by=duty)
    found = {(f.measure, f.area): f.value for f in queries.list_figures(ids=[answer.id])}
    assert found == {("deaths", "41"): 33, ("missing", "4101"): 8}


def test_lists_are_filtered_paged_and_limited_to_what_one_may_see(duty):
    receive(
        told("隧道进水", place="410105"),
        told("山洪", place="410182", channel="119"),
        told("水库", place="410185"),
        by=duty,
    )
    city, county = authority_of("lisiyuan"), authority_of("yuzijin")
    assert queries.count_reports(authority=city) == 3
    assert [r.words for r in queries.list_reports(authority=county)] == ["山洪"]
    assert [r.words for r in queries.list_reports(queries.Sought(search="隧道"), authority=city)] == [
        "隧道进水"
    ]
    assert [r.words for r in queries.list_reports(queries.Sought(channel="119"), authority=city)] == ["山洪"]
    assert len(queries.list_reports(authority=city, limit=1, offset=1)) == 1
