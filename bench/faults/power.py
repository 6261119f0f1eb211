"""A power cut: what was written and not synced is gone, or some of it, or a part of a write.

Reads the shim's log after every process was killed, and puts the files into a state that the disk
might have been left in: everything synced stands; of the rest nothing, or a random part.
"""

import os
import random
import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = struct.Struct("<IIQQqqqIIII")
_MAGIC = 0x4A575348
WRITE, CUT, SYNC, MADE = 1, 2, 3, 4
#: A disk writes sectors whole. Source: SQLite's assumption, https://sqlite.org/atomiccommit.html section 2.
SECTOR = 512


@dataclass
class Note:
    """One line of the log. `at` is its place in it."""

    at: int
    kind: int
    inode: int
    parent: int
    offset: int
    size_before: int
    upto: int
    path: str
    old: bytes
    new: bytes


@dataclass
class Lost:
    """What the cut took."""

    writes: int = 0
    files: int = 0
    torn: int = 0
    of: list[str] = field(default_factory=list)


def read_log(log: Path) -> Iterator[Note]:
    """All whole notes. Who is killed in the midst of one leaves a part; others may have gone on after it."""
    content, at = log.read_bytes(), 0
    mark = struct.pack("<I", _MAGIC)
    while at >= 0 and at + _HEAD.size <= len(content):
        magic, kind, inode, parent, offset, before, upto, n_path, n_old, n_new, _ = _HEAD.unpack_from(
            content, at
        )
        end = at + _HEAD.size + n_path + n_old + n_new
        whole = magic == _MAGIC and (end == len(content) or content[end : end + 4] == mark)
        if not whole:  # its write was not synced by anybody
            at = content.find(mark, at + 1)
            continue
        start = at + _HEAD.size
        path = content[start : start + n_path].decode()
        old = content[start + n_path : start + n_path + n_old]
        yield Note(at, kind, inode, parent, offset, before, upto, path, old, content[end - n_new : end])
        at = end


def cut_power(log: Path, files: Path, *, seed: int, names_need_folder: bool = True) -> Lost:
    """Take what was not synced. `names_need_folder`: a new file lasts only once its folder was synced."""
    pending: dict[int, list[Note]] = defaultdict(list)
    made: dict[int, Note] = {}
    for note in read_log(log):
        if note.kind == SYNC:
            pending[note.inode] = [n for n in pending[note.inode] if n.at >= note.upto]
            if not names_need_folder:
                made.pop(note.inode, None)
            for inode, one in list(made.items()):
                if one.parent == note.inode and one.at < note.upto:
                    del made[inode]
        elif note.kind == MADE:
            pending[note.inode], made[note.inode] = [], note
        else:
            pending[note.inode].append(note)
    chance, lost = random.Random(seed), Lost()
    keep = chance.choice((0.0, 0.5))
    there = {path.stat().st_ino: path for path in files.rglob("*") if path.is_file()}
    for inode, notes in pending.items():
        if notes and inode in there:
            _take(there[inode], notes, chance, keep, lost)
    for inode, note in made.items():
        if inode in there and str(there[inode]) == note.path and chance.random() >= keep:
            there[inode].unlink()
            lost.files += 1
            lost.of.append(there[inode].name)
    for path in files.rglob("*-shm"):
        path.unlink()  # shared memory: not on any disk
    return lost


def _take(path: Path, notes: list[Note], chance: random.Random, keep: float, lost: Lost) -> None:
    """Undo all in reverse order, then do again what the disk happened to have taken."""
    with path.open("r+b") as file:
        for note in reversed(notes):
            if note.old:
                os.pwrite(file.fileno(), note.old, note.offset)
            os.ftruncate(file.fileno(), note.size_before)
            if note.kind == CUT and note.old:
                os.pwrite(file.fileno(), note.old, note.offset)
        for note in notes:
            if chance.random() >= keep:
                lost.writes += 1
                continue
            new = note.new
            if note.kind == CUT:
                os.ftruncate(file.fileno(), note.offset)
                continue
            if len(new) > SECTOR and chance.random() < 0.2:
                new = new[: SECTOR * chance.randrange(1, len(new) // SECTOR + 1)]
                lost.torn += 1
            os.pwrite(file.fileno(), new, note.offset)
    lost.of.append(path.name)
