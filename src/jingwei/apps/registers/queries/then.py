"""A register as it stood at an earlier time: its rows, with what was done to them since turned back."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from jingwei.apps.agencies.queries import Authority

from ..facts import Register, Sought
from ..models import Change
from .areas import list_areas
from .source import rows_of

#: Most changes that are turned back for one view; of more, the rows are shown as they stand now.
#: Source: our estimate, a day's work of an office; they take a tenth of a second, 2026-11-30.
MOST_TURNED = 5_000
#: Columns that a map shows and asks by: turned back with the row.
SHOWN = ("name", "place", "lon", "lat")


class Stood:
    """The rows of one register as they stood at `at`."""

    def __init__(self, register: Register, at: datetime) -> None:
        self.register, self.at = register, at
        self._since = Change.objects.filter(register=register.code, at__gt=at)

    @property
    def untouched(self) -> QuerySet[Any]:
        """Rows to which nothing was done since; those that were added since are not among them."""
        return rows_of(self.register).exclude(pk__in=self._since.values("row_id"))

    @cached_property
    def too_many(self) -> bool:
        """Whether too much was done since to turn it back here. Rows that were only added do not count."""
        return len(self._turned) > MOST_TURNED

    @cached_property
    def _turned(self) -> Sequence[tuple[uuid.UUID, dict[str, Any]]]:
        rows = self._since.filter(number__gt=1).order_by("row_id", "number")
        return list(rows.values_list("row_id", "before")[: MOST_TURNED + 1])

    @cached_property
    def _before(self) -> dict[uuid.UUID, dict[str, Any]]:
        """What the first change since found in each column."""
        found: dict[uuid.UUID, dict[str, Any]] = {}
        for row_id, before in self._turned:
            columns = found.setdefault(row_id, {})
            for name, value in before.items():
                columns.setdefault(name, value)
        new = self._since.filter(number=1, row_id__in=list(found)).values_list("row_id", flat=True)
        return {row_id: columns for row_id, columns in found.items() if row_id not in set(new)}

    @cached_property
    def _touched(self) -> list[Any]:
        """Rows that stood then and were changed since, as they were, with a point."""
        found = []
        for row in rows_of(self.register).filter(pk__in=list(self._before)):
            before = self._before[row.pk]
            for name in SHOWN:
                if name in before:
                    setattr(row, name, before[name])
            struck = before.get("struck", row.removed_at is not None)
            if not struck and row.lon is not None and row.lat is not None:
                row.removed_at = None
                found.append(row)
        return found

    def touched(self, authority: Authority) -> list[Any]:
        """Those of them that the post saw."""
        areas = list_areas(Sought(), authority)
        return [row for row in self._touched if any(area.holds(row.place) for area in areas)]
