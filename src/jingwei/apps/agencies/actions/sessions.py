"""Signing in and out, taking a post, changing the person at a shared desk.

A password is proved before the transaction, for the proof is slow on purpose. A failed one is
recorded and counted, then refused: callers must not wrap these in a transaction of their own.
"""

import uuid

import msgspec
from django.contrib.auth.hashers import verify_password
from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries, rules
from ..facts import PersonSwitched, PostTaken, SignedIn, SignedOut, SignInFailed
from ..models import Attempt, User
from ..queries.proofs import has_too_many_failures, keyed_digest
from ..rules import Authority, NotAllowed

#: Stands for the password nobody has: proving against it takes as long as against a real one.
_NOBODY = "!"


class SignIn(msgspec.Struct, frozen=True):
    """A user who proved who they are, and the posts they may act for now; perhaps none."""

    user: User
    holdings: list[Authority]


def sign_in(username: str, password: str, *, address: str, moment: Moment) -> SignIn:
    """Let a user in by password, or refuse: `sign_in_failed`, `too_many_attempts`.

    Which of name and password was wrong is not said, nor shown by the time it takes.
    """
    user = _prove(username, password, address=address, moment=moment)
    with transaction.atomic():
        fact = SignedIn(user=str(user.pk), person=str(user.person_id))
        record([(fact, None)], by=None, moment=moment)
    return SignIn(user=user, holdings=queries.list_holdings(user.pk, at=moment.at))


@transaction.atomic
def take_post(user_id: uuid.UUID, holding: By, *, moment: Moment) -> Authority:
    """Let the user's session act for one of their posts."""
    authority = queries.find_authority(holding, at=moment.at, user=user_id)
    if authority is None:
        raise NotAllowed("not_allowed", action="agencies.take_post", reason="holding")
    record([(PostTaken(holding=str(holding), user=str(user_id)), None)], by=holding, moment=moment)
    return authority


def switch_person(
    username: str, password: str, *, by: By, address: str, moment: Moment, holding: By | None = None
) -> SignIn:
    """Hand a shared desk to a colleague who proves their password; the session then acts for them.

    They need a post in the same organization, else `not_at_this_desk`. The first of the holdings
    returned is the one taken: `holding` if given, else their first at this desk.
    """
    desk = queries.get_authority(by, at=moment.at)
    user = _prove(username, password, address=address, moment=moment)
    here = [
        one
        for one in queries.list_holdings(user.pk, at=moment.at)
        if one.organization == desk.organization and holding in (None, one.holding)
    ]
    if not here:
        raise Refused("not_at_this_desk")
    with transaction.atomic():
        taken = here[0].holding
        fact = PersonSwitched(from_holding=str(by), to_holding=str(taken), user=str(user.pk))
        record([(fact, None)], by=taken, moment=moment)
    return SignIn(user=user, holdings=here)


@transaction.atomic
def sign_out(user_id: uuid.UUID, *, by: By | None, moment: Moment) -> None:
    """Write down that a user left; the door ends the session."""
    record([(SignedOut(user=str(user_id)), None)], by=by, moment=moment)


def _prove(username: str, password: str, *, address: str, moment: Moment) -> User:
    name = rules.normal_username(username)
    keys = keyed_digest("name", name), keyed_digest("address", address)
    if has_too_many_failures(*keys, at_real=moment.recorded_at):
        raise Refused("too_many_attempts", minutes=int(rules.FAILURE_WINDOW.total_seconds() // 60))
    user = _find_user(name)
    # lone surrogates cannot be part of any password kept
    text = password[:1024].encode("utf-8", "replace").decode()
    right, _ = verify_password(text, user.password if user else _NOBODY)
    if right and user is not None and user.is_active:
        with transaction.atomic():
            Attempt.objects.filter(name=keys[0], origin=keys[1]).delete()
        return user
    _note_failure(user, keys, moment)
    raise Refused("sign_in_failed")


def _find_user(name: str) -> User | None:
    try:
        rules.check_username(name)
    except Refused:
        return None
    return User.objects.filter(username=name).first()


@transaction.atomic
def _note_failure(user: User | None, keys: tuple[str, str], moment: Moment) -> None:
    over = moment.recorded_at - rules.FAILURE_WINDOW
    Attempt.objects.filter(failed_at__lte=over).delete()
    Attempt.objects.create(name=keys[0], origin=keys[1], failed_at=moment.recorded_at)
    fact = SignInFailed(user=str(user.pk) if user else "", origin=keys[1][:16])
    record([(fact, None)], by=None, moment=moment)
