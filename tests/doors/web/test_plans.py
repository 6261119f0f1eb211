"""Pages of plans: the proposal waits with its clause, the order asks once more, the response is read live."""

import re

import pytest
from django.test import Client, RequestFactory

from jingwei.apps.agencies.models import Holding
from jingwei.apps.plans import queries
from jingwei.apps.plans.models import Activation, CallLine, Plan, Proposed
from jingwei.apps.tasks import queries as tasks
from jingwei.apps.tasks.models import Task
from jingwei.doors.web.names import Names
from jingwei.doors.web.views import plans as views
from tests.builders import authority_of, holding_of, receive, settle, told
from tests.databases import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(username: str, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["jw_lang"] = language
    answer = client.post("/sign-in", {"username": username, "password": PASSWORD})
    if answer.status_code == 200 or answer["location"] != "/":  # several posts: one is chosen
        rows = Holding.objects.filter(person__user__username=username).order_by("post__role", "pk")
        client.post("/post", {"holding": str(rows[0].pk)})
    return client


def now():
    from jingwei.doors.entry.moments import real_now

    return real_now()


@pytest.fixture
def warned() -> Proposed:
    report = told(
        "暴雨红色预警",
        type="warning",
        kind="11B03",
        place="4101",
        level=1,
        occurred_at=now(),
        channel="weather",
    )
    receive(report, by=holding_of("lisiyuan"), at=now())
    settle(now())
    return Proposed.objects.get(state="open", place="4101")


PATHS = ["/plans", "/plans/zhengzhou-flood", "/plans/zhengzhou-flood/activate"]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_sees_a_plan_page_without_signing_in(client, path):
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", [*PATHS, "/plans/zhengzhou-flood?for=county"])
def test_plan_pages_read_in_both_languages(path, language):
    page = signed_in("zhoumingyuan", language).get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert ("示例" if language == "zh-hans" else "illustration") in text


def test_the_reading_room_says_what_is_recalled_and_what_is_of_a_later_day():
    text = signed_in("hejing").get("/plans/zhengzhou-flood").content.decode()
    assert "RL-5" in text and "recalled, unverified" in text
    assert "ERL2024 art.73" in text and "停工停业" in text


def form_of(text: str) -> dict[str, object]:
    """What the order's form holds, as a browser would send it."""
    post = text[text.index('method="post" action="/plans/zhengzhou-flood/activate"') :]
    fields: dict[str, object] = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', post))
    fields |= dict(re.findall(r'name="(matter|until)"[^>]* value="([^"]*)"', post))
    fields["measures"] = re.findall(r'name="measures" value="(\w+)" checked', post)
    return {k: v for k, v in fields.items() if k != "csrfmiddlewaretoken"}


def activated(warned: Proposed) -> Activation:
    commander = signed_in("zhoumingyuan")
    text = commander.get(f"/plans/zhengzhou-flood/activate?proposal={warned.id}").content.decode()
    answer = commander.post("/plans/zhengzhou-flood/activate", form_of(text))
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Activation.objects.get()


def test_the_proposal_becomes_an_order_only_when_the_commander_sends_it(warned):
    commander = signed_in("zhoumingyuan")
    text = commander.get("/plans").content.decode()
    assert f"/plans/zhengzhou-flood/activate?proposal={warned.id}" in text
    text = commander.get(f"/plans/zhengzhou-flood/activate?proposal={warned.id}").content.decode()
    assert "凭记忆" in text and "本市发布红色预警" in text and not Activation.objects.exists()
    fields = form_of(text)
    assert (fields["place"], fields["level"], len(fields["measures"])) == ("4101", "1", 7)
    row = activated(warned)
    page = commander.get(f"/activations/{row.id}").content.decode()
    assert (
        "周明远" in page
        and "停工停业" in page
        and str(Task.objects.filter(activation=row.id).first().id) in page
    )


def test_a_duty_chief_reads_but_is_not_offered_level_one_and_is_refused(warned):
    chief = signed_in("hejing")
    assert f"activate?proposal={warned.id}" not in chief.get("/plans").content.decode()
    text = chief.get(f"/plans/zhengzhou-flood/activate?proposal={warned.id}").content.decode()
    answer = chief.post("/plans/zhengzhou-flood/activate", form_of(text))
    assert answer.status_code == 409 and not Activation.objects.exists()


def test_what_was_entered_stays_when_the_order_lacks_something(warned):
    commander = signed_in("zhoumingyuan")
    text = commander.get(f"/plans/zhengzhou-flood/activate?proposal={warned.id}").content.decode()
    fields = form_of(text) | {"until": "", "matter": "防汛：北部强降雨"}
    answer = commander.post("/plans/zhengzhou-flood/activate", fields)
    assert answer.status_code == 422 and "防汛：北部强降雨" in answer.content.decode()


def test_lower_and_end_ask_once_more_and_the_second_person_is_told(warned):
    row, commander = activated(warned), signed_in("zhoumingyuan")
    until = re.search(
        r'name="until"[^>]* value="([^"]*)"', commander.get(f"/activations/{row.id}/lower").content.decode()
    )
    fields = {"level": "3", "until": until[1], "reason": "雨停", "version": "1"}
    assert commander.post(f"/activations/{row.id}/lower", fields).status_code == 302
    again = commander.post(f"/activations/{row.id}/end", {"reason": "水退", "version": "1"})
    assert again.status_code == 409 and "水退" in again.content.decode()
    sheet = commander.get(f"/activations/{row.id}/end").content.decode()
    still = re.findall(r'name="why-([0-9a-f-]{36})"', sheet)
    assert len(still) == len(tasks.list_open_of(row.id))
    ending = {"reason": "水退", "version": "2", **{f"why-{t}": "" for t in still}}
    left = commander.post(f"/activations/{row.id}/end", ending)
    assert left.status_code == 409 and "水退" in left.content.decode()
    ending |= {"others": "keep", "others_why": "灾后排查", f"task-{still[0]}": "withdraw"}
    assert commander.post(f"/activations/{row.id}/end", ending).status_code == 302
    assert len(tasks.list_open_of(row.id)) == len(still) - 1
    page = commander.get(f"/activations/{row.id}").content.decode()
    assert "水退" in page and f"/activations/{row.id}/raise" not in page and "灾后排查" in page
    assert commander.get("/plans").status_code == 200


def test_raise_is_not_offered_at_the_gravest_level_and_a_chief_may_not_end_it(warned):
    row = activated(warned)
    page = signed_in("zhoumingyuan").get(f"/activations/{row.id}").content.decode()
    assert f"/activations/{row.id}/raise" not in page and f"/activations/{row.id}/end" in page
    answer = signed_in("hejing").post(f"/activations/{row.id}/end", {"reason": "x", "version": "1"})
    assert answer.status_code == 409


def test_a_call_is_noted_from_the_page(warned):
    row = activated(warned)
    line = CallLine.objects.get(activation=row, order=2)
    answer = signed_in("lisiyuan").post(f"/activations/{row.id}/calls/{line.id}", {"state": "no_answer"})
    line.refresh_from_db()
    assert answer.status_code == 302 and line.state == "no_answer"


def test_a_proposal_is_declined_with_a_reason(warned):
    commander = signed_in("zhoumingyuan")
    assert commander.get(f"/proposals/{warned.id}/decline").status_code == 200
    assert commander.post(f"/proposals/{warned.id}/decline", {"reason": ""}).status_code == 422
    assert commander.post(f"/proposals/{warned.id}/decline", {"reason": "会商"}).status_code == 302
    warned.refresh_from_db()
    assert warned.state == "declined"


def test_one_county_over_finds_no_response_and_no_proposal():
    report = told("黄色预警", type="warning", kind="11B03", place="410182", level=3, occurred_at=now())
    receive(report, by=holding_of("lisiyuan"), at=now())
    settle(now())
    row, other = Proposed.objects.get(place="410182"), signed_in("luoruchuan")
    assert other.get(f"/proposals/{row.id}/decline").status_code == 404
    assert str(row.id) not in other.get("/plans").content.decode()


def test_the_desk_and_the_room_get_what_waits_and_what_runs(warned):
    from types import SimpleNamespace

    from django.template.loader import render_to_string

    request = RequestFactory().get("/")
    request.caller = SimpleNamespace(authority=authority_of("zhoumingyuan", now()), by=None)
    context = views.desk_context(request, Names())
    assert (len(context["plan_proposals"]), context["plan_proposals_below"]) == (1, 12)
    assert context["plan_proposal_count"] == 13 and not context["plan_running"]
    text = render_to_string(
        "web/parts/desk_plans.html", context | {"page": SimpleNamespace(now=now(), sources={})}
    )
    assert "RL-5" in text
    from tests.builders import an_incident

    incident = an_incident()
    line = queries.list_proposals(authority=authority_of("zhoumingyuan", now()))
    assert line and views.room_context(request, incident, Names())["plan_proposals"] == []


def test_without_the_plan_the_list_says_so_and_proposes_nothing():
    Plan.objects.all().delete()
    text = signed_in("hejing").get("/plans").content.decode()
    assert "/plans/zhengzhou-flood" not in text
