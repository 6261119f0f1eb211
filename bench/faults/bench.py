"""`jingwei bench faults`: everything that can go wrong on one machine, under load, and what is left of it.

python -m bench.faults --database sqlite --kills 100 --json bench/results/faults-….json
"""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.node import ROOT
from bench.run import Result

from .checker import Doors, check, wait_until_settled
from .classes import CLASSES, Field, run_class
from .desk import Desk
from .load import Load
from .machine import PASSWORD, Machine

DATABASES = ("sqlite", "postgres")


@contextlib.contextmanager
def a_machine(database: str, *, program: Sequence[str] = ("-m", "jingwei.wiring")) -> Iterator[Machine]:
    """A node on this database, served; nothing of it is left afterwards."""
    machine = Machine(Path(tempfile.mkdtemp(prefix="jw-faults-", dir="/tmp")), database, program=program)
    try:
        machine.begin()
        machine.serve()
        yield machine
    finally:
        machine.end()


@contextlib.contextmanager
def a_field(machine: Machine, *, seed: int) -> Iterator[Field]:
    """The machine under load, with an officer at the desk; the senders finish what they began."""
    desk = Desk(machine.url)
    desk.sign_in("lisiyuan", PASSWORD)
    load = Load(machine.url, machine.feed, seed=seed)
    load.start()
    try:
        yield Field(
            machine=machine, load=load, desk=desk, doors=Doors(machine.url, machine.reader), seed=seed
        )
    finally:
        load.finish()


def judge(machine: Machine, loads: Sequence[Load]) -> list[str]:
    """What the node did not keep of its word, by its doors and by its own `verify`."""
    doors = Doors(machine.url, machine.reader)
    found = wait_until_settled(doors)
    try:
        found += check(doors, [one.told for one in loads])
    except OSError as error:
        found.append(f"the doors do not answer: {error}")
    for verb in ("verify", "status"):
        if machine.verb(verb, "--help").returncode:
            continue
        done = machine.verb(verb)
        if done.returncode:
            found.append(f"jingwei {verb}: {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return found


def run_database(
    database: str, *, kills: int, cuts: int, only: Sequence[str] = (), judge_each: bool = True
) -> dict[str, object]:
    """Every class of fault in turn on one node; judged after each, or once after all."""
    classes, wrong, began = {}, [], time.monotonic()
    with a_machine(database) as machine:
        loads = []
        for number, name in enumerate(only or CLASSES):
            options = {"kills": {"count": kills}, "power_cut": {"count": cuts}}.get(name, {})
            with a_field(machine, seed=number + 1) as field:
                found = run_class(name, field, **options)
            loads.append(field.load)
            if judge_each or name == list(only or CLASSES)[-1]:
                found.wrong += judge(machine, loads)
            classes[name] = asdict(found) | {"said": sorted(found.said)}
            wrong += found.wrong
            told = field.load.told
            classes[name]["load"] = {
                "acknowledged": len(told.acked),
                "answers": dict(told.answers),
                "slowest_s": round(told.slowest_s, 2),
            }
            print(
                f"  {database:9} {name:16} fired {found.fired:6}  wrong {len(found.wrong)}  {found.detail}",
                *found.wrong[:3],
                flush=True,
            )
    return {"classes": classes, "wrong": wrong, "took_s": round(time.monotonic() - began, 1)}


def run(*, kills: float = 10, cuts: float = 3, database: str = "", only: Sequence[str] = ()) -> Result:
    """All classes on both databases. `lost_or_doubled` counts every complaint of the checker."""
    result = Result(bench="faults")
    result.machine["commit"] = _commit()
    result.machine["command"] = f"python -m bench.faults --kills {kills:.0f} --cuts {cuts:.0f}"
    for one in [database] if database else DATABASES:
        found = run_database(one, kills=int(kills), cuts=int(cuts), only=only)
        result.more[one] = found
        result.figures[f"{one}_wrong"] = len(found["wrong"])  # type: ignore[arg-type]
        result.targets[f"{one}_wrong"] = {"op": "==", "value": 0}
        for name, what in found["classes"].items():  # type: ignore[attr-defined]
            result.figures[f"{one}_{name}_fired"] = what["fired"]
            result.targets[f"{one}_{name}_fired"] = {"op": ">=", "value": 1}
    result.machine["load_after"] = [round(x, 2) for x in os.getloadavg()]
    return result


def _commit() -> str:
    line = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()
