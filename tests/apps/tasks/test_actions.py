"""Orders go down the levels and their state comes up; time is watched; nobody decides twice."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies.queries import NotAllowed, get_machine
from jingwei.apps.journal import queries as journal
from jingwei.apps.tasks import actions, facts, queries
from jingwei.apps.tasks.facts import Receiver, TaskDraft
from jingwei.apps.tasks.models import Task, TaskNote
from jingwei.apps.tasks.rules import ESCALATE_AFTER, TaskRefusal
from tests.builders import STORM, a_moment, an_incident, authority_of, holding_of
from tests.refusing import refusing

pytestmark = pytest.mark.django_db

CITY = "lisiyuan"
MINUTE = timedelta(minutes=1)


def holder(post: str):
    from jingwei.apps.agencies.models import Holding

    return Holding.objects.filter(post__code=post).order_by("pk").values_list("pk", flat=True)[0]


def seat(post: str):
    from jingwei.apps.agencies.queries import get_authority

    return get_authority(holder(post), at=STORM)


def order(to: str = "410182-zbs", *, due: int | None = 60, by=None, **changes) -> Task:
    draft = TaskDraft(
        title_zh="转移王宗店村群众",
        to_organization=to,
        due_at=STORM + timedelta(minutes=due) if due else None,
        **changes,
    )
    (task_id,) = actions.issue_tasks([draft], by=by or holding_of(CITY), moment=a_moment())
    return Task.objects.get(pk=task_id)


refused = partial(refusing, TaskRefusal)


def passed_down() -> tuple[Task, Task, Task]:
    """City to county, county to township, township to village."""
    first = order()
    (second,) = actions.cascade_task(
        first.id, [Receiver(organization="410182109-zf")], version=1,
        by=holder("410182-zbs-duty"), moment=a_moment(),
    )  # fmt: skip
    (third,) = actions.cascade_task(
        second, [Receiver(post="410182109211-cwh-warner")], version=1,
        by=holder("410182109-zf-duty"), moment=a_moment(),
    )  # fmt: skip
    return first, Task.objects.get(pk=second), Task.objects.get(pk=third)


def line(task: Task, at=STORM):
    return queries.find_task(task.id, authority=authority_of(CITY), at=at)


def test_an_order_goes_down_three_levels_and_its_acknowledgement_comes_up():
    city, town, village = passed_down()
    assert (town.parent_id, village.parent_id, village.root, village.depth) == (city.id, town.id, city.id, 2)
    below = line(city).below
    assert (below.total, below.acknowledged) == (2, 1), "the township took it on by passing it on"
    actions.acknowledge_task(village.id, version=1, by=holder("410182109211-cwh-warner"), moment=a_moment())
    assert line(city).below.acknowledged == 2
    tree = queries.get_tree(line(city), authority=authority_of(CITY), at=STORM)
    assert [(b.task.id, b.level) for b in tree] == [(city.id, 0), (town.id, 1), (village.id, 2)]


def test_an_order_passed_on_keeps_its_place_where_it_lies_below():
    row = order(place="410182109")
    wide = order(place="4101")
    for one, place in ((row, "410182109"), (wide, "410182")):
        (child,) = actions.cascade_task(
            one.id, [Receiver(organization="410182109-zf")], version=1,
            by=holder("410182-zbs-duty"), moment=a_moment(),
        )  # fmt: skip
        assert Task.objects.get(pk=child).place == place


def test_an_order_is_done_only_when_those_passed_on_are():
    city, town, village = passed_down()
    with refused("task_children_open"):
        actions.complete_task(town.id, version=2, by=holder("410182109-zf-duty"), moment=a_moment())
    warner = holder("410182109211-cwh-warner")
    actions.acknowledge_task(village.id, version=1, by=warner, moment=a_moment())
    actions.complete_task(village.id, version=2, words="全村已转移", by=warner, moment=a_moment())
    actions.complete_task(town.id, version=2, by=holder("410182109-zf-duty"), moment=a_moment())
    assert (line(city).below.done, line(city).below.open) == (2, 0)


def test_a_refusal_needs_its_reason_and_comes_up():
    city, _, village = passed_down()
    warner = holder("410182109211-cwh-warner")
    with refused("reason_missing"):
        actions.refuse_task(village.id, reason=" ", version=1, by=warner, moment=a_moment())
    actions.refuse_task(village.id, reason="路断了", version=1, by=warner, moment=a_moment())
    assert line(city).below.refused == 1
    (said,) = journal.list_entries(subjects=[str(village.id)], kinds=[facts.TaskRefused])
    assert (said.fact.reason, said.by) == ("路断了", warner)


def test_withdrawing_an_order_withdraws_those_passed_on():
    city, town, village = passed_down()
    actions.withdraw_task(city.id, reason="水退了", version=2, by=holding_of(CITY), moment=a_moment())
    for row in (city, town, village):
        row.refresh_from_db()
        assert (row.state, row.next_at) == ("withdrawn", None)
        assert len(journal.list_entries(subjects=[str(row.id)], kinds=[facts.TaskWithdrawn])) == 1


def test_the_one_above_may_withdraw_and_a_neighbour_may_not():
    row = order("410182109-zf", by=holder("410182-zbs-duty"))
    with refused("task_not_yours"):
        actions.withdraw_task(row.id, reason="x", version=1, by=holder("410181-zbs-duty"), moment=a_moment())
    actions.withdraw_task(row.id, reason="x", version=1, by=holding_of(CITY), moment=a_moment())
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_only_those_an_order_is_for_answer_it():
    row = order()
    for other in ("410181-zbs-duty", "4101-zbs-duty", "410182109-zf-duty"):
        with refused("task_not_addressed"):
            actions.acknowledge_task(row.id, version=1, by=holder(other), moment=a_moment())
    actions.acknowledge_task(row.id, version=1, by=holder("410182-zbs-leader"), moment=a_moment())
    row.refresh_from_db()
    assert row.state == "acknowledged"


def test_a_county_orders_no_other_county_and_no_city():
    for to in ("410181-zbs", "4101-zbs"):
        with pytest.raises(NotAllowed) as refused:
            order(to, by=holder("410182-zbs-duty"))
        assert refused.value.code == "not_allowed"
    assert Task.objects.count() == 0


def test_a_body_orders_along_its_line_outside_its_own_place():
    row = order("410182-yjj", by=holder("4101-yjj-duty"))
    assert Task.objects.get(pk=row.pk).to_organization == "410182-yjj"


def test_of_a_list_with_one_unknown_receiver_nothing_is_issued():
    known = TaskDraft(title_zh="a", to_organization="410182-zbs")
    drafts = [known, TaskDraft(title_zh="b", to_post="nobody")]
    with refused("receiver_unknown"):
        actions.issue_tasks(drafts, by=holding_of(CITY), moment=a_moment())
    assert Task.objects.count() == 0


@pytest.mark.parametrize("step", ["acknowledge_task", "refuse_task"])
def test_the_second_of_two_who_act_at_once_is_told(step):
    row = order()
    actions.acknowledge_task(row.id, version=1, by=holder("410182-zbs-duty"), moment=a_moment())
    more = {"reason": "无船"} if step == "refuse_task" else {}
    with refused("changed_meanwhile"):
        getattr(actions, step)(row.id, version=1, by=holder("410182-zbs-leader"), moment=a_moment(), **more)
    row.refresh_from_db()
    assert (row.state, row.version) == ("acknowledged", 2)


def test_reading_is_said_once_and_disturbs_nobody():
    row = order()
    actions.read_task(row.id, by=holder("410182-zbs-duty"), moment=a_moment())
    row.refresh_from_db()
    assert (row.state, row.version) == ("read", 1)
    with refused("task_not_so_now"):
        actions.read_task(row.id, by=holder("410182-zbs-leader"), moment=a_moment())


def watch(at) -> int:
    return actions.mark_overdue(by=get_machine(), moment=a_moment(at))


def kinds(row: Task) -> list[str]:
    said = journal.list_entries(subjects=[str(row.id)], kinds=[facts.TaskOverdue, facts.TaskEscalated])
    return [s.kind for s in said]


def test_overdue_is_said_once_after_the_limit_and_escalates_to_the_issuer_then_higher():
    row = order(due=30)
    limit = STORM + 30 * MINUTE
    assert watch(limit) == 0, "at the limit it is in time"
    assert watch(limit + timedelta(seconds=1)) == 1
    assert kinds(row) == ["tasks.overdue/1", "tasks.escalated/1"]
    row.refresh_from_db()
    assert (row.escalation, row.escalated_to) == (1, "4101-zbs-duty")
    assert watch(limit + ESCALATE_AFTER) == 0
    assert watch(limit + ESCALATE_AFTER + timedelta(seconds=1)) == 1
    row.refresh_from_db()
    assert (row.escalation, row.escalated_to, row.next_at) == (2, "4101-zbs-chief", None)
    assert watch(limit + timedelta(days=1)) == 0
    assert kinds(row) == ["tasks.overdue/1", "tasks.escalated/1", "tasks.escalated/1"]


def test_where_nobody_higher_sits_in_the_house_the_desk_above_is_told():
    row = order("410182109-zf", due=30, by=holder("410182-zbs-leader"))
    watch(STORM + 31 * MINUTE)
    watch(STORM + 30 * MINUTE + ESCALATE_AFTER + MINUTE)
    row.refresh_from_db()
    assert row.escalated_to == "4101-zbs-duty"


@pytest.mark.parametrize("end", ["done", "refused", "withdrawn"])
def test_an_order_that_is_over_is_never_overdue(end):
    row, desk = order(due=30), holder("410182-zbs-duty")
    if end == "done":
        actions.acknowledge_task(row.id, version=1, by=desk, moment=a_moment())
        actions.complete_task(row.id, version=2, by=desk, moment=a_moment())
    elif end == "refused":
        actions.refuse_task(row.id, reason="无船", version=1, by=desk, moment=a_moment())
    else:
        actions.withdraw_task(row.id, reason="误发", version=1, by=holding_of(CITY), moment=a_moment())
    assert watch(STORM + timedelta(hours=2)) == 0


def test_done_after_the_limit_is_called_late():
    row, desk = order(due=30), holder("410182-zbs-duty")
    actions.acknowledge_task(row.id, version=1, by=desk, moment=a_moment())
    after = a_moment(STORM + 31 * MINUTE)
    actions.complete_task(row.id, version=2, by=desk, moment=after)
    (said,) = journal.list_entries(subjects=[str(row.id)], kinds=[facts.TaskDone])
    assert said.fact.late and line(row, after.at).late and not line(row, after.at).overdue


def test_nothing_due_costs_one_query():
    order(due=30)
    machine = get_machine()
    with CaptureQueriesContext(connection) as asked:
        actions.mark_overdue(by=machine, moment=a_moment())
    assert len(asked) == 1


def count_queries(n: int) -> int:
    counties = ["410182-zbs", "410181-zbs", "410185-zbs", "4101-slj"]
    drafts = [
        TaskDraft(title_zh=f"任务{i}", to_organization=counties[i % 4], place=counties[i % 3][:6],
                  due_at=STORM + timedelta(minutes=i + 1))
        for i in range(n)
    ]  # fmt: skip
    holding = holding_of(CITY)
    with CaptureQueriesContext(connection) as asked:
        assert len(actions.issue_tasks(drafts, by=holding, moment=a_moment())) == n
    # entries go beside what is counted here, but for many on PostgreSQL
    counted = [q["sql"] for q in asked if not q["sql"].startswith("COPY journal_")]
    inserts = [sql for sql in counted if sql.startswith("INSERT")]
    return len(counted) - len(inserts) + len({sql.split("(")[0] for sql in inserts})


def test_two_hundred_orders_take_as_many_statements_as_one():
    """A database that limits the values of one statement takes an INSERT in parts; they count as one."""
    assert count_queries(200) == count_queries(1)


def test_a_line_of_the_log_is_struck_and_stays():
    row = order()
    note_id = actions.note_task(row.id, words="两台泵在路上", by=holder("410182-zbs-duty"), moment=a_moment())
    actions.strike_note(note_id, reason="是三台", by=holding_of(CITY), moment=a_moment())
    note = TaskNote.objects.get(pk=note_id)
    assert (note.words, note.struck_reason) == ("两台泵在路上", "是三台")
    with refused("note_struck"):
        actions.strike_note(note_id, reason="再划", by=holding_of(CITY), moment=a_moment())
    with pytest.raises(NotAllowed) as denied:
        actions.note_task(row.id, words="x", by=holder("410181-zbs-duty"), moment=a_moment())
    assert denied.value.code == "not_allowed"


def test_an_order_of_an_incident_stands_in_its_list():
    incident = an_incident()
    row = order(incident_id=str(incident.id))
    found = queries.list_incident_tasks(incident.id, authority=authority_of(CITY), at=STORM)
    assert [t.id for t in found] == [row.id]
    with refused("incident_unknown"):
        order(incident_id="01890000-0000-7000-8000-000000000000")


def test_one_sees_orders_of_the_own_place_and_those_for_the_own_house():
    row = order()
    assert queries.find_task(row.id, authority=seat("410182-zbs-duty"), at=STORM)
    assert queries.find_task(row.id, authority=seat("410181-zbs-duty"), at=STORM) is None
    mine = queries.list_tasks(queries.Asked(view="mine"), authority=seat("410182-zbs-duty"), at=STORM)
    assert [t.id for t in mine] == [row.id]
    assert queries.count_waiting(authority=seat("410182-zbs-leader")) == 1
    assert queries.count_waiting(authority=seat("410181-zbs-duty")) == 0


@pytest.mark.parametrize("act", ["acknowledge_task", "begin_task", "complete_task"])
def test_the_machine_answers_no_order(act):
    row = order()
    with pytest.raises(NotAllowed) as no:
        getattr(actions, act)(row.id, version=1, by=get_machine(), moment=a_moment())
    assert no.value.code == "machine_may_not_decide"
