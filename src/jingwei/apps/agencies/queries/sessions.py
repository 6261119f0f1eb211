"""Reads about sessions and accounts, for the user and for the operator. All in real time."""

import hashlib
import uuid
from collections import defaultdict
from datetime import datetime

import msgspec
from django.db.models import Count, Exists, OuterRef, Q

from .. import rules
from ..models import AccountLock, Holding, SecondFactor, SignedInSession, User
from ..rules import Authority
from .authorities import authority_of, may_with

#: Most accounts that one page lists.
_MOST = 200


class OpenSession(msgspec.Struct, frozen=True):
    """A session that may be used, as every request asks."""

    id: uuid.UUID
    last_seen_at: datetime
    has_second_factor: bool


class SessionCard(msgspec.Struct, frozen=True):
    """One of a user's own sessions: where from, since when, last used. `own`: the one that asks."""

    id: uuid.UUID
    address: str
    agent: str
    from_at: datetime
    last_seen_at: datetime
    own: bool


class AccountCard(msgspec.Struct, frozen=True):
    """An account as the operator sees it. `locked_until` None: not locked."""

    username: str
    name_zh: str
    name_en: str
    posts: list[Authority]
    second_factor: bool
    expected: bool
    sessions: int
    locked_until: datetime | None


def key_digest(session_key: str) -> str:
    """SHA-256 is enough: a session's key is random, not a word people chose."""
    return hashlib.sha256(session_key.encode("utf-8", "surrogatepass")).hexdigest()


def find_session(session_key: str, user_id: uuid.UUID, *, at_real: datetime) -> OpenSession | None:
    """This user's session with this key; None once it was ended, or is over."""
    factor = SecondFactor.objects.filter(user=OuterRef("user"), from_at__isnull=False, until_at__isnull=True)
    row = (
        SignedInSession.objects.filter(
            sha256=key_digest(session_key), user=user_id, from_at__gt=at_real - rules.SESSION_LASTS
        )
        .annotate(has_factor=Exists(factor))
        .values_list("id", "last_seen_at", "has_factor")
        .first()
    )
    return OpenSession(*row) if row else None


def is_seen_long_ago(session: OpenSession, *, at_real: datetime) -> bool:
    """Whether it is time to note again that this session is used."""
    return at_real - session.last_seen_at >= rules.SEEN_EVERY


def list_sessions(user_id: uuid.UUID, *, session_key: str, at_real: datetime) -> list[SessionCard]:
    """A user's own sessions, the one that asks first, then the one used last."""
    own = key_digest(session_key)
    rows = SignedInSession.objects.filter(user=user_id, from_at__gt=at_real - rules.SESSION_LASTS)
    cards = [
        SessionCard(row.pk, row.address, row.agent, row.from_at, row.last_seen_at, row.sha256 == own)
        for row in rows.order_by("-last_seen_at")
    ]
    return sorted(cards, key=lambda card: not card.own)


def list_accounts(authority: Authority, *, at_real: datetime, text: str = "") -> list[AccountCard]:
    """Accounts whose posts all lie within this authority's reach: the locked ones first, then by name."""
    since = at_real - rules.SESSION_LASTS
    rows = User.objects.filter(is_active=True).select_related("person")
    if text.strip():
        wanted = Q(username__icontains=text.strip()) | Q(person__name_zh__icontains=text.strip())
        rows = rows.filter(wanted | Q(person__name_en__icontains=text.strip()))
    users = list(
        rows.annotate(n=Count("sessions", filter=Q(sessions__from_at__gt=since))).order_by("username")
    )
    held: dict[uuid.UUID, list[Authority]] = defaultdict(list)
    holdings = Holding.objects.filter(released_at__isnull=True, person__user__in=users)
    for one in holdings.select_related("person", "post", "post__organization").order_by("from_at", "id"):
        held[one.person_id].append(authority_of(one))
    locks = AccountLock.objects.filter(until_at__gt=at_real, user__in=users).values_list(
        "user_id", "until_at"
    )
    locked = dict(locks)
    factors = set(
        SecondFactor.objects.filter(user__in=users, from_at__isnull=False, until_at__isnull=True).values_list(
            "user_id", flat=True
        )
    )
    cards = [
        AccountCard(
            username=user.username,
            name_zh=user.person.name_zh,
            name_en=user.person.name_en,
            posts=held[user.person_id],
            second_factor=user.pk in factors,
            expected=any(rules.expects_second_factor(post.role) for post in held[user.person_id]),
            sessions=user.n,
            locked_until=locked.get(user.pk),
        )
        for user in users
        if _reaches(authority, held[user.person_id])
    ]
    return sorted(cards, key=lambda card: card.locked_until is None)[:_MOST]


def _reaches(authority: Authority, posts: list[Authority]) -> bool:
    action = "agencies.unlock_account"
    return all(may_with(authority, action, place=post.place, hazard=post.hazard) for post in posts)
