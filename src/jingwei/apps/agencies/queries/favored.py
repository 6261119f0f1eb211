"""Who goes first when the node cannot serve everybody: emergency calls and the duty desk."""

from datetime import datetime

import msgspec
from django.db.models import Q

from .. import rules
from ..models import SignedInSession, Token
from .tables import get_rights

#: The right to be served first, in the table of rights.
GO_FIRST = "go_first"


class Favored(msgspec.Struct, frozen=True):
    """Digests of tokens that may be used, and of those and of sessions whose post goes first."""

    known: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()


def list_favored(*, at: datetime, at_real: datetime) -> Favored:
    """As it stands now. Whether a caller may act at all is asked again for every request."""
    roles = [name for name, granted in get_rights().roles.items() if GO_FIRST in granted]
    held = Q(holding__released_at__isnull=True, holding__from_at__lte=at) & (
        Q(holding__until_at__isnull=True) | Q(holding__until_at__gt=at)
    )
    valid = Q(until_at__isnull=True) | Q(until_at__gt=at_real)
    tokens = Token.objects.filter(valid, held, from_at__lte=at_real, revoked_at__isnull=True)
    sessions = SignedInSession.objects.filter(held, from_at__gt=at_real - rules.SESSION_LASTS)
    first = Q(holding__post__role__in=roles)
    return Favored(
        known=frozenset(tokens.values_list("sha256", flat=True)),
        tokens=frozenset(tokens.filter(first).values_list("sha256", flat=True)),
        sessions=frozenset(sessions.filter(first).values_list("sha256", flat=True)),
    )
