"""The solver as a process of its own, under limits; when it dies or is late, the plain plan, marked.

One library of solvers to a process: two of them clash in one, and one that hangs or eats memory must not
take the node with it.
"""

import importlib.util
import os
import subprocess
import sys

import msgspec

from jingwei.engines.dispatch import wire
from jingwei.engines.dispatch.model import Problem, Proposal, check
from jingwei.engines.dispatch.plain import Given, plain

#: Source: our estimate; 2,000 needs and 500 sources take seconds and 400 MiB here, 2026-11-29.
LIMIT_S, LIMIT_MIB = 60.0, 2048

#: What the solver's process says by its exit code.
CODES: dict[int, Given] = {3: "memory", 4: "broken", 5: "absent"}


def propose(
    problem: Problem,
    *,
    futures: tuple[()] = (),
    limit_s: float = LIMIT_S,
    limit_mib: int = LIMIT_MIB,
) -> Proposal:
    """The best plan that is proven in time, or the plain one with why the solver gave up.

    Raises NotAProblem for what cannot be meant.
    """
    check(problem)
    if importlib.util.find_spec("ortools") is None:
        return plain(problem, "absent")
    line = [sys.executable, "-m", "jingwei.engines.dispatch.solver", str(limit_mib)]
    quiet = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    asked = wire.question(problem)
    try:
        done = subprocess.run(
            line, input=asked, capture_output=True, timeout=limit_s, env={**os.environ, **quiet}, check=False
        )
    except subprocess.TimeoutExpired:  # it was killed and waited for
        return plain(problem, "late")
    except OSError:  # not even started
        return plain(problem, "broken")
    if done.returncode == 0:
        try:
            return wire.read_answer(done.stdout)
        except msgspec.MsgspecError:
            return plain(problem, "broken")
    if b"bad_alloc" in done.stderr or b"MemoryError" in done.stderr:
        return plain(problem, "memory")
    return plain(problem, "killed" if done.returncode < 0 else CODES.get(done.returncode, "broken"))
