"""Reads of means for other apps; pages read registers through the kit."""

import uuid
from collections.abc import Collection

import msgspec
from django.db.models import QuerySet

from .models import Store


class StoreCard(msgspec.Struct, frozen=True):
    """A store of supplies that stands: its name, its division, and of which body it is."""

    id: uuid.UUID
    name: str
    place: str
    owner: str = ""
    lon: float | None = None
    lat: float | None = None
    load_h: float | None = None


_CARD = StoreCard.__struct_fields__


def find_store(store_id: uuid.UUID) -> StoreCard | None:
    row = _standing().filter(pk=store_id).values_list("pk", *_CARD[1:]).first()
    return StoreCard(*row) if row else None


def list_stores_by_id(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, StoreCard]:
    """The stores with these ids that stand; unknown ones are left out."""
    rows = _standing().filter(pk__in=set(ids)).values_list("pk", *_CARD[1:])
    return {row[0]: StoreCard(*row) for row in rows}


def _standing() -> QuerySet:
    return Store.objects.filter(removed_at=None)
