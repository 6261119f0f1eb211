"""Proving who one is: password, one-time code, recovery code; and what failures lead to.

A password is proved before the transaction, for the proof is slow on purpose. A failed proof is
recorded and counted, then refused: callers must not wrap these in a transaction of their own.
"""

import math
from datetime import datetime, timedelta

from django.contrib.auth.hashers import verify_password
from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.engines import otp
from jingwei.kernel.moments import Moment
from jingwei.kernel.refusals import Refused

from .. import rules
from ..facts import AccountLocked, RecoveryCodeUsed, SignInFailed
from ..models import AccountLock, Attempt, RecoveryCode, SecondFactor, User
from ..queries.factors import find_factor, unseal
from ..queries.proofs import has_too_many_failures, keyed_digest

#: Stands for the password nobody has: proving against it takes as long as against a real one.
_NOBODY = "!"


def prove_password(username: str, password: str, *, address: str, moment: Moment) -> User:
    """The user with this name and password. Refused: `sign_in_failed`, `too_many_attempts`, `account_locked`.

    Which of name and password was wrong is not said, nor shown by the time it takes; names nobody has
    are counted and locked like others. Failures are forgotten only when nothing is left to prove.
    """
    name = rules.normal_username(username)
    keys = _keys(name, address)
    _refuse_while_waiting(keys, moment)
    user = _find_user(name)
    # lone surrogates cannot be part of any password kept
    text = password[:1024].encode("utf-8", "replace").decode()
    right, _ = verify_password(text, user.password if user else _NOBODY)
    if right and user is not None and user.is_active:
        if find_factor(user.pk) is None:
            _forget_failures(keys)
        return user
    _note_failure(user, keys, moment, wrong="password")
    raise Refused("sign_in_failed")


def prove_code(user: User, code: str, *, address: str, moment: Moment) -> None:
    """Take a one-time code or a recovery code, once. Refused as `code_wrong`; that counts as a failure.

    Codes follow real time. Without a second factor every code is wrong.
    """
    keys = _keys(user.username, address)
    _refuse_while_waiting(keys, moment)
    with transaction.atomic():
        factor = find_factor(user.pk)
        taken = factor is not None and (
            take_code(factor, code, at_real=moment.recorded_at) or _take_recovery_code(factor, code, moment)
        )
        if taken:
            _forget_failures(keys)
            return
    _note_failure(user, keys, moment, wrong="code")
    raise Refused("code_wrong")


def take_code(factor: SecondFactor, code: str, *, at_real: datetime) -> bool:
    """Whether the code is right and was not used; it is used from now on, whoever asks at the same time."""
    secret = unseal(factor.sealed, factor.user_id)
    step = otp.find_step(secret, rules.normal_code(code), at_real=at_real, after=factor.last_step)
    if step is None:
        return False
    rows = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return rows.update(last_step=step) == 1


def recovery_digest(factor: SecondFactor, code: str) -> str:
    return keyed_digest(f"recovery {factor.pk}", rules.normal_code(code))


def _take_recovery_code(factor: SecondFactor, code: str, moment: Moment) -> bool:
    rows = RecoveryCode.objects.filter(factor=factor, used_at__isnull=True)
    if rows.filter(digest=recovery_digest(factor, code)).update(used_at=moment.recorded_at) != 1:
        return False
    fact = RecoveryCodeUsed(user=str(factor.user_id), left=rows.count())
    record([(fact, None)], by=None, moment=moment)
    return True


def _keys(name: str, address: str) -> tuple[str, str]:
    return keyed_digest("name", name), keyed_digest("address", address)


def name_key(username: str) -> str:
    return keyed_digest("name", username)


def _find_user(name: str) -> User | None:
    try:
        rules.check_username(name)
    except Refused:
        return None
    return User.objects.filter(username=name).first()


def _refuse_while_waiting(keys: tuple[str, str], moment: Moment) -> None:
    if has_too_many_failures(*keys, at_real=moment.recorded_at):
        raise Refused("too_many_attempts", minutes=_minutes(rules.FAILURE_WINDOW))
    until = AccountLock.objects.filter(name=keys[0]).values_list("until_at", flat=True).first()
    if until is not None and until > moment.recorded_at:
        raise Refused("account_locked", minutes=_minutes(until - moment.recorded_at))


def _minutes(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 60)


@transaction.atomic
def _forget_failures(keys: tuple[str, str]) -> None:
    """Those from this address only: a guesser elsewhere is not helped by the user's own success."""
    Attempt.objects.filter(name=keys[0], origin=keys[1]).delete()


@transaction.atomic
def _note_failure(user: User | None, keys: tuple[str, str], moment: Moment, *, wrong: str) -> None:
    now = moment.recorded_at
    Attempt.objects.filter(failed_at__lte=now - rules.LOCK_WINDOW).delete()
    Attempt.objects.create(name=keys[0], origin=keys[1], failed_at=now)
    fact = SignInFailed(user=str(user.pk) if user else "", origin=keys[1][:16], wrong=wrong)
    record([(fact, None)], by=None, moment=moment)
    _lock_when_due(user, keys[0], moment)


def _lock_when_due(user: User | None, name: str, moment: Moment) -> None:
    """Lock the name when it failed too often since its last lock was over."""
    now = moment.recorded_at
    AccountLock.objects.filter(until_at__lte=now - rules.LOCKS_FORGOTTEN).delete()
    lock = AccountLock.objects.select_for_update().filter(name=name).first()
    since = max(now - rules.LOCK_WINDOW, lock.until_at) if lock else now - rules.LOCK_WINDOW
    failures = Attempt.objects.filter(name=name, failed_at__gt=since).count()
    if not rules.has_to_be_locked(failures):
        return
    times = lock.times + 1 if lock else 1
    until = now + rules.lock_wait(times)
    AccountLock.objects.update_or_create(
        name=name, defaults={"user": user, "times": times, "until_at": until}
    )
    fact = AccountLocked(user=str(user.pk) if user else "", times=times, until_at=until)
    record([(fact, None)], by=None, moment=moment)
