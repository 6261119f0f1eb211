"""Sessions where transactions really commit: nothing is written outside one."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from jingwei.apps.agencies import actions, queries
from jingwei.apps.agencies.models import Attempt, User
from jingwei.apps.journal.models import Entry
from jingwei.doors.entry import callers
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.refusals import Refused
from tests.apps.agencies.cases import PASSWORD
from tests.doors.entry.test_callers import a_request, through


def a_user_of_the_roster() -> tuple[str, Any]:
    """The demo's chief of the shift, with a password of this test, and the operator's holding."""
    operator = queries.list_posts_on_duty("4101-zbs", at=this_moment().at, roles=["operator"])[0].holding
    actions.reset_password("hejing", PASSWORD, by=operator, moment=this_moment())
    return "hejing", operator


def test_a_failed_sign_in_stays_written_though_it_was_refused(live_db: object) -> None:
    name, _ = a_user_of_the_roster()
    with pytest.raises(Refused, match="sign_in_failed"):
        actions.sign_in(name, "wrong", address="192.0.2.1", moment=this_moment())
    assert Attempt.objects.count() == 1
    assert Entry.objects.latest("seq").kind == "agencies.sign_in_failed/1"


def test_a_session_begins_is_dropped_by_a_page_view_and_ends(live_db: object) -> None:
    name, operator = a_user_of_the_roster()
    signed = actions.sign_in(name, PASSWORD, address="192.0.2.1", moment=this_moment())
    request = a_request()
    callers.begin_session(request, signed.user, signed.holdings[0].holding)
    request.session.save()
    key = request.session.session_key
    assert through(a_request(key)).caller.authority.person_zh == "何静"
    actions.reset_password(name, "another one 41", by=operator, moment=this_moment())
    assert through(a_request(key)).caller is None
    assert not Session.objects.filter(session_key=key).exists()
    callers.end_session(request)


def test_canary_a_write_outside_a_transaction_fails(live_db: object) -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(DatabaseError):
            User.objects.get(username="hejing").save()
