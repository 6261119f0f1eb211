"""Who stands below whom, and whom an order may reach. A few queries, whatever the number of receivers."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import Q

from jingwei.apps.journal.queries import among

from ..models import Organization, OrganizationLink, Post
from .authorities import as_id
from .organizations import OrganizationCard, PostCard, _card

#: Lines along which orders go down. A standing body orders its members, which the register links upward.
_DOWN = ("territory", "profession")


def list_below(code: str) -> set[str]:
    """Codes of the organizations that answer to this one, directly or further down."""
    links = list(OrganizationLink.objects.values_list("line", "lower__code", "upper__code"))
    lower: dict[str, set[str]] = {}
    for line, down, up in links:
        if line in _DOWN:
            lower.setdefault(up, set()).add(down)
    found = {up for line, down, up in links if line == "standing" and down == code}
    waiting = [code]
    while waiting:
        fresh = lower.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found - {code}


def list_directly_below(code: str) -> list[OrganizationCard]:
    """The organizations one step down, along territory and profession, higher places first."""
    rows = Organization.objects.filter(upward__upper__code=code, upward__line__in=_DOWN).distinct()
    return [_card(row) for row in sorted(rows, key=lambda o: (len(o.place), o.code))]


def list_above(code: str) -> list[str]:
    """Codes of the organizations this one answers to, those of its own territory first."""
    rows = OrganizationLink.objects.filter(lower__code=code, line__in=_DOWN).values_list(
        "line", "upper__code"
    )
    return [upper for _, upper in sorted(rows, key=lambda r: (_DOWN.index(r[0]), r[1]))]


def _post(row: Post) -> PostCard:
    return PostCard(
        row.pk, row.code, row.organization.code, row.name_zh, row.name_en, row.role, row.place, row.hazard
    )


#: Names that every page asks for: their words are made once. In the order of their cards.
_POSTS = """
SELECT t.id, t.code, o.code, t.name_zh, t.name_en, t.role, t.place, t.hazard
FROM agencies_post t JOIN agencies_organization o ON o.id = t.organization_id WHERE t.code
"""
_ORGANIZATIONS = """
SELECT id, code, name_zh, name_en, kind, place, fictional FROM agencies_organization WHERE code
"""


def list_posts_by_code(codes: Iterable[str]) -> dict[str, PostCard]:
    """The posts with these codes; unknown ones are left out."""
    rows = _read(_POSTS, set(codes))
    return {row[1]: PostCard(as_id(row[0]), *row[1:]) for row in rows}


def list_posts_of(organizations: Collection[str]) -> list[PostCard]:
    """All posts of these organizations, by code."""
    rows = Post.objects.select_related("organization").filter(organization__code__in=list(organizations))
    return [_post(row) for row in rows.order_by("code")]


def list_organizations_by_code(codes: Iterable[str]) -> dict[str, OrganizationCard]:
    """The organizations with these codes; unknown ones are left out."""
    rows = _read(_ORGANIZATIONS, set(codes))
    return {row[1]: _organization(*row) for row in rows}


def _organization(
    pk: object, code: str, zh: str, en: str, kind: str, place: str, fictional: object
) -> OrganizationCard:
    return OrganizationCard(as_id(pk), code, zh, en, kind, place, bool(fictional))


def _read(statement: str, codes: set[str]) -> list[tuple[Any, ...]]:
    if not codes:
        return []
    words, value = among(codes)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {words}", [value])
        return list(cursor.fetchall())


def search_posts(text: str, *, limit: int = 20) -> list[PostCard]:
    """Posts whose name, or whose organization's name or code, contains the text."""
    text = text.replace("\0", "").strip()  # PostgreSQL takes no NUL
    if not text:
        return []
    hit = Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text)
    hit |= Q(organization__name_zh__icontains=text) | Q(organization__name_en__icontains=text)
    rows = Post.objects.select_related("organization").filter(hit).order_by("organization__place", "code")
    return [_post(row) for row in rows[:limit]]
