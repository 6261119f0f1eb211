"""The second factor: set up, asked for, never twice, lost and reset; codes follow real time."""

import base64
import re
from datetime import timedelta
from typing import Any

import pytest

from jingwei.apps.agencies import actions, queries, rules
from jingwei.apps.agencies.actions import proving
from jingwei.apps.agencies.models import RecoveryCode, SecondFactor, SignedInSession, User
from jingwei.apps.agencies.queries import factors
from jingwei.apps.journal.models import Entry
from jingwei.engines import otp
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused
from tests.apps.agencies.cases import PASSWORD, a_made_post, a_person, refusal
from tests.rights import NOW, Stage, a_stage, moment

pytestmark = pytest.mark.django_db
ADDRESS = "192.0.2.7"
STEP = timedelta(seconds=otp.STEP_S)


class Someone:
    """An officer, with the phone in their hand."""

    def __init__(self, stage: Stage, role: str = "duty_officer", post: str = "") -> None:
        self.row = a_person(post or a_made_post(stage, role).code)
        actions.enroll_person(self.row, password=PASSWORD, by=stage.operator, moment=stage.moment)
        self.user = User.objects.get(username=self.row.username)
        self.by: By = queries.list_holdings(self.user.pk, at=NOW)[0].holding
        self.secret = b""

    def begin(self, at: Moment | None = None, **more: str) -> actions.Key:
        key = actions.begin_second_factor(
            more.pop("password", PASSWORD), by=self.by, address=ADDRESS, moment=at or moment(), **more
        )
        self.secret = base64.b32decode("".join(key.groups))
        return key

    def code(self, at: Moment | None = None, steps: int = 0) -> str:
        return otp.hotp(self.secret, otp.step_of((at or moment()).recorded_at) + steps)

    def set_up(self) -> list[str]:
        """With the code before the present one, so that the present one is still good."""
        self.begin()
        return actions.confirm_second_factor(self.code(steps=-1), by=self.by, moment=moment())

    def waiting(self, at: Moment | None = None) -> actions.Waiting:
        when = at or moment()
        with pytest.raises(actions.CodeWanted) as wanted:
            actions.sign_in(self.row.username, PASSWORD, address=ADDRESS, moment=when)
        user = wanted.value.user
        return actions.Waiting(user=user.pk, since=when.recorded_at, proof=user.get_session_auth_hash())

    def finish(self, code: str, at: Moment | None = None) -> str:
        waiting = self.waiting(at)
        try:
            actions.finish_sign_in(waiting, code, address=ADDRESS, moment=at or moment())
        except Refused as refused:
            return refused.code
        return "in"


@pytest.fixture
def officer() -> Someone:
    return Someone(a_stage())


def newest() -> Entry:
    return Entry.objects.latest("seq")


def test_a_key_is_shown_once_and_counts_from_its_first_code_on(officer: Someone) -> None:
    key = officer.begin()
    assert [len(group) for group in key.groups] == [4] * 8
    assert "".join(key.groups) in key.uri and officer.row.username in key.uri
    assert not queries.has_second_factor(officer.user.pk)
    actions.sign_in(officer.row.username, PASSWORD, address=ADDRESS, moment=moment())
    codes = actions.confirm_second_factor(officer.code(), by=officer.by, moment=moment())
    assert queries.has_second_factor(officer.user.pk)
    assert (newest().kind, newest().by) == ("agencies.second_factor_set/1", officer.by)
    assert len(set(codes)) == rules.RECOVERY_CODES


def test_neither_key_nor_codes_can_be_read_from_the_tables_or_the_journal(officer: Someone) -> None:
    codes = officer.set_up()
    factor = SecondFactor.objects.get()
    kept = repr([vars(factor), [vars(r) for r in RecoveryCode.objects.all()]])
    said = repr(list(Entry.objects.values_list("body", flat=True)))
    secret = otp.secret_text(officer.secret)
    for plain in (
        secret,
        officer.secret.hex(),
        repr(officer.secret),
        *codes,
        *(c.replace("-", "") for c in codes),
    ):
        assert plain not in kept and plain not in said
    assert factors.unseal(factor.sealed, officer.user.pk) == officer.secret


def test_a_sealed_key_opens_with_this_nodes_secret_and_for_this_user_only(
    officer: Someone, settings: Any
) -> None:
    officer.set_up()
    sealed = SecondFactor.objects.get().sealed
    other = Someone(a_stage())
    assert refusal(lambda: factors.unseal(sealed, other.user.pk)) == "second_factor_unreadable"
    settings.SECRET_KEY = "another secret of another node"
    assert refusal(lambda: factors.unseal(sealed, officer.user.pk)) == "second_factor_unreadable"


def test_setting_up_wants_the_password_again_and_a_code_that_fits(officer: Someone) -> None:
    assert refusal(lambda: officer.begin(password="wrong")) == "own_password_wrong"
    assert not SecondFactor.objects.exists()
    officer.begin()
    wrong = f"{(int(officer.code()) + 1) % 10**6:06d}"

    def confirm(code: str, at: Moment | None = None) -> str:
        return refusal(lambda: actions.confirm_second_factor(code, by=officer.by, moment=at or moment()))

    assert confirm(wrong) == "first_code_wrong"
    late = moment(NOW + rules.KEY_WAITS)
    assert confirm(officer.code(late), late) == "no_key_begun"
    assert not queries.has_second_factor(officer.user.pk)


def test_with_a_second_factor_the_password_alone_lets_nobody_in(officer: Someone) -> None:
    officer.set_up()
    before = Entry.objects.filter(kind="agencies.signed_in/1").count()
    assert officer.waiting().user == officer.user.pk
    assert Entry.objects.filter(kind="agencies.signed_in/1").count() == before
    assert officer.finish(officer.code()) == "in"
    assert newest().body["factors"] == 2


def test_canary_without_the_question_the_password_alone_lets_in(
    officer: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer.set_up()
    monkeypatch.setattr("jingwei.apps.agencies.actions.sessions._want_code", lambda user: None)
    assert actions.sign_in(officer.row.username, PASSWORD, address=ADDRESS, moment=moment()).holdings


def test_a_code_counts_once_also_the_one_it_was_set_up_with(officer: Someone) -> None:
    officer.set_up()
    assert officer.finish(officer.code(steps=-1)) == "code_wrong"
    assert officer.finish(officer.code()) == "in"
    assert officer.finish(officer.code()) == "code_wrong"
    assert officer.finish(officer.code(steps=1)) == "in"
    assert officer.finish(officer.code()) == "code_wrong", "older than the last one taken"


def test_canary_when_used_steps_are_not_kept_a_code_counts_twice(officer: Someone) -> None:
    officer.set_up()
    assert officer.finish(officer.code()) == "in"
    SecondFactor.objects.update(last_step=0)
    assert officer.finish(officer.code()) == "in"


@pytest.mark.parametrize(("steps", "said"), [(-2, "code_wrong"), (-1, "in"), (1, "in"), (2, "code_wrong")])
def test_the_phones_clock_may_be_one_step_off(officer: Someone, steps: int, said: str) -> None:
    officer.set_up()
    later = moment(NOW + 10 * STEP)
    assert officer.finish(officer.code(later, steps), later) == said


def test_codes_follow_real_time_whatever_the_scenario_says(officer: Someone) -> None:
    officer.set_up()
    real = NOW + 4 * STEP
    raced = Moment(at=NOW + timedelta(days=3), recorded_at=real)
    waiting = officer.waiting(raced)
    by_scenario = otp.hotp(officer.secret, otp.step_of(raced.at))
    by_wall = otp.hotp(officer.secret, otp.step_of(real))
    options: dict[str, Any] = {"address": ADDRESS, "moment": raced}
    assert refusal(lambda: actions.finish_sign_in(waiting, by_scenario, **options)) == "code_wrong"
    assert actions.finish_sign_in(waiting, by_wall, **options).holdings


def test_full_width_figures_and_blanks_are_read(officer: Someone) -> None:
    officer.set_up()
    wide = officer.code().translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert officer.finish(f" {wide[:3]} {wide[3:]} ") == "in"


def test_a_wrong_code_counts_as_a_failure_and_the_right_password_between_forgets_none(
    officer: Someone,
) -> None:
    officer.set_up()
    for _ in range(rules.MOST_FAILURES):
        assert officer.finish("000000") == "code_wrong"
    assert newest().body["wrong"] == "code"
    refused = refusal(
        lambda: actions.sign_in(officer.row.username, PASSWORD, address=ADDRESS, moment=moment())
    )
    assert refused == "too_many_attempts"


def test_canary_when_failures_are_not_noted_codes_can_be_guessed_for_ever(
    officer: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer.set_up()
    monkeypatch.setattr(proving, "_note_failure", lambda *a, **k: None)
    for _ in range(rules.MOST_FAILURES + 1):
        assert officer.finish("000000") == "code_wrong"


def test_a_password_that_was_right_waits_five_minutes_and_not_past_its_change(officer: Someone) -> None:
    officer.set_up()
    waiting = officer.waiting()

    def finish(at: Moment) -> str:
        code = officer.code(at)
        return refusal(lambda: actions.finish_sign_in(waiting, code, address=ADDRESS, moment=at))

    assert finish(moment(NOW + rules.CODE_WAITS + STEP)) == "code_too_late"
    actions.change_password(PASSWORD, "another one 41", by=officer.by, address=ADDRESS, moment=moment())
    assert finish(moment()) == "code_too_late"


def test_a_recovery_code_lets_in_once(officer: Someone) -> None:
    first, second, *_ = officer.set_up()
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", first)
    assert officer.finish(first.lower().replace("-", " ")) == "in"
    used = Entry.objects.filter(kind="agencies.recovery_code_used/1").latest("seq")
    assert used.body == {"user": str(officer.user.pk), "left": rules.RECOVERY_CODES - 1}
    assert officer.finish(first) == "code_wrong"
    assert officer.finish(second) == "in"
    assert queries.count_recovery_codes(officer.user.pk) == rules.RECOVERY_CODES - 2


def test_moving_to_another_device_wants_a_code_and_ends_the_old_key(officer: Someone) -> None:
    old_codes = officer.set_up()
    old = officer.secret
    assert refusal(officer.begin) == "code_wrong"
    officer.begin(code=officer.code())
    assert factors.find_factor(officer.user.pk) is not None, "the old one counts until the new one is proved"
    later = moment(NOW + 2 * STEP)
    actions.confirm_second_factor(officer.code(later, -1), by=officer.by, moment=later)
    assert officer.finish(otp.hotp(old, otp.step_of(later.recorded_at)), later) == "code_wrong"
    assert officer.finish(old_codes[0], later) == "code_wrong"
    assert officer.finish(officer.code(later), later) == "in"
    ended = SecondFactor.objects.get(until_at__isnull=False)
    assert ended.sealed == "", "the key of an ended factor is forgotten"


def test_an_operator_resets_a_lost_factor_and_every_session_ends(officer: Someone) -> None:
    stage = a_stage()
    officer.set_up()
    actions.open_session(
        "k" * 32, user_id=officer.user.pk, holding=officer.by, address="", agent="", moment=moment()
    )
    actions.reset_second_factor(officer.row.username, by=stage.operator, moment=moment())
    assert (newest().kind, newest().by) == ("agencies.second_factor_reset/1", stage.operator)
    assert not SignedInSession.objects.filter(user=officer.user).exists()
    assert actions.sign_in(officer.row.username, PASSWORD, address=ADDRESS, moment=moment()).holdings
    again = refusal(
        lambda: actions.reset_second_factor(officer.row.username, by=stage.operator, moment=moment())
    )
    assert again == "no_second_factor"


def test_a_colleague_with_a_second_factor_takes_over_by_password_and_code() -> None:
    stage = a_stage()
    post = a_made_post(stage, "duty_officer").code
    first, second = Someone(stage, post=post), Someone(stage, post=post)
    second.set_up()
    options: dict[str, Any] = {"by": first.by, "address": ADDRESS, "moment": moment()}
    with pytest.raises(actions.CodeWanted):
        actions.switch_person(second.row.username, PASSWORD, **options)
    waiting = second.waiting()
    assert refusal(lambda: actions.finish_switch(waiting, "000000", **options)) == "code_wrong"
    assert actions.finish_switch(waiting, second.code(), **options).holdings[0].holding == second.by
    assert newest().kind == "agencies.person_switched/1"


@pytest.mark.parametrize("role", ["operator", "commander", "duty_chief", "duty_officer", "viewer"])
def test_it_is_expected_of_posts_that_decide_and_owed_only_where_required(role: str, settings: Any) -> None:
    decides = role in ("operator", "commander", "duty_chief")
    assert queries.expects_second_factor(role) == decides
    assert not queries.owes_second_factor(role, has_one=False), "offered is the default"
    settings.JINGWEI_SECOND_FACTOR = "required"
    assert queries.owes_second_factor(role, has_one=False) == decides
    assert not queries.owes_second_factor(role, has_one=True)
