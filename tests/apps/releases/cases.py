"""How each action of releases is performed, for the questions about rights."""

import uuid
from datetime import timedelta

from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.facts import GradeConfirmed
from jingwei.apps.journal import queries as journal
from jingwei.apps.plans.facts import PlanActivated
from jingwei.apps.releases import actions
from jingwei.apps.releases.actions import Written
from jingwei.apps.releases.models import Release
from tests.apps.incidents.cases import an_incident_with_a_report
from tests.apps.plans.cases import an_activation
from tests.rights import Act, Stage, a_holding, action_case


def a_release(stage: Stage) -> Release:
    row, _ = an_incident_with_a_report(stage)
    by = a_holding("duty_officer", place=stage.place)
    return Release.objects.get(pk=actions.draft_release(row.id, by=by, moment=stage.moment))


def a_text(stage: Stage) -> Written:
    return Written(
        title_zh="情况通报", text_zh="道路已恢复通行。", valid_until=stage.moment.at + timedelta(days=1)
    )


def put_forward(stage: Stage) -> Release:
    row = a_release(stage)
    by = a_holding("duty_officer", place=stage.place)
    actions.edit_release(row.id, a_text(stage), ready=True, version=1, by=by, moment=stage.moment)
    row.refresh_from_db()
    return row


def approved(stage: Stage) -> Release:
    row = put_forward(stage)
    by = a_holding("duty_chief", place=stage.place)
    actions.approve_release(row.id, version=row.version, by=by, moment=stage.moment)
    row.refresh_from_db()
    return row


def published(stage: Stage) -> Release:
    row = approved(stage)
    by = a_holding("duty_chief", place=stage.place)
    actions.publish_release(row.id, version=row.version, by=by, moment=stage.moment)
    row.refresh_from_db()
    return row


@action_case("releases.draft_releases", scoped=False)
def draft_releases(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    chief = a_holding("duty_chief", place=stage.place)
    incidents.confirm_grade(
        row.id, grade=3, version=row.version, reason="三人遇难", by=chief, moment=stage.moment
    )
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[GradeConfirmed])
    return lambda by, moment: actions.draft_releases(entries, by=by, moment=moment)


@action_case("releases.draft_release")
def draft_release(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    incident_id: uuid.UUID = row.id
    return lambda by, moment: actions.draft_release(incident_id, by=by, moment=moment)


@action_case("releases.edit_release")
def edit_release(stage: Stage) -> Act:
    row = a_release(stage)
    return lambda by, moment: actions.edit_release(
        row.id, a_text(stage), ready=False, version=row.version, by=by, moment=moment
    )


@action_case("releases.approve_release")
def approve_release(stage: Stage) -> Act:
    row = put_forward(stage)
    return lambda by, moment: actions.approve_release(row.id, version=row.version, by=by, moment=moment)


@action_case("releases.publish_release")
def publish_release(stage: Stage) -> Act:
    row = approved(stage)
    return lambda by, moment: actions.publish_release(row.id, version=row.version, by=by, moment=moment)


@action_case("releases.correct_release")
def correct_release(stage: Stage) -> Act:
    row = published(stage)
    return lambda by, moment: actions.correct_release(
        row.id, reason="地点有误", version=row.version, by=by, moment=moment
    )


@action_case("releases.withdraw_release")
def withdraw_release(stage: Stage) -> Act:
    row = published(stage)
    return lambda by, moment: actions.withdraw_release(
        row.id, reason="信息不实", version=row.version, by=by, moment=moment
    )


@action_case("releases.draft_notices", scoped=False)
def draft_notices(stage: Stage) -> Act:
    row = an_activation(stage)
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[PlanActivated])
    return lambda by, moment: actions.draft_notices(entries, by=by, moment=moment)


@action_case("releases.discard_release")
def discard_release(stage: Stage) -> Act:
    row = a_release(stage)
    return lambda by, moment: actions.discard_release(
        row.id, reason="重复", version=row.version, by=by, moment=moment
    )


@action_case("releases.restore_release")
def restore_release(stage: Stage) -> Act:
    row = a_release(stage)
    by = a_holding("duty_officer", place=stage.place)
    actions.discard_release(row.id, reason="重复", version=row.version, by=by, moment=stage.moment)
    row.refresh_from_db()
    return lambda by, moment: actions.restore_release(
        row.id, reason="误删", version=row.version, by=by, moment=moment
    )
