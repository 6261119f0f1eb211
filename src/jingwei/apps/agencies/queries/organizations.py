"""Reads of the register of organizations."""

import uuid
from collections.abc import Collection

import msgspec
from django.db.models import Q

from ..models import Organization, OrganizationLink, Post


class OrganizationCard(msgspec.Struct, frozen=True):
    """An organization as lists show it."""

    id: uuid.UUID
    code: str
    name_zh: str
    name_en: str
    kind: str
    place: str
    fictional: bool


class PostCard(msgspec.Struct, frozen=True):
    """A post as lists show it, held or not."""

    id: uuid.UUID
    code: str
    organization_code: str
    name_zh: str
    name_en: str
    role: str
    place: str
    hazard: str


def _card(row: Organization) -> OrganizationCard:
    return OrganizationCard(row.pk, row.code, row.name_zh, row.name_en, row.kind, row.place, row.fictional)


def find_organization(code: str) -> OrganizationCard | None:
    row = Organization.objects.filter(code=code).first()
    return _card(row) if row else None


def list_organizations(*, within: str = "", kind: str = "") -> list[OrganizationCard]:
    """Organizations of a place and what lies in it, higher places first."""
    rows = Organization.objects.filter(place__startswith=within)
    if kind:
        rows = rows.filter(kind=kind)
    return [_card(row) for row in sorted(rows, key=lambda o: (len(o.place), o.code))]


def list_organizations_named(names: Collection[str]) -> dict[str, OrganizationCard]:
    """Organizations by their code or a name in full, under the word they were asked by.

    A name that several have is nobody's here.
    """
    words, found = set(names) - {""}, {}
    rows = Organization.objects.filter(Q(code__in=words) | Q(name_zh__in=words) | Q(name_en__in=words))
    cards = [_card(row) for row in rows]
    for word in words:
        meant = {one.code: one for one in cards if word in (one.code, one.name_zh, one.name_en)}
        if len(meant) == 1:
            found[word] = next(iter(meant.values()))
    return found


def list_organizations_above(place: str) -> list[OrganizationCard]:
    """Organizations of the places that a place lies in, itself left out; bodies of the whole country too."""
    rows = Organization.objects.filter(place__in=[place[:n] for n in range(len(place))])
    return [_card(row) for row in rows.order_by("code")]


def search_organizations(text: str, *, limit: int = 20) -> list[OrganizationCard]:
    """Organizations whose name in either language, or code, contains the text."""
    text = text.replace("\0", "").strip()  # PostgreSQL takes no NUL
    if not text:
        return []
    hit = Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text)
    rows = sorted(Organization.objects.filter(hit), key=lambda o: (len(o.place), o.code))
    return [_card(row) for row in rows[:limit]]


def list_links(code: str) -> list[tuple[str, str, str]]:
    """(line, code of the lower, code of the upper) of all links this organization stands in."""
    rows = OrganizationLink.objects.filter(Q(lower__code=code) | Q(upper__code=code))
    return sorted(rows.values_list("line", "lower__code", "upper__code"))


def list_posts(organization_code: str) -> list[PostCard]:
    rows = Post.objects.filter(organization__code=organization_code).order_by("code")
    return [
        PostCard(
            row.pk, row.code, organization_code, row.name_zh, row.name_en, row.role, row.place, row.hazard
        )
        for row in rows
    ]


def count_organizations() -> int:
    return Organization.objects.count()
