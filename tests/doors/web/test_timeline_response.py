"""The room's timeline tells of the response: proposed, activated, rung, ordered, ended; to be filtered."""

from datetime import timedelta

import pytest

from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents import queries as seen
from jingwei.apps.plans import actions, queries
from jingwei.apps.plans.models import Proposed
from jingwei.doors.web import timeline, timeline_response
from jingwei.doors.web.names import Names
from tests.apps.plans.test_actions import COMMANDER, activate, kept, post_of, warn
from tests.builders import STORM, a_moment, an_incident, authority_of, holding_of, settle
from tests.doors.web.test_plans import signed_in

pytestmark = pytest.mark.django_db
LATER = STORM + timedelta(hours=2)


@pytest.fixture
def incident():
    row = an_incident()
    incidents.judge_grade(
        row.id, grade=2, version=row.version, reason="多处受淹", by=holding_of("hejing"), moment=a_moment()
    )
    settle()
    return row


@pytest.fixture
def response(incident):
    row = activate(2, incident_id=incident.id)
    line = queries.list_calls(row.id)[0]
    actions.note_call(line.id, state="reached", by=holding_of("lisiyuan"), moment=a_moment())
    end = kept(row, "水已退")
    actions.end_activation(row.id, ending=end, version=1, by=post_of(*COMMANDER), moment=a_moment(LATER))
    settle(LATER)
    return row


def titles(incident):
    authority = authority_of("hejing")
    line = seen.find_incident(incident.id, authority=authority)
    found = timeline_response.rows(line, Names(), authority=authority, now=LATER)
    return [row.title for row in sorted(found, key=lambda r: r.at)]


def test_every_step_of_the_response_stands_there(incident, response):
    assert Proposed.objects.filter(why__incident_id=str(incident.id)).exists()
    text = " | ".join(titles(incident))
    for step in ("预案建议：启动 II", "启动II级应急响应", "叫应", "下达任务 47 项", "终止应急响应"):
        assert step in text, text


def test_the_warnings_proposal_stands_there_once_it_was_answered_for_the_incident():
    warn(3)
    row = an_incident(place="4101")
    assert titles(row) == []
    activate(3, incident_id=row.id)
    assert "预案建议：启动 III" in titles(row)


def test_a_declined_proposal_keeps_its_reason(incident):
    row = Proposed.objects.filter(state="open", place="4101").get()
    actions.decline_proposal(row.id, reason="雨将停", by=post_of(*COMMANDER), moment=a_moment())
    assert "不采纳预案建议" in titles(incident)


def test_another_incidents_steps_do_not_stand_there(incident, response):
    assert titles(an_incident(place="410103")) == []


def test_the_filter_shows_the_response_alone(incident, response):
    client = signed_in("hejing")
    whole = client.get(f"/incidents/{incident.id}").content.decode()
    only = client.get(f"/incidents/{incident.id}?mark=response").content.decode()
    assert whole.count('class="ev"') > only.count('class="ev"') >= 5
    assert "水已退" in only


def test_canary_a_row_that_tells_of_no_response_is_filtered_out():
    named = {n: "" for n in timeline.Row.__struct_fields__ if n not in ("told", "first_of_day")}
    row = timeline.Row(**named | {"type": "occurrence"})
    assert timeline.chosen([row], "response") == []
