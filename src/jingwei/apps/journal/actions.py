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

from jingwei.kernel.facts import Fact
from jingwei.kernel.ids import new_ids
from jingwei.kernel.moments import By, Moment

from . import rules, writes
from .facts import ReactionRetried
from .models import Digested, Due, Failure, Recorded
from .queries import Said, get_node, list_due, list_waiting

log = logging.getLogger(__name__)

#: What a fact speaks of: rows as objects, or the digests of rows that are written in bulk.
Rows = Recorded | Digested | Sequence[Recorded | Digested] | None
#: Columns of what `record` writes. A test holds that they are the tables'.
_ENTRY = ("seq", "id", "node", "kind", "subject", "body", "rows", "by", "at", "recorded_at")
_DUE = ("entry_id", "kind", "reaction")


class Reaction(Protocol):
    """f(entries, *, by, moment): carries out one consequence for a list of entries that call for it."""

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
    """How many entries the worker takes at once, per reaction: about 20 ms a transaction.

    `behind`: a list of the last round was as long as it may be, so more may be due already.
    """

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.behind = False

    def size(self, reaction: str) -> int:
        return self.sizes.get(reaction, 20)

    def learn(self, reaction: str, size: int, took_s: float) -> None:
        self.sizes[reaction] = rules.next_size(size, took_s)


def react(*, by: By, moment: Callable[[], Moment], pace: Pace | None = None) -> int:
    """Carry out what is due, once round all reactions, in lists. Returns how many were carried out.

    Effects, receipts and the removal from Due are one transaction. A list that fails is run again
    entry by entry; the one that fails alone waits in Failure and holds up nobody.
    """
    pace, done = pace or Pace(), 0
    pace.behind = False
    # looked at without a transaction: one with nothing to write would still take the writers' turn
    waiting = list_waiting(_asked(), now=moment().recorded_at)
    for one, kinds in _in_order():
        called = [kind for kind in kinds if (kind, one.name) in waiting]
        if not called:
            continue
        now = moment()
        done += _react_to(called, one, by=by, moment=now, pace=pace)
        waiting = list_waiting(_asked(), now=now.recorded_at)  # what it wrote down may call for the next ones
    return done


def _asked() -> list[tuple[str, str]]:
    """Every kind with every reaction it calls for."""
    return [(kind, one.name) for kind, followers in _following.items() for one in followers]


def _in_order() -> list[tuple[Following, list[str]]]:
    """Each reaction with the kinds that call for it, by the last of them.

    So what many facts call for follows all of them, and is carried out once a round.
    """
    kinds: dict[str, list[str]] = {}
    named: dict[str, Following] = {}
    for kind, followers in _following.items():
        for one in followers:
            kinds[one.name] = [*kinds.pop(one.name, []), kind]
            named[one.name] = one
    return [(named[name], called) for name, called in kinds.items()]


def _react_to(kinds: list[str], one: Following, *, by: By, moment: Moment, pace: Pace) -> int:
    # the thread's own time: waiting for the turn, the disk or a crowded machine says nothing about the list
    size, started = pace.size(one.name), time.thread_time()
    entries: list[Said] | None = None
    try:
        with transaction.atomic():
            writes.take_worker_turn()
            entries = list_due(kinds, one.name, now=moment.recorded_at, size=size)
            if not entries:
                return 0
            _carry_out(entries, one, by=by, moment=moment)
    except Exception as error:  # isolation point: one bad entry must not stop the worker
        if entries is None:  # the database did not answer: no entry is to blame
            raise
        log.warning("reaction %s failed on a list: %s", one.name, type(error).__name__)
        return _one_by_one(kinds, one, by=by, moment=moment, size=size)
    pace.learn(one.name, len(entries), time.thread_time() - started)
    pace.behind |= len(entries) >= size
    return len(entries)


def _one_by_one(kinds: list[str], one: Following, *, by: By, moment: Moment, size: int) -> int:
    done = 0
    for entry in list_due(kinds, one.name, now=moment.recorded_at, size=size):
        try:
            with transaction.atomic():
                writes.take_worker_turn()
                if not Due.objects.filter(entry_id=entry.seq, reaction=one.name).exists():
                    continue
                _carry_out([entry], one, by=by, moment=moment)
                done += 1
        except Exception as error:  # noqa: BLE001 - isolation point: the bad entry is set aside and shown
            _set_aside(entry, one.name, error, moment)
    return done


def _carry_out(entries: Sequence[Said], one: Following, *, by: By, moment: Moment) -> None:
    one.call(entries, by=by, moment=moment)
    writes.settle([e.seq for e in entries], one.name, at=moment.recorded_at)


def _set_aside(entry: Said, reaction: str, error: Exception, moment: Moment) -> None:
    with transaction.atomic():
        failure, _ = Failure.objects.get_or_create(
            entry_id=entry.seq, reaction=reaction, defaults={"next_at": moment.recorded_at}
        )
        failure.attempts += 1
        failure.error = f"{type(error).__name__}: {error}"[:2000]
        failure.next_at = rules.next_try_at(failure.attempts, moment.recorded_at)
        failure.save()
    log.error("reaction %s failed on entry %s: %s", reaction, entry.id, failure.error)


def retry_failure(entry_id: uuid.UUID, reaction: str, *, by: By, moment: Moment) -> None:
    """Try a failed reaction again at once, at an operator's word. The door checks the operator's right."""
    with transaction.atomic():
        failure = Failure.objects.select_for_update().get(entry__id=entry_id, reaction=reaction)
        failure.next_at = moment.recorded_at
        failure.save()
        record([(ReactionRetried(entry_id=str(entry_id), reaction=reaction), None)], by=by, moment=moment)
