"""A response is ended by a person who may, with its open orders settled; its incident may close with it."""

from datetime import timedelta
from functools import partial

import pytest

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.incidents.models import Incident
from jingwei.apps.incidents.rules import IncidentRefused
from jingwei.apps.journal import queries as journal
from jingwei.apps.plans import actions
from jingwei.apps.plans.facts import ActivationEnded, Ending
from jingwei.apps.plans.models import Activation
from jingwei.apps.plans.rules import PlansRefused
from jingwei.apps.tasks import actions as task_actions
from jingwei.apps.tasks import queries as tasks
from jingwei.apps.tasks.facts import Receiver, TaskKept
from jingwei.apps.tasks.models import Task
from tests.apps.plans.test_actions import COMMANDER, activate, kept, post_of
from tests.builders import STORM, a_moment, an_incident, holding_of
from tests.refusing import refusing

pytestmark = pytest.mark.django_db
LATER = a_moment(STORM + timedelta(hours=3))


def end(row, ending, by=None, version=1):
    by = by or post_of(*COMMANDER)
    actions.end_activation(row.id, ending=ending, version=version, by=by, moment=LATER)
    row.refresh_from_db()


refused = partial(refusing, PlansRefused)


def test_an_order_left_open_stops_the_ending():
    row = activate(3)
    still = tasks.list_open_of(row.id)
    with refused("tasks_open"):
        end(row, Ending(reason="水已退"))
    one = next(iter(still))
    with refused("tasks_open"):
        end(row, Ending(reason="水已退", keep=dict.fromkeys(still - {one}, "善后")))
    with refused("tasks_open"):
        end(row, Ending(reason="水已退", keep=dict.fromkeys(still, " ")))
    with refused("tasks_open"):
        both = dict.fromkeys(still, "善后")
        end(row, Ending(reason="水已退", keep=both, withdraw={one: "不再需要"}))
    row.refresh_from_db()
    assert row.state == "in_force" and tasks.list_open_of(row.id) == still


def test_orders_are_taken_back_or_kept_each_with_its_reason():
    row = activate(3)
    still = sorted(tasks.list_open_of(row.id))
    back, stay = still[0], still[1:]
    end(row, Ending(reason="水已退", withdraw={back: "不再需要"}, keep=dict.fromkeys(stay, "灾后排查")))
    gone = Task.objects.get(pk=back)
    assert (gone.state, gone.words) == ("withdrawn", "不再需要")
    assert tasks.list_open_of(row.id) == set(stay)
    assert row.kept == {str(t): "灾后排查" for t in stay}
    (fact,) = [s.fact for s in journal.list_entries(subjects=[str(row.id)], kinds=[ActivationEnded])]
    assert (fact.withdrawn, len(fact.kept), fact.closed) == ((str(back),), len(stay), False)
    assert fact.clause == "SRC-ERL2024 art. 86"
    said = journal.list_entries(subjects=[str(stay[0])], kinds=[TaskKept])
    assert [s.fact.reason for s in said] == ["灾后排查"]


def test_what_was_passed_on_goes_back_with_its_order():
    row = activate(3)
    first = Task.objects.get(activation=row.id, to_organization="410182-zbs")
    below = [Receiver(organization="410182109-zf")]
    (child,) = task_actions.cascade_task(
        first.id, below, version=first.version, by=holding_of("yuzijin"), moment=a_moment()
    )
    end(row, Ending(reason="水已退", withdraw=dict.fromkeys(tasks.list_open_of(row.id), "响应终止")))
    assert Task.objects.get(pk=child).state == "withdrawn"


def test_an_order_done_meanwhile_is_left_alone():
    row = activate(3)
    ending = kept(row, "水已退")
    one = Task.objects.filter(activation=row.id).first()
    Task.objects.filter(pk=one.id).update(state="done")
    end(row, ending)
    assert str(one.id) not in row.kept and Task.objects.get(pk=one.id).state == "done"


def test_the_incident_closes_in_the_same_decision():
    incident = an_incident()
    row = activate(3, incident_id=incident.id)
    end(row, kept(row, "水已退", close=incident.version))
    incident.refresh_from_db()
    assert (incident.state, row.state) == ("closed", "ended")
    kinds = [type(s.fact).__name__ for s in journal.list_entries(subjects=[str(incident.id)])]
    assert kinds[-1] == "IncidentClosed"


def test_the_response_stays_when_its_incident_cannot_close():
    incident = an_incident()
    row = activate(3, incident_id=incident.id)
    with pytest.raises(IncidentRefused, match="changed_meanwhile"):
        end(row, kept(row, "水已退", close=incident.version + 1))
    row.refresh_from_db()
    assert row.state == "in_force" and Incident.objects.get().state == "open"
    assert len(tasks.list_open_of(row.id)) == len(row.started)


def test_an_incident_with_another_response_in_force_is_not_closed():
    incident = an_incident()
    row = activate(3, incident_id=incident.id)
    activate(3, place="410182", incident_id=incident.id)
    with refused("incident_still_responded"):
        end(row, kept(row, "水已退", close=incident.version))
    other = activate(4, place="410183")
    with refused("incident_missing"):
        end(other, kept(other, "水已退", close=1))
    for one in (row, other):
        one.refresh_from_db()
        assert one.state == "in_force"
    assert Incident.objects.get().state == "open"


def test_closing_the_incident_apart_leaves_it_open_now():
    incident = an_incident()
    row = activate(3, incident_id=incident.id)
    end(row, kept(row, "水已退"))
    assert Incident.objects.get().state == "open"


@pytest.mark.parametrize("who", ["lisiyuan", "luoruchuan"])
def test_only_the_competent_post_ends(who):
    row = activate(1)
    with pytest.raises((NotAllowed, PlansRefused)) as refused:
        end(row, kept(row, "水已退"), by=holding_of(who))
    assert refused.value.code == "not_allowed"
    assert Activation.objects.get().state == "in_force"
