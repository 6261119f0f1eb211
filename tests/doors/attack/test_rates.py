"""Whoever tries again and again has to wait: at the sign-in, at the public form, at the intake."""

import pytest
from django.test import Client

from jingwei.apps.agencies import rules
from jingwei.apps.reports import rules as report_rules
from tests.databases import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(settings):
    """Passwords proved quickly: what is counted here are the trials, not the time of each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def guess(times: int, **more: str) -> list[int]:
    form = {"username": "nobody-here", "password": "wrong"}
    return [Client(**more).post("/sign-in", form).status_code for _ in range(times)]


def test_guessing_at_the_door_has_to_wait_and_then_even_the_right_password_does(quick):
    form = {"username": "hejing", "password": "wrong-password"}
    for _ in range(rules.MOST_FAILURES):
        assert Client().post("/sign-in", form).status_code == 422
    answer = Client().post("/sign-in", form | {"password": PASSWORD})
    assert answer.status_code == 422 and "jw_session" not in answer.cookies


def test_canary_without_the_count_the_guesser_gets_in(quick, monkeypatch):
    monkeypatch.setattr(
        "jingwei.apps.agencies.actions.proving._refuse_while_waiting", lambda keys, moment: None
    )
    form = {"username": "hejing", "password": "wrong-password"}
    for _ in range(rules.MOST_FAILURES):
        Client().post("/sign-in", form)
    assert Client().post("/sign-in", form | {"password": PASSWORD}).status_code == 302


def test_an_address_cannot_be_made_up_to_begin_anew(quick):
    form = {"username": "hejing", "password": "wrong-password"}
    for n in range(rules.MOST_FAILURES + 1):
        forged = {"x-forwarded-for": f"203.0.113.{n}", "x-real-ip": f"203.0.113.{n}", "forwarded": f"for={n}"}
        Client(headers=forged).post("/sign-in", form)
    answer = Client(headers={"x-forwarded-for": "203.0.113.250"}).post(
        "/sign-in", form | {"password": PASSWORD}
    )
    assert answer.status_code == 422


def test_the_public_form_has_to_wait_too(settings):
    settings.JINGWEI_PUBLIC_POST = "4101-zbs-public"
    codes = [
        Client().post("/report", {"words": f"第 {n} 条"}).status_code
        for n in range(report_rules.MOST_SENDINGS + 1)
    ]
    assert codes == [302] * report_rules.MOST_SENDINGS + [429]
