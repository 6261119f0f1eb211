"""Who acts for which post, and whether they may. One indexed query each, and nothing is remembered."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet, UUIDField

from jingwei.apps.journal.queries import among
from jingwei.kernel.moments import By
from jingwei.kernel.refusals import Refused

from .. import rules
from ..models import Holding
from ..rules import Authority, NotAllowed
from .tables import get_rights

log = logging.getLogger(__name__)


class Colleague(msgspec.Struct, frozen=True):
    """Someone who may take over at this desk: their user name and the post they would act for."""

    username: str
    authority: Authority


def _holdings() -> QuerySet[Holding]:
    return Holding.objects.select_related("person", "post", "post__organization")


def _active(at: datetime) -> Q:
    """Held at that time of the node's clock, and not released: a release ends it under every clock."""
    not_over = Q(until_at__isnull=True) | Q(until_at__gt=at)
    return Q(from_at__lte=at, released_at__isnull=True) & not_over


def authority_of(row: Holding) -> Authority:
    person, post, organization = row.person, row.post, row.post.organization
    return Authority(
        holding=row.pk,
        person=person.pk,
        person_kind=person.kind,
        person_zh=person.name_zh,
        person_en=person.name_en,
        post=post.pk,
        post_code=post.code,
        post_zh=post.name_zh,
        post_en=post.name_en,
        role=post.role,
        organization=organization.pk,
        organization_code=organization.code,
        organization_zh=organization.name_zh,
        organization_en=organization.name_en,
        place=post.place,
        hazard=post.hazard,
    )


def find_authority(by: By, *, at: datetime, user: uuid.UUID | None = None) -> Authority | None:
    """The post this holding acts for at that time; None when it does not act, or is not this user's."""
    if user is None:
        return _find_acting(by, at)
    now, who = connection.ops.adapt_datetimefield_value(at), UUIDField()
    values = [who.get_db_prep_value(by, connection), now, now, who.get_db_prep_value(user, connection)]
    found = _read(_OF_USER, values)
    return found[0] if found else None


#: Asked by every action, so its words are made once. In the order of `Authority`.
_HELD = """
SELECT h.id, p.id, p.kind, p.name_zh, p.name_en, t.id, t.code, t.name_zh, t.name_en, t.role,
    o.id, o.code, o.name_zh, o.name_en, t.place, t.hazard
FROM agencies_holding h JOIN agencies_person p ON p.id = h.person_id
JOIN agencies_post t ON t.id = h.post_id JOIN agencies_organization o ON o.id = t.organization_id
"""
_NOW = "h.from_at <= %s AND h.released_at IS NULL AND (h.until_at IS NULL OR h.until_at > %s)"
_ACTING = f"{_HELD} WHERE h.id = %s AND {_NOW}"
_ACCOUNT = "JOIN agencies_user u ON u.person_id = p.id"
_OF_USER = f"{_HELD} {_ACCOUNT} WHERE h.id = %s AND {_NOW} AND u.id = %s AND u.is_active"
_MACHINE = """
SELECT h.id FROM agencies_holding h JOIN agencies_person p ON p.id = h.person_id
WHERE p.kind = 'machine' AND h.released_at IS NULL ORDER BY h.from_at, h.id LIMIT 1
"""
_IDS = ("holding", "person", "post", "organization")


def _find_acting(by: By, at: datetime) -> Authority | None:
    """As `_holdings()` with `_active(at)` finds it."""
    now = connection.ops.adapt_datetimefield_value(at)
    found = _read(_ACTING, [UUIDField().get_db_prep_value(by, connection), now, now])
    return found[0] if found else None


def _read(statement: str, values: list[Any]) -> list[Authority]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = [dict(zip(Authority.__struct_fields__, row, strict=True)) for row in cursor.fetchall()]
    return [Authority(**row | {name: as_id(row[name]) for name in _IDS}) for row in rows]


def as_id(value: Any) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def get_authority(by: By, *, at: datetime) -> Authority:
    """The post this holding acts for at that time. Raises `NotAllowed` when it does not act."""
    found = find_authority(by, at=at)
    if found is None:
        raise NotAllowed("not_allowed", action="", reason="holding")
    return found


def require(
    by: By, action: str, *, at: datetime, place: str | None = None, hazard: str | None = None
) -> Authority:
    """The authority to do this, or `NotAllowed`: deny by default.

    None for place or hazard: the action has none; '' is everywhere, and any hazard. An action that
    the table of rights does not name is a bug and raises `LookupError`.
    """
    found = _weigh(by, action, at=at, place=place, hazard=hazard)
    if isinstance(found, NotAllowed):
        log.warning("refused: %s asked by holding %s: %s", action, by, found.facts.get("reason", found.code))
        raise found
    return found


def may(by: By, action: str, *, at: datetime, place: str | None = None, hazard: str | None = None) -> bool:
    """Whether `require` would grant it."""
    return not isinstance(_weigh(by, action, at=at, place=place, hazard=hazard), NotAllowed)


def _weigh(
    by: By, action: str, *, at: datetime, place: str | None, hazard: str | None
) -> Authority | NotAllowed:
    rights = get_rights()
    if action not in rights.actions:
        raise LookupError(f"{action} is not in the table of rights")
    authority = find_authority(by, at=at)
    if authority is None:
        return NotAllowed("not_allowed", action=action, reason="holding")
    return rules.find_denial(rights, authority, action, place=place, hazard=hazard) or authority


def may_with(
    authority: Authority, action: str, *, place: str | None = None, hazard: str | None = None
) -> bool:
    """Whether this authority covers the action: for what a page offers. Actions ask `require` again."""
    return rules.allows(get_rights(), authority, action, place=place, hazard=hazard)


def sees(authority: Authority, place: str) -> bool:
    """Whether the post sees the place: within its own area, or covering it."""
    return rules.sees(get_rights(), authority, place)


def get_machine() -> By:
    """The node's machine: it proposes, drafts and calculates. Refused before the node is founded."""
    with connection.cursor() as cursor:
        cursor.execute(_MACHINE)
        row = cursor.fetchone()
    if row is None:
        raise Refused("node_not_founded")
    return as_id(row[0])


def get_operator(username: str = "", *, at: datetime) -> By:
    """The operator who acts at the machine itself: the one named, or the first. Refused if none."""
    rows = _holdings().filter(_active(at), post__role="operator", post__place="", person__kind="human")
    if username:
        rows = rows.filter(person__user__username=rules.normal_username(username))
    found = rows.order_by("from_at", "id").values_list("pk", flat=True).first()
    if found is None:
        raise Refused("no_operator", username=username)
    return found


def find_holding_of_post(post_code: str, *, at: datetime) -> By | None:
    """Who holds the post with this code at that time, programs first: tokens are for them."""
    rows = _holdings().filter(_active(at), post__code=post_code)
    return rows.order_by("-person__kind", "from_at", "id").values_list("pk", flat=True).first()


def list_holdings(user_id: uuid.UUID, *, at: datetime) -> list[Authority]:
    """The posts this user may act for at that time, in the order they were assigned."""
    rows = _holdings().filter(_active(at), person__user=user_id, person__user__is_active=True)
    return [authority_of(row) for row in rows.order_by("from_at", "id")]


def list_authorities(holdings: Iterable[By]) -> dict[By, Authority]:
    """Who those holdings were, past ones too: for lines that say who did something."""
    asked = [UUIDField().get_db_prep_value(one, connection) for one in set(holdings)]
    words, value = among(asked)
    found = _read(f"{_HELD} WHERE h.id {words}", [value]) if asked else []
    return {one.holding: one for one in found}


def list_colleagues(authority: Authority, *, at: datetime) -> list[Colleague]:
    """People who may sit at this desk: holders of posts in the same organization who can sign in."""
    rows = (
        _holdings()
        .select_related("person__user")
        .filter(_active(at), post__organization=authority.organization, person__user__is_active=True)
        .exclude(person=authority.person)
        .order_by("post__code", "person__name_zh")
    )
    return [Colleague(username=row.person.user.username, authority=authority_of(row)) for row in rows]


def list_posts_on_duty(organization_code: str, *, at: datetime, roles: Iterable[str] = ()) -> list[Authority]:
    """Who holds the posts of an organization at that time; of these roles when any are named."""
    rows = _holdings().filter(_active(at), post__organization__code=organization_code)
    wanted = list(roles)
    if wanted:
        rows = rows.filter(post__role__in=wanted)
    return [authority_of(row) for row in rows.order_by("post__code", "from_at", "id")]


def list_on_duty(
    organization_codes: Iterable[str], *, at: datetime, roles: Iterable[str]
) -> dict[str, list[Authority]]:
    """Who holds posts of these roles in each of these organizations at that time; none for who has none."""
    now = connection.ops.adapt_datetimefield_value(at)
    (bodies, codes), (posts, wanted) = among(set(organization_codes)), among(set(roles))
    where = f"WHERE o.code {bodies} AND t.role {posts} AND {_NOW} ORDER BY t.code, h.from_at, h.id"
    found: dict[str, list[Authority]] = {}
    for one in _read(f"{_HELD} {where}", [codes, wanted, now, now]):
        found.setdefault(one.organization_code, []).append(one)
    return found


def list_holders(post_codes: Iterable[str], *, at: datetime) -> dict[str, Authority]:
    """Who holds each of these posts at that time: people only, the longest first; none for a vacant one."""
    rows = _holdings().filter(_active(at), post__code__in=set(post_codes), person__kind="human")
    found: dict[str, Authority] = {}
    for row in rows.order_by("from_at", "id"):
        found.setdefault(row.post.code, authority_of(row))
    return found
