"""How each action of hospitals is performed, for the questions about rights."""

import uuid

from jingwei.apps.hospitals import actions
from jingwei.apps.hospitals.facts import NewBeds, NewStep, NewTransfer
from jingwei.apps.registers import actions as registers
from tests.rights import Act, Stage, action_case


def a_hospital(stage: Stage, name: str = "市一院", usable: int = 10, taken: int = 4) -> uuid.UUID:
    values = {"name": name, "place": stage.place, "kind": "3A", "beds": 800}
    made = registers.add_row("hospitals", values, by=stage.operator, moment=stage.moment)
    new = NewBeds(hospital_id=made, kind="icu", usable=usable, taken=taken)
    actions.report_beds(new, by=stage.operator, moment=stage.moment)
    return made


def a_step(stage: Stage, hospital: uuid.UUID | None = None) -> uuid.UUID:
    new = NewStep(
        hospital_id=hospital or a_hospital(stage),
        number=1,
        kind="icu",
        adds=6,
        within_h=4,
        how="改造外科病区",
    )
    return actions.plan_surge(new, by=stage.operator, moment=stage.moment)


def a_transfer(stage: Stage, *then: str) -> uuid.UUID:
    to, source = a_hospital(stage), a_hospital(stage, "县医院")
    new = NewTransfer(to_id=to, from_id=source, kind="icu", patient="伤票 0012", why="无重症床")
    made = actions.ask_transfer(new, by=stage.operator, moment=stage.moment)
    for step in then:
        getattr(actions, f"{step}_transfer")(made, by=stage.operator, moment=stage.moment)
    return made


@action_case("hospitals.report_beds")
def report_beds(stage: Stage) -> Act:
    new = NewBeds(hospital_id=a_hospital(stage), kind="burn", usable=4, taken=1)
    return lambda by, moment: actions.report_beds(new, by=by, moment=moment)


@action_case("hospitals.plan_surge")
def plan_surge(stage: Stage) -> Act:
    new = NewStep(hospital_id=a_hospital(stage), number=2, kind="icu", adds=6, within_h=4, how="启用备用病区")
    return lambda by, moment: actions.plan_surge(new, by=by, moment=moment)


@action_case("hospitals.start_surge")
def start_surge(stage: Stage) -> Act:
    step = a_step(stage)
    return lambda by, moment: actions.start_surge(step, by=by, moment=moment)


@action_case("hospitals.end_surge")
def end_surge(stage: Stage) -> Act:
    step = a_step(stage)
    actions.start_surge(step, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.end_surge(step, reason="高峰已过", by=by, moment=moment)


@action_case("hospitals.ask_transfer")
def ask_transfer(stage: Stage) -> Act:
    new = NewTransfer(to_id=a_hospital(stage), from_words="三中安置点", kind="icu", patient="伤票 0012")
    return lambda by, moment: actions.ask_transfer(new, by=by, moment=moment)


@action_case("hospitals.accept_transfer")
def accept_transfer(stage: Stage) -> Act:
    transfer = a_transfer(stage)
    return lambda by, moment: actions.accept_transfer(transfer, by=by, moment=moment)


@action_case("hospitals.refuse_transfer")
def refuse_transfer(stage: Stage) -> Act:
    transfer = a_transfer(stage)
    return lambda by, moment: actions.refuse_transfer(transfer, reason="无人手", by=by, moment=moment)


@action_case("hospitals.send_transfer")
def send_transfer(stage: Stage) -> Act:
    transfer = a_transfer(stage, "accept")
    return lambda by, moment: actions.send_transfer(transfer, carrier="120 12 号车", by=by, moment=moment)


@action_case("hospitals.receive_transfer")
def receive_transfer(stage: Stage) -> Act:
    transfer = a_transfer(stage, "accept", "send")
    return lambda by, moment: actions.receive_transfer(transfer, condition="平稳", by=by, moment=moment)


@action_case("hospitals.cancel_transfer")
def cancel_transfer(stage: Stage) -> Act:
    transfer = a_transfer(stage, "accept")
    return lambda by, moment: actions.cancel_transfer(transfer, reason="病情缓解", by=by, moment=moment)
