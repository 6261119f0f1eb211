"""Reads of means for other apps; pages read registers through the kit."""

import uuid

import msgspec

from .models import Store


class StoreCard(msgspec.Struct, frozen=True):
    """A store of supplies that stands: its name and its division."""

    id: uuid.UUID
    name: str
    place: str


def find_store(store_id: uuid.UUID) -> StoreCard | None:
    row = Store.objects.filter(pk=store_id, removed_at=None).values_list("pk", "name", "place").first()
    return StoreCard(*row) if row else None
