"""Signing in and out, taking a post, changing the person at a shared desk.

Proofs count their own failures: callers must not wrap these in a transaction of their own.
"""

import hmac
import uuid
from datetime import datetime

import msgspec
from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries, rules
from ..facts import PersonSwitched, PostTaken, SignedIn, SignedOut
from ..models import User
from ..queries.factors import find_factor
from ..rules import Authority, NotAllowed
from .proving import prove_code, prove_password


class SignIn(msgspec.Struct, frozen=True):
    """A user who proved who they are, and the posts they may act for now; perhaps none."""

    user: User
    holdings: list[Authority]


class CodeWanted(Refused):
    """The password was right; the code of the second factor is still to come. Nobody is in yet."""

    def __init__(self, user: User) -> None:
        super().__init__("code_wanted")
        self.user = user


class Waiting(msgspec.Struct, frozen=True):
    """Whose password was right, since when (real time), and a mark that changes with the password."""

    user: uuid.UUID
    since: datetime
    proof: str


def sign_in(username: str, password: str, *, address: str, moment: Moment) -> SignIn:
    """Let a user in by password, or refuse: `sign_in_failed`, `too_many_attempts`, `account_locked`.

    Raises `CodeWanted` for a user with a second factor: `finish_sign_in` lets them in. Which of name
    and password was wrong is not said, nor shown by the time it takes.
    """
    user = prove_password(username, password, address=address, moment=moment)
    _want_code(user)
    return _signed_in(user, factors=1, moment=moment)


def finish_sign_in(waiting: Waiting, code: str, *, address: str, moment: Moment) -> SignIn:
    """Let in the user whose password was right, by a code or a recovery code; or refuse: `code_wrong`,
    `code_too_late` when the password was given too long ago or changed since.
    """
    user = _user_waiting(waiting, moment)
    prove_code(user, code, address=address, moment=moment)
    return _signed_in(user, factors=2, moment=moment)


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
    returned is the one taken: `holding` if given, else their first at this desk. Raises `CodeWanted`
    for a colleague with a second factor: `finish_switch` hands over.
    """
    desk = queries.get_authority(by, at=moment.at)
    user = prove_password(username, password, address=address, moment=moment)
    here = _desk_holdings(user, desk, holding, moment)
    _want_code(user)
    return _switched(user, here, by=by, moment=moment)


def finish_switch(
    waiting: Waiting, code: str, *, by: By, address: str, moment: Moment, holding: By | None = None
) -> SignIn:
    """Hand the desk to the colleague whose password was right, by their code."""
    desk = queries.get_authority(by, at=moment.at)
    user = _user_waiting(waiting, moment)
    here = _desk_holdings(user, desk, holding, moment)
    prove_code(user, code, address=address, moment=moment)
    return _switched(user, here, by=by, moment=moment)


@transaction.atomic
def sign_out(user_id: uuid.UUID, *, by: By | None, moment: Moment) -> None:
    """Write down that a user left; the door ends the session."""
    record([(SignedOut(user=str(user_id)), None)], by=by, moment=moment)


def _desk_holdings(user: User, desk: Authority, holding: By | None, moment: Moment) -> list[Authority]:
    here = [
        one
        for one in queries.list_holdings(user.pk, at=moment.at)
        if one.organization == desk.organization and holding in (None, one.holding)
    ]
    if not here:
        raise Refused("not_at_this_desk")
    return here


def _want_code(user: User) -> None:
    if find_factor(user.pk) is not None:
        raise CodeWanted(user)


def _user_waiting(waiting: Waiting, moment: Moment) -> User:
    """The user whose password was right a moment ago, and still is."""
    user = User.objects.filter(pk=waiting.user, is_active=True).first()
    over = moment.recorded_at - waiting.since > rules.CODE_WAITS
    if user is None or over or not hmac.compare_digest(user.get_session_auth_hash(), waiting.proof):
        raise Refused("code_too_late")
    return user


@transaction.atomic
def _signed_in(user: User, *, factors: int, moment: Moment) -> SignIn:
    fact = SignedIn(user=str(user.pk), person=str(user.person_id), factors=factors)
    record([(fact, None)], by=None, moment=moment)
    return SignIn(user=user, holdings=queries.list_holdings(user.pk, at=moment.at))


@transaction.atomic
def _switched(user: User, here: list[Authority], *, by: By, moment: Moment) -> SignIn:
    taken = here[0].holding
    fact = PersonSwitched(from_holding=str(by), to_holding=str(taken), user=str(user.pk))
    record([(fact, None)], by=taken, moment=moment)
    return SignIn(user=user, holdings=here)
