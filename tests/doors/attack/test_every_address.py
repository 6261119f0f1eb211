"""Every address, tried by a stranger, by a forged form, and with headers looked at: none is forgotten."""

import re
import sys
from types import ModuleType

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from jingwei.apps.journal import queries as journal
from jingwei.doors.entry.headers import HEADERS
from tests.doors.attack.addresses import OPEN, list_addresses, list_paths
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
#: What a page may not hold: script or style inside it, or anything from elsewhere.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//",
    re.IGNORECASE,
)

#: Addresses that a program's token opens, and no cookie.
TOKENS_ONLY = ("/api/v1/", "/ogc")
#: Pages of one's own node that read cards with the camera; no other asks for it.
CAMERA = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"
READS_CARDS = {("Permissions-Policy", f"/shelters/register{part}") for part in ("", "/shell")}


def strangers_inside() -> list[str]:
    """Addresses that give a stranger more than the way in."""
    client, found = Client(raise_request_exception=False), []
    for one in list_paths():
        answer = client.get(one)
        if OPEN.match(one):
            if answer.status_code >= 500:
                found.append(f"{one}: {answer.status_code}")
        elif one.startswith(TOKENS_ONLY):
            if answer.status_code not in (401, 405):
                found.append(f"{one}: {answer.status_code}")
        elif answer.status_code != 405 and "/sign-in" not in answer.get("location", ""):
            found.append(f"{one}: {answer.status_code}")
    return found


def forged(client: Client) -> list[str]:
    """Addresses that take a form without its token."""
    found = []
    for one in list_paths():
        if one.startswith(TOKENS_ONLY):
            continue  # no cookie opens them: test_the_api_takes_no_cookie
        answer = client.post(one, {"words": "x", "reason": "x", "confirm": "1"})
        if answer.status_code not in (403, 404, 405):
            found.append(f"{one}: {answer.status_code}")
    return found


def test_a_stranger_finds_nothing_but_the_way_in_and_the_publics_pages():
    assert len(list_paths()) > 60
    assert not strangers_inside()


def test_a_form_without_its_token_is_refused_everywhere_and_changes_nothing(settings):
    settings.JINGWEI_PUBLIC_POST = "4101-zbs-public"
    inside = signed_in("hejing")
    attacked = Client(enforce_csrf_checks=True, raise_request_exception=False)
    attacked.cookies = inside.cookies
    assert attacked.get("/").status_code == 200, "the session is good: only the token lacks"
    before = journal.count_entries()
    assert not forged(attacked)
    assert not forged(Client(enforce_csrf_checks=True, raise_request_exception=False))
    assert journal.count_entries() == before


def test_a_token_from_elsewhere_is_refused(settings):
    attacked = Client(enforce_csrf_checks=True)
    attacked.cookies = signed_in("hejing").cookies
    page = attacked.get("/switch").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    evil = {"origin": "https://evil.example"}
    assert attacked.post("/sign-out", {"csrfmiddlewaretoken": token}, headers=evil).status_code == 403
    assert attacked.post("/sign-out", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert attacked.post("/sign-out", {"csrfmiddlewaretoken": token}).status_code == 302, "the real one goes"


def test_the_api_takes_no_cookie():
    client = signed_in("hejing")
    for one in list_paths():
        if one.startswith(TOKENS_ONLY) and not OPEN.match(one):
            assert client.get(one).status_code in (401, 405), one
            assert client.post(one, "{}", content_type="application/json").status_code in (401, 405), one


def careless(*views: object) -> ModuleType:
    """A node with these views forgotten in it."""
    module = ModuleType("careless_urls")
    module.urlpatterns = [path(f"forgotten{i}", view) for i, view in enumerate(views)]  # type: ignore[attr-defined]
    sys.modules["careless_urls"] = module
    return module


def test_canary_a_forgotten_view_is_found_by_both():
    careless(csrf_exempt(lambda request: HttpResponse("all of it")))
    with override_settings(ROOT_URLCONF="careless_urls"):
        assert strangers_inside() == ["/forgotten0: 200"]
        assert forged(Client(enforce_csrf_checks=True)) == ["/forgotten0: 200"]


def test_every_answer_carries_the_headers_whoever_asks():
    for client in (Client(raise_request_exception=False), signed_in("hejing")):
        for one in [*list_paths(), "/nothing-here", "/reports/%00", "/.git/config", "/secret"]:
            answer = client.get(one)
            assert answer.status_code < 500, one
            for name, value in HEADERS.items():
                allowed = {value, CAMERA} if (name, one) in READS_CARDS else {value}
                assert answer.headers.get(name) in allowed, f"{one}: {name}"
            assert "no-store" in answer.headers["Cache-Control"] or one.startswith("/public"), one
            kind = answer.headers.get("Content-Type", "")
            assert "charset=" in kind or (not kind.startswith("text/") and "xml" not in kind), one
            assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_policy_allows_no_script_or_style_inside_a_page_and_no_frame_around_it():
    policy = dict(p.split(" ", 1) for p in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"] and HEADERS["X-Frame-Options"] == "DENY"


def test_no_page_holds_script_or_style_inside(settings):
    settings.JINGWEI_PUBLIC_POST = "4101-zbs-public"
    seen = 0
    for client in (Client(), signed_in("hejing"), signed_in("zhongyu")):
        for one in list_paths():
            answer = client.get(one)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                text = answer.content.decode()
                seen += bool(text)
                assert not INLINE.search(text), f"{one}: {INLINE.search(text)[0]}"
    assert seen > 60
    for bad in ("<script>x", '<p onclick="x">', "<style>", '<a href="javascript:x">', '<img src="//evil/x">'):
        assert INLINE.search(bad), "canary"


@pytest.mark.parametrize("https", [True, False])
def test_cookies_are_closed_to_scripts_and_to_other_sites(https):
    # the names and flags are settled when the process starts: another process is asked
    import os
    import subprocess

    line = (
        "from jingwei.wiring import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, "
        "s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE, s.DEBUG)"
    )
    env = {**os.environ, "JINGWEI_HTTPS": "1" if https else "0", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", line], env=env, capture_output=True, text=True, check=True, timeout=60
    )
    prefix, secure = ("__Host-", "True True") if https else ("", "False False")
    assert done.stdout.split() == (
        f"{prefix}jw_session {prefix}jw_csrf {secure} True True Lax Lax False".split()
    )


def test_every_cookie_that_is_set_has_its_flags():
    client = signed_in("hejing")
    client.post("/look", {"language": "en", "theme": "dark"})
    assert {"jw_session", "jw_csrf", "jw_lang", "jw_theme"} <= set(client.cookies)
    for name in ("jw_session", "jw_csrf", "jw_lang", "jw_theme"):
        morsel = client.cookies[name]
        # jw_lang is also set by the helper of this test, as a browser keeps it
        assert morsel["httponly"] and morsel["samesite"] == "Lax" and morsel["path"] == "/", name


def test_behind_tls_every_answer_says_so(settings):
    settings.HTTPS = True
    for one in ("/sign-in", "/nothing", "/api/v1/reports"):
        said = Client().get(one).headers["Strict-Transport-Security"]
        assert said == "max-age=31536000; includeSubDomains"
    from jingwei.doors.entry.headers import raw_headers

    assert (b"strict-transport-security", b"max-age=31536000; includeSubDomains") in raw_headers("text/plain")


def test_debug_is_off_and_nothing_of_the_framework_is_left_open():
    assert settings.DEBUG is False and settings.TEMPLATES[0]["OPTIONS"].get("debug") is None
    names = {getattr(view, "__module__", "") for _, view in list_addresses()}
    assert not [n for n in names if n.startswith(("django.contrib", "django.views.static"))]
    for gone in ("/admin", "/admin/", "/__debug__/", "/api/v1/docs", "/metrics", "/server-status"):
        assert Client().get(gone).status_code == 404, gone
