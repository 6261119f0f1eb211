"""Reads about ways to prove who one is: tokens, failed sign-ins. All in real time."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from jingwei.kernel.moments import By

from .. import rules
from ..models import Attempt, Organization, Token


def find_token(plain: str, *, at_real: datetime) -> By | None:
    """The holding a token acts for, unless it is unknown, over, revoked or its holding released.

    When it was issued is not asked: a machine whose clock was moved back would turn its callers away.
    """
    row = (
        Token.objects.filter(
            Q(until_at__isnull=True) | Q(until_at__gt=at_real),
            sha256=token_digest(plain),
            revoked_at__isnull=True,
            holding__released_at__isnull=True,
        )
        .values_list("holding_id", flat=True)
        .first()
    )
    return row


def is_founded() -> bool:
    """Whether the node has its first organization; before, founding it needs no right."""
    return Organization.objects.exists()


def token_digest(plain: str) -> str:
    """SHA-256 is enough: a token is 256 random bits, not a word people chose."""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_digest(kind: str, text: str) -> str:
    """A name or address nobody can read back, the same for the same text on this node."""
    message = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def has_too_many_failures(name: str, origin: str, *, at_real: datetime) -> bool:
    """Whether sign-in with this name from this address has to wait. Both are keyed digests."""
    since = at_real - rules.FAILURE_WINDOW
    names = list(Attempt.objects.filter(origin=origin, failed_at__gt=since).values_list("name", flat=True))
    return rules.has_too_many_failures(for_name=names.count(name), from_address=len(names))
