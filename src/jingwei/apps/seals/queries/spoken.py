"""Which rows facts speak of."""

from collections import defaultdict
from collections.abc import Iterator

from jingwei.apps.journal.models import Entry, Recorded

from .digests import list_recorded


def list_unspoken() -> Iterator[list[Recorded]]:
    """Rows that no fact has spoken of yet, a model at a time. Reads the whole journal."""
    spoken: dict[str, set[str]] = defaultdict(set)
    for rows in Entry.objects.values_list("rows", flat=True).iterator():
        for one in rows:
            spoken[one["model"]].add(one["id"])
    for label, model in list_recorded().items():
        there = model._default_manager.order_by("pk").iterator()
        if rows := [row for row in there if str(row.pk) not in spoken[label]]:
            yield rows
