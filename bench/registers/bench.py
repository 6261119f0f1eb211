"""How fast a register is at size: its list, its search, the map's tile, a file taken in.

    jingwei bench registers --json registers.json          10 k, 200 k and a million shelters, both databases
    jingwei bench registers --scale 0.01                   a hundredth of each, for a try
    jingwei bench registers --database sqlite              one database
    jingwei bench registers --keep /var/tmp/registers      nodes stay there: the next run fills nothing
    jingwei bench registers --only import                  files taken in at each size, nothing asked

For each size a node of each database is set up with the demo's divisions, filled with made-up shelters of
Henan, and asked by a post of the province and one of a city, in a process of its own, each question many
times and each time about something else. A search is its first page and its count, as a page of the register
asks. Besides the time that passes, the processor's time of the question is measured, in our process and in
the server's: that says something on a machine that others use as well. On a node of its own a file of 200,000
lines is taken in as the worker does it: changes, entries, rights and all. At each size a file of 10,000 lines
is taken in and taken back.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.node import ROOT, environment, set_up, verb
from bench.pages.bench import PASSWORD, _database, _look_through
from bench.run import Result

#: Rows, with their names in the results, and lines of the file that is taken in at the second size.
#: Source: our estimate, the shelters of a county, a province and a country, 2026-11-29.
SIZES = (("10k", 10_000), ("200k", 200_000), ("1m", 1_000_000))
LINES, FEW_LINES = 200_000, 10_000
#: Longest that one search in twenty may take at a million rows (ms), and a file of 200,000 lines (s).
#: Source: our estimate, under it a page seems to answer at once, and nobody waits for a file, 2026-11-22.
TARGET_MS, TARGET_S = 100.0, 120.0
SEED = 20261129
#: PostgreSQL's own memory: the table of a million rows and its indexes stand in it, as the guide says.
#: Source: PostgreSQL 18 documentation, 19.4.1: a quarter of the machine's memory; four gigabytes of it.
SERVER = {"shared_buffers": "1GB"}


def run(*, scale: float = 1.0, database: str = "both", keep: str = "", only: str = "") -> Result:
    databases = ("sqlite", "postgres") if database == "both" else (database,)
    result = Result(bench="registers", seeds=[SEED], more={"command": _command(), "commit": _commit()})
    for one in databases:
        with _folder(keep, one) as folder:
            _measure_imports(result, one, scale, folder)
            if only == "import":
                continue
            _measure(result, one, scale, folder)
        result.targets[f"search_p95_ms_{one}_1m"] = {"op": "<=", "value": TARGET_MS}
        result.targets[f"import_200k_s_{one}"] = {"op": "<=", "value": TARGET_S}
    result.more["postgres_server"] = SERVER
    result.more["load_after"] = _load()
    return result


@contextmanager
def _folder(keep: str, database: str) -> Iterator[Path]:
    """Where the nodes of one database are made; open to the server, which is another user."""
    if keep:
        folder = Path(keep) / database
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="jingwei-registers-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _measure_imports(result: Result, database: str, scale: float, folder: Path) -> None:
    """The same file at each size, taken in and taken back: whether it grows with the register."""
    told: dict[str, Any] = {}
    for size, rows in SIZES:
        lines = max(500, round(FEW_LINES * scale))
        told[size] = _on(folder / size, database, max(500, round(rows * scale)), "add", lines)
        result.figures[f"import_10k_s_{database}_{size}"] = told[size]["took_s"]
        result.figures[f"take_back_10k_s_{database}_{size}"] = told[size]["taken_back_s"]
        result.figures[f"import_10k_peak_mib_{database}_{size}"] = told[size]["peak_mib"]
    result.more[f"import_at_each_size_{database}"] = told


def _measure(result: Result, database: str, scale: float, folder: Path) -> None:
    told: dict[str, Any] = {}
    for size, rows in SIZES:
        told[size] = _on(folder / size, database, max(500, round(rows * scale)), "ask")
        _sum_up(result, told[size]["p95_ms"], f"{database}_{size}")
        result.figures[f"search_processor_p95_ms_{database}_{size}"] = _worst_search(
            told[size]["processor_p95_ms"]
        )
        result.figures[f"peak_mib_{database}_{size}"] = told[size]["peak_mib"]
    lines = max(500, round(LINES * scale))
    told["import"] = _on(folder / "import", database, lines, "take", lines)
    result.figures[f"import_200k_s_{database}"] = told["import"]["took_s"]
    result.figures[f"import_200k_processor_s_{database}"] = told["import"]["processor_s"]
    result.figures[f"import_peak_mib_{database}"] = told["import"]["peak_mib"]
    first, last = told["10k"]["p95_ms"], told["1m"]["p95_ms"]
    told["growth_10k_to_1m"] = {name: round(last[name] / first[name], 2) for name in last}
    result.more[database] = told


def _on(folder: Path, database: str, rows: int, what: str, count: int = 0) -> dict[str, Any]:
    """One node: set up and filled unless it is there, then put to work."""
    home = folder / "home"
    with _database(folder, database, **SERVER) as url:
        more = {"JINGWEI_DATABASE": url} if url else {}
        if home.exists():
            env = environment(home, **more)
            verb(env, "migrate", "--no-backup")
        else:
            env, _, _ = set_up(home, PASSWORD, **more)
        filled = _do(env, "fill", rows)
        if url:
            _look_through(url)
        else:
            _read_through(home)
        return {"filled": filled, "load": _load()} | _do(env, what, count or rows)


def _read_through(home: Path) -> None:
    """The file stands in memory, as that of a node at work does; PostgreSQL has read its tables as well."""
    for file in home.glob("*.sqlite3*"):
        with file.open("rb") as opened:
            while opened.read(1 << 24):
                pass


def _load() -> list[float]:
    return [round(one, 2) for one in os.getloadavg()]


def _worst_search(p95_ms: dict[str, float]) -> float:
    return max(v for k, v in p95_ms.items() if k.startswith(("search_", "filtered_")))


def _sum_up(result: Result, p95_ms: dict[str, float], where: str) -> None:
    """The worst of each sort of question."""
    for sort, begins in (
        ("search", ("search_", "filtered_")),
        ("list", ("first_", "late_", "count_")),
        ("tile", ("tile_",)),
    ):
        result.figures[f"{sort}_p95_ms_{where}"] = max(v for k, v in p95_ms.items() if k.startswith(begins))


def _do(env: dict[str, str], what: str, count: int) -> dict[str, Any]:
    line = [sys.executable, "-m", "bench.registers.work", what, str(count), str(SEED)]
    done = subprocess.run(line, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def _command() -> str:
    return " ".join(["jingwei", *sys.argv[1:]])


def _commit() -> str:
    line = ["git", "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
