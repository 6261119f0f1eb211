"""`jingwei bench NAME [--json FILE]`: runs one benchmark and prints its table.

A benchmark is a module `bench/<name>/bench.py` (or a package's `bench.py`) with
`run() -> Result`: ours and the comparators on the same work, in one run.
"""

import importlib
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

BENCH = Path(__file__).resolve().parent

#: How a figure is held against its target.
OPS = {">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, "==": lambda a, b: a == b}


@dataclass
class Result:
    """What one run measured. `targets`: key to {"op": ">=", "value": 0.9}."""

    bench: str
    seeds: list[int] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    comparators: dict[str, dict[str, float]] = field(default_factory=dict)
    targets: dict[str, dict[str, float | str]] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)  # curves, samples, what was said
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    machine: dict[str, object] = field(default_factory=lambda: machine())


def machine() -> dict[str, object]:
    """What it ran on, and how busy that was before."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else (0.0, 0.0, 0.0)
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_1_5_15": [round(x, 2) for x in load],
    }


def list_benchmarks() -> list[str]:
    return sorted(p.parent.name for p in BENCH.glob("*/bench.py"))


def met(result: Result, key: str) -> bool | None:
    """Whether the figure meets its target; None without a target or a figure."""
    target = result.targets.get(key)
    if target is None or key not in result.figures:
        return None
    return bool(OPS[str(target["op"])](result.figures[key], target["value"]))


def print_table(result: Result) -> None:
    print(f"{result.bench}  {result.at}  {result.machine}")
    names = list(result.comparators)
    wide = max([len(k) for k in result.figures] + [10])
    print(f"  {'':<{wide}}  {'ours':>14}" + "".join(f"  {n:>14}" for n in names) + "  target")
    for key, value in result.figures.items():
        target = result.targets.get(key)
        word = {True: "met", False: "MISSED", None: ""}[met(result, key)]
        others = "".join(f"  {result.comparators[n].get(key, float('nan')):>14.6g}" for n in names)
        goal = f"  {target['op']} {target['value']} {word}" if target else ""
        print(f"  {key:<{wide}}  {value:>14.6g}{others}{goal}")


def run(name: str, json_path: str | None = None, **options: float | str) -> int:
    """Run a benchmark; 0 when it ran, whatever it measured, 2 when there is none of that name.

    `options` are for the benchmark, `hours` of a soak say.
    """
    known = list_benchmarks()
    if name not in known:
        print(f"benchmarks: {', '.join(known) or 'none yet'}", file=sys.stderr)
        return 0 if not name else 2
    result: Result = importlib.import_module(f"bench.{name}.bench").run(**options)
    print_table(result)
    if json_path:
        Path(json_path).write_text(json.dumps(asdict(result), indent=2, ensure_ascii=False) + "\n")
    return 0
