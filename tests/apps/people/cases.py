"""How each action of people is performed, for the questions about rights."""

import uuid

from jingwei.apps.people import actions
from jingwei.apps.people.facts import Given, Listed
from jingwei.apps.people.models import ListedPerson
from tests.apps.incidents.cases import an_incident_with_a_report
from tests.apps.reports.cases import duty
from tests.rights import Act, Stage, action_case

LINE = Listed(name="王小明", sex="男", age="35", id_last4="123X", place_words="某路1号")
THREE = Given(value=3, source="指挥部")


def an_incident(stage: Stage) -> uuid.UUID:
    row, _ = an_incident_with_a_report(stage)
    return row.id


def a_list(stage: Stage) -> tuple[uuid.UUID, uuid.UUID]:
    incident_id = an_incident(stage)
    actions.import_list(
        incident_id, measure="deaths", lines=[LINE], source="公安", by=duty(stage), moment=stage.moment
    )
    return incident_id, ListedPerson.objects.get(incident_id=incident_id).pk


@action_case("people.adopt_figure")
def adopt_figure(stage: Stage) -> Act:
    incident_id = an_incident(stage)
    return lambda by, moment: actions.adopt_figure(incident_id, THREE, measure="deaths", by=by, moment=moment)


@action_case("people.revise_figure")
def revise_figure(stage: Stage) -> Act:
    count_id = actions.adopt_figure(
        an_incident(stage), THREE, measure="deaths", by=duty(stage), moment=stage.moment
    )
    return lambda by, moment: actions.revise_figure(count_id, THREE, by=by, moment=moment)


@action_case("people.count_list")
def count_list(stage: Stage) -> Act:
    incident_id, _ = a_list(stage)
    return lambda by, moment: actions.count_list(incident_id, measure="deaths", by=by, moment=moment)


@action_case("people.import_list")
def import_list(stage: Stage) -> Act:
    incident_id = an_incident(stage)
    return lambda by, moment: actions.import_list(
        incident_id, measure="deaths", lines=[LINE], source="公安", by=by, moment=moment
    )


@action_case("people.strike_person")
def strike_person(stage: Stage) -> Act:
    _, person_id = a_list(stage)
    return lambda by, moment: actions.strike_person(person_id, reason="找到了", by=by, moment=moment)


@action_case("people.restore_person")
def restore_person(stage: Stage) -> Act:
    _, person_id = a_list(stage)
    actions.strike_person(person_id, reason="找到了", by=duty(stage), moment=stage.moment)
    return lambda by, moment: actions.restore_person(person_id, reason="看错了", by=by, moment=moment)


@action_case("people.reveal_person")
def reveal_person(stage: Stage) -> Act:
    _, person_id = a_list(stage)
    return lambda by, moment: actions.reveal_person(person_id, reason="通知家属", by=by, moment=moment)


@action_case("people.erase_person")
def erase_person(stage: Stage) -> Act:
    _, person_id = a_list(stage)
    return lambda by, moment: actions.erase_person(person_id, clause="预案第九条", by=by, moment=moment)
