"""What may be known to one person only is in no log, no error page and no entry, at the loudest level."""

import base64
import json
import re
import secrets
from datetime import UTC, datetime

import httpx
import pytest
from django.test import Client, override_settings

from jingwei.apps.journal.models import Entry
from jingwei.engines import otp
from tests.databases import PASSWORD
from tests.doors.api.test_live import sign_in
from tests.doors.attack.test_every_address import careless
from tests.doors.bounds.test_overload import token_of
from tests.house.tree import ROOT
from tests.nodes import serving

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def send(client: httpx.Client, path: str, form: dict[str, str], page: str = "") -> httpx.Response:
    token = TOKEN.search(client.get(page or path).text)[1]
    given = form | {"csrfmiddlewaretoken": token}
    return client.post(path, data=given, headers={"referer": str(client.base_url)})


def leaked(text: str, known: dict[str, str]) -> list[str]:
    return [name for name, secret in known.items() if secret in text]


@pytest.mark.slow
def test_no_secret_is_in_the_logs_or_the_journal(live_db, monkeypatch):
    monkeypatch.setenv("JINGWEI_LOG", "DEBUG")
    token = token_of("feeds")["authorization"].split()[1]
    wrong, made_up = secrets.token_hex(8), f"jw_{secrets.token_urlsafe(32)}"
    known = {"password": PASSWORD, "wrong password": wrong, "token": token, "made-up token": made_up}
    with serving(live_db) as node:
        with httpx.Client(base_url=node.url, timeout=30) as stranger:
            send(stranger, "/sign-in", {"username": "lisiyuan", "password": wrong})
        with httpx.Client(base_url=node.url, timeout=30) as officer:
            sign_in(officer, "lisiyuan")
            known["session"] = officer.cookies["jw_session"]
            begun = send(officer, "/account/key", {"password": PASSWORD}, page="/account")
            key = re.search(r"\b((?:[A-Z2-7]{4}\s?){8})\b", begun.text)
            assert key, begun.text[:2000]
            known["key"] = key[1].replace(" ", "")
            secret, step = base64.b32decode(known["key"]), otp.step_of(datetime.now(UTC))
            known["code"] = f" {otp.hotp(secret, step - 1)} "  # six digits alone may stand in any number
            done = send(officer, "/account/key/code", {"code": known["code"]}, page="/switch")
            codes = re.findall(r"<li>([A-Z2-7-]{19})</li>", done.text)
            assert codes, done.text[:2000]
            known["recovery code"] = codes[0]
        with httpx.Client(base_url=node.url, timeout=30) as again:
            send(again, "/sign-in", {"username": "lisiyuan", "password": PASSWORD})
            assert send(again, "/sign-in/code", {"code": codes[0]}).status_code in (200, 302)
        for bearer in (token, made_up):
            headers = {"authorization": f"Bearer {bearer}"}
            httpx.post(f"{node.url}/api/v1/reports", content=b"{", headers=headers, timeout=30)
            httpx.get(f"{node.url}/api/v1/incidents", headers=headers, timeout=30)
        httpx.get(f"{node.url}/nothing?x=1", headers={"cookie": f"jw_session={known['session']}"}, timeout=30)
    known["node's secret"] = "only for tests"
    logs = "".join(p.read_text() for p in live_db.home.parent.glob("serve-*.log"))
    assert "django.request" in logs, "canary: the log is there, at its loudest"
    assert not leaked(logs, known)
    entries = json.dumps(list(Entry.objects.values_list("kind", "subject", "body")), default=str)
    assert "agencies.sign_in_failed" in entries and not leaked(entries, known)


def test_canary_a_secret_in_a_log_would_be_found():
    assert leaked("x river-town-2021 y", {"password": PASSWORD, "token": "jw_abc"}) == ["password"]


def broken(request):
    password = "CANARY-SECRET"
    raise RuntimeError(f"a bug with {password} in {ROOT} and SELECT * FROM agencies_user")


@pytest.mark.django_db
def test_a_bug_shows_a_number_and_nothing_of_itself(caplog):
    module = careless(broken)
    module.handler500 = "jingwei.doors.web.views.errors.server_error"
    with override_settings(ROOT_URLCONF="careless_urls"):
        answer = Client(raise_request_exception=False).get("/forgotten0")
    page = answer.content.decode()
    assert answer.status_code == 500 and re.search(r"\b[0-9a-f]{8}\b", page), "a number to ask by"
    for word in (
        "CANARY",
        "Traceback",
        "RuntimeError",
        "SELECT",
        str(ROOT),
        "django",
        "Django",
        ".py",
        "python",
    ):
        assert word not in page, word
    number = re.search(r"<b>([0-9a-f]{8})</b>", page)[1]
    assert number in caplog.text, "the number stands in the log"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/nothing", "/incidents/7", "/reports/%00", "/api/v1/nothing", "/plans/" + "x" * 5000]
)
def test_pages_that_say_no_tell_nothing_of_the_machine(path):
    answer = Client(raise_request_exception=False).get(path)
    assert 400 <= answer.status_code < 500 or answer.status_code == 302
    for word in ("Traceback", "urlpatterns", "DEBUG", "ROOT_URLCONF", str(ROOT), "settings", ".py"):
        assert word not in answer.content.decode(), word


@pytest.mark.slow
def test_no_line_of_the_log_can_be_forged(live_db, monkeypatch):
    monkeypatch.setenv("JINGWEI_LOG", "DEBUG")
    with serving(live_db) as node:
        for path in (
            "/nothing%0aFORGED%20line",
            "/api/v1/x%0d%0aFORGED",
            "/reports?search=%0aFORGED",
            "/static/%0aFORGED",
        ):
            httpx.get(f"{node.url}{path}", headers={"user-agent": "x\tFORGED"}, timeout=30)
        httpx.post(f"{node.url}/api/v1/%0aFORGED", content=b"\nFORGED", timeout=30)
    logs = "".join(p.read_text() for p in live_db.home.parent.glob("serve-*.log"))
    assert "nothing" in logs, "canary: what was asked for is in the log"
    assert not re.search(r"^FORGED", logs, re.MULTILINE)
