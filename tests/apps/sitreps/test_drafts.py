"""Figures come from the counts we stand by; an ended response drafts the final report; drafts given up."""

from datetime import timedelta
from functools import partial

import pytest

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.journal import queries as journal
from jingwei.apps.people import actions as people
from jingwei.apps.people.facts import Given, Listed
from jingwei.apps.plans import actions as plans
from jingwei.apps.plans.facts import ActivationEnded
from jingwei.apps.reports.facts import Claim
from jingwei.apps.sitreps import actions, queries
from jingwei.apps.sitreps.models import Sitrep
from jingwei.apps.sitreps.rules import SitrepRefused
from tests.apps.plans.test_actions import COMMANDER, activate, kept, post_of
from tests.apps.sitreps.test_actions import AT_CITY, SIX_DEAD, a_draft, a_storm
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told
from tests.refusing import refusing

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def officer():
    return holding_of("lisiyuan")


def figures(draft):
    line = queries.find_sitrep(draft.id, authority=authority_of("lisiyuan"))
    return {(f.measure, f.area): f for f in line.content.figures}


def adopt(row, value, by, measure="deaths", area="", at=STORM):
    given = Given(value=value, source="市应急局核定", as_of_at=at)
    return people.adopt_figure(row.id, given, measure=measure, area=area, by=by, moment=a_moment(at))


# --- figures ---------------------------------------------------------------------------------------------


def test_the_count_we_stand_by_goes_before_what_was_told_last(officer):
    row = a_storm(SIX_DEAD)
    adopt(row, 5, officer)
    eight = Claim(measure="deaths", value=8, unit="person")
    receive(told("网传死亡8人", figures=(eight,), **AT_CITY), by=officer)
    settle()
    one = figures(a_draft(row, officer))["deaths", "4101"]
    assert (one.value, one.source, bool(one.count_id)) == (5, "市应急局核定", True)


def test_what_nobody_adopted_stands_as_told(officer):
    one = figures(a_draft(a_storm(SIX_DEAD), officer))["deaths", "4101"]
    assert (one.value, one.count_id) == (6, "")


def test_areas_and_measures_are_never_mixed(officer):
    row = a_storm(SIX_DEAD)
    adopt(row, 2, officer, area="410182")
    adopt(row, 40, officer, measure="injured")
    found = figures(a_draft(row, officer))
    assert {key: f.value for key, f in found.items()} == {
        ("deaths", "4101"): 6,
        ("deaths", "410182"): 2,
        ("injured", "4101"): 40,
    }


def test_a_lowered_count_says_from_what_and_why(officer):
    row = a_storm(SIX_DEAD)
    first = adopt(row, 6, officer)
    given = Given(value=4, source="市应急局核定", as_of_at=STORM + MINUTE)
    people.revise_figure(first, given, reason="两人重复登记", by=officer, moment=a_moment(STORM + MINUTE))
    one = figures(a_draft(row, officer))["deaths", "4101"]
    assert (one.value, one.before, one.reason) == (4, 6, "两人重复登记")


def test_a_raised_count_needs_no_reason_and_shows_none(officer):
    row = a_storm(SIX_DEAD)
    first = adopt(row, 6, officer)
    given = Given(value=9, source="市应急局核定", as_of_at=STORM + MINUTE)
    people.revise_figure(first, given, reason="核实", by=officer, moment=a_moment(STORM + MINUTE))
    one = figures(a_draft(row, officer))["deaths", "4101"]
    assert (one.value, one.before, one.reason) == (9, None, "")


def test_a_count_from_our_own_list_says_so(officer):
    row = a_storm(SIX_DEAD)
    lines = [Listed(number=str(n), name=f"张{n}", age="40") for n in range(3)]
    people.import_list(row.id, measure="missing", lines=lines, source="公安", by=officer, moment=a_moment())
    people.count_list(row.id, measure="missing", by=officer, moment=a_moment())
    one = figures(a_draft(row, officer))["missing", "4101"]
    assert (one.value, one.from_list) == (3, True)


def test_the_share_of_the_machine_falls_with_every_word_a_person_writes(officer):
    draft = a_draft(a_storm(SIX_DEAD), officer)
    line = queries.find_sitrep(draft.id, authority=authority_of("lisiyuan"))
    before = queries.find_machine_share(line.content)
    actions.edit_sitrep(
        draft.id, texts={"next": "继续排查"}, to_check=[], version=1, by=officer, moment=a_moment()
    )
    line = queries.find_sitrep(draft.id, authority=authority_of("lisiyuan"))
    assert queries.find_machine_share(line.content) == (before[0], before[1] + 1)


# --- the response in the report --------------------------------------------------------------------------


def end(row, at):
    plans.end_activation(
        row.id, ending=kept(row, "水已退"), version=row.version, by=post_of(*COMMANDER), moment=a_moment(at)
    )
    settle(at)


def test_steps_of_the_response_stand_under_measures_taken(officer):
    storm = a_storm(SIX_DEAD)
    activate(2, incident_id=storm.id)
    draft = a_draft(storm, officer)
    line = queries.find_sitrep(draft.id, authority=authority_of("lisiyuan"))
    steps = [(m.what, m.level) for m in line.content.measures if m.what.startswith("plans.")]
    assert steps == [("plans.activated/1", 2)]


def test_ending_a_response_drafts_the_final_report_once_and_sends_nothing():
    storm = a_storm(SIX_DEAD)
    row = activate(2, incident_id=storm.id)
    settle()
    assert not Sitrep.objects.exists()
    end(row, STORM + 60 * MINUTE)
    final = Sitrep.objects.get()
    assert (final.stage, final.state, final.organization, final.to_organization) == (
        "final", "draft", "4101-zbs", "41-zbs",
    )  # fmt: skip
    assert final.drafted_by == get_machine()
    whats = [m["what"] for m in final.content["measures"]]
    assert "plans.activation_ended/1" in whats
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[ActivationEnded])
    actions.draft_finals(entries, by=get_machine(), moment=a_moment(STORM + 61 * MINUTE))
    assert (Sitrep.objects.count(), Sitrep.objects.get().version) == (1, 1)


def test_a_response_without_an_incident_drafts_none():
    end(activate(2), STORM + 60 * MINUTE)
    assert not Sitrep.objects.exists()


# --- giving up a draft -----------------------------------------------------------------------------------


refused = partial(refusing, SitrepRefused)


def discard(draft, by, reason="重复"):
    draft.refresh_from_db()
    actions.discard_sitrep(draft.id, reason=reason, version=draft.version, by=by, moment=a_moment())
    draft.refresh_from_db()


def test_a_draft_is_given_up_with_its_reason_and_restored(officer):
    draft = a_draft(a_storm(SIX_DEAD), officer)
    with refused("reason_missing"):
        discard(draft, officer, " ")
    discard(draft, officer)
    assert (draft.state, draft.discarded_reason, draft.discarded_by) == ("discarded", "重复", officer)
    with refused("sitrep_not_draft"):
        actions.submit_sitrep(draft.id, version=1, by=officer, moment=a_moment())
    actions.restore_sitrep(draft.id, reason="仍需报送", by=officer, moment=a_moment())
    draft.refresh_from_db()
    assert (draft.state, draft.discarded_at) == ("draft", None)
    kinds = [type(s.fact).__name__ for s in journal.list_entries(subjects=[str(draft.id)])]
    assert kinds == ["SitrepDrafted", "SitrepDiscarded", "SitrepRestored"]


def test_the_next_draft_begins_anew_and_keeps_the_old_one_from_coming_back(officer):
    storm = a_storm(SIX_DEAD)
    draft = a_draft(storm, officer)
    discard(draft, officer)
    again = a_draft(storm, officer)
    assert again.id != draft.id and again.number == draft.number + 1
    with refused("sitrep_draft_open"):
        actions.restore_sitrep(draft.id, reason="仍需报送", by=officer, moment=a_moment())


def test_what_was_sent_cannot_be_given_up(officer):
    draft = a_draft(a_storm(SIX_DEAD), officer)
    gaps = ["missing", "injured"]
    actions.edit_sitrep(draft.id, texts={}, to_check=gaps, version=1, by=officer, moment=a_moment())
    actions.submit_sitrep(draft.id, version=2, by=officer, moment=a_moment())
    with refused("sitrep_sent"):
        discard(draft, officer)
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_a_draft_given_up_is_not_the_previous_report(officer):
    storm = a_storm(SIX_DEAD)
    discard(a_draft(storm, officer), officer)
    later = a_draft(storm, officer, stage="continued")
    line = queries.find_sitrep(later.id, authority=authority_of("lisiyuan"))
    assert queries.find_previous(line) is None
