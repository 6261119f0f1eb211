"""`jingwei bench backup`: a node written into one file while it takes reports in, checked, and made again.

Small: the demo's node. Large: the same with 100,000 reports of a storm. Each on SQLite and PostgreSQL, by
the verbs an operator types, their processes and all. Beside them the databases' own tools on the same data:
`VACUUM INTO` with gzip, and pg_dump. While the large backup runs, somebody else writes report after
report, each in its own transaction: how long the slowest of a hundred waited, then and before.
"""

import gzip
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.node import ROOT, environment
from bench.run import Result

SEED, REPORTS = 7, 100_000
#: Longest an office goes without its node when the machine has to be replaced; and what a nightly backup
#: may take. Source: our estimate, a shift hands over in a quarter of an hour, 2026-11-22.
TARGETS: dict[str, dict[str, float | str]] = {
    "sqlite_large_backup_s": {"op": "<=", "value": 120.0},
    "sqlite_large_restore_s": {"op": "<=", "value": 300.0},
    "postgres_large_backup_s": {"op": "<=", "value": 120.0},
    "postgres_large_restore_s": {"op": "<=", "value": 300.0},
    "sqlite_lost": {"op": "==", "value": 0.0},
    "postgres_lost": {"op": "==", "value": 0.0},
}
_FOUND = (
    "from jingwei.wiring.start import start; start();"
    "from jingwei.wiring.prepare import make_demo_node; make_demo_node('river-town-2021')"
)


@dataclass
class Database:
    """One of the two: a name for the figures, and how a new empty one is addressed."""

    name: str
    folder: Path
    made: int = 0

    def url(self) -> str:
        self.made += 1
        if self.name == "sqlite":
            return f"sqlite:///{self.folder / f'{self.made}.sqlite3'}"
        name = f"bench{self.made}"
        import psycopg

        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as c:
            c.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return f"postgresql://postgres@/{name}?host={self.folder}"


def run(*, reports: float = REPORTS) -> Result:
    result = Result(bench="backup", seeds=[SEED], targets=TARGETS)
    with tempfile.TemporaryDirectory(prefix="jw-bench-backup-", dir=_open_to_all()) as folder:
        Path(folder).chmod(0o711)
        with _databases(Path(folder)) as databases:
            for database in databases:
                _measure(database, Path(folder) / database.name, int(reports), result)
    result.figures["upgrade_s"] = _upgrade()
    return result


def _open_to_all() -> str:
    return "/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()  # noqa: S108 - the server is another user


@contextmanager
def _databases(folder: Path) -> Iterator[list[Database]]:
    from tests.postgres import Server

    (folder / "sqlite").mkdir()
    server = Server(folder / "pg")
    server.start()
    try:
        yield [Database("sqlite", folder / "sqlite"), Database("postgres", server.folder)]
    finally:
        server.stop()


def _measure(database: Database, home: Path, reports: int, result: Result) -> None:
    home.mkdir(exist_ok=True)
    env = environment(home / "node", JINGWEI_DATABASE=database.url())
    _python(env, "-c", _FOUND)
    figures, tools = result.figures, result.comparators.setdefault("own tool", {})
    _round(database, "small", env, home, figures, tools)
    filled = _python(env, "-m", "bench.backup.fill", str(reports), str(SEED))
    figures[f"{database.name}_fill_s"] = json.loads(filled)["took_s"]
    _round(database, "large", env, home, figures, tools)
    figures |= {f"{database.name}_{k}": v for k, v in _beside_writer(env, home).items()}


def _round(
    database: Database, size: str, env: dict[str, str], home: Path, figures: dict, tools: dict
) -> None:
    """Backup, check and restore of one node, each by its verb; afterwards the entries are counted."""
    key = f"{database.name}_{size}"
    file = home / f"{size}.tar.gz"
    figures[f"{key}_backup_s"] = _verb(env, "backup", str(file))
    figures[f"{key}_file_mb"] = round(file.stat().st_size / 2**20, 1)
    figures[f"{key}_check_s"] = _verb(env, "backup", "--check", str(file))
    there = environment(home / f"restored-{size}", JINGWEI_DATABASE=database.url())
    figures[f"{key}_restore_s"] = _verb(there, "restore", str(file))
    before, after = _entries(env), _entries(there)
    figures[f"{database.name}_lost"] = figures.get(f"{database.name}_lost", 0.0) + max(0, before - after)
    tools[f"{key}_backup_s"], tools[f"{key}_file_mb"] = _own_tool(env["JINGWEI_DATABASE"], home)


def _own_tool(url: str, home: Path) -> tuple[float, float]:
    """The database's own tool on the same data: no digests, no photos, no manifest."""
    to, began = home / "own", time.perf_counter()
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as one:
            one.execute("VACUUM INTO ?", [str(to)])
        with to.open("rb") as plain, gzip.open(home / "own.gz", "wb", compresslevel=1) as packed:
            shutil.copyfileobj(plain, packed)
        to.unlink()
        to = home / "own.gz"
    else:
        from tests.postgres import _shipped

        name, _, socket = url.removeprefix("postgresql://postgres@/").partition("?host=")
        program = str(_shipped() / "bin" / "pg_dump")
        line = [program, "-Fc", "-Z1", "-h", socket, "-U", "postgres", "-f", str(to), name]
        subprocess.run(line, check=True)
    took, size = time.perf_counter() - began, to.stat().st_size / 2**20
    to.unlink()
    return round(took, 2), round(size, 1)


def _beside_writer(env: dict[str, str], home: Path) -> dict[str, float]:
    """What a writer met before and during the backup, milliseconds, and how many reports went in."""
    line = [sys.executable, "-m", "bench.backup.writer", str(home / "stop")]
    writer = subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    time.sleep(10)
    begin = time.time()
    _verb(env, "backup", str(home / "busy.tar.gz"))
    end = time.time()
    (home / "stop").touch()
    rows = [(float(at), float(ms)) for at, ms in json.loads(writer.communicate()[0])]
    before = sorted(ms for at, ms in rows if at < begin)
    during = sorted(ms for at, ms in rows if begin <= at <= end)
    _verb(env, "backup", "--check", str(home / "busy.tar.gz"))
    return {
        "writer_before_p99_ms": before[int(len(before) * 0.99)],
        "writer_during_p99_ms": during[int(len(during) * 0.99)],
        "written_during": float(len(during)),
    }


def _entries(env: dict[str, str]) -> int:
    code = (
        "from jingwei.wiring.start import start; start();"
        "from jingwei.apps.journal import queries; print(queries.count_entries())"
    )
    return int(_python(env, "-c", code))


def _verb(env: dict[str, str], *words: str) -> float:
    """Seconds one verb takes, from its start to its end."""
    began = time.perf_counter()
    _python(env, "-m", "jingwei.wiring", *words)
    return round(time.perf_counter() - began, 2)


def _python(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=env, cwd=ROOT, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{words[:3]}: {done.returncode}\n{done.stderr[-3000:]}")
    return done.stdout


def _upgrade() -> float:
    """`jingwei migrate`, its backup included, on the data of the release before."""
    before = sorted((ROOT / "tests" / "upgrade").glob("*.sql.xz"))[-1]
    with tempfile.TemporaryDirectory() as home:
        with sqlite3.connect(Path(home) / "node.sqlite3") as one:
            one.executescript(lzma.decompress(before.read_bytes()).decode())
        env = environment(Path(home)) | {"JINGWEI_NODE": "test", "PATH": os.environ["PATH"]}
        return _verb(env, "migrate")
