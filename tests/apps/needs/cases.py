"""How each action of needs is performed, for the questions about rights."""

import uuid
from datetime import timedelta

from jingwei.apps.incidents.facts import ReportFused
from jingwei.apps.journal import queries as journal
from jingwei.apps.needs import actions
from jingwei.apps.needs.facts import NewAdvice, NewNeed
from jingwei.apps.people import actions as people
from jingwei.apps.people.facts import FigureAdopted, Given
from jingwei.apps.reports import actions as reports
from jingwei.apps.reports.facts import Told
from jingwei.apps.stock.facts import Wanted
from tests.apps.incidents.cases import received
from tests.apps.people.cases import an_incident, duty
from tests.apps.stock.cases import filled
from tests.rights import Act, Stage, action_case


def a_need(stage: Stage, words: str = "帐篷", supply: uuid.UUID | None = None) -> uuid.UUID:
    new = NewNeed(
        words=words, supply_id=supply, unit="顶", quantity=20, place=stage.place, item_class="shelter"
    )
    return actions.ask_need(new, by=stage.operator, moment=stage.moment)


def over(stage: Stage) -> uuid.UUID:
    need = a_need(stage)
    actions.withdraw_need(need, reason="已有", by=stage.operator, moment=stage.moment)
    return need


def an_advice(stage: Stage) -> NewAdvice:
    return NewAdvice(
        words_zh="旧衣服",
        place=stage.place,
        reason_zh="已满",
        valid_until=stage.moment.at + timedelta(days=3),
    )


@action_case("needs.ask_need")
def ask_need(stage: Stage) -> Act:
    new = NewNeed(words="冲锋舟", unit="艘", quantity=3, place=stage.place, item_class="boat")
    return lambda by, moment: actions.ask_need(new, by=by, moment=moment)


@action_case("needs.change_need")
def change_need(stage: Stage) -> Act:
    need = a_need(stage)
    new = NewNeed(words="帐篷", unit="顶", quantity=30, place=stage.place, item_class="shelter")
    return lambda by, moment: actions.change_need(need, new, by=by, moment=moment)


@action_case("needs.confirm_need")
def confirm_need(stage: Stage) -> Act:
    need = a_need(stage)
    return lambda by, moment: actions.confirm_need(need, by=by, moment=moment)


@action_case("needs.meet_need")
def meet_need(stage: Stage) -> Act:
    need = a_need(stage)
    return lambda by, moment: actions.meet_need(need, reason="已送到", by=by, moment=moment)


@action_case("needs.withdraw_need")
def withdraw_need(stage: Stage) -> Act:
    need = a_need(stage)
    return lambda by, moment: actions.withdraw_need(need, reason="不需要了", by=by, moment=moment)


@action_case("needs.restore_need")
def restore_need(stage: Stage) -> Act:
    need = over(stage)
    return lambda by, moment: actions.restore_need(need, reason="撤错了", by=by, moment=moment)


@action_case("needs.join_needs")
def join_needs(stage: Stage) -> Act:
    one, other = a_need(stage), a_need(stage)
    return lambda by, moment: actions.join_needs(one, other, by=by, moment=moment)


@action_case("needs.part_needs")
def part_needs(stage: Stage) -> Act:
    one, other = a_need(stage), a_need(stage)
    actions.join_needs(one, other, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.part_needs(one, by=by, moment=moment)


@action_case("needs.serve_need")
def serve_need(stage: Stage) -> Act:
    store, supply, _ = filled(stage)
    need = a_need(stage, supply=supply)
    wanted = Wanted(supply_id=supply, quantity=10, for_whom="三中安置点")
    return lambda by, moment: actions.serve_need(need, store, wanted, by=by, moment=moment)


@action_case("needs.advise_against")
def advise_against(stage: Stage) -> Act:
    new = an_advice(stage)
    return lambda by, moment: actions.advise_against(new, by=by, moment=moment)


@action_case("needs.end_advice")
def end_advice(stage: Stage) -> Act:
    advice = actions.advise_against(an_advice(stage), by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.end_advice(advice, reason="又缺了", by=by, moment=moment)


@action_case("needs.find_needs", scoped=False)
def find_needs(stage: Stage) -> Act:
    from jingwei.apps.incidents import actions as incidents

    told = Told(words="村里急需饮用水和棉被", kind="11A01", place=stage.place)
    (known,) = reports.receive_reports([told], by=duty(stage), moment=stage.moment)
    incidents.fuse_reports(received(known.id), by=stage.machine, moment=stage.moment)
    entries = [e for e in journal.list_entries(kinds=[ReportFused]) if _of(e.fact, known.id)]
    return lambda by, moment: actions.find_needs(entries, by=by, moment=moment)


def _of(fact: object, report_id: uuid.UUID) -> bool:
    return isinstance(fact, ReportFused) and fact.report_id == str(report_id)


@action_case("needs.estimate_needs", scoped=False)
def estimate_needs(stage: Stage) -> Act:
    incident_id = an_incident(stage)
    given = Given(value=1000, source="安置组")
    people.adopt_figure(incident_id, given, measure="evacuated", by=duty(stage), moment=stage.moment)
    entries = journal.list_entries(subjects=[str(incident_id)], kinds=[FigureAdopted])
    return lambda by, moment: actions.estimate_needs(entries, by=by, moment=moment)
