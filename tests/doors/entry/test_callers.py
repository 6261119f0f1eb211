"""Who is calling: sessions that act for a post, tokens, and what ends them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from jingwei.apps.agencies import actions, queries
from jingwei.apps.clock import actions as clock
from jingwei.doors.entry import callers
from jingwei.doors.entry.callers import CallerMiddleware
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.entry.sessions import SessionStore
from jingwei.kernel.moments import By
from tests.apps.agencies.cases import PASSWORD, a_made_post, a_person
from tests.rights import Stage, a_holding, a_stage

pytestmark = pytest.mark.django_db


def a_request(session_key: str | None = None) -> HttpRequest:
    """A request as it comes out of Django's session and user middleware."""
    from django.contrib.auth import get_user

    request = RequestFactory().get("/")
    request.session = SessionStore(session_key)
    request.user = get_user(request) if session_key else AnonymousUser()
    return request


def through(request: HttpRequest) -> Any:
    CallerMiddleware(lambda _: HttpResponse())(request)
    return request


def now_stage() -> Stage:
    """A stage whose holdings are active in real time."""
    real = this_moment()
    return Stage(
        place=a_stage().place,
        moment=real,
        operator=a_holding("operator", at=real.at),
        machine=a_holding("machine", kind="machine", at=real.at),
    )


def a_signed_in(stage: Stage) -> tuple[actions.SignIn, str]:
    """A duty officer who signed in and took their post; and the session's key."""
    row = a_person(a_made_post(stage, "duty_officer").code)
    actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    signed = actions.sign_in(row.username, PASSWORD, address="192.0.2.1", moment=this_moment())
    request = a_request()
    callers.begin_session(request, signed.user, signed.holdings[0].holding)
    request.session.save()
    assert request.session.session_key
    return signed, request.session.session_key


def test_without_a_session_there_is_a_moment_but_no_caller() -> None:
    request = through(a_request())
    assert request.caller is None
    assert request.moment.at == request.moment.recorded_at


def test_a_session_acts_for_the_post_it_took() -> None:
    signed, key = a_signed_in(now_stage())
    caller = through(a_request(key)).caller
    assert caller.by == signed.holdings[0].holding
    assert (caller.authority.role, caller.user.pk) == ("duty_officer", signed.user.pk)
    behind = callers.caller_of_session(key)
    assert behind is not None
    assert behind.by == caller.by
    assert callers.caller_of_session("no-such-session-key-000000000000") is None


def test_a_session_without_a_post_has_no_caller() -> None:
    signed, key = a_signed_in(now_stage())
    request = a_request(key)
    callers.act_for(request, None)
    assert through(request).caller is None
    callers.act_for(request, signed.holdings[0].holding)
    assert through(request).caller is not None


def test_a_released_post_ends_the_session_at_once() -> None:
    stage = now_stage()
    signed, key = a_signed_in(stage)
    actions.release_post(signed.holdings[0].holding, by=stage.operator, moment=this_moment())
    assert through(a_request(key)).caller is None


def test_a_session_cannot_act_for_somebody_elses_post() -> None:
    _, key = a_signed_in(now_stage())
    other, _ = a_signed_in(now_stage())
    request = a_request(key)
    callers.act_for(request, other.holdings[0].holding)
    assert through(request).caller is None


def test_a_closed_account_has_no_caller() -> None:
    signed, key = a_signed_in(now_stage())
    signed.user.is_active = False
    signed.user.save()
    assert through(a_request(key)).caller is None


def test_a_reset_password_ends_older_sessions() -> None:
    stage = now_stage()
    signed, key = a_signed_in(stage)
    actions.reset_password(signed.user.username, "another one 41", by=stage.operator, moment=this_moment())
    assert through(a_request(key)).caller is None
    assert not Session.objects.filter(session_key=key).exists()


def test_a_session_lasts_a_shift_of_real_time_whatever_the_scenario_says() -> None:
    stage = now_stage()
    _, key = a_signed_in(stage)
    real = this_moment()
    start = real.at + timedelta(days=30)
    clock.start_scenario("later", start_at=start, speed=1000, by=stage.operator, moment=real)
    request = through(a_request(key))
    assert request.moment.at >= start
    assert request.caller is not None
    over = real.recorded_at - timedelta(seconds=1)
    Session.objects.filter(session_key=key).update(expire_date=over)
    assert through(a_request(key)).caller is None


def test_whether_the_post_acts_follows_the_nodes_clock() -> None:
    stage = now_stage()
    _, key = a_signed_in(stage)
    past = this_moment().at - timedelta(days=3650)
    founder: By = a_holding("operator", at=stage.moment.at)
    clock.start_scenario("past", start_at=past, speed=1, by=founder, moment=this_moment())
    assert through(a_request(key)).caller is None


def test_a_shared_desk_changes_hands_and_the_pages_forms_still_send() -> None:
    stage = now_stage()
    _, key = a_signed_in(stage)
    colleague, _ = a_signed_in(stage)
    request = a_request(key)
    request.META["CSRF_COOKIE"] = "x" * 32
    callers.hand_over_session(request, colleague.user, colleague.holdings[0].holding)
    request.session.save()
    assert request.META["CSRF_COOKIE"] == "x" * 32
    assert request.session.session_key != key
    assert through(a_request(key)).caller is None
    assert through(a_request(request.session.session_key)).caller.user.pk == colleague.user.pk


def test_signing_in_gives_a_new_key_and_signing_out_forgets_it() -> None:
    _, key = a_signed_in(now_stage())
    request = a_request(key)
    callers.end_session(request)
    assert not Session.objects.filter(session_key=key).exists()
    assert through(a_request(key)).caller is None


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "  Bearer   {} "])
def test_a_program_acts_for_the_holding_of_its_token(form: str) -> None:
    stage = now_stage()
    program = a_holding("program_intake", kind="program", at=stage.moment.at)
    plain = actions.issue_token(program, "feed", by=stage.operator, moment=stage.moment)
    assert callers.caller_of_token({"authorization": form.format(plain)}) == program


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer jw_unknown", "Bearer \ud800"]
)
def test_anything_else_is_nobody(header: str) -> None:
    assert callers.caller_of_token({"authorization": header}) is None
    assert callers.caller_of_token({}) is None


def test_a_token_follows_real_time_also_in_a_scenario() -> None:
    stage = now_stage()
    program = a_holding("program_intake", kind="program", at=stage.moment.at)
    plain = actions.issue_token(
        program,
        "feed",
        until_at=stage.moment.recorded_at + timedelta(hours=1),
        by=stage.operator,
        moment=stage.moment,
    )
    later = stage.moment.at + timedelta(days=30)
    clock.start_scenario("later", start_at=later, speed=1, by=stage.operator, moment=this_moment())
    assert callers.caller_of_token({"authorization": f"Bearer {plain}"}) == program
    over = stage.moment.recorded_at + timedelta(hours=2)
    assert queries.find_token(plain, at_real=over) is None
