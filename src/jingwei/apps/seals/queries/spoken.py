"""Which rows facts speak of."""

from collections import defaultdict
from collections.abc import Iterator

from jingwei.apps.journal.models import Recorded
from jingwei.apps.journal.queries import list_rows_said

from .digests import list_recorded


def list_unspoken() -> Iterator[list[Recorded]]:
    """Rows that no fact has spoken of yet, a model at a time. Reads the whole journal."""
    spoken: dict[str, set[str]] = defaultdict(set)
    for label, row_id in list_rows_said():
        spoken[label].add(row_id)
    for label, model in list_recorded().items():
        there = model._default_manager.order_by("pk").iterator()
        if rows := [row for row in there if str(row.pk) not in spoken[label]]:
            yield rows
