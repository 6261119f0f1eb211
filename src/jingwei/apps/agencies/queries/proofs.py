"""Reads about ways to prove who one is: tokens, failed sign-ins. All in real time."""

import hashlib
import hmac
import uuid
from datetime import datetime

from django.conf import settings
from django.db import connection

from jingwei.kernel.moments import By

from .. import rules
from ..models import Attempt, Organization

_USABLE = """
SELECT t.holding_id FROM agencies_token t JOIN agencies_holding h ON h.id = t.holding_id
WHERE t.sha256 = %s AND t.revoked_at IS NULL AND h.released_at IS NULL
AND (t.until_at IS NULL OR t.until_at > %s)
"""


def find_token(plain: str, *, at_real: datetime) -> By | None:
    """The holding a token acts for, unless it is unknown, over, revoked or its holding released.

    When it was issued is not asked: a machine whose clock was moved back would turn its callers away.
    """
    now = connection.ops.adapt_datetimefield_value(at_real)
    with connection.cursor() as cursor:  # asked for every group of reports: its words are made once
        cursor.execute(_USABLE, [token_digest(plain), now])
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0] if isinstance(row[0], uuid.UUID) else uuid.UUID(row[0])


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
