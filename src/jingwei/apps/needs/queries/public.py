"""What the public may read: what is needed most, and what is not to be brought."""

import uuid
from datetime import datetime

import msgspec
from django.db.models import F, QuerySet

from jingwei.apps.agencies.queries import Authority

from ..models import Advice, Need
from .lines import lines_of


class PublicNeed(msgspec.Struct, frozen=True):
    """What is needed most at a place: item, division, how much nothing is promised for yet. Nobody's name.

    `quantity` None: how much was not said. `confirmed_at`: when a person last said so.
    """

    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    place: str
    priority: int
    quantity: int | None
    confirmed_at: datetime


class AdviceLine(msgspec.Struct, frozen=True):
    """What is not to be brought to a place. `ended_at`: taken back."""

    id: uuid.UUID
    item_zh: str
    item_en: str
    place: str
    reason_zh: str
    reason_en: str
    valid_until: datetime
    by: uuid.UUID
    at: datetime
    ended_at: datetime | None
    ended_reason: str

    def holds(self, at: datetime) -> bool:
        return self.ended_at is None and self.valid_until > at


#: Confirmed needs read for the public page, the most urgent first: anybody may ask for it at any time.
#: Source: our estimate, a city's on a bad day are some hundreds, 2026-11-29.
MOST_READ = 1_000


def list_public_needs(*, at: datetime, limit: int = 50) -> list[PublicNeed]:
    """What is needed most: confirmed by a person and fresh, not served yet, by item and division."""
    rows = Need.objects.filter(state="confirmed", joined_into=None, fresh_until_at__gt=at)
    found: dict[tuple[str, str], PublicNeed] = {}
    for line in lines_of(
        list(rows.order_by("priority", F("due_at").asc(nulls_last=True), "at", "pk")[:MOST_READ])
    ):
        left = line.still_open
        if left == 0 or line.confirmed_at is None:
            continue
        known = found.get((line.item_key, line.place))
        both = left if known is None else None
        if known is not None and left is not None and known.quantity is not None:
            both = known.quantity + left
        found[line.item_key, line.place] = PublicNeed(
            item_zh=line.item_zh, item_en=line.item_en, unit_zh=line.unit_zh, unit_en=line.unit_en,
            place=line.place, priority=min(line.priority, known.priority if known else line.priority),
            quantity=both,
            confirmed_at=max(line.confirmed_at, known.confirmed_at) if known else line.confirmed_at,
        )  # fmt: skip
    return list(found.values())[:limit]


def list_public_advice(*, at: datetime, limit: int = 100) -> list[AdviceLine]:
    """What is not to be brought, as long as it holds."""
    rows = Advice.objects.filter(ended_at=None, valid_until__gt=at, at__lte=at)
    return [_advice(row) for row in rows.order_by("place", "item_zh", "pk")[:limit]]


def list_advice(*, authority: Authority, offset: int = 0, limit: int = 50) -> list[AdviceLine]:
    """Every advice of one's area, the newest first, also what is over."""
    return [_advice(row) for row in _of(authority).order_by("-at", "-pk")[offset : offset + limit]]


def count_advice(*, authority: Authority) -> int:
    return _of(authority).count()


def find_advice(advice_id: uuid.UUID, *, authority: Authority) -> AdviceLine | None:
    row = _of(authority).filter(pk=advice_id).first()
    return _advice(row) if row else None


def _of(authority: Authority) -> QuerySet:
    rows = Advice.objects.all()
    return rows.filter(place__startswith=authority.place) if authority.place else rows


def _advice(row: Advice) -> AdviceLine:
    return AdviceLine(**{name: getattr(row, name) for name in AdviceLine.__struct_fields__})
