"""Reads of the journal: what was said about a subject, what is due, what failed."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, QuerySet, Value
from django.db.models.functions import Concat

from jingwei.kernel.facts import Fact, fact_of
from jingwei.kernel.moments import Moment

from . import rules
from .counting import count_many as count_many
from .facts import NodeRestored, RestoreAcknowledged
from .models import Digested as Digested
from .models import Due, Entry, Failure, Receipt

C = TypeVar("C", bound=msgspec.Struct)


class Said(msgspec.Struct, frozen=True):
    """One entry of the journal, read back."""

    seq: int
    id: uuid.UUID
    node: str
    kind: str
    subject: str
    fact: Fact
    by: uuid.UUID | None
    at: datetime
    recorded_at: datetime


def said(entry: Entry) -> Said:
    return Said(
        seq=entry.seq,
        id=entry.id,
        node=entry.node,
        kind=entry.kind,
        subject=entry.subject,
        fact=fact_of(entry.kind, entry.body),
        by=entry.by,
        at=entry.at,
        recorded_at=entry.recorded_at,
    )


def list_entries(
    *,
    subjects: Sequence[str] | None = None,
    kinds: Iterable[type[Fact]] | None = None,
    newest: int | None = None,
    after: int | None = None,
    later_than: datetime | None = None,
) -> list[Said]:
    """Entries in order of writing; `newest` takes only the last so many (still oldest first).

    `after` leaves out those up to this number: only for one who alone writes, as a replay does.
    `later_than` leaves out what was said up to this time of the node.
    """
    rows = Entry.objects.all() if after is None else Entry.objects.filter(seq__gt=after)
    if later_than is not None:
        rows = rows.filter(at__gt=later_than)
    if subjects is not None:
        rows = rows.filter(subject__in=list(subjects))
    if kinds is not None:
        names = [k.KIND for k in kinds]
        rows = rows.filter(kind__in=names) if subjects is None else _of_kinds(rows, names)
    if newest is not None:
        return [said(e) for e in reversed(rows.order_by("-seq")[:newest])]
    return [said(e) for e in rows.order_by("seq")]


def _of_kinds(rows: QuerySet[Entry], names: list[str]) -> QuerySet[Entry]:
    """Said so that the index of subjects answers it: a subject has few entries, a kind may have most."""
    return rows.annotate(named=Concat("kind", Value(""))).filter(named__in=names)


def find_entry(entry_id: uuid.UUID) -> Said | None:
    entry = Entry.objects.filter(id=entry_id).first()
    return said(entry) if entry else None


def list_latest_marks(newest: int = 500) -> list[tuple[int, str, str]]:
    """(seq, kind, subject) of the last entries: the live stream compares them with what it has seen.

    It takes an overlapping window instead of "after the last number": on PostgreSQL numbers become
    visible out of order.
    """
    return list(Entry.objects.order_by("-seq").values_list("seq", "kind", "subject")[:newest])


def list_ids_of(moment: Moment) -> list[uuid.UUID]:
    """Entries of exactly this moment, both its times: what one act has recorded, in order."""
    rows = Entry.objects.filter(at=moment.at, recorded_at=moment.recorded_at)
    return list(rows.order_by("seq").values_list("id", flat=True))


def list_rows_said() -> Iterator[tuple[str, str]]:
    """Model and id of every row that facts speak of, as often as they do. Reads the whole journal."""
    for rows in Entry.objects.values_list("rows", flat=True).iterator():
        for one in rows:
            yield one["model"], one["id"]


def count_entries() -> int:
    return Entry.objects.count()


def is_anything_due() -> bool:
    """Whether any reaction is due; one look at an index, for a worker at rest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM journal_due)")
        return bool(cursor.fetchone()[0])


def is_due(reaction: str) -> bool:
    """Whether this reaction is due for anything that was said, also for what it failed on."""
    return Due.objects.filter(reaction=reaction).exists()


#: Left out of what is due: an entry whose last failure says later. Later than any failure may wait means
#: that the clock was moved back meanwhile: those are due.
_NOT_SET_ASIDE = """NOT EXISTS (SELECT 1 FROM journal_failure f WHERE f.entry_id = d.entry_id
    AND f.reaction = d.reaction AND f.next_at > %s AND f.next_at <= %s)"""
_WAITING = """WITH asked (kind, reaction) AS (VALUES {asked}) SELECT a.kind, a.reaction FROM asked a
WHERE EXISTS (SELECT 1 FROM journal_due d WHERE d.reaction = a.reaction AND d.kind = a.kind AND {free})"""
_DUE = """SELECT * FROM (SELECT d.entry_id FROM journal_due d
    WHERE d.reaction = %s AND d.kind = %s AND {free} ORDER BY d.entry_id LIMIT %s) AS k{n}"""
_ENTRIES = """SELECT e.seq, e.id, e.node, e.kind, e.subject, e.body, e.by, e.at, e.recorded_at
FROM ({due}) AS due JOIN journal_entry e ON e.seq = due.entry_id ORDER BY e.seq LIMIT %s"""


def list_waiting(asked: Sequence[tuple[str, str]], *, now: datetime) -> set[tuple[str, str]]:
    """Which of these pairs of kind and reaction have anything due, in one question instead of one each."""
    if not asked:
        return set()
    pairs = ", ".join(["(%s, %s)"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING.format(asked=pairs, free=_NOT_SET_ASIDE),
            [*(word for pair in asked for word in pair), *_set_aside_until(now)],
        )
        return set(cursor.fetchall())


def list_due(kinds: Sequence[str], reaction: str, *, now: datetime, size: int) -> list[Said]:
    """The first entries of these kinds for which the reaction is due, in order of writing."""
    free = _set_aside_until(now)
    due = " UNION ALL ".join(_DUE.format(free=_NOT_SET_ASIDE, n=n) for n, _ in enumerate(kinds))
    values: list[Any] = []
    for kind in kinds:
        values += [reaction, kind, *free, size]
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES.format(due=due), [*values, size])
        return [_said_of(row) for row in cursor.fetchall()]


def _set_aside_until(now: datetime) -> list[Any]:
    as_kept = connection.ops.adapt_datetimefield_value
    return [as_kept(now), as_kept(rules.latest_try_at(now))]


def _said_of(row: tuple[Any, ...]) -> Said:
    seq, entry_id, node, kind, subject, body, by, at, recorded_at = row
    return Said(
        seq=seq,
        id=_id(entry_id),
        node=node,
        kind=kind,
        subject=subject,
        fact=fact_of(kind, json.loads(body)),
        by=_id(by) if by is not None else None,
        at=_time(at),
        recorded_at=_time(recorded_at),
    )


def _id(value: str | uuid.UUID) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _time(value: datetime) -> datetime:
    """SQLite keeps times as UTC without saying so."""
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def count_due() -> int:
    return Due.objects.count()


class Failed(msgspec.Struct, frozen=True):
    """A reaction that fails on one entry, for the operator's page."""

    entry_id: uuid.UUID
    kind: str
    subject: str
    reaction: str
    attempts: int
    error: str
    next_at: datetime


def list_failures(limit: int = 200) -> list[Failed]:
    rows = Failure.objects.select_related("entry").order_by("-attempts", "entry_id")[:limit]
    return [
        Failed(
            entry_id=f.entry.id,
            kind=f.entry.kind,
            subject=f.entry.subject,
            reaction=f.reaction,
            attempts=f.attempts,
            error=f.error,
            next_at=f.next_at,
        )
        for f in rows
    ]


def count_failures() -> int:
    return Failure.objects.count()


def list_due_counts() -> list[tuple[str, int, datetime]]:
    """(reaction, how many due, since when) for the operator's page."""
    rows = Due.objects.values("reaction").annotate(n=Count("id"), since=Min("entry__recorded_at"))
    return [(r["reaction"], r["n"], r["since"]) for r in rows.order_by("reaction")]


def has_receipt(entry_id: uuid.UUID, reaction: str) -> bool:
    return Receipt.objects.filter(entry__id=entry_id, reaction=reaction).exists()


def find_restore() -> Said | None:
    """The restore whose gap nobody has acknowledged yet, the first of them; None when there is none."""
    seen = Entry.objects.filter(kind=RestoreAcknowledged.KIND).values_list("subject", flat=True)
    rows = Entry.objects.filter(kind=NodeRestored.KIND).order_by("seq")
    return next((said(e) for e in rows if str(e.id) not in set(seen)), None)


def get_node() -> str:
    """The name of this node, as entries carry it."""
    return settings.JINGWEI_NODE


def among(values: Iterable[object]) -> tuple[str, Any]:
    """Words of SQL and their parameter for "one of these": the same words for any number of values."""
    if connection.vendor == "sqlite":
        return "IN (SELECT value FROM json_each(%s))", json.dumps(list(values))
    return "= ANY(%s)", list(values)


def list_cards(card: type[C], table: str, key: str, values: Collection[object]) -> list[C]:
    """Rows of a table whose `key` is one of these, as cards of the columns that the card names.

    For names and numbers that a page asks for many times: nothing is made of what the database gives, so
    no card may have a time, a date, a truth value or an id. No order.
    """
    if not values:
        return []
    columns = ", ".join(f'"{name}"' for name in card.__struct_fields__)
    words, value = among(values)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM {table} WHERE "{key}" {words}', [value])  # noqa: S608 - our own names
        return [card(**dict(zip(card.__struct_fields__, row, strict=True))) for row in cursor.fetchall()]
