"""Writing the journal: record facts with their reasons, and carry out what follows from them."""

import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from django.db import connection, transaction
from django.db.models import QuerySet

from jingwei.kernel.facts import Fact
from jingwei.kernel.ids import new_ids
from jingwei.kernel.moments import By, Moment

from . import rules, writes
from .facts import ReactionRetried
from .models import Digested, Due, Entry, Failure, Receipt, Recorded
from .queries import Said, get_node, said

log = logging.getLogger(__name__)

#: What a fact speaks of: rows as objects, or the digests of rows that are written in bulk.
Rows = Recorded | Digested | Sequence[Recorded | Digested] | None
#: Columns of what `record` writes. A test holds that they are the tables'.
_ENTRY = ("seq", "id", "node", "kind", "subject", "body", "rows", "by", "at", "recorded_at")
_DUE = ("entry_id", "kind", "reaction")


class Reaction(Protocol):
    """f(entries, *, by, moment): carries out one consequence for a list of entries of one kind."""

    __name__: str

    def __call__(self, entries: Sequence[Said], *, by: By, moment: Moment) -> None: ...


class Following(msgspec.Struct, frozen=True):
    """One reaction under its stable name. `since` guards history: older entries are not due."""

    name: str
    call: Callable[..., None]
    since: datetime | None = None


#: Which reactions a kind of fact calls for; filled once at start from wiring/reactions.py.
_following: dict[str, list[Following]] = defaultdict(list)


class NotInTransaction(RuntimeError):
    """`record` was called outside a transaction: the fact could stand without the write."""


def follow(reactions: Mapping[type[Fact], Sequence[Following]]) -> None:
    """Declare what follows from what. Replaces any earlier declaration."""
    declared: dict[str, list[Following]] = {}
    for fact, followers in reactions.items():
        if len({one.name for one in followers}) < len(followers):
            raise ValueError(f"a reaction is declared twice for {fact.KIND}")
        declared[fact.KIND] = list(followers)
    _following.clear()
    _following.update(declared)


def record(facts: Sequence[tuple[Fact, Rows]], *, by: By | None, moment: Moment) -> list[uuid.UUID]:
    """Write down facts, with the digests of the rows they speak of, in the caller's transaction.

    Raises `NotInTransaction` outside one. Returns the entries' ids, in order.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("record() needs the transaction of the write it explains")
    if not facts:
        return []
    ids, numbers = new_ids(len(facts)), writes.next_numbers(len(facts))
    spelling, signer = writes.spelling(), None
    if by is not None:
        signer = spelling.id(by)
    node, at, recorded_at = get_node(), spelling.time(moment.at), spelling.time(moment.recorded_at)
    entries: list[tuple[object, ...]] = []
    due: list[tuple[object, ...]] = []
    for entry_id, number, (fact, rows) in zip(ids, numbers, facts, strict=True):
        digests = writes.json_value(_digests(rows, erased=fact.ERASES))
        entries.append((
            number, spelling.id(entry_id), node, fact.KIND, fact.subject, writes.json_value(fact), digests,
            signer, at, recorded_at,
        ))  # fmt: skip
        due += [
            (number, fact.KIND, one.name)
            for one in _following.get(fact.KIND, ())
            if one.since is None or one.since <= moment.recorded_at
        ]
    writes.insert_rows("journal_entry", _ENTRY, entries)
    writes.insert_rows("journal_due", _DUE, due)
    return ids


def _digests(rows: Rows, *, erased: bool) -> list[dict[str, object]]:
    if rows is None:
        return []
    mark = {"erased": True} if erased else {}
    return [_said_of(one) | mark for one in (rows if isinstance(rows, Sequence) else [rows])]


def _said_of(row: Recorded | Digested) -> dict[str, object]:
    if isinstance(row, Digested):
        return {"model": row.model, "id": row.id, "v": row.version, "digest": row.digest}
    version, digest = row.digest()
    return {"model": row._meta.label, "id": str(row.pk), "v": version, "digest": digest}


class Pace:
    """How many entries the worker takes at once, per reaction: about 20 ms a transaction."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}

    def size(self, reaction: str) -> int:
        return self.sizes.get(reaction, 20)

    def learn(self, reaction: str, size: int, took_s: float) -> None:
        self.sizes[reaction] = rules.next_size(size, took_s)


def react(*, by: By, moment: Callable[[], Moment], pace: Pace | None = None) -> int:
    """Carry out what is due, once round all reactions, in lists. Returns how many were carried out.

    Effects, receipts and the removal from Due are one transaction. A list that fails is run again
    entry by entry; the one that fails alone waits in Failure and holds up nobody.
    """
    pace, done, now = pace or Pace(), 0, moment().recorded_at
    waiting = _waiting()
    for kind, followers in list(_following.items()):
        for one in followers:
            # looked at without a transaction: one with nothing to write would still take the writers' turn
            if (kind, one.name) in waiting and _due(kind, one.name, now).exists():
                done += _react_to(kind, one, by=by, moment=moment(), pace=pace)
    return done


def _waiting() -> set[tuple[str, str]]:
    """Which reactions have anything due, in one question instead of one each."""
    return set(Due.objects.values_list("kind", "reaction").distinct())


def _react_to(kind: str, one: Following, *, by: By, moment: Moment, pace: Pace) -> int:
    # the thread's own time: waiting for the turn, the disk or a crowded machine says nothing about the list
    size, started = pace.size(one.name), time.thread_time()
    entries: list[Entry] | None = None
    try:
        with transaction.atomic():
            writes.take_worker_turn()
            entries = _list_due(kind, one.name, moment.recorded_at, size)
            if not entries:
                return 0
            _carry_out(entries, one, by=by, moment=moment)
    except Exception as error:  # isolation point: one bad entry must not stop the worker
        if entries is None:  # the database did not answer: no entry is to blame
            raise
        log.warning("reaction %s failed on a list: %s", one.name, type(error).__name__)
        return _one_by_one(kind, one, by=by, moment=moment, size=size)
    pace.learn(one.name, len(entries), time.thread_time() - started)
    return len(entries)


def _one_by_one(kind: str, one: Following, *, by: By, moment: Moment, size: int) -> int:
    done = 0
    for entry in _list_due(kind, one.name, moment.recorded_at, size):
        try:
            with transaction.atomic():
                writes.take_worker_turn()
                if not Due.objects.filter(entry=entry, reaction=one.name).exists():
                    continue
                _carry_out([entry], one, by=by, moment=moment)
                done += 1
        except Exception as error:  # noqa: BLE001 - isolation point: the bad entry is set aside and shown
            _set_aside(entry, one.name, error, moment)
    return done


def _carry_out(entries: list[Entry], one: Following, *, by: By, moment: Moment) -> None:
    one.call([said(e) for e in entries], by=by, moment=moment)
    ids = [e.pk for e in entries]
    Receipt.objects.bulk_create(
        [Receipt(entry=e, reaction=one.name, recorded_at=moment.recorded_at) for e in entries]
    )
    Due.objects.filter(entry_id__in=ids, reaction=one.name).delete()
    Failure.objects.filter(entry_id__in=ids, reaction=one.name).delete()


def _set_aside(entry: Entry, reaction: str, error: Exception, moment: Moment) -> None:
    with transaction.atomic():
        failure, _ = Failure.objects.get_or_create(
            entry=entry, reaction=reaction, defaults={"next_at": moment.recorded_at}
        )
        failure.attempts += 1
        failure.error = f"{type(error).__name__}: {error}"[:2000]
        failure.next_at = rules.next_try_at(failure.attempts, moment.recorded_at)
        failure.save()
    log.error("reaction %s failed on entry %s: %s", reaction, entry.id, failure.error)


def _due(kind: str, reaction: str, now: datetime) -> QuerySet[Due]:
    """What is due, leaving out entries whose last failure says later.

    Later than any failure may wait means that the clock was moved back meanwhile: those are due.
    """
    latest = rules.latest_try_at(now)
    waiting = Failure.objects.filter(reaction=reaction, next_at__gt=now, next_at__lte=latest)
    return Due.objects.filter(reaction=reaction, kind=kind).exclude(entry_id__in=waiting.values("entry_id"))


def _list_due(kind: str, reaction: str, now: datetime, size: int) -> list[Entry]:
    """Due entries in order of writing."""
    due = _due(kind, reaction, now).order_by("entry_id")
    found = list(due.values_list("entry_id", flat=True)[:size])
    return list(Entry.objects.filter(pk__in=found).order_by("pk")) if found else []


def retry_failure(entry_id: uuid.UUID, reaction: str, *, by: By, moment: Moment) -> None:
    """Try a failed reaction again at once, at an operator's word. The door checks the operator's right."""
    with transaction.atomic():
        failure = Failure.objects.select_for_update().get(entry__id=entry_id, reaction=reaction)
        failure.next_at = moment.recorded_at
        failure.save()
        record([(ReactionRetried(entry_id=str(entry_id), reaction=reaction), None)], by=by, moment=moment)
