"""Clocks and situation reports as pages: what is owed, drafting, sending, receiving."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from jingwei.apps.agencies.queries import find_holding_of_post
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.models import Incident
from jingwei.apps.sitreps import actions
from jingwei.apps.sitreps.models import Obligation, Sitrep
from jingwei.doors.web.names import Names
from jingwei.doors.web.page import page_context
from jingwei.doors.web.views import clocks
from tests.apps.sitreps.test_actions import SIX_DEAD, a_storm, watch
from tests.builders import STORM, a_moment, authority_of, holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def storm() -> Incident:
    return a_storm(SIX_DEAD)


def owed(row: Incident, rule_id: str) -> Obligation:
    return Obligation.objects.filter(incident=row, rule_id=rule_id).order_by("due_at").first()


@pytest.mark.parametrize("path", ["/clocks", "/sitreps", "/clocks?view=person"])
def test_nobody_sees_them_without_signing_in(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["location"].startswith("/sign-in")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("view", ["open", "late", "met", "person"])
def test_the_clocks_say_who_to_whom_and_under_which_rule(storm, view, language):
    watch(STORM + 61 * MINUTE)
    watch(STORM + 61 * MINUTE)
    late = owed(storm, "HN-03")
    actions.meet_obligation(
        owed(storm, "PRC-01").id, words="电话报省值班室", by=holding_of("lisiyuan"),
        moment=a_moment(STORM + 62 * MINUTE),
    )  # fmt: skip
    answer = signed_in("lisiyuan", language).get(f"/clocks?view={view}")
    page = answer.content.decode()
    assert answer.status_code == 200
    expected = {"open": "HN-05", "late": "HN-03", "met": "PRC-01", "person": "ND-06"}
    assert expected[view] in page
    if view == "late":
        assert "row clk late" in page and str(late.id) in page
        assert ("逾期" if language == "zh-hans" else "Late") in page
    if view == "met":
        assert "32:00" in page, "how late it was stays to be seen"


def test_one_county_over_sees_and_records_nothing(storm):
    other = signed_in("luoruchuan")
    Obligation.objects.filter(incident=storm).update(from_place="410103")
    assert owed(storm, "HN-03").rule_id not in other.get("/clocks").content.decode()
    row = owed(storm, "HN-03")
    assert other.post(f"/clocks/{row.id}/met", {"words": "x"}).status_code == 404
    row.refresh_from_db()
    assert row.state == "open"


def test_a_telephone_call_is_recorded_with_its_words(storm):
    officer, row = signed_in("lisiyuan"), owed(storm, "PRC-01")
    assert officer.get(f"/clocks/{row.id}/met").status_code == 200
    assert officer.post(f"/clocks/{row.id}/met", {"words": " "}).status_code == 422
    assert officer.post(f"/clocks/{row.id}/met", {"words": "电话，省值班室王某接"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.met_words) == ("met", "电话，省值班室王某接")


def drafted(officer: Client, row: Incident) -> Sitrep:
    answer = officer.post("/sitreps/draft", {"obligation": str(owed(row, "HN-03").id)})
    assert answer.status_code == 302, answer.content.decode()[-800:]
    return Sitrep.objects.get(pk=answer["location"].rsplit("/", 1)[1])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_report_is_drafted_edited_and_sent_from_its_clock(storm, language):
    officer = signed_in("lisiyuan", language)
    row = drafted(officer, storm)
    page = officer.get(f"/sitreps/{row.id}").content.decode()
    assert "积水过膝" in page and 'class="gap"' in page and "78%" in page
    assert officer.post(f"/sitreps/{row.id}/submit", {"version": "1"}).status_code == 422
    form = {"version": "1", "next": "继续排查<script>", "to_check": ["missing", "injured"]}
    assert officer.post(f"/sitreps/{row.id}", form).status_code == 302
    page = officer.get(f"/sitreps/{row.id}/preview").content.decode()
    assert "继续排查&lt;script&gt;" in page and ("待核" if language == "zh-hans" else "to be checked") in page
    assert '<sup><a href="#s-1">1</a></sup>' in page
    sheet = officer.get(f"/sitreps/{row.id}/submit").content.decode()
    assert "HN-03" in sheet, "what it meets stands on the sheet"
    version = re.search(r'name="version" value="(\d+)"', sheet)[1]
    assert officer.post(f"/sitreps/{row.id}/submit", {"version": version}).status_code == 302
    row.refresh_from_db()
    assert (row.state, owed(storm, "HN-03").state) == ("submitted", "met")
    assert 'id="f-next"' not in officer.get(f"/sitreps/{row.id}").content.decode()


def test_the_second_of_two_keeps_what_was_typed(storm):
    first, second = signed_in("lisiyuan"), signed_in("hejing")
    row = drafted(first, storm)
    first.post(f"/sitreps/{row.id}", {"version": "1", "next": "甲"})
    answer = second.post(f"/sitreps/{row.id}", {"version": "1", "next": "乙写的"})
    assert answer.status_code == 409 and "乙写的" in answer.content.decode()


def test_a_later_report_is_compared_with_the_one_before(storm):
    officer = signed_in("lisiyuan")
    row = drafted(officer, storm)
    Sitrep.objects.filter(pk=row.id).update(state="submitted", submitted_at=STORM)
    form = {"incident": str(storm.id), "stage": "continued", "organization": "4101-yjj"}
    address = officer.post("/sitreps/draft", form)["location"]
    page = officer.get(address).content.decode()
    assert "t-cmp" in page and f'href="/sitreps/{row.id}"' in page
    assert officer.get("/sitreps").content.decode().count('class="row"') == 2


def test_the_body_above_receives_it(storm):
    row = drafted(signed_in("lisiyuan"), storm)
    Sitrep.objects.filter(pk=row.id).update(state="submitted", submitted_at=STORM)
    below = signed_in("lisiyuan")
    assert below.post(f"/sitreps/{row.id}/receive").status_code == 403
    above = find_holding_of_post("41-zbs-duty", at=STORM)
    actions.receive_sitrep(row.id, by=above, moment=a_moment())
    assert "上级已签收" in below.get(f"/sitreps/{row.id}").content.decode()


def asked(username: str, at=STORM):
    request = RequestFactory().get("/")
    request.caller = type("Caller", (), {"authority": authority_of(username), "by": holding_of(username)})()
    request.moment = a_moment(at)
    return request


def test_the_desk_shows_two_blocks_and_what_follows(storm):
    watch(STORM + 61 * MINUTE)
    watch(STORM + 61 * MINUTE)
    request = asked("lisiyuan", STORM + 61 * MINUTE)
    context = clocks.desk_context(request, Names())
    html = render_to_string("web/parts/desk_sitreps.html", context | page_context(request))
    assert html.count('<div class="block clk') == 2 and html.count("block clk late") == 2
    assert context["clocks"].more_late > 0 and "/clocks?view=late" in html
    assert "data-left=" in html and context["clocks"].blocks[0].who is not None


def test_the_desk_without_duties_says_so():
    request = asked("lisiyuan")
    html = render_to_string(
        "web/parts/desk_sitreps.html", clocks.desk_context(request, Names()) | page_context(request)
    )
    assert "现在没有应报事项" in html or "No report is owed now" in html


def test_the_room_shows_its_clocks_and_reports(storm):
    drafted(signed_in("lisiyuan"), storm)
    request = asked("lisiyuan")
    line = incidents.find_incident(storm.id, authority=request.caller.authority)
    html = render_to_string(
        "web/parts/room_sitreps.html", clocks.room_context(request, line, Names()) | page_context(request)
    )
    assert "HN-03" in html and "/sitreps/draft" in html and "/sitreps/0" in html


def test_the_room_shows_the_most_pressing_clocks_and_counts_the_others(storm, monkeypatch):
    monkeypatch.setattr(clocks, "ROOM_ROWS", 2)
    officer = signed_in("lisiyuan")
    page = officer.get(f"/incidents/{storm.id}").content.decode()
    rows = re.findall(r'<li class="row clk.*?</li>', page, re.DOTALL)
    more = Obligation.objects.filter(incident=storm, state="open").count() - 2
    assert len(rows) == 2 and more > 0 and f"另有 {more} 项时限" in page
    assert all(f'href="/incidents/{storm.id}"' not in row for row in rows), "a room names itself once"
    assert f'href="/incidents/{storm.id}"' in officer.get("/clocks").content.decode()


def test_a_body_the_roster_lacks_gets_no_draft_in_anothers_name(storm):
    """Its report is recorded as given otherwise; a report of the city's does not meet it."""
    Obligation.objects.filter(incident=storm, rule_id="HN-03").update(
        from_organization="", from_place="410199"
    )
    row, officer = owed(storm, "HN-03"), signed_in("lisiyuan")
    page = officer.get("/clocks").content.decode()
    assert f'name="obligation" value="{row.id}"' not in page and f"/clocks/{row.id}/met" in page
