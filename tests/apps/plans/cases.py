"""How each action of plans is performed, for the questions about rights."""

import uuid
from datetime import datetime, timedelta

from jingwei.apps.journal import queries as journal
from jingwei.apps.plans import actions, queries
from jingwei.apps.plans.facts import Change, Ending, Order
from jingwei.apps.plans.models import Activation, CallLine, Plan, Proposed
from jingwei.apps.reports import actions as reports
from jingwei.apps.reports.facts import ReportReceived
from jingwei.apps.tasks import queries as tasks
from tests.apps.reports.cases import duty
from tests.builders import told
from tests.rights import Act, Stage, a_holding, action_case


def an_order(place: str, at: datetime, *, level: int = 3, **changes: object) -> Order:
    fields: dict[str, object] = {
        "place": place,
        "level": level,
        "matter": "防汛",
        "expected_until": at + timedelta(hours=24),
        "measures": ("underpass",),
    }
    return Order(**(fields | changes))  # type: ignore[arg-type]


def an_activation(stage: Stage, *, level: int = 3) -> Activation:
    plan = Plan.objects.get()
    chief = a_holding("duty_chief", place=stage.place)
    order = an_order(stage.place, stage.moment.at, level=level)
    done = actions.activate_plan(plan.id, order, version=plan.version, by=chief, moment=stage.moment)
    return Activation.objects.get(pk=done)


def a_warning(stage: Stage, level: int = 3) -> list[journal.Said]:
    report = told(
        "暴雨预警", type="warning", kind="11B03", place=stage.place, level=level, occurred_at=stage.moment.at
    )
    (answer,) = reports.receive_reports([report], by=duty(stage), moment=stage.moment)
    return journal.list_entries(subjects=[str(answer.id)], kinds=[ReportReceived])


@action_case("plans.load_plan", scoped=False)
def load_plan(stage: Stage) -> Act:
    (content,) = queries.list_shipped_plans()
    changed = content.replace(b'"illustration-1"', f'"{uuid.uuid4().hex[:8]}"'.encode())
    return lambda by, moment: actions.load_plan(changed, by=by, moment=moment)


@action_case("plans.propose_activation", scoped=False)
def propose_activation(stage: Stage) -> Act:
    entries = a_warning(stage)
    return lambda by, moment: actions.propose_activation(entries, by=by, moment=moment)


@action_case("plans.decline_proposal")
def decline_proposal(stage: Stage) -> Act:
    actions.propose_activation(a_warning(stage), by=stage.machine, moment=stage.moment)
    row = Proposed.objects.get(state="open")
    return lambda by, moment: actions.decline_proposal(row.id, reason="误报", by=by, moment=moment)


@action_case("plans.activate_plan")
def activate_plan(stage: Stage) -> Act:
    plan, order = Plan.objects.get(), an_order(stage.place, stage.moment.at)
    return lambda by, moment: actions.activate_plan(
        plan.id, order, version=plan.version, by=by, moment=moment
    )


def a_change(stage: Stage, level: int) -> Change:
    until = stage.moment.at + timedelta(hours=12)
    return Change(level=level, reason="水情变化", expected_until=until)


@action_case("plans.raise_level")
def raise_level(stage: Stage) -> Act:
    row, change = an_activation(stage), a_change(stage, 2)
    return lambda by, moment: actions.raise_level(row.id, change, version=1, by=by, moment=moment)


@action_case("plans.lower_level")
def lower_level(stage: Stage) -> Act:
    row, change = an_activation(stage), a_change(stage, 4)
    return lambda by, moment: actions.lower_level(row.id, change, version=1, by=by, moment=moment)


@action_case("plans.end_activation")
def end_activation(stage: Stage) -> Act:
    row = an_activation(stage)
    keep = dict.fromkeys(tasks.list_open_of(row.id), "善后")
    ending = Ending(reason="水已退", keep=keep)
    return lambda by, moment: actions.end_activation(row.id, ending=ending, version=1, by=by, moment=moment)


@action_case("plans.note_call")
def note_call(stage: Stage) -> Act:
    line = CallLine.objects.filter(activation=an_activation(stage)).first()
    assert line is not None
    return lambda by, moment: actions.note_call(line.id, state="reached", by=by, moment=moment)


@action_case("plans.reveal_call")
def reveal_call(stage: Stage) -> Act:
    line = CallLine.objects.filter(activation=an_activation(stage)).first()
    assert line is not None
    a_holding("commander", place=stage.place)
    CallLine.objects.filter(pk=line.pk).update(post=_held_post())
    return lambda by, moment: actions.reveal_call(line.id, by=by, moment=moment)


def _held_post() -> str:
    from jingwei.apps.agencies.models import Holding

    found = Holding.objects.filter(person__kind="human", until_at=None).order_by("-from_at").first()
    assert found is not None
    return found.post.code


@action_case("plans.move_calls_on", scoped=False)
def move_calls_on(stage: Stage) -> Act:
    CallLine.objects.filter(activation=an_activation(stage), next_at__isnull=False).update(
        next_at=stage.moment.at - timedelta(minutes=1)
    )
    return lambda by, moment: actions.move_calls_on(by=by, moment=moment)
