"""Everything that can go wrong on one machine, for real, on each database; and whether the checker would see.

The recorded run, with ten times the kills: python -m bench.faults. Results: bench/results.
"""

import time
from collections.abc import Iterator

import pytest

from bench.faults.bench import DATABASES, a_field, a_machine, run_database
from bench.faults.checker import Doors, check, wait_until_settled
from bench.faults.classes import CLASSES, run_class
from bench.faults.machine import Machine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("database", DATABASES)
def test_whatever_happens_nothing_acknowledged_is_lost_and_nothing_is_done_twice(database: str) -> None:
    found = run_database(database, kills=10, cuts=2, judge_each=False)
    classes = found["classes"]
    assert found["wrong"] == []
    assert isinstance(classes, dict)
    assert set(classes) == set(CLASSES)
    assert {name for name, one in classes.items() if not one["fired"]} == set()
    assert classes["kills"]["fired"] == 10


@pytest.fixture
def machine() -> Iterator[Machine]:
    with a_machine("sqlite") as one:
        yield one


def broken(machine: Machine, how: str) -> None:
    """Serve the node again, broken in this way; nothing: whole."""
    machine.kill_all()
    machine.program = ("-m", "bench.faults.broken", how) if how else ("-m", "jingwei.wiring")
    machine.serve()


def complaints(machine: Machine, seed: int, *, until_acked: int = 30, kill: bool = False) -> list[str]:
    with a_field(machine, seed=seed) as field:
        until = time.monotonic() + 60
        while field.load.acked() < until_acked and time.monotonic() < until:
            time.sleep(0.1)
        if kill:
            broken(machine, "")
    doors = Doors(machine.url, machine.reader)
    return wait_until_settled(doors) + check(doors, [field.load.told])


def test_the_checker_sees_a_node_that_does_not_keep_its_word(machine: Machine) -> None:
    """Without knowing repeats, with acknowledging before the commit, with a disk that lies."""
    broken(machine, "twice")
    found = complaints(machine, seed=1)
    assert any("is there 2 times" in one for one in found)
    assert any("acknowledged as" in one and "then as" in one for one in found)

    broken(machine, "early")
    found = complaints(machine, seed=2, kill=True)
    assert any("mark-2" in one and "is not there" in one for one in found)

    with a_field(machine, seed=3) as field:
        try:
            run_class("power_cut", field, count=1, deaf=1)
            found = check(Doors(machine.url, machine.reader), [field.load.told])
        except RuntimeError as error:  # a database that lost so much may not even start
            found = [f"mark-3: {error}"]
    assert any("mark-3" in one for one in found)
