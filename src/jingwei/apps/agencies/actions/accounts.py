"""Sessions and passwords of one's own account; an operator's hand on somebody else's."""

import uuid

from django.db import transaction
from django.db.models import QuerySet

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import rules
from ..facts import AccountUnlocked, PasswordChanged, SessionsEnded
from ..models import AccountLock, Attempt, SignedInSession, User
from ..queries.sessions import key_digest
from .factors import get_own_user, prove_own_password
from .people import encode_password, get_user_within
from .proving import name_key


@transaction.atomic
def open_session(
    session_key: str,
    *,
    user_id: uuid.UUID,
    holding: By | None,
    address: str,
    agent: str,
    moment: Moment,
) -> None:
    """Let a session be used from now on; sessions that are over are swept away."""
    over = moment.recorded_at - rules.SESSION_LASTS
    SignedInSession.objects.filter(from_at__lte=over).delete()
    SignedInSession.objects.create(
        sha256=key_digest(session_key),
        user_id=user_id,
        holding_id=holding,
        address=address[:64],
        agent=agent[:120],
        from_at=moment.recorded_at,
        last_seen_at=moment.recorded_at,
    )


@transaction.atomic
def close_session(session_key: str) -> None:
    """Forget a session that was signed out, handed over, or got a new key."""
    SignedInSession.objects.filter(sha256=key_digest(session_key)).delete()


@transaction.atomic
def see_session(session_id: uuid.UUID, *, moment: Moment) -> None:
    """Note that a session was used."""
    SignedInSession.objects.filter(pk=session_id).update(last_seen_at=moment.recorded_at)


@transaction.atomic
def end_session(session_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """End one of one's own sessions; its next request is refused."""
    user = get_own_user(by, moment=moment)
    _end(user, SignedInSession.objects.filter(user=user, pk=session_id), by=by, moment=moment)


@transaction.atomic
def end_other_sessions(session_key: str, *, by: By, moment: Moment) -> None:
    """End all of one's own sessions but the one with this key."""
    user = get_own_user(by, moment=moment)
    rows = SignedInSession.objects.filter(user=user).exclude(sha256=key_digest(session_key))
    _end(user, rows, by=by, moment=moment)


@transaction.atomic
def end_sessions_of(username: str, *, by: By, moment: Moment) -> None:
    """End every session of a person within one's own reach."""
    user = get_user_within(username, "agencies.end_sessions_of", by=by, moment=moment)
    _end(user, SignedInSession.objects.filter(user=user), by=by, moment=moment)


def change_password(old: str, new: str, *, by: By, address: str, moment: Moment) -> User:
    """Choose a new password, by the old one; every session ends, and the door begins the own one anew."""
    user = prove_own_password(old, by=by, address=address, moment=moment)
    encoded = encode_password(new, user.username)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.password != user.password:
            raise Refused("own_password_wrong")
        locked.password = encoded
        locked.save(update_fields=["password"])
        locked.sessions.all().delete()
        record([(PasswordChanged(user=str(user.pk)), locked)], by=by, moment=moment)
    return locked


@transaction.atomic
def unlock_account(username: str, *, by: By, moment: Moment) -> None:
    """Let a locked user try again at once; their failures are forgotten, wherever they came from."""
    user = get_user_within(username, "agencies.unlock_account", by=by, moment=moment)
    name = name_key(user.username)
    gone, _ = AccountLock.objects.filter(name=name, until_at__gt=moment.recorded_at).delete()
    if not gone:
        raise Refused("not_locked")
    Attempt.objects.filter(name=name).delete()
    record([(AccountUnlocked(user=str(user.pk)), None)], by=by, moment=moment)


def _end(user: User, rows: QuerySet[SignedInSession], *, by: By, moment: Moment) -> None:
    ended = tuple(str(pk) for pk in rows.values_list("pk", flat=True))
    if not ended:
        raise Refused("no_session")
    rows.delete()
    record([(SessionsEnded(user=str(user.pk), sessions=ended), None)], by=by, moment=moment)
