"""Forms print, slips are entered from the page, and a room and a list say what came from paper."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localtime

from jingwei.apps.clock.actions import start_scenario
from jingwei.apps.incidents.models import Incident
from jingwei.apps.journal.models import Entry
from jingwei.apps.papers.models import PaperSlip
from jingwei.apps.papers.rules import normal_serial
from jingwei.apps.plans.models import Activation, Plan
from jingwei.apps.reports.models import Report
from jingwei.doors.web.paper import FORMS
from tests.builders import STORM, a_moment, authority_of, holding_of, settle
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

#: The node's clock stands three hours after the paper's time.
NOW = STORM + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _afternoon() -> None:
    start_scenario(
        "zhengzhou-2021",
        start_at=NOW,
        speed=1,
        paused=True,
        by=holding_of("zhongyu"),
        moment=a_moment(NOW),
    )


def typed(at: Any = STORM) -> str:
    return f"{localtime(at):%Y-%m-%dT%H:%M}"


def a_call(**changes: str) -> dict[str, str]:
    fields = {
        "serial": "PH-210720-7KQ4X",
        "taken": typed(),
        "reason": "停电",
        "words": "隧道进水，有人被困",
        "kind": "11B03",
        "place": "4101",
        "occurred": typed(STORM - timedelta(minutes=20)),
        "trapped": "3",
    }
    return fields | changes


@pytest.mark.parametrize("code", [*FORMS, "deadlines", "plans"])
def test_every_form_opens_in_both_languages_at_once(code: str) -> None:
    page = signed_in("lisiyuan").get(f"/paper/sheets/{code}").content.decode()
    assert re.search(r"<h1>[^<]*[\u4e00-\u9fff][^<]*<span lang=\"en\">[A-Z]", page)
    assert 'href="/static/paper.css"' in page
    assert "<style" not in page


def test_every_copy_has_a_serial_of_its_own_that_can_be_entered() -> None:
    page = signed_in("lisiyuan").get("/paper/sheets/report?copies=10").content.decode()
    serials = re.findall(r"<code>([^<]+)</code>", page)
    assert len(set(serials)) == 10
    assert [normal_serial(one) for one in serials] == serials


def test_the_deadlines_say_who_to_whom_when_and_under_which_clause() -> None:
    page = signed_in("lisiyuan").get("/paper/sheets/deadlines").content.decode()
    assert "SRC-ERL2024" not in page, "the law of 2024 does not count in 2021"
    assert "SRC-REG493 art." in page
    assert "立即" in page


def test_the_call_list_is_printed_by_post_and_that_is_recorded() -> None:
    client = signed_in("lisiyuan")
    assert client.get("/paper/sheets/roster").status_code == 404
    answer = client.post("/paper/sheets/roster")
    assert answer.status_code == 200
    own = authority_of("lisiyuan")
    page = answer.content.decode()
    assert own.person_zh in page
    assert own.organization_zh in page
    assert Entry.objects.filter(kind="papers.call_list_printed/1").count() == 1


def test_a_call_from_paper_is_entered_under_its_own_times() -> None:
    client = signed_in("lisiyuan")
    answer = client.post("/paper/enter/report", a_call())
    assert answer.status_code == 302, answer.content.decode()
    row = Report.objects.get()
    assert (row.received_at, row.occurred_at) == (STORM, STORM - timedelta(minutes=20))
    assert row.figures.get().value == 3
    page = client.get("/paper").content.decode()
    assert "PH-210720-7KQ4X" in page
    settle(NOW)
    room = client.get(f"/incidents/{Incident.objects.get().id}").content.decode()
    assert "由纸质单 PH-210720-7KQ4X 补录" in room


def test_the_same_slip_again_is_told_and_not_entered() -> None:
    client = signed_in("lisiyuan")
    client.post("/paper/enter/report", a_call())
    again = client.post("/paper/enter/report", a_call())
    assert again.status_code == 409
    assert "此单已补录过" in again.content.decode()
    other = client.post("/paper/enter/report", a_call(words="另一件事"))
    assert "内容不同" in other.content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"serial": "abc"}, "不是表单编号"),
        ({"taken": typed(NOW + timedelta(minutes=5))}, "还没有到"),
        ({"taken": "yesterday"}, "时间"),
        ({"reason": " "}, "为何用纸质单"),
        ({"words": " "}, ""),
        ({"serial": "TK-210720-7KQ4X"}, "属于另一种单"),
    ],
)
def test_what_cannot_be_entered_is_said_and_kept(changes: dict[str, str], said: str) -> None:
    answer = signed_in("lisiyuan").post("/paper/enter/report", a_call(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "停电" in page or "reason" in changes
    assert not PaperSlip.objects.exists()


def test_a_count_sheet_is_entered_as_figures() -> None:
    client = signed_in("lisiyuan")
    assert client.post("/paper/enter/report", a_call(serial="CN-210720-7KQ4X")).status_code == 302
    assert Report.objects.get().type == "figures"


def test_an_activation_from_paper_is_the_chief_s() -> None:
    plan = Plan.objects.get()
    fields = {
        "serial": "AC-210720-7KQ4X",
        "taken": typed(),
        "reason": "停电",
        "who": str(holding_of("hejing")),
        "plan": f"{plan.id}:{plan.version}",
        "area": "4101",
        "level": "3",
        "words": "防汛",
        "until": typed(NOW + timedelta(hours=12)),
    }
    client = signed_in("lisiyuan")
    for form in ("order", "activation", "sitrep", "release"):
        assert client.get(f"/paper/enter/{form}").status_code == 200
    answer = client.post("/paper/enter/activation", fields)
    assert answer.status_code == 302, answer.content.decode()
    row = Activation.objects.get()
    assert (row.started_at, row.activated_by) == (STORM, holding_of("hejing"))


def test_who_may_not_enter_papers_is_not_offered_it() -> None:
    client = signed_in("zhongyu")
    assert client.get("/paper/enter/report").status_code == 403
