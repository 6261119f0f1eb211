"""How each action of incidents is performed, for the questions about rights."""

import uuid

from jingwei.apps.incidents import actions
from jingwei.apps.incidents.facts import ReportFused
from jingwei.apps.incidents.models import Change, Incident, Membership, Question
from jingwei.apps.journal import queries as journal
from jingwei.apps.reports import actions as reports
from jingwei.apps.reports.facts import ReportReceived, Told
from tests.apps.reports.cases import duty
from tests.builders import told
from tests.rights import Act, Stage, action_case


def a_report(stage: Stage, **changes: object) -> uuid.UUID:
    report: Told = told(place=stage.place, **changes)
    (answer,) = reports.receive_reports([report], by=duty(stage), moment=stage.moment)
    return answer.id


def received(report_id: uuid.UUID) -> list[journal.Said]:
    return journal.list_entries(subjects=[str(report_id)], kinds=[ReportReceived])


def an_incident_with_a_report(stage: Stage, **changes: object) -> tuple[Incident, uuid.UUID]:
    report_id = a_report(stage, **changes)
    actions.fuse_reports(received(report_id), by=stage.machine, moment=stage.moment)
    return Membership.objects.get(report_id=report_id, left_at=None).incident, report_id


@action_case("incidents.fuse_reports", scoped=False)
def fuse_reports(stage: Stage) -> Act:
    entries = received(a_report(stage))
    return lambda by, moment: actions.fuse_reports(entries, by=by, moment=moment)


@action_case("incidents.propose_grades", scoped=False)
def propose_grades(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    entries = journal.list_entries(subjects=[str(row.id)], kinds=[ReportFused])
    return lambda by, moment: actions.propose_grades(entries, by=by, moment=moment)


@action_case("incidents.confirm_grade")
def confirm_grade(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    return lambda by, moment: actions.confirm_grade(
        row.id, grade=3, version=row.version, reason="三人遇难", by=by, moment=moment
    )


@action_case("incidents.judge_grade")
def judge_grade(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    return lambda by, moment: actions.judge_grade(
        row.id, grade=2, version=row.version, reason="现场判断", by=by, moment=moment
    )


@action_case("incidents.rename_incident")
def rename_incident(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    return lambda by, moment: actions.rename_incident(
        row.id, title_zh="隧道受淹", title_en="", version=row.version, by=by, moment=moment
    )


@action_case("incidents.close_incident")
def close_incident(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    return lambda by, moment: actions.close_incident(
        row.id, reason="处置完毕", version=row.version, by=by, moment=moment
    )


@action_case("incidents.reopen_incident")
def reopen_incident(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    Incident.objects.filter(pk=row.pk).update(state="closed")
    return lambda by, moment: actions.reopen_incident(
        row.id, reason="水又涨了", version=row.version, by=by, moment=moment
    )


@action_case("incidents.separate_report")
def separate_report(stage: Stage) -> Act:
    _, report_id = an_incident_with_a_report(stage)
    return lambda by, moment: actions.separate_report(report_id, reason="另一条路", by=by, moment=moment)


@action_case("incidents.join_report")
def join_report(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    other = a_report(stage, words="桥塌了", kind="11A51")
    return lambda by, moment: actions.join_report(other, row.id, by=by, moment=moment)


@action_case("incidents.answer_question")
def answer_question(stage: Stage) -> Act:
    row, report_id = an_incident_with_a_report(stage)
    asked = Question.objects.create(
        report_id=report_id, incident=row, chance=0.4, value=0.4, asked_at=stage.moment.at
    )
    return lambda by, moment: actions.answer_question(asked.pk, same=True, by=by, moment=moment)


@action_case("incidents.open_incident")
def open_incident(stage: Stage) -> Act:
    report_id = a_report(stage, kind="")
    return lambda by, moment: actions.open_incident(
        report_id, kind="12P04", place=stage.place, by=by, moment=moment
    )


def two_incidents(stage: Stage) -> tuple[Incident, Incident]:
    first, _ = an_incident_with_a_report(stage)
    second, _ = an_incident_with_a_report(stage, words="桥塌了", kind="11A51")
    assert first != second
    return first, second


@action_case("incidents.merge_incidents")
def merge_incidents(stage: Stage) -> Act:
    target, source = two_incidents(stage)
    versions = {target.id: target.version, source.id: source.version}
    return lambda by, moment: actions.merge_incidents(
        [source.id], target.id, reason="同一条路", versions=versions, by=by, moment=moment
    )


@action_case("incidents.split_incident")
def split_incident(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    other = a_report(stage, words="另一条路", kind="11A51")
    actions.join_report(other, row.id, by=duty(stage), moment=stage.moment)
    row.refresh_from_db()
    return lambda by, moment: actions.split_incident(
        row.id, report_ids=[other], reason="两条路", version=row.version, by=by, moment=moment
    )


@action_case("incidents.undo")
def undo(stage: Stage) -> Act:
    row, _ = an_incident_with_a_report(stage)
    actions.judge_grade(
        row.id, grade=2, version=row.version, reason="现场判断", by=duty(stage), moment=stage.moment
    )
    entry = Change.objects.get(incident=row).entry_id
    return lambda by, moment: actions.undo(entry, by=by, moment=moment)
