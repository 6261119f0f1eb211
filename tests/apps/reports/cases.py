"""How each action of reports is performed, for the questions about rights."""

from jingwei.apps.reports import actions
from tests.builders import told
from tests.rights import Act, Stage, action_case


@action_case("reports.receive_reports", scoped=False)
def receive_reports(stage: Stage) -> Act:
    report = told(place=stage.place)
    return lambda by, moment: actions.receive_reports([report], by=by, moment=moment)


@action_case("reports.transcribe_report")
def transcribe_report(stage: Stage) -> Act:
    from jingwei.apps.reports.facts import Told

    unread = Told(raw="{half a report", place=stage.place)
    (answer,) = actions.receive_reports([unread], by=duty(stage), moment=stage.moment)
    report = told(place=stage.place)
    return lambda by, moment: actions.transcribe_report(answer.id, report, by=by, moment=moment)


@action_case("reports.reveal_caller")
def reveal_caller(stage: Stage) -> Act:
    report = told(place=stage.place, caller_name="某人", caller_phone="13800000000")
    (answer,) = actions.receive_reports([report], by=duty(stage), moment=stage.moment)
    return lambda by, moment: actions.reveal_caller(answer.id, reason="回访", by=by, moment=moment)


def duty(stage: Stage):
    from tests.rights import a_holding

    return a_holding("duty_officer", place=stage.place)
