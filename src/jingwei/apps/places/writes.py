"""Bulk writing of places in SQL that is the same on both databases; only what is new or differs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Model

from . import rules
from .facts import DivisionRow, SiteRow
from .models import Division, Site

#: Rows of one statement; a division has 12 values, SQLite takes some 32,000 at once.
BATCH = 500


def names_above(rows: Iterable[DivisionRow]) -> dict[str, str]:
    """Names of the divisions above these, as the register has them."""
    codes = {code for row in rows for code in rules.ancestors(row.code)}
    return dict(Division.objects.filter(code__in=codes).values_list("code", "name"))


def upsert_divisions(rows: Sequence[DivisionRow], names: Mapping[str, str]) -> int:
    """Write divisions that are new or differ, by code; `names` gives the paths. Returns how many."""
    made: list[dict[str, Any]] = []
    paths = {"": ""}
    for row in rows:
        parent = rules.parent_of(row.code)
        if parent not in paths:
            paths[parent] = rules.path_text(names.get(c, c) for c in [*rules.ancestors(parent), parent])
        key = rules.search_key(row.name)
        made.append(
            msgspec.structs.asdict(row)
            | {
                "level": rules.level_of(row.code),
                "parent": parent,
                "path_zh": f"{paths[parent]} {rules.path_text([row.name])}".strip(),
                "key": key,
                "head": key[:2],
            }
        )
    return _upsert(Division, "code", made)


def upsert_sites(rows: Sequence[SiteRow]) -> int:
    """Write sites that are new or differ, by id. Returns how many."""
    return _upsert(Site, "id", [msgspec.structs.asdict(row) for row in rows])


def _upsert(model: type[Model], key: str, made: Sequence[Mapping[str, Any]]) -> int:
    """Many rows a statement: three times as fast as building a model for each."""
    columns = [field.attname for field in model._meta.concrete_fields]
    at = columns.index(key)
    rows = [tuple(row[column] for column in columns) for row in made]
    held = {
        row[at]: row
        for start in range(0, len(rows), BATCH)
        for row in model._default_manager.filter(
            pk__in=[row[at] for row in rows[start : start + BATCH]]
        ).values_list(*columns)
    }
    changed = [row for row in rows if held.get(row[at]) != row]
    defaults = tuple(f.db_default if f.has_db_default() else None for f in model._meta.concrete_fields)
    changed.sort(key=lambda row: sum(v == d for v, d in zip(row, defaults, strict=True)))
    for start in range(0, len(changed), BATCH):
        _insert(model, key, dict(zip(columns, defaults, strict=True)), changed[start : start + BATCH])
    return len(changed)


def _insert(
    model: type[Model], key: str, defaults: Mapping[str, Any], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Columns in which all these rows have the default are left to the database, which is much faster."""
    used = [n for n, d in enumerate(defaults.values()) if any(row[n] != d for row in rows)]
    quote = connection.ops.quote_name
    names = [quote(column) for column in defaults]
    line = f"({', '.join(['%s'] * len(used))})"
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != quote(key))
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names[n] for n in used)}) "  # noqa: S608
        f"VALUES {', '.join([line] * len(rows))} ON CONFLICT ({quote(key)}) DO UPDATE SET {sets}"
    )  # only names of our own model are put in
    with connection.cursor() as cursor:
        cursor.execute(statement, [row[n] for row in rows for n in used])
