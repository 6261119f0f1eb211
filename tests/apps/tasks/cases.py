"""How each action of tasks is performed, for the questions about rights."""

import uuid
from datetime import timedelta

from jingwei.apps.agencies.models import Organization, OrganizationLink
from jingwei.apps.tasks import actions
from jingwei.apps.tasks.facts import Receiver, TaskDraft
from jingwei.apps.tasks.models import Task, TaskNote
from tests import rights
from tests.rights import Act, Stage, action_case

#: The organization whose posts `rights.a_holding` makes when no place is given: orders here are for it.
EVERYWHERE = "test-all"


def an_order(stage: Stage, **changes: object) -> Task:
    """An order from a desk of the county to the organization everywhere."""
    desk = rights.a_holding("duty_officer", place="")
    due_at = stage.moment.at + timedelta(hours=1)
    fields = {"title_zh": "封闭隧道", "to_organization": EVERYWHERE, "due_at": due_at}
    (task_id,) = actions.issue_tasks([TaskDraft(**(fields | changes))], by=desk, moment=stage.moment)
    return Task.objects.get(pk=task_id)


def a_note(stage: Stage) -> TaskNote:
    row = an_order(stage)
    desk = rights.a_holding("duty_officer")
    note_id = actions.note_task(row.id, words="泵车已到", by=desk, moment=stage.moment)
    return TaskNote.objects.get(pk=note_id)


@action_case("tasks.issue_tasks")
def issue_tasks(stage: Stage) -> Act:
    drafts = [TaskDraft(title_zh="转移群众", to_organization="410182109-zf", place=stage.place)]
    return lambda by, moment: actions.issue_tasks(drafts, by=by, moment=moment)


@action_case("tasks.cascade_task", scoped=False)
def cascade_task(stage: Stage) -> Act:
    row = an_order(stage)
    below = [Receiver(organization="410182109-zf")]
    return lambda by, moment: actions.cascade_task(row.id, below, version=row.version, by=by, moment=moment)


@action_case("tasks.withdraw_task", scoped=False)
def withdraw_task(stage: Stage) -> Act:
    rights.a_holding("duty_officer")
    county = rights.a_holding("duty_officer", place=stage.place)
    draft = TaskDraft(title_zh="封路", to_organization="410182109-zf")
    (task_id,) = actions.issue_tasks([draft], by=county, moment=stage.moment)
    upper, lower = (Organization.objects.get(code=c) for c in (EVERYWHERE, f"test-{stage.place}"))
    OrganizationLink.objects.create(lower=lower, upper=upper, line="territory")
    return lambda by, moment: actions.withdraw_task(task_id, reason="水退了", version=1, by=by, moment=moment)


@action_case("tasks.read_task", scoped=False)
def read_task(stage: Stage) -> Act:
    row = an_order(stage)
    return lambda by, moment: actions.read_task(row.id, by=by, moment=moment)


@action_case("tasks.acknowledge_task", scoped=False)
def acknowledge_task(stage: Stage) -> Act:
    row = an_order(stage)
    return lambda by, moment: actions.acknowledge_task(row.id, version=row.version, by=by, moment=moment)


def acknowledged(stage: Stage) -> uuid.UUID:
    row = an_order(stage)
    actions.acknowledge_task(row.id, version=1, by=rights.a_holding("duty_officer"), moment=stage.moment)
    return row.id


@action_case("tasks.begin_task", scoped=False)
def begin_task(stage: Stage) -> Act:
    task_id = acknowledged(stage)
    return lambda by, moment: actions.begin_task(task_id, version=2, by=by, moment=moment)


@action_case("tasks.complete_task", scoped=False)
def complete_task(stage: Stage) -> Act:
    task_id = acknowledged(stage)
    return lambda by, moment: actions.complete_task(task_id, version=2, by=by, moment=moment)


@action_case("tasks.refuse_task", scoped=False)
def refuse_task(stage: Stage) -> Act:
    row = an_order(stage)
    return lambda by, moment: actions.refuse_task(row.id, reason="无船", version=1, by=by, moment=moment)


@action_case("tasks.note_task", scoped=False)
def note_task(stage: Stage) -> Act:
    row = an_order(stage)
    return lambda by, moment: actions.note_task(row.id, words="两台泵在路上", by=by, moment=moment)


@action_case("tasks.strike_note", scoped=False)
def strike_note(stage: Stage) -> Act:
    note = a_note(stage)
    return lambda by, moment: actions.strike_note(note.id, reason="写错了", by=by, moment=moment)


@action_case("tasks.mark_overdue", scoped=False)
def mark_overdue(stage: Stage) -> Act:
    row = an_order(stage)
    Task.objects.filter(pk=row.pk).update(next_at=stage.moment.at - timedelta(minutes=1))
    return lambda by, moment: actions.mark_overdue(by=by, moment=moment)


@action_case("tasks.settle_tasks", scoped=False)
def settle_tasks(stage: Stage) -> Act:
    rights.a_holding("duty_officer")
    county = rights.a_holding("duty_officer", place=stage.place)
    draft = TaskDraft(title_zh="封路", to_organization="410182109-zf")
    (task_id,) = actions.issue_tasks([draft], by=county, moment=stage.moment)
    upper, lower = (Organization.objects.get(code=c) for c in (EVERYWHERE, f"test-{stage.place}"))
    OrganizationLink.objects.create(lower=lower, upper=upper, line="territory")
    return lambda by, moment: actions.settle_tasks(
        withdraw={task_id: "响应终止"}, keep={}, by=by, moment=moment
    )
