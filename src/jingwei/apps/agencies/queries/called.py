"""Whom one rings without a machine: posts of an office and of those around it, with their numbers."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.db.models import Q

from ..models import Holding
from ..rules import Authority
from .authorities import _active
from .lines import list_above, list_directly_below

#: Fewer digits are not shown in part. Source: our estimate, as for who reports, 2026-11-30.
SHORTEST = 7


class Called(msgspec.Struct, frozen=True):
    """A post, who holds it, and the number; a post nobody holds is left out."""

    organization_zh: str
    organization_en: str
    post_zh: str
    post_en: str
    person_zh: str
    person_en: str
    phone: str
    role: str
    own: bool


class Number(msgspec.Struct, frozen=True):
    """Who holds a post, and the number; '' where none is known. It is personal: shown by a recorded look."""

    holding: uuid.UUID
    phone: str

    @property
    def masked(self) -> str:
        """The first three and the last two digits."""
        digits = re.sub(r"\D", "", self.phone)
        return f"{digits[:3]}****{digits[-2:]}" if len(digits) >= SHORTEST else "*" * len(digits)


def list_numbers(posts: Iterable[str], *, at: datetime) -> dict[str, Number]:
    """The number of who holds each of these posts: people only, the longest first; none for a vacant one."""
    rows = Holding.objects.filter(_active(at), post__code__in=set(posts), person__kind="human")
    found: dict[str, Number] = {}
    for post, holding, phone in rows.order_by("from_at", "id").values_list(
        "post__code", "pk", "person__phone"
    ):
        found.setdefault(post, Number(holding, phone))
    return found


def list_called(authority: Authority, *, at: datetime) -> list[Called]:
    """Holders of posts in the own office, then of those it answers to, then of those directly below.

    Numbers are personal: the caller has asked for the right to print them.
    """
    below = [card.code for card in list_directly_below(authority.organization_code)]
    offices = [authority.organization_code, *list_above(authority.organization_code), *below]
    rows = (
        Holding.objects.select_related("person", "post__organization")
        .filter(_active(at), post__organization__code__in=offices, person__kind="human")
        .exclude(Q(post__role="viewer"))
        .order_by("post__code", "from_at")
    )
    order = {code: n for n, code in enumerate(offices)}
    found = sorted(rows, key=lambda row: order[row.post.organization.code])
    return [_called(row, authority) for row in found]


def _called(row: Holding, authority: Authority) -> Called:
    office, post, person = row.post.organization, row.post, row.person
    return Called(
        organization_zh=office.name_zh,
        organization_en=office.name_en,
        post_zh=post.name_zh,
        post_en=post.name_en,
        person_zh=person.name_zh,
        person_en=person.name_en,
        phone=person.phone,
        role=post.role,
        own=office.code == authority.organization_code,
    )
