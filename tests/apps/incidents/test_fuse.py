"""Reports become incidents: joined with reasons, undone by hand, and never lost."""

import uuid
from datetime import timedelta

import pytest

from jingwei.apps.incidents import actions, queries
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.incidents.rules import IncidentRefused
from jingwei.apps.journal import queries as journal
from jingwei.apps.places import queries as places
from jingwei.apps.places.models import Division, Site
from jingwei.apps.places.queries import Around
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told

pytestmark = pytest.mark.django_db
TUNNEL = {"site": "zz-jingguang-north-tunnel", "place": "410105"}


@pytest.fixture
def duty():
    return holding_of("lisiyuan")


def incident_of(answer) -> Incident:
    return Membership.objects.get(report_id=answer.id, left_at=None).incident


def test_two_calls_about_one_place_are_one_incident_and_say_why(duty):
    first, second = receive(
        told(**TUNNEL), told("车都不动了", **TUNNEL, occurred_at=STORM + timedelta(minutes=20)), by=duty
    )
    settle()
    row = incident_of(first)
    assert incident_of(second) == row
    assert row.report_count == 2
    room = queries.get_room(row.id, authority=authority_of("lisiyuan"))
    joined = {j.report.id: j for j in room.reports}[second.id]
    assert {p["name"] for p in joined.parts} == {"kind", "place", "time"}
    assert joined.score >= joined.threshold


@pytest.mark.parametrize(
    "other",
    [
        {"site": "zz-jingguang-south-tunnel"},
        {"kind": "12L99"},
        {"occurred_at": STORM + timedelta(hours=7)},
        {"site": "", "place": "410185"},
    ],
)
def test_another_place_kind_or_day_is_another_incident(duty, other):
    first, second = receive(told(**TUNNEL), told(**(TUNNEL | other)), by=duty)
    settle()
    assert incident_of(first) != incident_of(second)


def test_a_report_that_says_which_incident_it_means_joins_it(duty):
    (first,) = receive(told(**TUNNEL), by=duty)
    settle()
    row = incident_of(first)
    (later,) = receive(told("已抽排完毕", kind="", type="action", place="", event_ref=str(row.id)), by=duty)
    settle()
    assert incident_of(later) == row


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": ""}, "kind_unknown"),
        ({"kind": "99Z99"}, "kind_unknown"),
        ({"place": "", "site": ""}, "place_unknown"),
        ({"type": "action"}, "speaks_of_something_known"),
    ],
)
def test_a_report_that_cannot_find_its_way_waits_for_a_person(duty, changes, reason):
    (answer,) = receive(told(**changes), by=duty)
    settle()
    (waiting,) = queries.list_unplaced(authority=authority_of("lisiyuan"))
    assert (waiting.report.id, waiting.reason) == (answer.id, reason)
    incident_id = actions.open_incident(answer.id, kind="12P04", place="410105", by=duty, moment=a_moment())
    assert queries.count_unplaced(authority=authority_of("lisiyuan")) == 0
    assert incident_of(answer).id == incident_id


def seat_of(code: str) -> dict[str, float]:
    row = Division.objects.get(code=code)
    return {"lon": row.lon, "lat": row.lat}


@pytest.fixture
def far_apart():
    """Two seats and nothing else that has a point: what lies between is told by them alone."""
    Site.objects.all().delete()
    Division.objects.exclude(code__in=["410105", "410122"]).update(lon=None, lat=None)


NOWHERE = {"place": "", "site": "", "datum": "wgs84"}


def test_a_report_with_a_point_alone_opens_an_incident_where_the_point_lies(duty, far_apart):
    (answer,) = receive(told(**NOWHERE, **seat_of("410122")), by=duty)
    settle()
    row = incident_of(answer)
    assert (row.place, row.site) == ("410122", "") and row.lon == seat_of("410122")["lon"]
    joined = queries.get_room(row.id, authority=authority_of("lisiyuan")).reports[0]
    assert list(joined.parts) == [
        {"name": "point", "value": 1.0, "detail": {"place": "410122", "by": "named"}}
    ]
    (second,) = receive(told("车都不动了", **NOWHERE, **seat_of("410122")), by=duty)
    settle()
    assert incident_of(second) == row


def test_a_point_between_two_counties_is_their_citys(duty, far_apart):
    one, other = seat_of("410105"), seat_of("410122")
    between = {name: (one[name] + other[name]) / 2 for name in one}
    (answer,) = receive(told(**NOWHERE, **between), by=duty)
    settle()
    assert incident_of(answer).place == "4101"


@pytest.mark.parametrize(
    "changes",
    [{"lon": 90.0, "lat": 40.0}, {"lon": None, "lat": None}, {"lon": 113.7, "lat": 34.7, "kind": ""}],
)
def test_canary_a_point_that_says_nothing_leaves_it_to_a_person(duty, changes):
    (answer,) = receive(told(**(NOWHERE | changes)), by=duty)
    settle()
    assert not Membership.objects.filter(report_id=answer.id).exists()
    assert queries.count_unplaced(authority=authority_of("lisiyuan")) == 1


def test_a_place_that_is_told_is_not_corrected_by_the_point(duty):
    (answer,) = receive(told(**(NOWHERE | {"place": "410105"}), **seat_of("410122")), by=duty)
    settle()
    assert incident_of(answer).place == "410105"


@pytest.mark.parametrize(("datum", "place"), [("wgs84", "410105"), ("", "4101")])
def test_a_point_without_a_datum_is_placed_where_it_lies_either_way(
    duty, far_apart, monkeypatch, datum, place
):
    """Read as one of a Chinese map it lies in the other county: what holds both is sure."""
    told_at = {(113.7, 34.7): "410105"}
    monkeypatch.setattr(
        places, "find_division_around",
        lambda lon, lat: Around(told_at.get((lon, lat), "410122"), "outline"),
    )  # fmt: skip
    (answer,) = receive(told(**(NOWHERE | {"datum": datum}), lon=113.7, lat=34.7), by=duty)
    settle()
    assert incident_of(answer).place == place


def test_a_separated_report_with_a_point_alone_has_an_incident_of_its_own(duty, far_apart):
    first, second = receive(
        told(**NOWHERE, **seat_of("410122")), told("另一条路", **NOWHERE, **seat_of("410122")), by=duty
    )
    settle()
    own = actions.separate_report(second.id, reason="是另一条路", by=duty, moment=a_moment())
    assert own and incident_of(second).id == own != incident_of(first).id
    assert incident_of(second).place == "410122"


def test_a_separated_report_stays_apart_and_nothing_is_lost(duty):
    first, second = receive(told(**TUNNEL), told("另一条路", **TUNNEL), by=duty)
    settle()
    row = incident_of(first)
    own = actions.separate_report(second.id, reason="是另一条路", by=duty, moment=a_moment())
    settle()
    assert incident_of(second).id == own != row.id
    (third,) = receive(told("又来一条", **TUNNEL), by=duty)
    settle()
    assert incident_of(third).id in (row.id, own)
    room = queries.get_room(row.id, authority=authority_of("lisiyuan"))
    assert [r.id for r in room.left] == [second.id]
    with pytest.raises(IncidentRefused) as refused:
        actions.separate_report(uuid.uuid4(), reason="x", by=duty, moment=a_moment())
    assert refused.value.code == "report_not_in_incident"


def test_the_machine_does_not_join_again_what_a_person_parted(duty):
    """The report is fused again as if it had just come: the incident it was taken out of is passed over."""
    first, second = receive(told(**TUNNEL), told("另一条路", **TUNNEL), by=duty)
    settle()
    row, own = incident_of(first), None
    own = actions.separate_report(second.id, reason="是另一条路", by=duty, moment=a_moment())
    Membership.objects.filter(report_id=second.id).delete()
    Incident.objects.filter(pk=own).update(state="closed")
    entries = journal.list_entries(subjects=[str(second.id)])
    from jingwei.apps.agencies.queries import get_machine

    actions.fuse_reports(entries[:1], by=get_machine(), moment=a_moment())
    assert incident_of(second).id not in (row.id, own)


def test_separating_is_undone_by_joining(duty):
    first, second = receive(told(**TUNNEL), told("另一条路", **TUNNEL), by=duty)
    settle()
    row = incident_of(first)
    own = actions.separate_report(second.id, reason="看错了", by=duty, moment=a_moment())
    actions.join_report(second.id, row.id, by=duty, moment=a_moment())
    settle()
    row.refresh_from_db()
    assert incident_of(second) == row and row.report_count == 2
    assert Incident.objects.get(pk=own).report_count == 0


def test_warnings_of_city_and_county_and_figures_of_the_province_are_one_storm(duty):
    storm = {"kind": "11B03", "site": ""}
    answers = receive(
        told("第1次暴雨红色预警", type="warning", level=1, number=1, place="4101", **storm),
        told("荥阳暴雨", place="410182", **storm),
        told("豫北强降雨", type="observation", place="41", **storm),
        by=holding_of("baishuyan"),
    )
    settle()
    (row,) = {incident_of(a) for a in answers}
    assert row.place == "41"


def test_fusing_twice_changes_nothing(duty):
    (answer,) = receive(told(**TUNNEL), by=duty)
    settle()
    entries = journal.list_entries(subjects=[str(answer.id)])
    from jingwei.apps.agencies.queries import get_machine

    before = journal.count_entries()
    actions.fuse_reports(entries, by=get_machine(), moment=a_moment())
    assert journal.count_entries() == before
    assert Membership.objects.filter(report_id=answer.id).count() == 1


def test_one_county_over_sees_nothing_and_the_province_sees_all(duty):
    (answer,) = receive(told(**TUNNEL), by=duty)
    settle()
    row = incident_of(answer)
    seen = {
        name: queries.find_incident(row.id, authority=authority_of(name)) is not None
        for name in ("chiqinghe", "luoruchuan", "lisiyuan", "baishuyan")
    }
    assert seen == {"chiqinghe": True, "luoruchuan": False, "lisiyuan": True, "baishuyan": True}
