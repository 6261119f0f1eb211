"""`jingwei verify` over a million entries with their rows, beside bare hashing of the same bytes.

The check is the shipped command in a process of its own, started cold. Bare hashing is one SHA-256 of every
entry's columns and one of every row's digested ones, already in memory: no check can be faster.
"""

import json
import os
import shutil
import sqlite3
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from bench.node import verb
from bench.run import Result

from .record import free_enough, make

#: Entries of the record; fewer for a try.
ENTRIES = int(os.environ.get("JINGWEI_BENCH_ENTRIES", "1000000"))
#: What is asked of it. Source: docs/decisions/0006-seals.md, "How fast", 2026-11-22.
TARGET_S, TARGET_SHARE = 20.0, 0.8


def run() -> Result:
    """The record is made once and kept in the temporary folder: it takes minutes."""
    home = Path(tempfile.gettempdir()) / f"jingwei-bench-verify-{ENTRIES}"
    if not home.exists() and not free_enough(home.parent, ENTRIES):
        raise RuntimeError(f"{home.parent} has no room for {ENTRIES} entries")
    result = Result(bench="verify", seeds=[7])
    try:
        env = make(home, ENTRIES)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    out = home / "verified.json"
    before = os.times()
    started = time.perf_counter()
    verb(env, "verify", "--json", str(out))
    took_s = time.perf_counter() - started
    after = os.times()
    found = json.loads(out.read_text())
    bare_s, size = bare(home / "node.sqlite3")
    result.figures = {
        "verify_s": took_s,
        "verify_cpu_s": after.children_user
        + after.children_system
        - before.children_user
        - before.children_system,
        "entries_per_s": found["entries"] / took_s,
        "share_of_bare_hashing": bare_s / took_s,
        "entries": found["entries"],
        "rows": found["rows"],
        "findings": sum(found["counts"].values()),
        "bytes_hashed": size,
    }
    result.comparators = {"bare hashing": {"verify_s": bare_s, "entries_per_s": found["entries"] / bare_s}}
    result.targets = {
        "verify_s": {"op": "<=", "value": TARGET_S},
        "share_of_bare_hashing": {"op": ">=", "value": TARGET_SHARE},
        "findings": {"op": "==", "value": 0},
    }
    result.more = {"one of verify_s and share_of_bare_hashing must be met": True}
    return result


def bare(path: Path) -> tuple[float, int]:
    """Seconds of CPU to hash every entry and every row, and how many bytes they are."""
    link = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    took, size = 0.0, 0
    for sql in (
        "SELECT id || node || kind || subject || body || rows || coalesce(by, '') || at || recorded_at "
        "FROM journal_entry",
        "SELECT id || words || channel || kind || place || told || flags || lon || lat || occurred_at "
        "FROM reports_report",
    ):
        cursor = link.execute(sql)
        while some := [str(one).encode() for (one,) in cursor.fetchmany(10_000)]:
            started = time.process_time()
            for one in some:
                sha256(one).digest()
            took += time.process_time() - started
            size += sum(map(len, some))
    link.close()
    return took, size
