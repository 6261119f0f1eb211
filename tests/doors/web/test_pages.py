"""Pages ask for the right each time, keep what was entered, and never show what one may not see."""

import re

import pytest
from django.test import Client

from jingwei.apps.incidents.models import Incident, Membership
from jingwei.apps.journal import queries as journal
from jingwei.apps.reports.facts import CallerRevealed, Claim
from jingwei.apps.reports.models import Report
from tests.builders import holding_of, receive, settle, told
from tests.databases import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(username: str, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["jw_lang"] = language
    answer = client.post("/sign-in", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:800]
    if answer["location"] != "/":
        holding = str(holding_of(username))
        client.post("/post", {"holding": holding})
    return client


@pytest.fixture
def tunnel() -> Incident:
    figures = (Claim(measure="deaths", value=6, unit="person"),)
    (answer,) = receive(
        told(
            "“水到胸口了”<script>",
            site="zz-jingguang-north-tunnel",
            place="410103",
            figures=figures,
            caller_name="王小明",
            caller_phone="13612342071",
        ),
        by=holding_of("lisiyuan"),
    )
    settle()
    return Membership.objects.get(report_id=answer.id, left_at=None).incident


PATHS = ["/", "/incidents", "/reports", "/phone", "/replay", "/operate", "/search?q=水", "/switch"]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_sees_a_page_without_signing_in(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["location"].startswith("/sign-in")


def test_the_room_shows_the_words_as_told_and_no_script_runs(tunnel):
    page = signed_in("lisiyuan").get(f"/incidents/{tunnel.id}").content.decode()
    assert "“水到胸口了”&lt;script&gt;" in page and "<script>" not in page.replace("<script ", "")
    assert "GR010" in page, "the clause stands beside the proposed grade"
    assert "13612342071" not in page and "王小明" not in page


def test_one_county_over_finds_no_such_incident_and_may_not_decide(tunnel):
    other = signed_in("luoruchuan")
    assert other.get(f"/incidents/{tunnel.id}").status_code == 404
    form = {"grade": "3", "version": str(tunnel.version), "reason": "x"}
    assert other.post(f"/incidents/{tunnel.id}/confirm", form).status_code in (403, 404)
    tunnel.refresh_from_db()
    assert tunnel.confirmed_grade is None


def test_the_officer_confirms_the_proposed_grade(tunnel):
    officer = signed_in("lisiyuan")
    page = officer.get(f"/incidents/{tunnel.id}/confirm").content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    answer = officer.post(f"/incidents/{tunnel.id}/confirm", {"grade": "3", "version": version, "reason": ""})
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    tunnel.refresh_from_db()
    assert (tunnel.confirmed_grade, tunnel.confirmed_by) == (3, holding_of("lisiyuan"))


def test_the_second_of_two_officers_is_told_and_keeps_what_was_entered(tunnel):
    first, second = signed_in("hejing"), signed_in("lisiyuan")
    seen = str(tunnel.version)
    first.post(f"/incidents/{tunnel.id}/confirm", {"grade": "3", "version": seen, "reason": ""})
    answer = second.post(
        f"/incidents/{tunnel.id}/confirm", {"grade": "2", "version": seen, "reason": "现场报十人"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409 and "现场报十人" in page
    assert "何静" in page, "who changed it meanwhile"
    tunnel.refresh_from_db()
    assert tunnel.confirmed_grade == 3


def test_a_phone_report_needs_only_the_words(tunnel):
    officer = signed_in("lisiyuan")
    answer = officer.post("/phone", {"words": "解放路有人被困"})
    assert answer.status_code == 302
    assert Report.objects.filter(words="解放路有人被困", channel="duty_phone").count() == 1
    empty = officer.post("/phone", {"words": "", "caller_phone": "110"})
    assert empty.status_code in (409, 422) and 'value="110"' in empty.content.decode()


def test_looking_at_a_caller_is_asked_for_and_recorded(tunnel):
    report_id = Membership.objects.get(incident=tunnel).report_id
    officer = signed_in("lisiyuan")
    page = officer.post(f"/reports/{report_id}/caller", {"reason": "回访"}).content.decode()
    assert "13612342071" in page
    (look,) = journal.list_entries(subjects=[str(report_id)], kinds=[CallerRevealed])
    assert (look.by, look.fact.reason) == (holding_of("lisiyuan"), "回访")


@pytest.mark.parametrize("path", ["/", "/sign-in"])
def test_every_page_carries_its_headers(path):
    answer = signed_in("lisiyuan").get(path)
    policy = answer["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert answer["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy and answer["referrer-policy"]


def test_a_form_without_its_token_is_refused(tunnel):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in("lisiyuan").cookies
    answer = strict.post("/phone", {"words": "x"})
    assert answer.status_code == 403
    assert not Report.objects.filter(words="x").exists()


def test_a_clock_is_set_by_the_operator_only():
    officer, operator = signed_in("lisiyuan"), signed_in("zhongyu")
    assert officer.post("/replay", {"do": "speed", "speed": "60"}).status_code == 403
    assert operator.post("/replay", {"do": "speed", "speed": "60"}).status_code == 409, "no scenario runs"


def test_a_call_with_figures_becomes_an_incident_with_a_proposed_grade():
    officer = signed_in("lisiyuan")
    form = {"words": "隧道里死了人", "kind": "12P04", "place": "410103", "deaths": "６", "missing": ""}
    answer = officer.post("/phone", form)
    settle()
    report = Report.objects.get(words="隧道里死了人")
    incident = Membership.objects.get(report=report, left_at=None).incident
    assert answer.status_code == 302
    assert (incident.proposed_grade, incident.proposed_figures) == (3, {"deaths": 6})


def test_a_figure_that_is_no_number_is_asked_for_again_and_nothing_typed_is_lost():
    officer = signed_in("lisiyuan")
    answer = officer.post("/phone", {"words": "死了几个人", "deaths": "好几个"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "死了几个人" in page and "好几个" in page
    assert not Report.objects.filter(words="死了几个人").exists()
