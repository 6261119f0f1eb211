"""From level to level: each body's clock starts when the report of the one below reached it."""

from datetime import timedelta

import pytest

from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.journal.actions import follow
from jingwei.apps.sitreps import actions, rules
from jingwei.apps.sitreps.models import Obligation, Sitrep
from jingwei.apps.sitreps.rules import Case
from jingwei.wiring.reactions import REACTIONS, declare
from tests.apps.sitreps.test_rules import BODIES, SHIPPED, ZONE
from tests.builders import STORM, a_moment, holding_of, receive, settle, told

MINUTE = timedelta(minutes=1)
AT_COUNTY = {"kind": "12P04", "place": "410182", "source": "企业", "evidence": "seen"}


# --- the rule --------------------------------------------------------------------------------------------


def links(rule_id, kind="12P04", grade=3, place="410182", **reached):
    case = Case(
        kind=kind, place=place, occurred_at=STORM, received_at=STORM, grade=grade,
        reached={k.replace("_", "-").removeprefix("b"): STORM + v * MINUTE for k, v in reached.items()},
    )  # fmt: skip
    found = rules.assess(SHIPPED[rule_id], case, bodies=BODIES, zone=ZONE)
    return [
        (o.from_organization.split("-")[0], o.to_organization.split("-")[0], (o.due_at - STORM) // MINUTE)
        for o in found.owed
        if o.due_at
    ]


COUNTY, CITY, PROVINCE = ("410182", "4101", 120), ("4101", "41", 150), ("41", "CN", 180)
UP = {"b4101_emergency": 30, "b41_emergency": 60}


@pytest.mark.parametrize(
    ("rule_id", "grade", "reached", "expected"),
    [
        ("PS-03", 1, {}, [COUNTY]),
        ("PS-03", 1, {"b4101_emergency": 30}, [COUNTY, CITY]),
        ("PS-03", 1, UP, [COUNTY, CITY, PROVINCE]),
        ("PS-04", 3, {}, [COUNTY]),
        ("PS-04", 3, UP, [COUNTY, CITY]),
        ("PS-05", 4, UP, [COUNTY]),
    ],
)
def test_an_accident_goes_up_as_far_as_its_grade_asks(rule_id, grade, reached, expected):
    assert links(rule_id, grade=grade, **reached) == expected


@pytest.mark.parametrize(
    ("rule_id", "kind", "grade", "before", "after"),
    [
        ("PH-03", "13000", 1, [("410182", "4101", 120)], [("410182", "4101", 120)]),
        ("PH-04", "13000", 1, [], [("4101", "41", 150)]),
        ("EN-03", "12Q00", 1, [], [("41", "", 120)]),
    ],
)
def test_each_level_counts_from_what_reached_it(rule_id, kind, grade, before, after):
    assert links(rule_id, kind, grade) == before
    reached = {"b4101_government": 30, "b41_environment": 60}
    assert links(rule_id, kind, grade, **reached) == after


def test_in_the_city_itself_the_city_is_the_first_link():
    assert links("PS-04", place="4101") == [("4101", "41", 120)]
    assert links("PS-05", grade=4, place="4101") == []


# --- on a node -------------------------------------------------------------------------------------------


def an_accident() -> Incident:
    (answer,) = receive(told("矿井透水", **AT_COUNTY), by=holding_of("yuzijin"))
    settle()
    row = Membership.objects.get(report_id=answer.id, left_at=None).incident
    incidents.judge_grade(
        row.id, grade=3, version=row.version, reason="多人被困", by=holding_of("hejing"), moment=a_moment()
    )
    settle()
    return row


def owed(row):
    rows = Obligation.objects.filter(incident=row, rule_id="PS-04").exclude(state="void")
    ends = rows.order_by("arose_at", "trigger_at")
    return [(o.from_organization, o.to_organization, o.state, o.trigger_at) for o in ends]


def send(row, organization, to, by, at):
    found = actions.draft_sitrep(
        row.id, stage="first", organization=organization, to_organization=to, by=by, moment=a_moment(at)
    )
    gaps = ["deaths", "missing", "injured"]
    actions.edit_sitrep(found, texts={}, to_check=gaps, version=1, by=by, moment=a_moment(at))
    actions.submit_sitrep(found, version=2, by=by, moment=a_moment(at))
    settle(at)
    return Sitrep.objects.get(pk=found)


@pytest.mark.django_db
def test_once_the_city_received_it_the_city_owes_the_province():
    row, county = an_accident(), holding_of("yuzijin")
    assert owed(row) == [("410182-yjj", "4101-yjj", "open", STORM)]
    sent = send(row, "410182-yjj", "4101-yjj", county, STORM + 20 * MINUTE)
    assert owed(row) == [("410182-yjj", "4101-yjj", "met", STORM)], "on its way it reached nobody yet"
    got = STORM + 30 * MINUTE
    actions.receive_sitrep(sent.id, by=holding_of("lisiyuan"), moment=a_moment(got))
    settle(got)
    assert owed(row)[1:] == [("4101-yjj", "41-yjt", "open", got)]
    due = Obligation.objects.get(incident=row, rule_id="PS-04", from_organization="4101-yjj").due_at
    assert due == got + 120 * MINUTE
    up = send(row, "4101-yjj", "41-yjt", holding_of("lisiyuan"), got + 10 * MINUTE)
    actions.receive_sitrep(up.id, by=holding_of("baishuyan"), moment=a_moment(got + 15 * MINUTE))
    settle(got + 15 * MINUTE)
    assert [state for *_, state, _ in owed(row)] == ["met", "met"], "grade III ends at the province"


@pytest.mark.django_db
def test_a_telephone_call_reaches_the_level_above_too():
    row = an_accident()
    first = Obligation.objects.get(incident=row, rule_id="PS-04")
    called = STORM + 5 * MINUTE
    actions.meet_obligation(first.id, words="电话报", by=holding_of("yuzijin"), moment=a_moment(called))
    settle(called)
    assert owed(row)[1:] == [("4101-yjj", "41-yjt", "open", called)]


@pytest.mark.django_db
def test_canary_without_the_reaction_the_chain_stops():
    follow({
        fact: [one for one in following if one.name != "sitreps.recompute" or "sitreps." not in fact.KIND]
        for fact, following in REACTIONS.items()
    })  # fmt: skip
    try:
        row = an_accident()
        sent = send(row, "410182-yjj", "4101-yjj", holding_of("yuzijin"), STORM + MINUTE)
        actions.receive_sitrep(sent.id, by=holding_of("lisiyuan"), moment=a_moment())
        settle()
        assert len(owed(row)) == 1
    finally:
        declare()
