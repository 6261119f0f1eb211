"""The solver's process: a problem on standard input, a plan on standard output. Started by `process`."""

import os
import sys

#: Exit codes, read by `process.CODES`. Source: our own agreement between two files.
MEMORY, BROKEN, ABSENT = 3, 4, 5


def main(words: list[str]) -> int:
    _limit(int(words[0]))
    try:
        import numpy as np

        from jingwei.engines.dispatch import network, planner, wire
    except ImportError:
        return ABSENT
    except MemoryError:
        return MEMORY
    out = os.dup(1)
    os.dup2(2, 1)  # what a library says does not stand in the answer
    try:
        data = sys.stdin.buffer.read()
        problem = wire.read_question(
            data, lambda raw, columns: np.frombuffer(raw, dtype="<f8").reshape(-1, max(columns, 1))
        )
        answer = wire.answer(planner.plan(problem))
    except MemoryError:
        return MEMORY
    except network.NotSolved as no:
        print(no, file=sys.stderr)
        return BROKEN
    with os.fdopen(out, "wb") as file:
        file.write(answer)
    return 0


def _limit(mib: int) -> None:
    """No more address space than that, and no core file."""
    try:
        import resource
    except ImportError:  # not on this system: the clock is the only limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
