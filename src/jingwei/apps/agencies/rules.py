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
