"""What is owed to the public is met by a published release, and the release is the proof."""

from datetime import timedelta

import pytest

from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.actions import follow
from jingwei.apps.releases import actions as releases
from jingwei.apps.releases.actions import Written
from jingwei.apps.releases.models import Release
from jingwei.apps.sitreps import queries, rules
from jingwei.apps.sitreps.facts import ObligationMet
from jingwei.apps.sitreps.models import Obligation
from jingwei.wiring.reactions import REACTIONS, declare
from tests.apps.sitreps.test_actions import SIX_DEAD, a_storm, confirm
from tests.builders import STORM, a_moment, authority_of, holding_of, settle

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def publish(row, at, *, who="hejing", conference=False):
    found = releases.draft_release(row.id, by=holding_of("lisiyuan"), moment=a_moment(at))
    text = Written(title_zh="通报", text_zh="市区积水。", valid_until=at + 12 * HOUR)
    releases.edit_release(found, text, ready=True, version=1, by=holding_of("lisiyuan"), moment=a_moment(at))
    releases.approve_release(found, version=2, by=holding_of(who), moment=a_moment(at))
    releases.publish_release(found, version=3, conference=conference, by=holding_of(who), moment=a_moment(at))
    settle(at)
    return Release.objects.get(pk=found)


def duty(row, rule_id):
    return Obligation.objects.exclude(state="void").get(incident=row, rule_id=rule_id)


@pytest.fixture
def storm():
    row = a_storm(SIX_DEAD)
    confirm(row, 1)
    return row


def test_a_release_meets_the_first_and_not_the_press_conference(storm):
    assert (duty(storm, "PR-01").due_at, duty(storm, "PR-02").due_at) == (STORM + 5 * HOUR, STORM + 24 * HOUR)
    told = publish(storm, STORM + 2 * HOUR)
    first, second = duty(storm, "PR-01"), duty(storm, "PR-02")
    assert (first.state, first.release_id, first.met_at) == ("met", told.id, STORM + 2 * HOUR)
    assert first.met_by == holding_of("hejing") and first.lapsed_at is None
    assert second.state == "open"
    (fact,) = [s.fact for s in journal.list_entries(subjects=[str(storm.id)], kinds=[ObligationMet])]
    assert (fact.release_id, fact.late_s, fact.took_s) == (str(told.id), 0.0, 7200.0)


def test_one_told_at_a_press_conference_meets_both(storm):
    publish(storm, STORM + HOUR)
    at_conference = publish(storm, STORM + 3 * HOUR, conference=True)
    assert duty(storm, "PR-02").release_id == at_conference.id
    assert duty(storm, "PR-01").release_id != at_conference.id, "the first release met it already"


def test_a_release_after_the_limit_meets_it_late(storm):
    publish(storm, STORM + 5 * HOUR + timedelta(seconds=1))
    met = duty(storm, "PR-01")
    assert (met.state, met.lapsed_at) == ("met", STORM + 5 * HOUR)


def test_at_the_limit_itself_it_is_in_time(storm):
    publish(storm, STORM + 5 * HOUR)
    assert duty(storm, "PR-01").lapsed_at is None


def test_a_release_before_the_grade_meets_what_arises_later():
    row = a_storm(SIX_DEAD)
    told = publish(row, STORM + HOUR)
    confirm(row, 1, at=STORM + 2 * HOUR)
    assert duty(row, "PR-01").release_id == told.id


def test_a_draft_meets_nothing(storm):
    releases.draft_release(storm.id, by=holding_of("lisiyuan"), moment=a_moment())
    settle()
    assert duty(storm, "PR-01").state == "open"


@pytest.mark.parametrize(
    ("owed_at", "place", "expected"),
    [("4101", "4101", True), ("410182", "4101", True), ("4101", "410182", False), ("4101", None, False)],
)
def test_a_higher_body_speaks_for_those_below_and_not_the_other_way(owed_at, place, expected):
    assert rules.tells("initial_release", owed_at, place=place, conference=False) is expected


def test_the_proof_is_shown(storm):
    told = publish(storm, STORM + HOUR)
    found = queries.list_obligations(
        authority=authority_of("lisiyuan"), now=STORM + HOUR, view="met", incident_id=storm.id
    )
    assert [o.release_id for o in found if o.rule_id == "PR-01"] == [told.id]


def test_canary_without_the_reaction_nothing_is_met():
    follow({
        fact: [one for one in following if one.name != "sitreps.meet_by_releases"]
        for fact, following in REACTIONS.items()
    })  # fmt: skip
    try:
        row = a_storm(SIX_DEAD)
        confirm(row, 1)
        publish(row, STORM + HOUR)
        assert duty(row, "PR-01").state == "open"
    finally:
        declare()
