"""What was done on paper happens at the paper's time; entered twice it is one; rights are the decider's."""

from datetime import timedelta
from typing import Any

import pytest

from jingwei.apps.incidents.models import Incident
from jingwei.apps.journal.models import Entry
from jingwei.apps.papers import actions, queries
from jingwei.apps.papers.facts import (
    ActivationSlip,
    Head,
    OrderSlip,
    ReleaseSlip,
    ReportSlip,
    SubmissionSlip,
)
from jingwei.apps.papers.models import PaperSlip, SlipEntry
from jingwei.apps.plans.facts import Order
from jingwei.apps.plans.models import Activation, Plan
from jingwei.apps.releases.models import Release
from jingwei.apps.reports.models import Report
from jingwei.apps.sitreps.models import Obligation
from jingwei.apps.tasks.facts import TaskDraft
from jingwei.apps.tasks.models import Task
from jingwei.kernel.refusals import Refused
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told

pytestmark = pytest.mark.django_db

#: The machine came back three hours after the slip was written.
TAKEN, NOW = STORM, STORM + timedelta(hours=3)


def head(serial: str, who: str | None = None, **changes: Any) -> Head:
    fields: dict[str, Any] = {"serial": serial, "taken_at": TAKEN, "reason": "停电三小时"}
    return Head(**(fields | {"decided_by": holding_of(who) if who else None} | changes))


def enter(one: Head, slip: Any, *, clerk: str = "lisiyuan") -> Any:
    return actions.enter_slip(one, slip, by=holding_of(clerk), moment=a_moment(NOW))


def a_call(serial: str = "PH-210720-7KQ4X", words: str = "隧道进水", **changes: Any) -> Any:
    one = told(words, kind="11B03", place="4101", channel="duty_phone", **changes)
    return enter(head(serial), ReportSlip(told=one))


def an_incident() -> Incident:
    a_call("PH-210720-00009")
    settle(NOW)
    return Incident.objects.get()


def test_a_call_on_paper_is_a_report_of_its_own_time() -> None:
    answer = a_call(occurred_at=TAKEN - timedelta(minutes=20))
    row = Report.objects.get(pk=answer.subject)
    assert (row.occurred_at, row.received_at) == (TAKEN - timedelta(minutes=20), TAKEN)
    assert row.recorded_at == a_moment().recorded_at
    assert "from_paper" in row.flags
    slip = queries.get_slips_about([answer.subject])[answer.subject]
    assert slip.serial == "PH-210720-7KQ4X"
    said = Entry.objects.get(kind="papers.slip_entered/1")
    assert said.at == NOW
    assert Entry.objects.get(kind="reports.received/1").at == TAKEN


def test_the_same_slip_entered_twice_is_one_and_noted() -> None:
    first, again = a_call(), a_call("ph 210720 7kq4x")
    assert (again.known, again.same, again.subject) == (True, True, first.subject)
    other = a_call(words="别的话")
    assert (other.known, other.same) == (True, False)
    assert Report.objects.count() == PaperSlip.objects.count() == 1
    noted = Entry.objects.filter(kind="papers.slip_repeated/1").order_by("seq")
    assert [one.body["same"] for one in noted] == [True, False]


def test_two_clerks_enter_the_same_slip_once() -> None:
    first = a_call()
    again = enter(head("PH-210720-7KQ4X"), ReportSlip(told=told("隧道进水")), clerk="hejing")
    assert again.known
    assert again.subject == first.subject
    assert Report.objects.count() == 1


def test_the_statutory_clock_counts_from_the_paper() -> None:
    """Told at 16:00, entered at 19:00: what is owed within an hour of being told was due at 17:00."""
    incident = an_incident()
    owed = Obligation.objects.filter(incident=incident)
    assert owed.exists()
    assert {one.trigger_at <= TAKEN for one in owed} == {True}
    assert any(one.due_at is not None and one.due_at < NOW for one in owed)


def test_without_the_paper_s_time_the_clock_would_count_from_the_entry() -> None:
    """The check above can fail: the same call taken by the machine, three hours later."""
    receive(told(kind="11B03", place="4101"), by=holding_of("lisiyuan"), at=NOW)
    settle(NOW)
    assert any(one.trigger_at == NOW for one in Obligation.objects.all())


def an_activation(who: str = "hejing", clerk: str = "lisiyuan") -> Any:
    plan = Plan.objects.get()
    order = Order(
        place="4101",
        level=3,
        matter="防汛",
        expected_until=TAKEN + timedelta(hours=24),
        measures=("underpass",),
    )
    slip = ActivationSlip(plan_id=plan.id, version=plan.version, order=order)
    return enter(head("AC-210720-7KQ4X", who), slip, clerk=clerk)


def test_a_response_started_on_paper_started_then_by_who_decided() -> None:
    answer = an_activation()
    row = Activation.objects.get(pk=answer.subject)
    assert row.started_at == TAKEN
    assert row.activated_by == holding_of("hejing")
    slip = PaperSlip.objects.get()
    assert (slip.decided_by, slip.entered_by) == (holding_of("hejing"), holding_of("lisiyuan"))
    marked = queries.get_slips_of(SlipEntry.objects.values_list("entry", flat=True))
    kinds = Entry.objects.filter(id__in=marked).values_list("kind", flat=True)
    assert {"plans.activated/1", "tasks.issued/1"} <= set(kinds)


def test_paper_gives_nobody_a_right_they_do_not_have() -> None:
    with pytest.raises(Refused, match="not_allowed"):
        an_activation(who="lisiyuan")
    assert not Activation.objects.exists()
    assert not PaperSlip.objects.exists()


def test_another_office_s_paper_is_not_ours_to_enter() -> None:
    with pytest.raises(Refused, match="slip_other_office"):
        an_activation(who="yuzijin")


def test_who_may_not_enter_papers_does_not() -> None:
    with pytest.raises(Refused, match="not_allowed"):
        an_activation(clerk="zhongyu")


def test_orders_given_by_messenger_went_out_then() -> None:
    draft = TaskDraft(title_zh="封闭京广路隧道", to_post="4101-yjj-duty", place="4101")
    answer = enter(head("TK-210720-7KQ4X", "hejing"), OrderSlip(drafts=(draft,)))
    assert Task.objects.get(pk=answer.subject).issued_at == TAKEN


def test_a_report_sent_by_radio_meets_what_was_owed_in_time() -> None:
    incident = an_incident()
    owed = Obligation.objects.filter(incident=incident, state="open").first()
    owed = owed or Obligation.objects.filter(incident=incident).first()
    assert owed is not None
    slip = SubmissionSlip(obligation_id=owed.id, words="电台口头报告")
    enter(head("SR-210720-7KQ4X", taken_at=TAKEN + timedelta(minutes=10)), slip)
    owed.refresh_from_db()
    assert (owed.state, owed.met_at) == ("met", TAKEN + timedelta(minutes=10))


def test_a_text_read_out_needs_its_second_person_on_paper_too() -> None:
    incident = an_incident()

    def a_release(writer: str, serial: str) -> Any:
        slip = ReleaseSlip(
            incident_id=incident.id,
            written_by=holding_of(writer),
            title_zh="通告",
            text_zh="请勿进入隧道。",
            valid_until=TAKEN + timedelta(hours=6),
        )
        return enter(head(serial, "hejing", taken_at=TAKEN + timedelta(hours=1)), slip)

    with pytest.raises(Refused) as refused:
        a_release("hejing", "RL-210720-00001")
    assert refused.value.code == "release_own_text"
    answer = a_release("lisiyuan", "RL-210720-00002")
    row = Release.objects.get(pk=answer.subject)
    assert row.published_at == TAKEN + timedelta(hours=1)


def test_a_paper_from_the_future_is_refused() -> None:
    late = head("PH-210720-7KQ4X", taken_at=NOW + timedelta(minutes=1))
    with pytest.raises(Refused, match="slip_in_future"):
        enter(late, ReportSlip(told=told()))
    assert not Report.objects.exists()


def test_printing_telephone_numbers_is_written_down() -> None:
    called = actions.print_call_list(by=holding_of("lisiyuan"), moment=a_moment())
    assert called[0].own
    assert {one.organization_zh for one in called}
    said = Entry.objects.get(kind="papers.call_list_printed/1")
    assert said.body["people"] == sum(1 for one in called if one.phone)
    assert authority_of("lisiyuan").organization_code == said.subject
