"""Reads about second factors: who has one, who should, and the key behind it."""

import base64
import hmac
import secrets
import uuid
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from jingwei.kernel.refusals import Refused

from .. import rules
from ..models import RecoveryCode, SecondFactor

_NONCE_BYTES = 12


def seal(secret: bytes, user_id: uuid.UUID) -> str:
    """The key as it is kept: unreadable without the node's secret, and useless in another user's row."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + AESGCM(_node_key()).encrypt(nonce, secret, user_id.bytes)
    return base64.b64encode(sealed).decode()


def unseal(sealed: str, user_id: uuid.UUID) -> bytes:
    """The key again. Refused as `second_factor_unreadable` when the node's secret was replaced."""
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(_node_key()).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], user_id.bytes)
    except InvalidTag as error:
        raise Refused("second_factor_unreadable") from error


def _node_key() -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"second factor", "sha256")


def find_factor(user_id: uuid.UUID) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user_id, from_at__isnull=False, until_at__isnull=True).first()


def has_second_factor(user_id: uuid.UUID) -> bool:
    """Whether this user signs in with a code too."""
    return find_factor(user_id) is not None


def find_factor_since(user_id: uuid.UUID) -> datetime | None:
    """Since when the user has their second factor, in real time."""
    factor = find_factor(user_id)
    return factor.from_at if factor else None


def count_recovery_codes(user_id: uuid.UUID) -> int:
    """How many recovery codes the user has left."""
    rows = RecoveryCode.objects.filter(used_at__isnull=True, factor__user=user_id)
    return rows.filter(factor__from_at__isnull=False, factor__until_at__isnull=True).count()


def is_key_waiting(user_id: uuid.UUID, *, at_real: datetime) -> bool:
    """Whether the user began to set up a second factor and owes its first code."""
    since = at_real - rules.KEY_WAITS
    return SecondFactor.objects.filter(user=user_id, from_at__isnull=True, begun_at__gt=since).exists()


def owes_second_factor(role: str, *, has_one: bool) -> bool:
    """Whether this node lets a post with this role act only with a second factor, and there is none."""
    required: str = settings.JINGWEI_SECOND_FACTOR
    return required == "required" and rules.expects_second_factor(role) and not has_one


def expects_second_factor(role: str) -> bool:
    """Whether a second factor is expected of who holds a post with this role."""
    return rules.expects_second_factor(role)
