"""Receipts: what was carried out, as it was sealed."""

from collections.abc import Iterator, Sequence

import msgspec

from ...rules import Findings, Head, digest_of_receipts, read_numbers
from ..columns import receipt_texts, select_receipts
from .snapshot import Snapshot

#: Receipts checked at once. Source: our estimate, about 10 MB a process, 2026-11-22.
AT_ONCE = 30_000

#: Seals that are checked together: number, receipts in short, their digest.
Group = list[tuple[int, str, str]]


class Checked(msgspec.Struct):
    """The receipts of some seals: missing ones with their seal, seals whose receipts differ."""

    missing: list[tuple[int, int]] = []
    changed: list[tuple[int, str]] = []


def list_groups(heads: Sequence[Head]) -> Iterator[tuple[Group]]:
    group: Group = []
    size = 0
    for head in heads:
        if head.receipts:
            group.append((head.number, head.receipts, head.receipts_sha256))
            size += sum(map(len, read_numbers(head.receipts)))
        if size >= AT_ONCE:
            yield (group,)
            group, size = [], 0
    if group:
        yield (group,)


def check_group(view: Snapshot, group: Group) -> Checked:
    """Whether the receipts of these seals are there as they were."""
    runs = [run for _, text, _ in group for run in read_numbers(text)]
    low, high = min(run.start for run in runs), max(run.stop for run in runs)
    rows = view.rows(select_receipts(view.vendor, "r.id >= ? AND r.id < ?"), (low, high))
    lines = {line[0]: (line[1], line[2], line[3]) for line in map(receipt_texts(view.vendor), rows)}
    done = Checked()
    for seal, text, digest in group:
        numbers = [number for run in read_numbers(text) for number in run]
        missing = [number for number in numbers if number not in lines]
        done.missing += [(number, seal) for number in missing]
        if not missing and digest_of_receipts(lines[number] for number in numbers) != digest:
            done.changed.append((seal, text))
    return done


def check_unsealed(view: Snapshot, heads: Sequence[Head], findings: Findings) -> int:
    """Receipts in no seal either wait for one, or were put in. Returns how many receipts there are."""
    ((count, most),) = view.all("SELECT count(*), coalesce(max(id), 0) FROM journal_receipt")
    runs = sorted((r for head in heads for r in read_numbers(head.receipts)), key=lambda run: run.start)
    waiting = {number for (number,) in view.rows("SELECT receipt FROM seals_unsealedreceipt")}
    at = 0
    gaps = []
    for run in runs:
        if run.start > at + 1:
            gaps.append((at, run.start))
        at = max(at, run.stop - 1)
    for low, high in [*gaps, (at, most + 1), (-(1 << 62), 1)]:
        for (number,) in view.rows("SELECT id FROM journal_receipt WHERE id > ? AND id < ?", (low, high)):
            if number not in waiting:
                findings.add("receipt_inserted", of=str(number))
    for number in sorted(waiting):
        if not view.all("SELECT 1 FROM journal_receipt WHERE id = ?", (number,)):
            findings.add("receipt_removed", of=str(number), more="before it was sealed")
    return int(count)
