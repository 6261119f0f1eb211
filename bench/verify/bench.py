"""`jingwei verify` over a million entries with their rows, beside bare hashing of the same bytes.

The check is the shipped command in a process of its own, started cold, with as many processes as there are
cores. What bare hashing hashes, and with how many processes: bare.py.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import processes
from bench.node import ROOT
from bench.run import Result

from .bare import bare, cores
from .record import free_enough, make

#: Entries of the record; fewer for a try.
ENTRIES = int(os.environ.get("JINGWEI_BENCH_ENTRIES", "1000000"))
#: What is asked of it. Source: docs/decisions/0006-seals.md, "How fast", 2026-11-22.
TARGET_S, TARGET_SHARE = 20.0, 0.8
#: Memory of all its processes together, MiB. Source: our estimate, it must fit beside a county's node on a
#: machine of 2 GiB, 2026-11-29.
TARGET_MIB = 600.0
#: How often its memory is looked at, seconds.
LOOK_S = 0.25


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
    load = os.getloadavg()
    before = os.times()
    took_s, most_mib = _verify(env, out)
    after = os.times()
    found = json.loads(out.read_text())
    bare_s, size = bare(home / "node.sqlite3", cores())
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    result.figures = {
        "verify_s": took_s,
        "verify_cpu_s": cpu_s,
        "cores_had": cpu_s / took_s,
        "memory_mib": most_mib,
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
        "memory_mib": {"op": "<=", "value": TARGET_MIB},
        "findings": {"op": "==", "value": 0},
    }
    result.more = {
        "one of verify_s and share_of_bare_hashing must be met": True,
        "processes": cores(),
        "load_before": [round(one, 2) for one in load],
        "load_after": [round(one, 2) for one in os.getloadavg()],
    }
    return result


def _verify(env: dict[str, str], out: Path) -> tuple[float, float]:
    """Run the command. Returns seconds, and the most memory all its processes had at once, MiB."""
    line = [sys.executable, "-m", "jingwei.wiring", "verify", "--json", str(out)]
    most, began = 0.0, time.perf_counter()
    with subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(held.pss_mib for held in processes.look(process.pid)))
            try:
                process.wait(LOOK_S)
            except subprocess.TimeoutExpired:
                continue
        took_s = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"jingwei verify ended with {process.returncode}")
    return took_s, most
