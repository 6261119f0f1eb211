"""The map over 300,000 points of a register, and over 300,000 reports: one view at each zoom, exactly.

`marks` also names what stands alone in its cell. On a node of its own, in a process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.node import ROOT, environment
from bench.run import Result

#: Points of the register; fewer for a try.
POINTS = int(os.environ.get("JINGWEI_BENCH_POINTS", "300000"))
SEED = 7


def run() -> Result:
    result = Result(bench="map", seeds=[SEED])
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder))
        subprocess.run([sys.executable, "-m", "jingwei.wiring", "migrate"], env=env, check=True, cwd=ROOT,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        line = [sys.executable, "-m", "bench.map.measuring", str(POINTS), str(SEED)]
        done = subprocess.run(line, env=env, check=True, cwd=ROOT, capture_output=True, text=True)
    result.figures = json.loads(done.stdout)
    result.targets = {name: {"op": "==", "value": POINTS} for name in ("sum_of_cells", "sum_of_report_cells")}
    return result
