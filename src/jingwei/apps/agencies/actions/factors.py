"""Setting up one's second factor; an operator taking a lost one away."""

import base64
import secrets
import uuid

import msgspec
from django.conf import settings
from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.engines import otp
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

from .. import queries, rules
from ..facts import SecondFactorReset, SecondFactorSet
from ..models import RecoveryCode, SecondFactor, User
from ..queries.factors import find_factor, seal
from .people import get_user_within
from .proving import prove_code, prove_password, recovery_digest, take_code


class Key(msgspec.Struct, frozen=True):
    """A new key for an authenticator app, shown once: in groups to type, and as an address."""

    groups: tuple[str, ...]
    uri: str


def begin_second_factor(password: str, *, code: str = "", by: By, address: str, moment: Moment) -> Key:
    """Make a key for one's own authenticator app, by one's password; it counts from its first code on.

    Whoever has a second factor gives a code of it too. A key begun before is forgotten.
    """
    user = prove_own_password(password, by=by, address=address, moment=moment)
    if find_factor(user.pk) is not None:
        prove_code(user, code, address=address, moment=moment)
    secret = secrets.token_bytes(otp.SECRET_BYTES)
    with transaction.atomic():
        SecondFactor.objects.filter(user=user, from_at__isnull=True).delete()
        factor = SecondFactor(user=user, sealed=seal(secret, user.pk), begun_at=moment.recorded_at)
        factor.save(force_insert=True)
    text = otp.secret_text(secret)
    groups = tuple(text[n : n + 4] for n in range(0, len(text), 4))
    uri = otp.key_uri(secret, issuer=f"Jingwei {settings.JINGWEI_NODE}", account=user.username)
    return Key(groups=groups, uri=uri)


def confirm_second_factor(code: str, *, by: By, moment: Moment) -> list[str]:
    """Let the key begun count from now on, by a code of it. Returns the recovery codes, shown once."""
    user = get_own_user(by, moment=moment)
    with transaction.atomic():
        begun = moment.recorded_at - rules.KEY_WAITS
        rows = SecondFactor.objects.select_for_update().filter(user=user, from_at__isnull=True)
        factor = rows.filter(begun_at__gt=begun).first()
        if factor is None:
            raise Refused("no_key_begun")
        if not take_code(factor, code, at_real=moment.recorded_at):
            raise Refused("first_code_wrong")
        _end_factor(user, moment)
        factor.refresh_from_db()
        factor.from_at = moment.recorded_at
        factor.save(update_fields=["from_at"])
        codes = _give_recovery_codes(factor)
        fact = SecondFactorSet(user=str(user.pk), factor=str(factor.pk))
        record([(fact, factor)], by=by, moment=moment)
    return codes


@transaction.atomic
def reset_second_factor(username: str, *, by: By, moment: Moment) -> None:
    """Take away a second factor that was lost; every session of that user ends."""
    user = get_user_within(username, "agencies.reset_second_factor", by=by, moment=moment)
    factor = _end_factor(user, moment)
    if factor is None:
        raise Refused("no_second_factor")
    user.sessions.all().delete()
    fact = SecondFactorReset(user=str(user.pk), factor=str(factor.pk))
    record([(fact, factor)], by=by, moment=moment)


def get_own_user(by: By, *, moment: Moment) -> User:
    """The user behind a holding: what one does to one's own account names nobody else's."""
    person: uuid.UUID = queries.get_authority(by, at=moment.at).person
    user = User.objects.filter(person=person, is_active=True).first()
    if user is None:
        raise Refused("only_people_sign_in")
    return user


def prove_own_password(password: str, *, by: By, address: str, moment: Moment) -> User:
    """One's own user, by one's password again: an unattended desk must not change an account."""
    user = get_own_user(by, moment=moment)
    try:
        return prove_password(user.username, password, address=address, moment=moment)
    except Refused as refused:
        if refused.code == "sign_in_failed":
            raise Refused("own_password_wrong") from refused
        raise


def _end_factor(user: User, moment: Moment) -> SecondFactor | None:
    """The factor that ended; its key is forgotten with it."""
    factor = find_factor(user.pk)
    if factor is not None:
        factor.sealed, factor.until_at = "", moment.recorded_at
        factor.save(update_fields=["sealed", "until_at"])
        factor.recovery.all().delete()
    return factor


def _give_recovery_codes(factor: SecondFactor) -> list[str]:
    texts = [
        base64.b32encode(secrets.token_bytes(rules.RECOVERY_BYTES)).decode()
        for _ in range(rules.RECOVERY_CODES)
    ]
    codes = ["-".join(text[n : n + 4] for n in range(0, len(text), 4)) for text in texts]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=recovery_digest(factor, code)) for code in codes
    )
    return codes
