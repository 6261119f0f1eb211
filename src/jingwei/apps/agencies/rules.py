"""Who may do what: post × organization × place and below × hazard, deny by default."""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from jingwei.kernel.codes import is_kind_code, is_place_code, kind_within, place_within
from jingwei.kernel.refusals import Refused

LINES = ("territory", "profession", "party", "standing")
ORGANIZATION_KINDS = (
    "government",
    "department",
    "party",
    "command",
    "institution",
    "enterprise",
    "social",
    "grassroots",
)
PERSON_KINDS = ("human", "program", "machine")

#: The founding posts are held from the beginning, so that a scenario of any past year still has
#: someone who may end it. Source: our estimate, no scenario is older than this, 2026-11-22.
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)

#: Failed sign-ins after which a name from one address waits, and all names from one address.
#: Source: our estimate, ten typing mistakes a shift are plenty; a whole office may share an address,
#: 2026-11-22.
MOST_FAILURES, MOST_FAILURES_FROM_ONE_ADDRESS = 10, 60
#: The time over which they are counted. Source: our estimate, ten guesses a quarter hour are
#: under a thousand a day, 2026-11-22.
FAILURE_WINDOW = timedelta(minutes=15)
#: Failures with one name, from wherever, after which the account is locked, and the time over which
#: they are counted. Source: our estimate, well under the hundred of [SRC-NIST63B] section 5.2.2 and
#: well over one person's mistakes, 2026-11-22.
MOST_FAILURES_ANYWHERE, LOCK_WINDOW = 20, timedelta(hours=1)
#: The first lock, and the longest: each one within a day doubles. Source: our estimate, a guesser gets
#: under five hundred tries a day, and a commander who is kept out waits an hour at most, 2026-11-22.
SHORTEST_LOCK, LONGEST_LOCK, LOCKS_FORGOTTEN = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)

#: How long a session lasts from sign-in. Source: our estimate, a duty shift of 12 hours, 2026-11-22.
SESSION_LASTS = timedelta(hours=12)
#: How exact "last used" is. Source: our estimate, one write a minute and person is cheap, 2026-11-22.
SEEN_EVERY = timedelta(minutes=1)
#: How long a key waits for its first code. Source: our estimate, typing it takes a minute, 2026-11-22.
KEY_WAITS = timedelta(minutes=15)
#: How long a password that was right waits for its code. Source: our estimate, ten codes, 2026-11-22.
CODE_WAITS = timedelta(minutes=5)
#: Recovery codes given with a key, and their random bytes. Source: our estimate, 80 bits each cannot
#: be guessed, eight last longer than a telephone, 2026-11-22.
RECOVERY_CODES, RECOVERY_BYTES = 8, 10
#: Roles that decide on the node: a second factor is expected of them.
SECOND_FACTOR_ROLES = frozenset({"operator", "commander", "duty_chief"})

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """In whose name one acts: a person in a post of an organization, with the post's scope.

    `place` and `hazard` are prefixes; '' is everywhere, and any hazard.
    """

    holding: uuid.UUID
    person: uuid.UUID
    person_kind: str
    person_zh: str
    person_en: str
    post: uuid.UUID
    post_code: str
    post_zh: str
    post_en: str
    role: str
    organization: uuid.UUID
    organization_code: str
    organization_zh: str
    organization_en: str
    place: str
    hazard: str


class ActionRight(msgspec.Struct, frozen=True):
    """One action as the table of rights names it.

    `decides`: only a person may do it. `whole_node`: it concerns every place, so only a post without
    limits of place may do it.
    """

    action: str
    decides: bool
    whole_node: bool
    zh: str
    en: str


class Rights(msgspec.Struct, frozen=True):
    """The tables of rights: every action there is, and which roles may do it."""

    actions: Mapping[str, ActionRight]
    roles: Mapping[str, frozenset[str]]


class NotAllowed(Refused):
    """This post may not do this here: `not_allowed`, or `machine_may_not_decide`.

    `reason` says what is missing: holding, role, place or hazard.
    """


def allows(
    rights: Rights, authority: Authority, action: str, *, place: str | None = None, hazard: str | None = None
) -> bool:
    """Whether the post may do the action, for this place and hazard when they are given."""
    return find_denial(rights, authority, action, place=place, hazard=hazard) is None


def find_denial(
    rights: Rights, authority: Authority, action: str, *, place: str | None = None, hazard: str | None = None
) -> NotAllowed | None:
    """Why the post may not do the action; None when it may.

    None for place or hazard: the action has none. '' is everywhere, and any hazard: only a post
    without limits covers that.
    """
    right = rights.actions[action]
    if right.decides and authority.person_kind != "human":
        return NotAllowed("machine_may_not_decide", action=action)
    if action not in rights.roles.get(authority.role, frozenset()):
        return NotAllowed("not_allowed", action=action, reason="role")
    if right.whole_node:
        place = ""
    if place is not None and not place_within(place, authority.place):
        return NotAllowed("not_allowed", action=action, reason="place")
    if hazard is not None and not kind_within(hazard, authority.hazard):
        return NotAllowed("not_allowed", action=action, reason="hazard")
    return None


def sees(rights: Rights, authority: Authority, place: str) -> bool:
    """Whether the post sees what happens at the place: in its own area, or in one that covers it."""
    return "see" in rights.roles.get(authority.role, frozenset()) and (
        place_within(place, authority.place) or place_within(authority.place, place)
    )


def normal_username(username: str) -> str:
    """The name as it is kept: one form for full-width letters and capitals."""
    return unicodedata.normalize("NFKC", username).strip().lower()


def check_username(username: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise Refused("bad_username")


def check_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise Refused("bad_code", given=code[:64])


def check_scope(*, place: str, hazard: str = "") -> None:
    """Place and hazard codes are well formed; whether they exist is another register's word."""
    if not is_place_code(place):
        raise Refused("bad_place_code", given=place[:64])
    if hazard and not is_kind_code(hazard):
        raise Refused("bad_kind_code", given=hazard[:64])


def check_one_of(value: str, known: tuple[str, ...] | Mapping[str, object], code: str) -> None:
    if value not in known:
        raise Refused(code, given=value[:64])


def check_span(from_at: datetime, until_at: datetime | None) -> None:
    if until_at is not None and until_at <= from_at:
        raise Refused("ends_before_it_begins")


def is_circle(links: Mapping[uuid.UUID, set[uuid.UUID]], *, lower: uuid.UUID, upper: uuid.UUID) -> bool:
    """Whether `upper` already answers, directly or further up, to `lower`. `links`: lower → uppers."""
    seen, waiting = set(), {upper}
    while waiting:
        one = waiting.pop()
        if one == lower:
            return True
        seen.add(one)
        waiting |= links.get(one, set()) - seen
    return False


def has_too_many_failures(*, for_name: int, from_address: int) -> bool:
    """Whether sign-in from here has to wait; both counts over `FAILURE_WINDOW`, in real time."""
    return for_name >= MOST_FAILURES or from_address >= MOST_FAILURES_FROM_ONE_ADDRESS


def has_to_be_locked(failures: int) -> bool:
    """Whether so many failures with one name, from wherever, within `LOCK_WINDOW`, lock the account."""
    return failures >= MOST_FAILURES_ANYWHERE


def lock_wait(times: int) -> timedelta:
    """How long the account is locked the first, second … time within a day: each twice the one before."""
    if times < 1:
        raise ValueError("locks are counted from one")
    wait = SHORTEST_LOCK
    for _ in range(times - 1):
        wait = min(wait * 2, LONGEST_LOCK)
    return wait


def expects_second_factor(role: str) -> bool:
    """Whether who holds a post with this role should have a second factor."""
    return role in SECOND_FACTOR_ROLES


def normal_code(code: str) -> str:
    """A code as it is compared: full-width figures, blanks and dashes do not matter."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code[:64])).upper()
