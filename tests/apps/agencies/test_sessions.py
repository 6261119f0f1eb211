"""Signing in, waiting after failures, taking a post, changing the person at a desk."""

import time
import uuid
from datetime import timedelta
from typing import Any

import pytest

from jingwei.apps.agencies import actions, queries, rules
from jingwei.apps.agencies.models import Attempt, User
from jingwei.apps.journal.models import Entry
from jingwei.kernel.moments import Moment
from jingwei.kernel.refusals import Refused
from tests.apps.agencies.cases import PASSWORD, a_made_post, a_person, a_post
from tests.rights import NOW, Stage, a_stage, moment

pytestmark = pytest.mark.django_db

ADDRESS = "192.0.2.7"


def an_officer(stage: Stage, organization: str = "") -> tuple[str, str]:
    """(user name, code of the organization) of an enrolled duty officer."""
    if organization:
        post = a_post(stage.place, organization, "duty_officer")
        actions.add_post(post, by=stage.operator, moment=stage.moment)
    else:
        post = a_made_post(stage, "duty_officer")
    row = a_person(post.code)
    actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    return row.username, post.organization


def attempt(name: str, password: str, *, address: str = ADDRESS, at: Moment | None = None) -> str:
    try:
        actions.sign_in(name, password, address=address, moment=at or moment())
    except Refused as refused:
        return refused.code
    return "in"


def newest() -> Entry:
    return Entry.objects.latest("seq")


def test_a_right_password_lets_in_and_says_which_posts() -> None:
    name, organization = an_officer(a_stage())
    signed = actions.sign_in(f" {name.upper()}", PASSWORD, address=ADDRESS, moment=moment())
    assert [h.organization_code for h in signed.holdings] == [organization]
    assert signed.user == User.objects.get(username=name)
    assert newest().kind == "agencies.signed_in/1"


def test_a_wrong_password_an_unknown_name_and_a_closed_account_read_the_same() -> None:
    name, _ = an_officer(a_stage())
    closed, _ = an_officer(a_stage())
    User.objects.filter(username=closed).update(is_active=False)
    assert attempt(name, "wrong") == attempt("nobody-here", PASSWORD) == attempt(closed, PASSWORD)
    for strange in ("", "\x00", "\ud800", "何静", "x" * 5000):
        assert attempt(strange, PASSWORD) == attempt(name, strange) == "sign_in_failed"


def test_a_failure_is_recorded_without_an_unknown_name_or_an_address() -> None:
    name, _ = an_officer(a_stage())
    attempt(name, "wrong")
    assert newest().kind == "agencies.sign_in_failed/1"
    assert newest().body["user"] == str(User.objects.get(username=name).pk)
    attempt("mysecretpassword", "wrong")
    assert newest().body["user"] == ""
    row = Attempt.objects.latest("id")
    assert not {"mysecretpassword", ADDRESS} & {row.name, row.origin, *map(str, newest().body.values())}


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    name, _ = an_officer(a_stage())

    def fastest_s(username: str) -> float:
        took = []
        for n in range(3):
            started = time.perf_counter()
            attempt(username, "wrong", address=f"198.51.100.{n}")
            took.append(time.perf_counter() - started)
        return min(took)

    known, unknown = fastest_s(name), fastest_s("nobody-here")
    assert 0.5 < unknown / known < 2


def fail(times: int, name: str, *, address: str = ADDRESS, at: Moment | None = None) -> None:
    key = queries.proofs.keyed_digest
    when = (at or moment()).recorded_at
    for _ in range(times):
        Attempt.objects.create(name=key("name", name), origin=key("address", address), failed_at=when)


def test_after_ten_failures_even_the_right_password_waits_a_quarter_hour() -> None:
    name, _ = an_officer(a_stage())
    fail(rules.MOST_FAILURES - 1, name)
    assert attempt(name, "wrong") == "sign_in_failed"
    assert attempt(name, PASSWORD) == "too_many_attempts"
    assert attempt(name, PASSWORD, address="203.0.113.9") == "in"
    later = moment(NOW + rules.FAILURE_WINDOW)
    assert attempt(name, PASSWORD, at=later) == "in"


def test_a_success_forgets_the_failures_before_it() -> None:
    name, _ = an_officer(a_stage())
    fail(rules.MOST_FAILURES - 1, name)
    assert attempt(name, PASSWORD) == "in"
    assert attempt(name, "wrong") == "sign_in_failed"
    assert attempt(name, PASSWORD) == "in"


def test_many_names_from_one_address_wait_too() -> None:
    name, _ = an_officer(a_stage())
    for n in range(rules.MOST_FAILURES_FROM_ONE_ADDRESS):
        fail(1, f"guess{n}")
    assert attempt(name, PASSWORD) == "too_many_attempts"


def test_the_wait_runs_in_real_time_never_in_the_scenarios() -> None:
    name, _ = an_officer(a_stage())
    fail(rules.MOST_FAILURES, name)
    raced = Moment(at=NOW + timedelta(days=3), recorded_at=NOW + timedelta(seconds=1))
    assert attempt(name, PASSWORD, at=raced) == "too_many_attempts"


def test_old_failures_are_swept_away() -> None:
    name, _ = an_officer(a_stage())
    fail(3, name)
    attempt(name, "wrong", at=moment(NOW + rules.LOCK_WINDOW))
    assert Attempt.objects.count() == 1


def test_a_reset_password_is_the_only_one_that_works() -> None:
    stage = a_stage()
    name, _ = an_officer(stage)
    before = User.objects.get(username=name).get_session_auth_hash()
    actions.reset_password(name, "another one 41", by=stage.operator, moment=stage.moment)
    assert (attempt(name, PASSWORD), attempt(name, "another one 41")) == ("sign_in_failed", "in")
    assert User.objects.get(username=name).get_session_auth_hash() != before


def test_one_takes_ones_own_posts_only() -> None:
    stage = a_stage()
    mine, _ = an_officer(stage)
    other, _ = an_officer(stage)
    signed = actions.sign_in(mine, PASSWORD, address=ADDRESS, moment=moment())
    own = signed.holdings[0].holding
    assert actions.take_post(signed.user.pk, own, moment=moment()).holding == own
    assert (newest().kind, newest().by) == ("agencies.post_taken/1", own)
    theirs = queries.list_holdings(User.objects.get(username=other).pk, at=NOW)[0].holding
    with pytest.raises(queries.NotAllowed) as refused:
        actions.take_post(signed.user.pk, theirs, moment=moment())
    assert refused.value.code == "not_allowed"


def test_a_colleague_takes_over_the_desk_with_their_own_password() -> None:
    stage = a_stage()
    first, organization = an_officer(stage)
    second, _ = an_officer(stage, organization)
    desk = actions.sign_in(first, PASSWORD, address=ADDRESS, moment=moment()).holdings[0]
    assert [c.username for c in queries.list_colleagues(desk, at=NOW)] == [second]
    options: dict[str, Any] = {"by": desk.holding, "address": ADDRESS, "moment": moment()}
    signed = actions.switch_person(second, PASSWORD, **options)
    fact = newest()
    assert fact.kind == "agencies.person_switched/1"
    assert fact.by == signed.holdings[0].holding
    assert fact.body["from_holding"] == str(desk.holding)
    with pytest.raises(Refused, match="sign_in_failed"):
        actions.switch_person(second, "wrong", **options)


def test_somebody_of_another_organization_cannot_take_over_the_desk() -> None:
    stage = a_stage()
    first, _ = an_officer(stage)
    stranger, _ = an_officer(stage)
    desk = actions.sign_in(first, PASSWORD, address=ADDRESS, moment=moment()).holdings[0]
    with pytest.raises(Refused, match="not_at_this_desk"):
        actions.switch_person(stranger, PASSWORD, by=desk.holding, address=ADDRESS, moment=moment())


def test_leaving_is_written_down() -> None:
    name, _ = an_officer(a_stage())
    signed = actions.sign_in(name, PASSWORD, address=ADDRESS, moment=moment())
    actions.sign_out(signed.user.pk, by=signed.holdings[0].holding, moment=moment())
    assert newest().kind == "agencies.signed_out/1"


def test_a_user_without_a_post_gets_in_and_is_told_so() -> None:
    stage = a_stage()
    row = a_person()
    actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    signed = actions.sign_in(row.username, PASSWORD, address=ADDRESS, moment=moment())
    assert signed.holdings == []


def test_nobody_takes_over_a_desk_whose_post_is_gone() -> None:
    stage = a_stage()
    first, _ = an_officer(stage)
    with pytest.raises(queries.NotAllowed) as refused:
        actions.switch_person(first, PASSWORD, by=uuid.uuid4(), address=ADDRESS, moment=moment())
    assert refused.value.code == "not_allowed"
