"""The nation's divisions into a new node, its outlines where the extra is there, and what is asked of them.

On SQLite and on PostgreSQL (a server of the benchmark's own), each in a process of its own, by the
operator's command. `nation_s` is from the command's start to its end.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.node import ROOT, environment
from bench.run import Result
from tests.postgres import Server

#: Rows of the table that ships, and the time a person would wait for them.
DIVISIONS, MOST_S = 665_276, 60.0
SEED = 7


def run() -> Result:
    result = Result(bench="places", seeds=[SEED])
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        for database in ("sqlite", "postgres"):
            server = Server(Path(folder) / "pg") if database == "postgres" else None
            if server:
                server.start()
                _create(server)
            home = Path(folder) / database
            home.mkdir()
            url = server.url("bench") if server else f"sqlite:///{home / 'node.sqlite3'}"
            try:
                figures = _measure(environment(home, JINGWEI_DATABASE=url))
            finally:
                if server:
                    server.stop()
            result.figures |= {f"{database}_{name}": value for name, value in figures.items()}
            result.targets[f"{database}_nation_s"] = {"op": "<=", "value": MOST_S}
            result.targets[f"{database}_divisions"] = {"op": ">=", "value": DIVISIONS}
    return result


def _create(server: Server) -> None:
    import psycopg

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench")


def _measure(env: dict[str, str]) -> dict[str, float]:
    _call(env, "-m", "jingwei.wiring", "migrate")
    _call(env, "-m", "bench.places.asking", "found")
    figures: dict[str, float] = {}
    began = time.monotonic()
    said = _call(env, "-m", "jingwei.wiring", "places", "load", "--nation")
    figures["nation_s"] = round(time.monotonic() - began, 1)
    figures["nation_cpu_s"] = float(re.findall(r"\(([\d.]+) s", said)[0])
    began = time.monotonic()
    said = _call(env, "-m", "jingwei.wiring", "places", "polygons", fine=(0, 2))
    if "taken in" in said:
        figures["outlines_s"] = round(time.monotonic() - began, 1)
        figures["outlines"] = float(re.findall(r"^(\d+) outlines", said)[0])
    # the largest of all children so far, of which these are the largest
    figures["peak_mib"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return figures | json.loads(_call(env, "-m", "bench.places.asking", "ask"))


def _call(env: dict[str, str], *line: str, fine: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        [sys.executable, *line], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in fine:
        raise RuntimeError(f"{line}: {done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    os.chdir(ROOT)
    print(run())
