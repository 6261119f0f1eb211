"""The check of the whole record: entries, seals, receipts, photos, rows, keys, kept checkpoints."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

import msgspec

from jingwei.apps.journal.queries import count_entries, get_node

from ...rules import Finding, Findings
from .crew import Crew, crew
from .files import check_files
from .forging import check_signatures, find_change
from .keeping import check_keys, compare, get_kept, read_against
from .receipts import check_unsealed, list_groups
from .rows import Checked as RowsChecked
from .rows import find_bounds, list_parts, note_unknown
from .scanning import Bounds, Scanned, join
from .snapshot import Snapshot
from .trees import Walk, Walked, check_cover, list_seals, read_note

#: Told how far the check has come: which part, and which share of it.
Say = Callable[[str, float], None]
#: Entries read at once. Source: our estimate, about 20 MB a process, 2026-11-22.
AT_ONCE = 20_000

T = TypeVar("T")


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found. It is green when `findings` is empty.

    `unsealed` entries were written, but no seal covers them yet: about them it says nothing. `own_key`: the
    node's key was there, and is the one that signs.
    """

    node: str
    origin: str
    size: int
    sealed_at: datetime | None
    checkpoint: str
    entries: int
    seals: int
    rows: int
    erased: int
    photos: int
    receipts: int
    kept: int
    against: int
    unsealed: int
    own_key: bool
    counts: dict[str, int]
    findings: list[Finding]
    took_s: float

    @property
    def is_green(self) -> bool:
        return not self.findings


def _silent(part: str, share: float) -> None:
    pass


def verify(
    *,
    against: Sequence[str] = (),
    published: Sequence[str] = (),
    processes: int = 1,
    say: Say = _silent,
) -> Verified:
    """Check the whole record as it is at one moment, beside a node at work.

    `against`: checkpoints kept elsewhere; `published`: public keys from elsewhere. Only these can tell of a
    fork, of a database and a home rolled back together, or of a key replaced everywhere.
    """
    started, findings = time.perf_counter(), Findings()
    kept = get_kept()  # before the view: the node seals on meanwhile, and keeps what the view does not hold
    with crew(processes if count_entries() > AT_ONCE else 1) as team:
        view = team.view
        bounds = find_bounds(view)
        scanned = _scan(team, bounds, say)
        keys = check_keys(view, scanned, published, findings)
        say("seals", 0.0)
        held = _begin_rows(team, bounds, scanned, say)
        walk = Walk(scanned, findings)
        walked = walk.go(list_seals(view))
        unsealed = check_cover(walk, view)
        forged = check_signatures(walked.last, keys.verifiers, findings)
        ended = _ended(walked)
        seen = read_against(against, keys, findings)
        judged = set()
        for epoch in forged & keys.verifiers.keys():
            notes = [*kept.notes.get(epoch, ()), *seen.notes.get(epoch, ())]
            if find_change(epoch, list_seals(view), notes, keys.verifiers[epoch], findings):
                judged.add(epoch)
        for where in (kept, seen):
            compare(where, walked, keys, judged, ended, findings)
        rows, erased = _note_rows(view, held(), scanned, findings)
        receipts = _check_receipts(team, walked, findings, say)
        say("photos", 0.0)
        photos = check_files(scanned.files, findings)
        _name_truncated(view, scanned, walked, findings)
    last = walked.last[max(walked.last)] if walked.last else ""
    checkpoint = read_note(last) if last else None
    return Verified(
        node=get_node(),
        origin=checkpoint.origin if checkpoint else "",
        size=checkpoint.size if checkpoint else 0,
        sealed_at=checkpoint.sealed_at if checkpoint else None,
        checkpoint=last,
        entries=len(scanned.numbers),
        seals=walked.seals,
        rows=rows,
        erased=erased,
        photos=photos,
        receipts=receipts,
        kept=kept.count(),
        against=len(against),
        unsealed=unsealed,
        own_key=keys.own,
        counts=findings.counts,
        findings=findings.listed(),
        took_s=time.perf_counter() - started,
    )


def _scan(team: Crew, bounds: Bounds, say: Say) -> Scanned:
    edges, sql = (
        [-(1 << 62)],
        "SELECT seq FROM journal_entry WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?",
    )
    while found := team.view.all(sql, (edges[-1], AT_ONCE)):
        edges.append(found[0][0])
    edges.append((1 << 63) - 1)
    tasks = [(low, high, bounds) for low, high in pairwise(edges)]
    return join(_told(team.run("scan", tasks), "entries", len(tasks), say))


def _check_receipts(team: Crew, walked: Walked, findings: Findings, say: Say) -> int:
    tasks = list(list_groups(walked.heads))
    for done in _told(team.run("receipts", tasks), "receipts", len(tasks), say):
        for number, seal in done.missing:
            findings.add("receipt_removed", of=str(number), seal=seal)
        for seal, numbers in done.changed:
            findings.add("receipt_changed", of=numbers, seal=seal)
    return check_unsealed(team.view, walked.heads, findings)


#: Per part of a model's rows, the model and what was found.
Held = list[tuple[str, RowsChecked]]


def _begin_rows(team: Crew, bounds: Bounds, scanned: Scanned, say: Say) -> Callable[[], Held]:
    """Have the other processes check the rows while this one goes over the seals; gives what they find."""
    tasks = list(list_parts(team.view, bounds, scanned.said))

    def hold() -> Held:
        results = _told(team.run("rows", tasks), "rows", len(tasks), say)
        return [(task[0], done) for task, done in zip(tasks, results, strict=True)]

    if team.is_alone:
        return hold
    aside = ThreadPoolExecutor(1)
    begun = aside.submit(hold)
    aside.shutdown(wait=False)
    return begun.result


def _note_rows(view: Snapshot, held: Held, scanned: Scanned, findings: Findings) -> tuple[int, int]:
    rows = erased = 0
    for model, done in held:
        rows, erased = rows + done.rows, erased + done.erased
        for what, row_id, entry in done.wrong:
            findings.add(what, of=f"{model} {row_id}", entry=entry)
    note_unknown(view, scanned.said, findings)
    return rows, erased


def _told(results: Iterator[T], part: str, count: int, say: Say) -> Iterator[T]:
    for number, one in enumerate(results, start=1):
        yield one
        say(part, number / max(1, count))


def _ended(walked: Walked) -> dict[int, int]:
    """Epochs that a later one followed, with the size at which the later one names them."""
    found = (read_note(head.last) for head in walked.heads if head.last)
    return {old.epoch: old.size for old in found}


def _name_truncated(view: Snapshot, scanned: Scanned, walked: Walked, findings: Findings) -> None:
    """An older database is whole in itself; one whose end was cut off still shows what came after."""
    if walked.missing and (not scanned.numbers or min(walked.missing) > scanned.numbers[-1]):
        dropped = findings.drop("dropped")
        findings.add("truncated", entry=dropped[0].entry, more=f"{len(walked.missing)} entries")
    shows_more = findings.has("row_changed", "row_missing", "row_unspoken", "receipt_inserted")
    if findings.has("rolled_back") and (shows_more or _numbers_given(view) > (scanned.numbers or [0])[-1]):
        for one in findings.drop("rolled_back"):
            findings.add("truncated", of=one.of, more=one.more)


def _numbers_given(view: Snapshot) -> int:
    """The highest number an entry ever had in this database; SQLite counts exactly, PostgreSQL also gaps."""
    if view.vendor != "sqlite":
        return 0
    found = view.all("SELECT seq FROM sqlite_sequence WHERE name = 'journal_entry'")
    return int(found[0][0]) if found else 0
