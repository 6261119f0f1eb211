"""Account pages through the front: two steps to sign in, sessions that end, locks that are lifted."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jingwei.apps.agencies import actions, rules
from jingwei.apps.agencies.actions import proving
from jingwei.apps.agencies.models import SecondFactor, SignedInSession, User
from jingwei.apps.agencies.queries import factors
from jingwei.apps.journal.models import Entry
from jingwei.doors.entry import callers
from jingwei.engines import otp
from tests.databases import PASSWORD
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
NAME = "lisiyuan"


def code_of(name: str, steps: int = 0) -> str:
    """What the app on this person's phone shows."""
    factor = SecondFactor.objects.filter(user__username=name, until_at=None).latest("begun_at")
    secret = factors.unseal(factor.sealed, factor.user_id)
    return otp.hotp(secret, otp.step_of(datetime.now(UTC)) + steps)


def set_up(client: Client, name: str) -> list[str]:
    """Through the pages; with the code a step early, so that the present ones stay good."""
    page = client.post("/account/key", {"password": PASSWORD}).content.decode()
    assert "otpauth://totp/Jingwei" in page
    page = client.post("/account/key/code", {"code": code_of(name, -1)}).content.decode()
    return re.findall(r"<li>([A-Z2-7-]{19})</li>", page)


def give_password(client: Client, name: str, **more: str) -> Any:
    return client.post("/sign-in", {"username": name, "password": PASSWORD, **more})


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "verify_password", lambda given, kept: (given == PASSWORD, False))


def test_the_whole_way_from_setting_up_to_signing_in_with_a_code() -> None:
    codes = set_up(signed_in(NAME), NAME)
    assert len(codes) == rules.RECOVERY_CODES
    client = Client()
    answer = give_password(client, NAME, next="/reports")
    assert (answer.status_code, answer["location"]) == (302, "/sign-in/code")
    assert not is_in(client) and client.get("/").status_code == 302, "the password alone opens nothing"
    page = client.get("/sign-in/code").content.decode()
    assert 'autocomplete="one-time-code"' in page and 'value="/reports"' in page
    code = code_of(NAME)
    answer = client.post("/sign-in/code", {"code": code, "next": "/reports"})
    assert (answer.status_code, answer["location"]) == (302, "/reports")
    assert is_in(client)
    again = Client()
    give_password(again, NAME)
    assert again.post("/sign-in/code", {"code": code}).status_code == 422, "a code counts once"
    assert again.post("/sign-in/code", {"code": codes[0]}).status_code == 302 and is_in(again)


def test_canary_without_the_question_the_password_opens_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(signed_in(NAME), NAME)
    monkeypatch.setattr("jingwei.apps.agencies.actions.sessions._want_code", lambda user: None)
    client = Client()
    give_password(client, NAME)
    assert is_in(client)


def test_the_code_page_is_closed_to_whoever_gave_no_password() -> None:
    set_up(signed_in(NAME), NAME)
    client = Client()
    assert client.get("/sign-in/code")["location"] == "/sign-in"
    assert client.post("/sign-in/code", {"code": code_of(NAME)})["location"] == "/sign-in"
    assert not is_in(client)


def test_a_password_given_too_long_ago_wants_to_be_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(signed_in(NAME), NAME)
    client = Client()
    give_password(client, NAME)
    monkeypatch.setattr("jingwei.apps.agencies.rules.CODE_WAITS", timedelta(0))
    assert client.post("/sign-in/code", {"code": code_of(NAME)}).status_code == 422
    assert not is_in(client)


def test_wrong_codes_through_the_page_lock_and_an_operator_unlocks(quick: None) -> None:
    set_up(signed_in(NAME), NAME)
    for n in range(rules.MOST_FAILURES_ANYWHERE):
        client = Client(REMOTE_ADDR=f"198.51.100.{n}")
        give_password(client, NAME)
        assert client.post("/sign-in/code", {"code": "000000"}).status_code == 422
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"accept-language": "en"})
    answer = give_password(client, NAME)
    assert answer.status_code == 422 and "unlock" in answer.content.decode()
    operator = signed_in("zhongyu")
    assert 'value="unlock"' in operator.get("/account/people").content.decode()
    assert operator.post("/account/people", {"username": NAME, "what": "unlock"}).status_code == 302
    give_password(client, NAME)
    assert client.post("/sign-in/code", {"code": code_of(NAME)}).status_code == 302


def test_the_sessions_key_changes_at_the_password_and_at_the_code() -> None:
    set_up(signed_in(NAME), NAME)
    attacker = Client()
    attacker.get("/sign-in")
    session = attacker.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client = Client()
    client.cookies["jw_session"] = planted
    give_password(client, NAME)
    between = client.session.session_key
    assert between != planted and "planted" not in client.session
    client.post("/sign-in/code", {"code": code_of(NAME)})
    assert client.session.session_key not in (planted, between)
    for key in (planted, between):
        client.cookies["jw_session"] = key
        assert not is_in(client)


def test_an_ended_session_is_refused_at_its_next_request_also_by_the_live_stream() -> None:
    here, there = signed_in(NAME), signed_in(NAME)
    key = there.session.session_key
    page = here.get("/account").content.decode()
    (other,) = re.findall(r'name="session" value="([0-9a-f-]{36})"', page)
    assert callers.caller_of_session(key) is not None
    assert here.post("/account/sessions", {"session": other}).status_code == 302
    assert callers.caller_of_session(key) is None
    for path in ("/", "/account", "/post", "/reports"):
        answer = there.get(path)
        assert answer.status_code == 302 and answer["location"].startswith("/sign-in")
    assert is_in(here)


def test_canary_without_the_book_an_ended_session_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = signed_in(NAME), signed_in(NAME)
    row = SignedInSession.objects.latest("from_at")
    known = callers.agencies.OpenSession(row.pk, row.last_seen_at, False)
    here.post("/account/sessions", {"session": "others"})
    monkeypatch.setattr(callers.agencies, "find_session", lambda *a, **k: known)
    assert is_in(there)


def test_ending_all_others_keeps_this_one() -> None:
    others = [signed_in(NAME), signed_in(NAME)]
    here = signed_in(NAME)
    here.post("/account/sessions", {"session": "others"})
    assert is_in(here) and not any(is_in(other) for other in others)


def test_an_operator_ends_a_persons_sessions_and_others_may_not() -> None:
    officer, operator = signed_in(NAME), signed_in("zhongyu")
    form = {"username": NAME, "what": "end"}
    assert officer.get("/account/people").status_code == 403
    assert officer.post("/account/people", form).status_code == 403
    assert is_in(officer)
    assert operator.post("/account/people", form).status_code == 302
    assert not is_in(officer) and is_in(operator)


def test_a_changed_password_keeps_this_session_and_ends_the_others() -> None:
    other, here = signed_in(NAME), signed_in(NAME)
    form = {"password": PASSWORD, "new": "ein anderes 41", "again": "ein anderes 41"}
    assert here.post("/account/password", form | {"again": "typo"}).status_code == 422
    assert here.post("/account/password", form | {"password": "wrong"}).status_code == 422
    before = here.session.session_key
    assert here.post("/account/password", form).status_code == 302
    assert is_in(here) and not is_in(other) and here.session.session_key != before
    assert give_password(Client(), NAME).status_code == 422


def test_taking_over_the_desk_asks_for_the_colleagues_code() -> None:
    set_up(signed_in("hejing"), "hejing")
    desk = signed_in(NAME)
    page = desk.get("/switch").content.decode()
    (value,) = re.findall(r'value="(hejing\|[0-9a-f-]{36})"', page)
    form = {"username": value, "password": PASSWORD, "next": "/reports"}
    page = desk.post("/switch", form).content.decode()
    assert 'action="/switch/code"' in page and 'class="sheet"' in page
    assert desk.post("/switch/code", {"code": "000000"}).status_code == 422
    assert desk.session["_auth_user_id"] == str(User.objects.get(username=NAME).pk), "nothing changed hands"
    answer = desk.post("/switch/code", {"code": code_of("hejing"), "next": "/reports"})
    assert (answer.status_code, answer["location"]) == (302, "/reports")
    assert desk.session["_auth_user_id"] == str(User.objects.get(username="hejing").pk)
    assert Entry.objects.filter(kind="agencies.person_switched/1").exists()


def test_a_desk_is_not_taken_over_by_a_code_without_the_password() -> None:
    set_up(signed_in("hejing"), "hejing")
    desk = signed_in(NAME)
    assert desk.post("/switch/code", {"code": code_of("hejing")})["location"] == "/switch"


def test_the_key_is_never_shown_again_nor_the_recovery_codes() -> None:
    client = signed_in(NAME)
    client.post("/account/key", {"password": PASSWORD})
    wrong = client.post("/account/key/code", {"code": "000000"})
    assert wrong.status_code == 422 and "otpauth" not in wrong.content.decode()
    codes = set_up(client, NAME)
    page = client.get("/account").content.decode()
    assert "otpauth" not in page and not any(code in page for code in codes)
    assert client.get("/account/key").status_code == 405


def test_a_new_key_wants_the_password_again() -> None:
    client = signed_in(NAME)
    assert client.post("/account/key", {"password": "wrong"}).status_code == 422
    assert not SecondFactor.objects.exists()


def a_deciding_client(name: str = "zhongyu") -> Client:
    return signed_in(name, "en")


def test_posts_that_decide_are_told_that_a_second_factor_is_expected() -> None:
    assert "is expected of it" in a_deciding_client().get("/account").content.decode()
    assert "is expected of it" not in signed_in(NAME, "en").get("/account").content.decode()


def test_where_it_is_required_they_do_nothing_else_before(settings: Any) -> None:
    settings.JINGWEI_SECOND_FACTOR = "required"
    client = a_deciding_client()
    for path in ("/", "/reports", "/operate", "/account/people", "/account/sessions"):
        assert client.get(path)["location"] == "/account", path
    assert client.post("/account/people", {"username": NAME, "what": "end"})["location"] == "/account"
    assert callers.caller_of_session(str(client.session.session_key)) is None
    assert "until then you can do nothing else" in client.get("/account").content.decode()
    set_up(client, "zhongyu")
    assert client.get("/operate").status_code == 200
    assert signed_in(NAME).get("/").status_code == 200, "others go on as before"


def test_a_lost_factor_is_reset_by_the_operator_only() -> None:
    officer = signed_in(NAME)
    set_up(officer, NAME)
    form = {"username": NAME, "what": "reset"}
    assert officer.post("/account/people", form).status_code == 403
    assert signed_in("zhongyu").post("/account/people", form).status_code == 302
    assert not is_in(officer), "every session of theirs ended"
    assert is_in(signed_in(NAME))


@pytest.mark.parametrize("what", ["", "assign", "\x00"])
def test_an_unknown_act_on_a_person_is_refused(what: str) -> None:
    answer = signed_in("zhongyu").post("/account/people", {"username": NAME, "what": what})
    assert answer.status_code == 422


def test_last_used_is_written_at_most_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(actions, "see_session", lambda *a, **k: seen.append(a))
    client = signed_in(NAME)
    client.get("/account")
    assert not seen
    SignedInSession.objects.update(last_seen_at=datetime.now(UTC) - timedelta(minutes=2))
    client.get("/account")
    assert len(seen) == 1
