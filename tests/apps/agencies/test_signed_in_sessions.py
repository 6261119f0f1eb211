"""The book of sessions: what is not in it is refused; people end their own, operators others'."""

import pytest

from jingwei.apps.agencies import actions, queries, rules
from jingwei.apps.agencies.models import SignedInSession, User
from jingwei.apps.journal.models import Entry
from jingwei.kernel.moments import By
from tests.apps.agencies.cases import PASSWORD, a_made_post, a_person, refusal
from tests.rights import NOW, Stage, a_stage, moment

pytestmark = pytest.mark.django_db
ADDRESS = "192.0.2.7"


def a_user(stage: Stage) -> tuple[User, By]:
    row = a_person(a_made_post(stage, "duty_officer").code)
    actions.enroll_person(row, password=PASSWORD, by=stage.operator, moment=stage.moment)
    user = User.objects.get(username=row.username)
    return user, queries.list_holdings(user.pk, at=NOW)[0].holding


def open_one(user: User, key: str) -> SignedInSession:
    actions.open_session(
        key, user_id=user.pk, holding=None, address=ADDRESS, agent="Browser " * 40, moment=moment()
    )
    return SignedInSession.objects.latest("id")


def keys_open(user: User, *keys: str) -> list[str]:
    return [key for key in keys if queries.find_session(key, user.pk, at_real=NOW)]


def test_only_a_digest_of_the_key_is_kept_and_the_agent_is_shortened() -> None:
    user, _ = a_user(a_stage())
    row = open_one(user, "a-session-key")
    assert "a-session-key" not in repr(vars(row))
    assert len(row.agent) == 120
    assert keys_open(user, "a-session-key", "another-key", str(row.pk), row.sha256) == ["a-session-key"]


def test_a_session_lasts_a_shift_and_belongs_to_one_user() -> None:
    stage = a_stage()
    user, _ = a_user(stage)
    other, _ = a_user(stage)
    open_one(user, "key")
    assert queries.find_session("key", other.pk, at_real=NOW) is None
    assert queries.find_session("key", user.pk, at_real=NOW + rules.SESSION_LASTS) is None
    over = moment(NOW + rules.SESSION_LASTS)
    actions.open_session("new", user_id=user.pk, holding=None, address="", agent="", moment=over)
    assert SignedInSession.objects.count() == 1, "the one that was over is swept away"


def test_one_ends_ones_own_session_never_somebody_elses() -> None:
    stage = a_stage()
    user, by = a_user(stage)
    other, _ = a_user(stage)
    mine, theirs = open_one(user, "mine"), open_one(other, "theirs")
    assert refusal(lambda: actions.end_session(theirs.pk, by=by, moment=moment())) == "no_session"
    assert keys_open(other, "theirs")
    actions.end_session(mine.pk, by=by, moment=moment())
    assert not keys_open(user, "mine")
    newest = Entry.objects.latest("seq")
    assert (newest.kind, newest.body["sessions"]) == ("agencies.sessions_ended/1", [str(mine.pk)])
    assert ADDRESS not in repr(newest.body)


def test_one_ends_all_others_and_keeps_this_one() -> None:
    user, by = a_user(a_stage())
    for key in ("this", "that", "third"):
        open_one(user, key)
    actions.end_other_sessions("this", by=by, moment=moment())
    assert keys_open(user, "this", "that", "third") == ["this"]
    assert refusal(lambda: actions.end_other_sessions("this", by=by, moment=moment())) == "no_session"


def test_the_list_shows_this_one_first() -> None:
    user, _ = a_user(a_stage())
    open_one(user, "this")
    open_one(user, "that")
    cards = queries.list_sessions(user.pk, session_key="this", at_real=NOW)
    assert [card.own for card in cards] == [True, False]
    assert {card.address for card in cards} == {ADDRESS}


def test_an_operator_ends_all_sessions_of_a_person() -> None:
    stage = a_stage()
    user, _ = a_user(stage)
    open_one(user, "one")
    open_one(user, "two")
    actions.end_sessions_of(user.username, by=stage.operator, moment=moment())
    assert not keys_open(user, "one", "two")
    assert Entry.objects.latest("seq").by == stage.operator


def test_a_new_password_needs_the_old_one_and_ends_every_session() -> None:
    user, by = a_user(a_stage())
    open_one(user, "one")

    def change(old: str, new: str) -> str:
        return refusal(lambda: actions.change_password(old, new, by=by, address=ADDRESS, moment=moment()))

    assert change("wrong", "another one 41") == "own_password_wrong"
    assert change(PASSWORD, "short") == "password_too_short"
    assert change(PASSWORD, user.username) == "password_is_the_name"
    assert keys_open(user, "one")
    actions.change_password(PASSWORD, "another one 41", by=by, address=ADDRESS, moment=moment())
    newest = Entry.objects.latest("seq")
    assert (newest.kind, newest.body) == ("agencies.password_changed/1", {"user": str(user.pk)})
    assert not keys_open(user, "one")
    assert actions.sign_in(user.username, "another one 41", address=ADDRESS, moment=moment()).holdings


def test_a_reset_password_empties_the_book_too() -> None:
    stage = a_stage()
    user, _ = a_user(stage)
    open_one(user, "one")
    actions.reset_password(user.username, "another one 41", by=stage.operator, moment=moment())
    assert not keys_open(user, "one")


def test_when_it_was_used_is_noted_once_a_minute() -> None:
    user, _ = a_user(a_stage())
    open_one(user, "one")
    session = queries.find_session("one", user.pk, at_real=NOW)
    assert session is not None
    assert not queries.is_seen_long_ago(session, at_real=NOW + rules.SEEN_EVERY / 2)
    assert queries.is_seen_long_ago(session, at_real=NOW + rules.SEEN_EVERY)
    actions.see_session(session.id, moment=moment(NOW + rules.SEEN_EVERY))
    assert SignedInSession.objects.get().last_seen_at == NOW + rules.SEEN_EVERY
