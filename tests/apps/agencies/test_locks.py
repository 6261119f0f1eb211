"""Locks of an account: after failures from anywhere, longer each time, lifted by an operator."""

from datetime import datetime, timedelta

import pytest

from jingwei.apps.agencies import actions, queries, rules
from jingwei.apps.agencies.actions import proving
from jingwei.apps.agencies.models import AccountLock, Attempt, User
from jingwei.apps.journal.models import Entry
from jingwei.kernel.moments import Moment
from tests.apps.agencies.cases import PASSWORD, a_made_post, a_person, refusal
from tests.apps.agencies.test_sessions import attempt
from tests.rights import NOW, a_stage, moment

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def name() -> str:
    stage = a_stage()
    row = a_person(a_made_post(stage, "duty_officer").code)
    actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    return row.username


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty proofs of a password take seconds on purpose; here only their outcome matters."""
    monkeypatch.setattr(proving, "verify_password", lambda given, kept: (given == PASSWORD, False))


def guess(times: int, name: str, *, at: datetime = NOW) -> list[str]:
    """From another address each time, as a guesser with many machines would."""
    return [
        attempt(name, "wrong", address=f"198.51.100.{n}", at=moment(at + timedelta(seconds=n)))
        for n in range(times)
    ]


@pytest.mark.parametrize(
    ("times", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (500, 60)]
)
def test_each_lock_is_twice_as_long_up_to_an_hour(times: int, minutes: int) -> None:
    assert rules.lock_wait(times) == minutes * MINUTE


@pytest.mark.parametrize(("failures", "locked"), [(0, False), (19, False), (20, True), (21, True)])
def test_twenty_failures_lock(failures: int, locked: bool) -> None:
    assert rules.has_to_be_locked(failures) == locked


def test_failures_from_anywhere_lock_the_account_for_the_right_password_too(name: str) -> None:
    assert guess(rules.MOST_FAILURES_ANYWHERE - 1, name)[-1] == "sign_in_failed"
    assert attempt(name, PASSWORD, address="203.0.113.9", at=moment(NOW + MINUTE)) == "in"
    assert guess(1, name, at=NOW + MINUTE) == ["sign_in_failed"]
    locked = moment(NOW + 2 * MINUTE)
    assert attempt(name, PASSWORD, address="203.0.113.9", at=locked) == "account_locked"
    fact = Entry.objects.filter(kind="agencies.account_locked/1").latest("seq")
    assert (fact.body["user"], fact.body["times"]) == (str(User.objects.get(username=name).pk), 1)
    assert attempt(name, PASSWORD, at=moment(NOW + 6 * MINUTE)) == "in", "the lock is over"


def test_canary_without_the_lock_the_guesser_goes_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "_lock_when_due", lambda *a: None)
    guess(rules.MOST_FAILURES_ANYWHERE, name)
    assert attempt(name, PASSWORD, address="203.0.113.9", at=moment(NOW + MINUTE)) == "in"


def test_a_name_nobody_has_locks_the_same_way(name: str) -> None:
    assert guess(21, name) == guess(21, "nobody-here")
    assert Entry.objects.filter(kind="agencies.account_locked/1").latest("seq").body["user"] == ""


def test_the_second_lock_of_a_day_is_longer_and_the_next_day_begins_anew(name: str) -> None:
    guess(20, name)
    second = NOW + 10 * MINUTE
    assert guess(20, name, at=second)[-1] == "sign_in_failed"
    assert attempt(name, PASSWORD, at=moment(second + 10 * MINUTE)) == "account_locked"
    assert AccountLock.objects.get().times == 2
    guess(20, name, at=second + rules.LOCKS_FORGOTTEN + rules.LONGEST_LOCK)
    assert AccountLock.objects.get().times == 1


def test_the_lock_runs_in_real_time_never_in_the_scenarios(name: str) -> None:
    guess(20, name)
    raced = Moment(at=NOW + timedelta(days=9), recorded_at=NOW + 2 * MINUTE)
    assert attempt(name, PASSWORD, at=raced) == "account_locked"


def test_an_operator_sees_the_lock_and_lifts_it(name: str) -> None:
    stage = a_stage()
    guess(20, name)
    at = moment(NOW + MINUTE)
    authority = queries.get_authority(stage.operator, at=NOW)
    card = queries.list_accounts(authority, at_real=at.recorded_at)[0]
    assert (card.username, card.locked_until is not None) == (name, True)
    actions.unlock_account(name, by=stage.operator, moment=at)
    newest = Entry.objects.latest("seq")
    assert (newest.kind, newest.by) == ("agencies.account_unlocked/1", stage.operator)
    assert not Attempt.objects.exists()
    assert attempt(name, PASSWORD, at=at) == "in"
    assert refusal(lambda: actions.unlock_account(name, by=stage.operator, moment=at)) == "not_locked"


def test_who_is_at_work_is_not_thrown_out_by_somebody_elses_guessing(name: str) -> None:
    user = User.objects.get(username=name).pk
    key = "k" * 32
    actions.open_session(key, user_id=user, holding=None, address="", agent="", moment=moment())
    guess(20, name)
    assert queries.find_session(key, user, at_real=NOW + MINUTE) is not None
