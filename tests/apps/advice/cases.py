"""How each action of advice is performed, for the questions about rights."""

import uuid

from jingwei.apps.advice import actions
from jingwei.apps.advice.facts import Decision, NewQuestion
from jingwei.apps.registers import actions as registers
from tests.apps.people.cases import an_incident
from tests.rights import ABOVE, Act, Stage, action_case


def question(stage: Stage) -> NewQuestion:
    """At an incident of the place; the expert stands with the city, which both counties see."""
    values = {"name": f"专家{uuid.uuid4().hex[:6]}", "place": ABOVE, "kind": "42A01"}
    expert = registers.add_row("experts", values, by=stage.operator, moment=stage.moment)
    return NewQuestion(incident_id=an_incident(stage), expert_id=expert, question="大坝能否下泄？")


def asked(stage: Stage) -> tuple[uuid.UUID, Decision]:
    new = question(stage)
    found = actions.ask_expert(new, by=stage.operator, moment=stage.moment)
    return found, Decision(kind="incident", id=new.incident_id)


@action_case("advice.ask_expert")
def ask_expert(stage: Stage) -> Act:
    new = question(stage)
    return lambda by, moment: actions.ask_expert(new, by=by, moment=moment)


@action_case("advice.record_advice")
def record_advice(stage: Stage) -> Act:
    found, decision = asked(stage)
    return lambda by, moment: actions.record_advice(found, "可以", decision, by=by, moment=moment)


@action_case("advice.link_advice")
def link_advice(stage: Stage) -> Act:
    found, decision = asked(stage)
    actions.record_advice(found, "可以", decision, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.link_advice(found, decision, by=by, moment=moment)
