"""What waits for its seal, as it will be sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from ..models import UnsealedEntry, UnsealedReceipt
from .columns import entry_texts, receipt_texts, select_entries, select_receipts


class Waiting(msgspec.Struct, frozen=True):
    """Entries and receipts that wait, each with its number first, and whether more do."""

    entries: list[Sequence[Any]]
    receipts: list[Sequence[Any]]
    more: bool


def is_anything_unsealed() -> bool:
    return UnsealedEntry.objects.exists() or UnsealedReceipt.objects.exists()


def count_unsealed() -> int:
    """Entries that no seal covers yet."""
    return UnsealedEntry.objects.count()


def find_unsealed_since() -> datetime | None:
    """When the entry that waits longest by its number was recorded; None when none waits."""
    oldest = UnsealedEntry.objects.order_by("entry").values_list("entry", flat=True).first()
    if oldest is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(select_entries(connection.vendor, "seq = %s"), [oldest])
        row = cursor.fetchone()
    return datetime.fromisoformat(entry_texts(connection.vendor)(row)[-1]) if row else None


def list_waiting(most_entries: int, most_receipts: int) -> Waiting:
    """What waits, in order of numbers, as one statement each sees it."""
    entry_marks = list(
        UnsealedEntry.objects.order_by("entry").values_list("entry", flat=True)[: most_entries + 1]
    )
    receipt_marks = list(
        UnsealedReceipt.objects.order_by("receipt").values_list("receipt", flat=True)[: most_receipts + 1]
    )
    more = len(entry_marks) > most_entries or len(receipt_marks) > most_receipts
    vendor = connection.vendor
    entry_of, receipt_of = entry_texts(vendor), receipt_texts(vendor)
    among = "SELECT {column} FROM {mark} WHERE {column} <= %s"
    entries: list[Sequence[Any]] = []
    receipts: list[Sequence[Any]] = []
    with connection.cursor() as cursor:
        if entry_marks:
            inner = among.format(column="entry", mark="seals_unsealedentry")
            cursor.execute(select_entries(vendor, f"seq IN ({inner})"), [entry_marks[:most_entries][-1]])
            entries = [entry_of(row) for row in cursor.fetchall()]
        if receipt_marks:
            inner = among.format(column="receipt", mark="seals_unsealedreceipt")
            cursor.execute(select_receipts(vendor, f"r.id IN ({inner})"), [receipt_marks[:most_receipts][-1]])
            receipts = [receipt_of(row) for row in cursor.fetchall()]
    return Waiting(entries=entries, receipts=receipts, more=more)
