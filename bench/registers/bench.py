"""How fast a register is at size: its list, its search, a file taken in.

    jingwei bench registers --json registers.json          200,000 shelters
    jingwei bench registers --scale 5                      a million

A node is set up with the demo's divisions, filled with made-up shelters of Henan and asked by a post of the
province and one of a city, in a process of its own, each question many times. Then a file is taken in as the
worker does it. `--database postgres` does the same there, its statistics up to date.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.node import ROOT, set_up
from bench.pages.bench import PASSWORD, _database, _look_through
from bench.run import Result

#: Rows of the whole, and lines of the file that is taken in. Source: our estimate, the places of shelter of a
#: province, and a county's list, 2026-11-29.
ROWS, LINES = 200_000, 20_000
#: Longest that one page in twenty may take, milliseconds.
#: Source: our estimate, under it a page seems to answer at once, 2026-11-22.
TARGET_MS = 100.0
SEED = 20261129


def run(*, scale: float = 1.0, database: str = "sqlite") -> Result:
    result = Result(
        bench="registers",
        seeds=[SEED],
        targets={"list_p95_ms": {"op": "<=", "value": TARGET_MS}},
        more={"command": "jingwei bench registers", "database": database},
    )
    with tempfile.TemporaryDirectory(prefix="jingwei-registers-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with _database(Path(folder), database) as url:
            env, _, _ = set_up(Path(folder) / "home", PASSWORD, **({"JINGWEI_DATABASE": url} if url else {}))
            rows, lines = max(1000, round(ROWS * scale)), max(500, round(LINES * min(scale, 1)))
            result.more["filled"] = _do(env, "fill", rows)
            if url:
                _look_through(url)
            asked = _do(env, "ask", rows)
            taken = _do(env, "take", lines)
    result.more |= {"median_ms": asked["median_ms"], "found": asked["found"], "import": taken}
    figures = {f"{name}_p95_ms": ms for name, ms in asked["p95_ms"].items()}
    lists = [ms for name, ms in figures.items() if not name.startswith("search")]
    result.figures = {"rows": float(rows), "list_p95_ms": max(lists), **figures}
    result.figures["import_lines_s"] = taken["lines_s"]
    return result


def _do(env: dict[str, str], what: str, count: int) -> dict[str, Any]:
    line = [sys.executable, "-m", "bench.registers.work", what, str(count), str(SEED)]
    done = subprocess.run(line, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))
