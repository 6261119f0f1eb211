"""How each action of papers is performed, for the questions about rights."""

from datetime import timedelta

from jingwei.apps.papers import actions
from jingwei.apps.papers.facts import Head, ReportSlip
from jingwei.kernel.moments import By, Moment
from tests.builders import told
from tests.rights import Act, Stage, action_case


@action_case("papers.enter_slip", scoped=False)
def enter_slip(stage: Stage) -> Act:
    def act(by: By, moment: Moment) -> object:
        head = Head(serial="PH-260720-00001", taken_at=moment.at - timedelta(hours=1), reason="停电")
        return actions.enter_slip(head, ReportSlip(told=told(place=stage.place)), by=by, moment=moment)

    return act


@action_case("papers.print_call_list", scoped=False)
def print_call_list(stage: Stage) -> Act:
    return lambda by, moment: actions.print_call_list(by=by, moment=moment)
