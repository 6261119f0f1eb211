"""The machine proposes a grade with its clause; a person decides; history shows both."""

from datetime import timedelta

import pytest

from jingwei.apps.incidents import actions, queries
from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.incidents.rules import IncidentRefused
from jingwei.apps.reports.facts import Claim
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told

pytestmark = pytest.mark.django_db
STORM_AT_CITY = {"kind": "11B03", "place": "4101", "channel": "official"}


@pytest.fixture
def chief():
    return holding_of("hejing")


def a_storm(*figures: Claim, **changes) -> Incident:
    (answer,) = receive(told("暴雨", figures=figures, **(STORM_AT_CITY | changes)), by=holding_of("lisiyuan"))
    settle()
    return Membership.objects.get(report_id=answer.id, left_at=None).incident


def line(row: Incident):
    return queries.find_incident(row.id, authority=authority_of("hejing"))


def test_without_figures_it_is_not_gradable_and_says_what_is_missing():
    found = line(a_storm())
    assert (found.grade, found.grade_state, found.missing[0]) == (None, "not_gradable", "deaths")


@pytest.mark.parametrize(
    ("deaths", "grade", "clauses"),
    [(30, 1, {"GR142"}), (29, 2, {"GR144", "GR145"}), (10, 2, {"GR144", "GR145"})],
)
def test_deaths_propose_a_grade_under_a_clause(deaths, grade, clauses):
    found = line(a_storm(Claim(measure="deaths", value=deaths, unit="person")))
    assert (found.grade, found.grade_state) == (grade, "proposed")
    assert clauses <= set(found.clauses)


def test_measures_and_areas_are_never_mixed():
    dead_or_missing = Claim(measure="dead_or_missing", value=97, unit="person")
    of_a_county = Claim(measure="deaths", value=40, unit="person", area="410182")
    of_the_province = Claim(measure="deaths", value=302, unit="person", area="41")
    found = line(a_storm(dead_or_missing, of_a_county, of_the_province))
    assert (found.grade, found.grade_state) == (None, "not_gradable")


def test_a_new_figure_proposes_again_and_history_keeps_both():
    row = a_storm(Claim(measure="deaths", value=12, unit="person"))
    later = told(
        "死亡33人",
        figures=(Claim(measure="deaths", value=33, unit="person"),),
        **STORM_AT_CITY | {"occurred_at": STORM + timedelta(hours=5)},
    )
    receive(later, by=holding_of("lisiyuan"))
    settle()
    steps = queries.get_room(row.id, authority=authority_of("hejing")).grades
    assert [(s.what, s.grade) for s in steps] == [("proposed", 2), ("proposed", 1)]


def test_money_is_compared_in_the_tables_unit():
    found = line(a_storm(Claim(measure="direct_loss", value=409, unit="100m_CNY")))
    assert (found.grade, found.figures["direct_loss"]) == (1, 4_090_000)


def test_a_person_confirms_and_it_is_recorded_under_the_clause(chief):
    row = a_storm(Claim(measure="deaths", value=33, unit="person"))
    actions.confirm_grade(row.id, grade=1, version=line(row).version, by=chief, moment=a_moment())
    found = line(row)
    assert (found.grade, found.grade_state, found.confirmed_by) == (1, "confirmed", chief)
    assert "GR142" in found.clauses
    step = queries.get_room(row.id, authority=authority_of("hejing")).grades[-1]
    assert (step.what, step.by, step.clauses) == ("confirmed", chief, found.clauses)


def test_another_grade_than_proposed_needs_its_reason(chief):
    row = a_storm(Claim(measure="deaths", value=33, unit="person"))
    with pytest.raises(IncidentRefused) as refused:
        actions.confirm_grade(row.id, grade=2, version=line(row).version, by=chief, moment=a_moment())
    assert refused.value.code == "grade_reason_missing"
    version = line(row).version
    actions.confirm_grade(
        row.id, grade=2, version=version, reason="其中3人与灾害无关", by=chief, moment=a_moment()
    )
    found = line(row)
    assert (found.grade, found.clauses, found.pending) == (2, (), 1)


def test_a_preliminary_grade_stands_until_one_is_confirmed(chief):
    row = a_storm()
    actions.judge_grade(
        row.id, grade=1, version=line(row).version, reason="多处严重", by=chief, moment=a_moment()
    )
    assert (line(row).grade, line(row).grade_state) == (1, "preliminary")


def test_two_officers_on_one_incident_the_second_is_told(chief):
    """Both opened it at the same version; the second decides on what is no longer so."""
    row = a_storm(Claim(measure="deaths", value=33, unit="person"))
    seen_by_both = line(row).version
    actions.confirm_grade(row.id, grade=1, version=seen_by_both, by=chief, moment=a_moment())
    with pytest.raises(IncidentRefused) as refused:
        actions.judge_grade(
            row.id,
            grade=3,
            version=seen_by_both,
            reason="未见伤亡",
            by=holding_of("lisiyuan"),
            moment=a_moment(),
        )
    assert refused.value.code == "changed_meanwhile"
    assert line(row).grade == 1


def test_one_more_report_does_not_disturb_a_decision(chief):
    row = a_storm()
    version = line(row).version
    receive(told("又一条", **STORM_AT_CITY), by=holding_of("lisiyuan"))
    settle()
    actions.judge_grade(row.id, grade=2, version=version, reason="多处严重", by=chief, moment=a_moment())
    assert line(row).grade == 2


def test_an_event_is_judged_by_the_rules_of_its_day():
    """No rule reaches back before the year in its source's title."""
    early = a_storm(
        Claim(measure="deaths", value=33, unit="person"),
        occurred_at=STORM.replace(year=2005),
    )
    assert (line(early).grade, line(early).grade_state) == (None, "no_table")


def test_closing_and_reopening_carry_a_reason(chief):
    row = a_storm()
    with pytest.raises(IncidentRefused) as refused:
        actions.close_incident(row.id, reason=" ", version=line(row).version, by=chief, moment=a_moment())
    assert refused.value.code == "reason_missing"
    actions.close_incident(row.id, reason="雨停了", version=line(row).version, by=chief, moment=a_moment())
    assert line(row).state == "closed"
    receive(told("又下了", **STORM_AT_CITY), by=holding_of("lisiyuan"))
    settle()
    assert queries.count_incidents(authority=authority_of("hejing")) == 1, "a new one was opened"
    actions.reopen_incident(row.id, reason="又下了", version=line(row).version, by=chief, moment=a_moment())
    assert line(row).state == "open"
