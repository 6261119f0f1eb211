"""Which rows facts speak of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from jingwei.apps.journal.models import Recorded
from jingwei.apps.journal.queries import list_rows_said

from .digests import list_recorded

#: Rows asked for by their ids at once. Source: our estimate, below every database's limit, 2026-11-29.
_AT_ONCE = 500

#: Ids of the rows that no fact has spoken of, by model, ascending.
Unspoken = dict[type[Recorded], list[Any]]


def list_unspoken() -> Unspoken:
    """Rows that no fact has spoken of yet. Reads the whole journal.

    The rows are read before the journal: beside writers, the fact about a row that is there is there too.
    """
    there = {m: list(m._default_manager.order_by("pk").values_list("pk", flat=True)) for m in _recorded()}
    return _without_spoken(there)


def list_still_unspoken(unspoken: Unspoken) -> Iterator[Sequence[Recorded]]:
    """These rows, a few hundred of a model at a time, without those spoken of meanwhile.

    Locked for this transaction before the journal is read again: who was changing one has ended, and has said
    so; nobody changes one until it is adopted.
    """
    for model, ids in unspoken.items():
        for start in range(0, len(ids), _AT_ONCE):
            rows = model._default_manager.filter(pk__in=ids[start : start + _AT_ONCE]).order_by("pk")
            list(rows.select_for_update().values_list("pk", flat=True))
    for model, ids in _without_spoken(unspoken).items():
        for start in range(0, len(ids), _AT_ONCE):
            some = list(model._default_manager.filter(pk__in=ids[start : start + _AT_ONCE]).order_by("pk"))
            if some:
                yield some


def _recorded() -> Sequence[type[Recorded]]:
    return list(list_recorded().values())


def _without_spoken(there: Unspoken) -> Unspoken:
    spoken: dict[str, set[str]] = defaultdict(set)
    for label, row_id in list_rows_said():
        spoken[label].add(row_id)
    left = {m: [one for one in ids if str(one) not in spoken[m._meta.label]] for m, ids in there.items()}
    return {m: ids for m, ids in left.items() if ids}
