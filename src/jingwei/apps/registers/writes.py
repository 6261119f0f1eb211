"""What rows are found by, kept beside them: an FTS5 table on SQLite, an array with a GIN index on PostgreSQL.

Equal on both by test. A number of `Found` is never used twice, so pieces of one that is gone lead nowhere.
"""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction

from .facts import Register
from .models import Found, Indexed
from .rules.grams import found_columns, grams_of, scheme_of

#: Rows whose pieces are made in one transaction when all are made anew. Source: our estimate, some tens of
#: milliseconds of the writers' turn each, 2026-11-29.
_AT_ONCE = 1000
#: Rows in one statement of PostgreSQL. Source: our estimate, 2026-11-29.
_IN_ONE = 100
_KEPT = "register, row_id, place, name, text"


def index_rows(register: Register, rows: Sequence[Any], changed: Collection[uuid.UUID]) -> None:
    """Let rows that were just written be found by what they hold now; `changed`: those that were there.

    In the caller's transaction. A register that was full before it had pieces waits for `index_register`.
    """
    if not rows or not _is_kept(register, rows):
        return
    if changed:
        Found.objects.filter(row_id__in=list(changed)).delete()
    _insert(register, [row for row in rows if row.removed_at is None])


def _is_kept(register: Register, rows: Sequence[Any]) -> bool:
    if Indexed.objects.filter(register=register.code).exists():
        return True
    written = [row.pk for row in rows]
    if register.model.objects.exclude(pk__in=written).exists():
        return False
    Indexed.objects.create(register=register.code, scheme=scheme_of(register), done=True)
    return True


def index_register(register: Register) -> int:
    """Make the pieces of all rows of a register that has none, or other ones. Returns how many rows.

    Goes on where it was left; rows written meanwhile are found as well.
    """
    scheme = scheme_of(register)
    with transaction.atomic():
        state, _ = Indexed.objects.get_or_create(register=register.code, defaults={"scheme": scheme})
        if state.scheme != scheme:
            Found.objects.filter(register=register.code).delete()
            state.scheme, state.done, state.reached = scheme, False, None
            state.save()
    count = 0
    while not state.done:
        with transaction.atomic():
            state = Indexed.objects.select_for_update().get(pk=state.pk)
            count += _go_on(register, state)
    if count and connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # its planner knows nothing of them yet
            cursor.execute("ANALYZE registers_found")
    return count


def _go_on(register: Register, state: Indexed) -> int:
    rows = register.model.objects.filter(removed_at__isnull=True).order_by("pk")
    if state.reached:
        rows = rows.filter(pk__gt=state.reached)
    some = list(rows.select_for_update()[:_AT_ONCE])
    if some:
        Found.objects.filter(row_id__in=[row.pk for row in some]).delete()
        _insert(register, some)
        state.reached = some[-1].pk
    state.done = len(some) < _AT_ONCE
    state.save()
    return len(some)


def _insert(register: Register, rows: Sequence[Any]) -> None:
    given = [(row, _grams(register, row)) for row in rows]
    if connection.vendor == "sqlite":
        kept = [
            Found(register=register.code, row_id=row.pk, place=row.place, name=row.name, text=row.found_by)
            for row, _ in given
        ]
        Found.objects.bulk_create(kept)
        lines = [
            (one.pk, " ".join(f"{n & 0xFFFFFFFF:08x}" for n in grams))
            for one, (_, grams) in zip(kept, given, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO registers_grams (rowid, pieces) VALUES (%s, %s)", lines)
        return
    for start in range(0, len(given), _IN_ONE):
        part = given[start : start + _IN_ONE]
        values = [(register.code, r.pk, r.place, r.name, r.found_by, grams) for r, grams in part]
        marks = ", ".join(["(%s, %s, %s, %s, %s, %s::int[])"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO registers_found ({_KEPT}, grams) VALUES {marks}",  # noqa: S608 - marks only
                [value for line in values for value in line],
            )


def _grams(register: Register, row: Any) -> list[int]:
    return grams_of(register, row.found_by, {c.name: getattr(row, c.name) for c in register.columns})


def changes_pieces(register: Register, columns: Collection[str]) -> bool:
    """Whether a change of these columns changes what the row is found by."""
    return not found_columns(register).isdisjoint(columns)


def update_rows(rows: Sequence[Any], names: Collection[str]) -> None:
    """Write these columns of rows that were changed in memory, one statement for all.

    What Django makes of many rows is one expression for each column and row: most of the time of an import.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if field.name in names or field.attname in names]
    fields.append(meta.pk)
    values = [[f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields] for row in rows]
    marks = ", ".join(f'"{field.column}" = %s' for field in fields[:-1])
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE {meta.db_table} SET {marks} WHERE "{meta.pk.column}" = %s', values)  # noqa: S608 - our own names


def insert_rows(rows: Sequence[Any]) -> None:
    """Write new rows. On SQLite by one statement made once: Django makes one for each few rows."""
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor != "sqlite":
        model._default_manager.bulk_create(rows, batch_size=_AT_ONCE)
        return
    meta = model._meta
    fields = [f for f in meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]
    values = [[f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields] for row in rows]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})",  # noqa: S608 - our own names
            values,
        )
