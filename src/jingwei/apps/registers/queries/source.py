"""Where a register's rows come from: its own table, or what another app keeps."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from .. import rules
from ..facts import Register
from ..rules.searching import search_form

#: Rows that are named one by one in a question. Source: SQLite's own limit of 32,766 values in one statement.
_MOST_NAMED = 30_000


def rows_of(register: Register) -> QuerySet[Any]:
    """All rows, struck through or not."""
    rows: QuerySet[Any] = register.kept.rows() if register.kept else register.model.objects.all()
    return rows


def entered_at(row: Any) -> datetime:
    """When a row that keeps no times of its own came to be: its id says so (UUIDv7, RFC 9562 section 5.7)."""
    return datetime.fromtimestamp((row.pk.int >> 80) / 1000, UTC)


def find_by_words(register: Register, rows: QuerySet[Any], words: list[str]) -> Q:
    """Which rows that another app keeps hold these words: each is read, for nothing is kept beside them.

    Where more fit than can be named, their names say it, without first letters.
    """
    names = [c.name for c in register.columns if c.searched and not c.mask]
    wanted = [search_form(word) for word in words]
    fitting = []
    for values in rows.values("pk", *names):
        text = rules.found_by(register, values)
        if all(word in text for word in wanted):
            fitting.append(values["pk"])
    if len(fitting) <= _MOST_NAMED:
        return Q(pk__in=fitting)
    where = Q()
    for word in words:
        where &= Q(name__icontains=word)
    return where
