"""The proof that an entry stands in the sealed record, to be handed out."""

import uuid
from typing import Any

from django.db import connection

from jingwei.engines.checkpoints import proof_of, unseal
from jingwei.engines.merkle import inclusion_path, leaf_of_texts
from jingwei.engines.merkle.notes import read_key

from ..models import Epoch, Seal
from ..rules import read_head, read_numbers
from .columns import entry_texts, select_entries
from .tree import find_last_seal, get_hashes


def prove(entry_id: uuid.UUID) -> dict[str, object] | None:
    """The proof of an entry under the newest checkpoint of its epoch; None if no seal covers it yet.

    Raises ValueError when the entry is not what was sealed: there is nothing to prove it with.
    """
    row = _find(entry_id)
    if row is None:
        return None
    place = _place(row[0])
    if place is None:
        return None
    epoch, index = place
    last = find_last_seal(epoch)
    if last is None:
        return None
    sealed = unseal(last.note, node=[read_key(Epoch.objects.get(number=epoch).key)])
    path = inclusion_path(get_hashes(epoch), index=index, size=last.size)
    return proof_of(sealed, leaf_of_texts(row[1:]), index=index, path=path)


def _find(entry_id: uuid.UUID) -> Any:
    key = entry_id.hex if connection.vendor == "sqlite" else str(entry_id)
    with connection.cursor() as cursor:
        cursor.execute(select_entries(connection.vendor, "id = %s"), [key])
        row = cursor.fetchone()
    return entry_texts(connection.vendor)(row) if row else None


def _place(number: int) -> tuple[int, int] | None:
    """Epoch of the entry with this number, and its place in that tree."""
    for epoch, first, text in (
        Seal.objects.filter(least__lte=number, most__gte=number)
        .order_by("number")
        .values_list("epoch", "first", "head")
    ):
        index = first + 1
        for run in read_numbers(read_head(text).entries):
            if number in run:
                return epoch, index + number - run.start
            index += len(run)
    return None
