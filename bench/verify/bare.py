"""Bare hashing: the very bytes that the check hashes, ready in memory, in as many processes as it uses.

An entry's leaf, and a report's salt with its covered columns in the canonical form: the bytes are made from
the columns by `engines` and `kernel`, and the first row of each part is held against the digest that its
entry gave, so that they are these bytes and no others. Only SHA-256 is timed, never reading or making.
"""

import json
import os
import sqlite3
import time
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from jingwei.engines.merkle import leaf_of_texts
from jingwei.kernel.canonical import canonical_bytes

from .record import DIGESTED

#: Entries or rows whose bytes are held in memory at once.
AT_ONCE = 20_000
#: How many of the columns' texts are ids, times or JSON.
_IDS, _TIMES, _JSON = {"id", "by"}, {"occurred_at", "received_at"}, {"flags", "told"}


def bare(path: Path, processes: int) -> tuple[float, int]:
    """Seconds it takes so many processes to hash every entry and every report, and how many bytes."""
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        tasks = [(path, table, low, high) for table in _MAKE for low, high in _parts(path, table)]
        done = list(pool.map(_hash, tasks))
    return sum(took for took, _ in done) / processes, sum(size for _, size in done)


def _parts(path: Path, table: str) -> list[tuple[int, int]]:
    with _open(path) as link:
        ((least, most),) = link.execute(f"SELECT min(rowid), max(rowid) FROM {table}")  # noqa: S608 - our own names
    return list(pairwise([*range(least, most + 1, AT_ONCE), most + 1]))


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _hash(task: tuple[Path, str, int, int]) -> tuple[float, int]:
    path, table, low, high = task
    with _open(path) as link:
        some = _MAKE[table](link, low, high)
    began = time.perf_counter()
    for one in some:
        sha256(one).digest()
    return time.perf_counter() - began, sum(map(len, some))


def _entries(link: sqlite3.Connection, low: int, high: int) -> list[bytes]:
    sql = (
        "SELECT id, node, kind, subject, body, rows, by, +at, +recorded_at FROM journal_entry "
        "WHERE rowid >= ? AND rowid < ?"
    )
    made = []
    for entry_id, *words, by, at, recorded_at in link.execute(sql, (low, high)):
        texts = [_id(entry_id), *words, _id(by), _time(at), _time(recorded_at)]
        made.append(b"\0" + leaf_of_texts(texts))
    return made


def _reports(link: sqlite3.Connection, low: int, high: int) -> list[bytes]:
    columns = ", ".join(f'+"{name}"' for name in DIGESTED)
    sql = f"SELECT salt, {columns} FROM reports_report WHERE rowid >= ? AND rowid < ?"  # noqa: S608 - our own names
    made = [
        salt + canonical_bytes({name: _value(name, value) for name, value in zip(DIGESTED, row, strict=True)})
        for salt, *row in link.execute(sql, (low, high))
    ]
    _hold(link, low, made[0])
    return made


def _hold(link: sqlite3.Connection, row: int, content: bytes) -> None:
    """The bytes are those that the entry's digest was made of. Raises AssertionError otherwise."""
    ((key,),) = link.execute("SELECT id FROM reports_report WHERE rowid >= ? ORDER BY rowid LIMIT 1", (row,))
    sql = "SELECT rows FROM journal_entry WHERE subject = ?"
    said = [one for (text,) in link.execute(sql, (_id(key),)) for one in json.loads(text)]
    assert sha256(content).hexdigest() in {one["digest"] for one in said}, f"other bytes than of {key}"


_MAKE = {"journal_entry": _entries, "reports_report": _reports}


def _value(name: str, value: Any) -> Any:
    if name in _IDS:
        return _id(value)
    if name in _TIMES:
        return _time(value)
    return json.loads(value) if name in _JSON else value


def _id(value: str | None) -> str | None:
    return value and f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _time(value: str | None) -> str | None:
    if value is None:
        return None
    return (
        f"{value[:10]}T{value[11:]}+00:00" if len(value) > 19 else f"{value[:10]}T{value[11:]}.000000+00:00"
    )


def cores() -> int:
    """How many processes the check uses: one for each core."""
    return os.cpu_count() or 1
