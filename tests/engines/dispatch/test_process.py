"""The solver dies, is late, eats memory or is not there: the plain plan, marked, and never a wrong one."""

import os
import signal
import threading
import time
from pathlib import Path

import msgspec
import pytest

from jingwei.engines.dispatch import Problem, Proposal, propose
from jingwei.engines.dispatch.model import NotAProblem
from jingwei.engines.dispatch.plain import plain
from jingwei.engines.dispatch.planner import plan
from tests.engines.dispatch.made import breaches, four_stores, made_up, standing


def solvers() -> list[int]:
    """Processes of ours that solve."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        if b"jingwei.engines.dispatch.solver" in words and int(parent) == os.getpid():
            found.append(int(folder.name))
    return found


def same_plan(one: Proposal, other: Proposal) -> bool:
    return (one.lines, one.unmet, one.levels, one.prices) == (
        other.lines,
        other.unmet,
        other.levels,
        other.prices,
    )


def test_the_process_gives_the_plan_that_is_made_here() -> None:
    problem = made_up(4)
    proposal = propose(problem)
    assert same_plan(proposal, plan(problem))
    assert not proposal.fallback and proposal.given_up == ""


def test_rows_without_numpy_cross_over_too() -> None:
    assert same_plan(propose(four_stores()), plan(four_stores()))


def test_a_solver_that_is_killed_yields_the_marked_plain_plan() -> None:
    problem = made_up(6, needs=1500, sources=300, items=3)
    got: list[Proposal] = []
    asking = threading.Thread(target=lambda: got.append(propose(problem)))
    asking.start()
    while not (running := solvers()) and asking.is_alive():
        time.sleep(0)
    for one in running:
        os.kill(one, signal.SIGKILL)
    asking.join()
    assert got[0].fallback and got[0].given_up == "killed" and got[0].solver == "plain"
    assert got[0].bound is None and got[0].gap is None
    assert got[0].lines and breaches(problem, got[0]) == []


def test_a_solver_that_is_late_is_ended() -> None:
    proposal = propose(four_stores(), limit_s=0.001)
    assert proposal.fallback and proposal.given_up == "late"
    assert solvers() == []


def test_a_solver_that_eats_memory_is_refused_it() -> None:
    proposal = propose(made_up(7, needs=400, sources=100), limit_mib=48)
    assert proposal.fallback and proposal.given_up in {"memory", "killed", "broken", "absent"}
    assert proposal.lines


def test_without_the_solver_the_plain_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    proposal = propose(four_stores())
    assert proposal.fallback and proposal.given_up == "absent"
    assert breaches(four_stores(), proposal) == []


def test_the_plain_plan_knows_the_limits_too() -> None:
    for seed in range(12):
        problem = made_up(seed)
        sources = tuple(
            msgspec.structs.replace(one, capacity=9, crews=(("high_water", 3),)) for one in problem.sources
        )
        limited = msgspec.structs.replace(problem, sources=sources)
        assert breaches(limited, plain(limited, "late")) == []


def test_canary_without_limits_the_plain_plan_would_break_them() -> None:
    problem = made_up(0)
    tight = tuple(msgspec.structs.replace(one, capacity=2) for one in problem.sources)
    bad = breaches(msgspec.structs.replace(problem, sources=tight), plain(problem, "late"))
    assert any(line.startswith("over capacity") for line in bad)


def test_the_plain_plan_repeats_the_plan_before() -> None:
    problem = made_up(8)
    first = plain(problem, "late")
    again = plain(msgspec.structs.replace(problem, before=standing(first)), "late")
    assert [(x.need, x.source, x.quantity) for x in again.lines] == [
        (x.need, x.source, x.quantity) for x in first.lines
    ]


def test_the_plain_plan_is_never_better_than_the_proven_one() -> None:
    for seed in range(6):
        problem = made_up(seed)
        assert plain(problem, "late").unmet_weight >= plan(problem).unmet_weight - 1e-9


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: msgspec.structs.replace(p, travel_s=p.travel_s[:2]),
        lambda p: msgspec.structs.replace(p, lots=(*p.lots, p.lots[0])),
        lambda p: msgspec.structs.replace(p, needs=(msgspec.structs.replace(p.needs[0], at=9),)),
        lambda p: msgspec.structs.replace(p, needs=(msgspec.structs.replace(p.needs[0], quantity=-1),)),
    ],
)
def test_what_cannot_be_meant_is_refused(spoil: object) -> None:
    changed: Problem = spoil(four_stores())  # type: ignore[operator]
    with pytest.raises(NotAProblem):
        propose(changed)
