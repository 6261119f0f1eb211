"""What can be said of organizations, posts and who holds them; and the values a door hands in.

Facts carry ids, codes and scopes: never a name, a telephone number, a password or a token.
"""

from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact


class NodeFounded(Fact, frozen=True, kw_only=True):
    """The node got its first organization, its operator and its machine; before it nobody had a right."""

    KIND: ClassVar[str] = "agencies.node_founded/1"
    SUBJECT: ClassVar[str] = "organization"

    organization: str
    operator: str
    machine: str


class AgenciesLoaded(Fact, frozen=True, kw_only=True):
    """A roster of organizations, posts and people was taken into the register."""

    KIND: ClassVar[str] = "agencies.roster_loaded/1"
    SUBJECT: ClassVar[str] = "source"

    source: str
    organizations: int
    posts: int
    people: int
    holdings: int


class OrganizationAdded(Fact, frozen=True, kw_only=True):
    """An organization entered the register."""

    KIND: ClassVar[str] = "agencies.organization_added/1"
    SUBJECT: ClassVar[str] = "organization"

    organization: str
    code: str
    kind: str
    place: str


class OrganizationsLinked(Fact, frozen=True, kw_only=True):
    """An organization answers to another along a line: territory, profession, party or standing body."""

    KIND: ClassVar[str] = "agencies.organizations_linked/1"
    SUBJECT: ClassVar[str] = "lower"

    lower: str
    upper: str
    line: str


class PostAdded(Fact, frozen=True, kw_only=True):
    """A post was established, with its role and the places and hazards it covers."""

    KIND: ClassVar[str] = "agencies.post_added/1"
    SUBJECT: ClassVar[str] = "post"

    post: str
    organization: str
    role: str
    place: str
    hazard: str


class PersonEnrolled(Fact, frozen=True, kw_only=True):
    """A person, or a program, was enrolled; `user` is empty for one that does not sign in."""

    KIND: ClassVar[str] = "agencies.person_enrolled/1"
    SUBJECT: ClassVar[str] = "person"

    person: str
    person_kind: str
    user: str


class PasswordReset(Fact, frozen=True, kw_only=True):
    """A user was given a new password; every older session of theirs ended with it."""

    KIND: ClassVar[str] = "agencies.password_reset/1"
    SUBJECT: ClassVar[str] = "user"

    user: str


class PostAssigned(Fact, frozen=True, kw_only=True):
    """A person holds a post from a time on."""

    KIND: ClassVar[str] = "agencies.post_assigned/1"
    SUBJECT: ClassVar[str] = "holding"

    holding: str
    person: str
    post: str
    from_at: datetime
    until_at: datetime | None


class PostReleased(Fact, frozen=True, kw_only=True):
    """A person no longer holds a post; its tokens and sessions ended with it."""

    KIND: ClassVar[str] = "agencies.post_released/1"
    SUBJECT: ClassVar[str] = "holding"

    holding: str
    until_at: datetime


class TokenIssued(Fact, frozen=True, kw_only=True):
    """A program got a token to act for a holding."""

    KIND: ClassVar[str] = "agencies.token_issued/1"
    SUBJECT: ClassVar[str] = "token"

    token: str
    holding: str
    until_at: datetime | None


class TokenRevoked(Fact, frozen=True, kw_only=True):
    """A token stopped being accepted."""

    KIND: ClassVar[str] = "agencies.token_revoked/1"
    SUBJECT: ClassVar[str] = "token"

    token: str
    holding: str


class SignedIn(Fact, frozen=True, kw_only=True):
    """A user proved who they are, by how many factors; which post they act for is `PostTaken`."""

    KIND: ClassVar[str] = "agencies.signed_in/1"
    SUBJECT: ClassVar[str] = "user"

    user: str
    person: str
    factors: int = 1


class SignInFailed(Fact, frozen=True, kw_only=True):
    """A sign-in failed. `user` is empty when nobody has that name: people type passwords there.

    `origin` is a keyed digest of the network address: the same origin reads the same, no more.
    `wrong` is the password or the code.
    """

    KIND: ClassVar[str] = "agencies.sign_in_failed/1"
    SUBJECT: ClassVar[str] = "user"

    user: str
    origin: str
    wrong: str = "password"


class PostTaken(Fact, frozen=True, kw_only=True):
    """A signed-in user's session now acts for this post."""

    KIND: ClassVar[str] = "agencies.post_taken/1"
    SUBJECT: ClassVar[str] = "holding"

    holding: str
    user: str


class PersonSwitched(Fact, frozen=True, kw_only=True):
    """At a shared desk a colleague took over the session; the page stayed."""

    KIND: ClassVar[str] = "agencies.person_switched/1"
    SUBJECT: ClassVar[str] = "to_holding"

    from_holding: str
    to_holding: str
    user: str


class SignedOut(Fact, frozen=True, kw_only=True):
    """A user left."""

    KIND: ClassVar[str] = "agencies.signed_out/1"
    SUBJECT: ClassVar[str] = "user"

    user: str


class AccountLocked(Fact, frozen=True, kw_only=True):
    """Too many sign-ins failed from wherever: nobody gets in by this name until then, in real time.

    `user` is empty when nobody has that name. `times` counts the locks of the last day.
    """

    KIND: ClassVar[str] = "agencies.account_locked/1"
    SUBJECT: ClassVar[str] = "user"

    user: str
    times: int
    until_at: datetime


class AccountUnlocked(Fact, frozen=True, kw_only=True):
    """An operator let a locked user try again at once."""

    KIND: ClassVar[str] = "agencies.account_unlocked/1"
    SUBJECT: ClassVar[str] = "user"

    user: str


class SecondFactorSet(Fact, frozen=True, kw_only=True):
    """A user set up a second factor and proved it with a code; an earlier one ended with it."""

    KIND: ClassVar[str] = "agencies.second_factor_set/1"
    SUBJECT: ClassVar[str] = "user"

    user: str
    factor: str


class SecondFactorReset(Fact, frozen=True, kw_only=True):
    """An operator took a lost second factor away; every session of the user ended with it."""

    KIND: ClassVar[str] = "agencies.second_factor_reset/1"
    SUBJECT: ClassVar[str] = "user"

    user: str
    factor: str


class RecoveryCodeUsed(Fact, frozen=True, kw_only=True):
    """A recovery code stood in for the second factor; it counts only once."""

    KIND: ClassVar[str] = "agencies.recovery_code_used/1"
    SUBJECT: ClassVar[str] = "user"

    user: str
    left: int


class PasswordChanged(Fact, frozen=True, kw_only=True):
    """A user chose a new password; their other sessions ended with it."""

    KIND: ClassVar[str] = "agencies.password_changed/1"
    SUBJECT: ClassVar[str] = "user"

    user: str


class SessionsEnded(Fact, frozen=True, kw_only=True):
    """Sessions of a user were ended before their time, by the user or by an operator."""

    KIND: ClassVar[str] = "agencies.sessions_ended/1"
    SUBJECT: ClassVar[str] = "user"

    user: str
    sessions: tuple[str, ...]


class OrganizationRow(msgspec.Struct, frozen=True, kw_only=True):
    """An organization as a door or a file gives it. `links` are (line, code of the upper one)."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    place: str = ""
    links: tuple[tuple[str, str], ...] = ()
    fictional: bool = False


class PostRow(msgspec.Struct, frozen=True, kw_only=True):
    """A post as a door or a file gives it. '' is everywhere, and any hazard."""

    code: str
    organization: str
    name_zh: str
    name_en: str
    role: str
    place: str = ""
    hazard: str = ""


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person or program as a door or a file gives it, with the codes of the posts held.

    `username` empty: does not sign in.
    """

    name_zh: str
    name_en: str
    kind: str = "human"
    username: str = ""
    phone: str = ""
    posts: tuple[str, ...] = ()
    from_at: datetime | None = None
    until_at: datetime | None = None
    fictional: bool = False


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """Organizations, posts and people to be taken in together."""

    source: str
    organizations: tuple[OrganizationRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    people: tuple[PersonRow, ...] = ()


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """What a new node starts from: its organization and the first person, who operates it."""

    organization: OrganizationRow
    operator: PersonRow
