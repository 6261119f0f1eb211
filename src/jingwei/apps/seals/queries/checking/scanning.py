"""The journal read once: hashes of all entries, and what their facts say of rows and files."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from jingwei.engines.merkle import leaf_hash, leaf_of_texts
from jingwei.kernel.facts import list_kinds

from ...facts import EpochBegun
from ..columns import entry_texts, select_entries
from .snapshot import Snapshot


class Said(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a fact says of a row: the row's id, number of the entry, version and digest, and if erased."""

    id: str
    entry: int
    version: int
    digest: str
    erased: bool = False


class _Row(msgspec.Struct, gc=False):
    model: str
    id: str
    v: int
    digest: str
    erased: bool = False


#: Where a model's rows are parted for the check: ids, ascending.
Bounds = Mapping[str, Sequence[str]]
#: What is said of the rows of a model in one of its parts, packed; the newest of each stretch.
Packed = dict[tuple[str, int], list[bytes]]


class Scanned(msgspec.Struct):
    """A stretch of the journal: numbers, hashes and times of recording side by side, in order of numbers.

    `files`: folder and name to number of the entry and SHA-256. `keys`: epoch to number of the entry and
    key. Times are microseconds since 1970; -1 where the entry holds no time.
    """

    numbers: "array[int]" = msgspec.field(default_factory=lambda: array("q"))
    hashes: bytearray = msgspec.field(default_factory=bytearray)
    recorded_us: "array[int]" = msgspec.field(default_factory=lambda: array("q"))
    said: Packed = {}
    files: dict[tuple[str, str], tuple[int, str]] = {}
    keys: dict[int, tuple[int, str]] = {}


_rows = msgspec.json.Decoder(list[_Row]).decode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[Said]).decode
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def scan(view: Snapshot, after: int, until: int, bounds: Bounds) -> Scanned:
    """Entries with numbers above `after`, up to `until`."""
    found = Scanned()
    said: dict[tuple[str, int], dict[str, Said]] = {}
    files = {kind: fact.FILE for kind, fact in list_kinds().items() if fact.FILE is not None}
    texts_of = entry_texts(view.vendor)
    for row in view.rows(select_entries(view.vendor, "seq > ? AND seq <= ?"), (after, until)):
        seq, *texts = texts_of(row)
        kind, body, digests = texts[2], texts[4], texts[5]
        found.numbers.append(seq)
        found.hashes += leaf_hash(leaf_of_texts(texts))
        found.recorded_us.append(_micros(texts[8]))
        if digests != "[]":
            for one in _list_rows(digests):
                part = bisect_right(bounds.get(one.model, ()), one.id)
                newest = said.setdefault((one.model, part), {})
                newest[one.id] = Said(one.id, seq, one.v, one.digest, one.erased)
        if kind in files:
            _note_file(found, files[kind], seq, body)
        if kind == EpochBegun.KIND:
            _note_key(found, seq, body)
    found.said = {where: [_pack(list(newest.values()))] for where, newest in said.items()}
    return found


def unpack(packed: Iterable[bytes]) -> dict[str, Said]:
    """By id, what the newest fact says of each row; stretches come in order of writing."""
    return {one.id: one for part in packed for one in _unpack(part)}


def _micros(text: Any) -> int:
    try:
        delta = datetime.fromisoformat(text) - _EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
    except (TypeError, ValueError):
        return -1


def _list_rows(text: str) -> Sequence[_Row]:
    """The rows a fact speaks of; an entry that cannot be read is found by its hash."""
    try:
        return _rows(text)
    except (msgspec.MsgspecError, TypeError):
        return []


def _note_file(found: Scanned, where: tuple[str, str, str], seq: int, body: str) -> None:
    folder, name, digest = where
    try:
        content = msgspec.json.decode(body)
        found.files[folder, str(content[name])] = (seq, content[digest])
    except (msgspec.MsgspecError, KeyError, TypeError):
        return


def _note_key(found: Scanned, seq: int, body: str) -> None:
    try:
        fact = msgspec.json.decode(body, type=EpochBegun, strict=False)
    except (msgspec.MsgspecError, TypeError):
        return
    found.keys.setdefault(fact.epoch, (seq, fact.key))


def join(parts: Iterable[Scanned]) -> Scanned:
    """Stretches one after the other; what is said later of a row stands."""
    whole = Scanned()
    for part in parts:
        whole.numbers += part.numbers
        whole.hashes += part.hashes
        whole.recorded_us += part.recorded_us
        for where, packed in part.said.items():
            whole.said.setdefault(where, []).extend(packed)
        whole.files.update(part.files)
        for epoch, key in part.keys.items():
            whole.keys.setdefault(epoch, key)
    return whole
