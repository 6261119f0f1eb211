"""Pages of orders: what waits for me comes first, each act is asked once more, what was typed is kept."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import RequestFactory
from django.utils import translation

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.tasks import actions
from jingwei.apps.tasks.facts import TaskDraft
from jingwei.apps.tasks.models import Task, TaskNote
from jingwei.doors.entry.callers import Caller
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web import tasks as shown
from jingwei.doors.web.names import Names
from jingwei.doors.web.views import tasks as pages
from jingwei.kernel.refusals import Refused
from tests.builders import an_incident, authority_of, holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 7, 20, 21, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
COUNTY = "luoruchuan"


def user_of(post: str) -> str:
    from jingwei.apps.agencies.models import Holding

    return Holding.objects.filter(post__code=post, person__user__isnull=False).first().person.user.username


def order(to: str = "410182-zbs", minutes: int = 60, **changes) -> Task:
    moment = this_moment()
    due_at = moment.at + timedelta(minutes=minutes)
    draft = TaskDraft(title_zh="封闭<隧道>", to_organization=to, due_at=due_at, **changes)
    (task_id,) = actions.issue_tasks([draft], by=holding_of("lisiyuan"), moment=moment)
    return Task.objects.get(pk=task_id)


def version_in(page: str) -> str:
    return re.search(r'name="version" value="(\d+)"', page)[1]


@pytest.mark.parametrize("path", ["/tasks", "/tasks/new", "/suggest/receivers?q=x"])
def test_nobody_sees_orders_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_order_is_opened_and_so_read_then_acknowledged_begun_and_done(language):
    row = order()
    county = signed_in(user_of("410182-zbs-duty"), language)
    assert f"/tasks/{row.id}" in county.get("/tasks").content.decode()
    page = county.get(f"/tasks/{row.id}").content.decode()
    assert "封闭&lt;隧道&gt;" in page and 'data-page-hot="a"' in page
    row.refresh_from_db()
    assert row.state == "read"
    for what, state in (("acknowledge", "acknowledged"), ("begin", "under_way"), ("complete", "done")):
        sheet = county.get(f"/tasks/{row.id}/{what}").content.decode()
        answer = county.post(f"/tasks/{row.id}/{what}", {"version": version_in(sheet), "words": "已封"})
        assert answer.status_code == 302, answer.content.decode()[-800:]
        row.refresh_from_db()
        assert row.state == state
    assert "已封" in county.get(f"/tasks/{row.id}").content.decode()
    assert county.get(f"/tasks/{row.id}/print").status_code == 200


def test_the_issuer_looks_and_it_stays_unread():
    row = order()
    assert signed_in("lisiyuan").get(f"/tasks/{row.id}").status_code == 200
    row.refresh_from_db()
    assert row.state == "issued"


def test_a_neighbour_finds_no_such_order():
    row = order()
    other = signed_in(user_of("410181-zbs-duty"))
    for path in ("", "/print", "/acknowledge", "/cascade"):
        assert other.get(f"/tasks/{row.id}{path}").status_code == 404
    assert other.post(f"/tasks/{row.id}/acknowledge", {"version": "1"}).status_code == 404


def test_the_second_of_two_is_told_who_was_first_and_keeps_the_words():
    row = order()
    first, second = signed_in(user_of("410182-zbs-duty")), signed_in(user_of("410182-zbs-leader"))
    first.post(f"/tasks/{row.id}/acknowledge", {"version": "1"})
    answer = second.post(f"/tasks/{row.id}/refuse", {"version": "1", "reason": "没有船了"})
    assert answer.status_code == 409 and "没有船了" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "acknowledged"


def test_an_order_is_written_looked_at_once_more_and_issued():
    city = signed_in("lisiyuan")
    form = {
        "title_zh": "转移群众",
        "to": "荥阳市总值班室 [410182-zbs]",
        "bodies": ["410181-zbs"],
        "due": "30",
    }
    page = city.post("/tasks/new", form).content.decode()
    assert Task.objects.count() == 0 and "巩义" in page and "荥阳" in page
    due = re.search(r'name="due" value="([^"]+)"', page)[1]
    answer = city.post("/tasks/new", form | {"due": due, "confirm": "1"})
    assert answer["location"] == "/tasks?view=from"
    assert set(Task.objects.values_list("to_organization", flat=True)) == {"410182-zbs", "410181-zbs"}


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"due": "bald"}, "bald"),
        ({"to": "没有这个机构"}, "没有这个机构"),
        ({"to": ""}, "转移群众"),
        ({"place": "火星"}, "火星"),
    ],
)
def test_what_cannot_be_issued_is_asked_for_again_and_nothing_typed_is_lost(changes, kept):
    form = {"title_zh": "转移群众", "to": "410182-zbs", "due": "30"}
    answer = signed_in("lisiyuan").post("/tasks/new", form | changes)
    assert answer.status_code == 422 and kept in answer.content.decode()
    assert Task.objects.count() == 0


def test_one_who_may_not_issue_sees_no_form():
    assert signed_in(user_of("410182109-zf-duty")).get("/tasks/new").status_code == 403


def test_an_order_is_passed_on_and_its_state_comes_up_on_the_page():
    row = order()
    county = signed_in(user_of("410182-zbs-duty"))
    assert "崔庙" in county.get(f"/tasks/{row.id}/cascade").content.decode()
    form = {"version": "1", "bodies": ["410182109-zf"], "due": "20"}
    answer = county.post(f"/tasks/{row.id}/cascade", form)
    assert answer.status_code == 302, answer.content.decode()[-900:]
    child = Task.objects.get(parent=row)
    town = signed_in(user_of("410182109-zf-duty"))
    town.post(f"/tasks/{child.id}/acknowledge", {"version": "1"})
    page = signed_in("lisiyuan").get(f"/tasks/{row.id}").content.decode()
    assert "崔庙镇政府" in page and "转达 1：签收 1" in page


def test_a_line_of_the_log_is_struck_and_still_read():
    row, county = order(), signed_in(user_of("410182-zbs-duty"))
    county.post(f"/tasks/{row.id}/note", {"words": "泵车两台"})
    note = TaskNote.objects.get(task=row)
    assert county.post(f"/tasks/{row.id}/notes/{note.id}/strike", {"reason": ""}).status_code == 422
    county.post(f"/tasks/{row.id}/notes/{note.id}/strike", {"reason": "三台"})
    assert "<s>泵车两台</s>" in county.get(f"/tasks/{row.id}").content.decode()


@pytest.mark.parametrize("view", pages.VIEWS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_answers(view, language):
    order()
    city = signed_in("lisiyuan", language)
    assert city.get(f"/tasks?view={view}&state=issued&q=隧道&from=0").status_code == 200
    assert city.get(f"/tasks?view={view}&incident={an_incident().id}&state=open").status_code == 200


def test_overdue_stands_in_its_list_and_says_by_how_much():
    row = order(minutes=10)
    late = this_moment().at - timedelta(minutes=16)
    Task.objects.filter(pk=row.pk).update(due_at=late)
    page = signed_in("lisiyuan").get("/tasks?view=overdue").content.decode()
    assert "超时 16 分" in page


def asked_by(username: str):
    request = RequestFactory().get("/")
    request.moment = this_moment()
    authority = authority_of(username, request.moment.at)
    request.caller = Caller(by=authority.holding, authority=authority, user=None)
    return request


def test_the_desk_and_the_room_are_told_what_they_show():
    incident = an_incident()
    order(incident_id=str(incident.id))
    line = incidents.find_incident(incident.id, authority=authority_of("lisiyuan"))
    room = pages.room_context(asked_by("lisiyuan"), line, Names())["tasks"]
    assert (room.total, room.open, len(room.rows), room.may_issue) == (1, 1, 1, True)
    desk = pages.desk_context(asked_by(user_of("410182-zbs-duty")), Names())["tasks"]
    assert (desk.waiting, len(desk.mine), desk.overdue_count) == (1, 1, 0)


@pytest.mark.parametrize("part", ["desk", "room"])
def test_the_parts_are_drawn(part):
    from django.template.loader import render_to_string

    incident = an_incident()
    order(incident_id=str(incident.id))
    request = asked_by("lisiyuan")
    line = incidents.find_incident(incident.id, authority=authority_of("lisiyuan"))
    context = (
        pages.desk_context(request, Names()) if part == "desk" else pages.room_context(request, line, Names())
    )
    context["page"] = SimpleNamespace(now=request.moment.at)
    with translation.override("zh-hans"):
        page = render_to_string(f"web/parts/{part}_tasks.html", context)
    assert "任务" in page


def test_receivers_are_found_by_a_few_words():
    page = signed_in("lisiyuan").get("/suggest/receivers?q=崔庙").content.decode()
    assert "410182109-zf" in page and "410182109-zf-duty" in page


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", None),
        ("30", NOW + timedelta(minutes=30)),
        ("+5", NOW + timedelta(minutes=5)),
        ("21:30", NOW.replace(hour=21, minute=30)),
        ("2130", NOW.replace(hour=21, minute=30)),
        ("21：06", NOW + timedelta(days=1)),
        ("6:00", NOW.replace(hour=6, minute=0) + timedelta(days=1)),
        ("2021-07-22 08:00", NOW.replace(day=22, hour=8, minute=0)),
    ],
)
def test_a_time_is_minutes_a_clock_time_or_a_day(text, wanted):
    assert shown.due_of(text, NOW) == wanted


@pytest.mark.parametrize("text", ["25:00", "bald", "2021-13-01 08:00", "21:75"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Refused, match="time_unreadable"):
        shown.due_of(text, NOW)
