"""Problems for tests: four stores one can draw by hand, made-up ones of any size; an own check of plans."""

from collections import defaultdict
from typing import Any

import numpy as np

from jingwei.engines.dispatch import Kept, Lot, Need, Problem, Proposal, Settings, Source

HOUR = 3600.0


def four_stores(**given: Any) -> Problem:
    """Two villages ask ten tents each. North has 8, south 6, the neighbour 10 by agreement, a stranger 50.

    Minutes:          north  south  neighbour  stranger
    upper village       10     40       60         5
    lower village       30     20       70         5
    """
    needs = (
        Need("upper", "tent", 10, 0, due_s=2 * HOUR, weight=1.0, district="upper"),
        Need("lower", "tent", 10, 1, due_s=2 * HOUR, weight=1.0, district="lower"),
    )
    sources = (
        Source("north"),
        Source("south"),
        Source("neighbour", tier="agreement", agreement="A1"),
        Source("stranger", tier="agreement"),
    )
    lots = (Lot(0, "tent", 8), Lot(1, "tent", 6, floor=2), Lot(2, "tent", 10), Lot(3, "tent", 50))
    minutes = [[10, 30], [40, 20], [60, 70], [5, 5]]
    travel = [[m * 60.0 for m in row] for row in minutes]
    return Problem(needs, sources, lots, travel, **given)


def made_up(seed: int, *, needs: int = 30, sources: int = 12, items: int = 2, **given: Any) -> Problem:
    """Scarce by a seventh, a third of the needs for qualified crews, some ways closed, four districts."""
    draw = np.random.default_rng(seed)
    asked: dict[str, int] = defaultdict(int)
    wanted = []
    for number in range(needs):
        item, quantity = f"item {draw.integers(items)}", int(draw.integers(1, 12))
        asked[item] += quantity
        wanted.append(
            Need(
                f"n{number}",
                item,
                quantity,
                number,
                due_s=[HOUR, 2 * HOUR, 5 * HOUR, None][draw.integers(4)],
                weight=float(draw.choice([1, 3, 8])),
                qualification="high_water" if draw.random() < 0.3 else None,
                district=f"d{draw.integers(4)}",
            )
        )
    senders = []
    for number in range(sources):
        tier = ("own", "own", "agreement", "paired")[draw.integers(4)]
        senders.append(
            Source(
                f"s{number}",
                tier=tier,
                agreement="A1" if draw.random() < 0.8 else "",
                qualifications=("high_water",) if draw.random() < 0.4 else (),
                serves=("d0", "d1") if draw.random() < 0.2 else (),
            )
        )
    lots = []
    for item, total in sorted(asked.items()):
        share = draw.dirichlet(np.ones(sources))
        lots += [Lot(s, item, int(total * share[s] * 0.86), floor=s % 2) for s in range(sources)]
    at, to = draw.random((sources, 2)) * 60, draw.random((needs, 2)) * 60
    travel = np.rint(np.abs(at[:, None] - to[None]).sum(2) / 45 * HOUR)
    travel[draw.random(travel.shape) < 0.05] = np.inf
    return Problem(tuple(wanted), tuple(senders), tuple(lots), travel, **given)


def breaches(problem: Problem, proposal: Proposal) -> list[str]:
    """What is wrong with a plan, by code that shares nothing with the planner."""
    found = []
    got: dict[int, int] = defaultdict(int)
    out: dict[tuple[int, str], int] = defaultdict(int)
    loads: dict[int, int] = defaultdict(int)
    crews: dict[tuple[int, str], int] = defaultdict(int)
    barred = {(one.need, one.source) for one in problem.barred}
    for line in proposal.lines:
        need, source = problem.needs[line.need], problem.sources[line.source]
        got[line.need] += line.quantity
        out[line.source, line.item] += line.quantity
        many = line.quantity * problem.settings.loads.get(line.item, 1)
        loads[line.source] += many
        if need.qualification:
            crews[line.source, need.qualification] += many
        if line.kept:
            continue
        arrives = source.ready_s + float(problem.travel_s[line.source][need.at])
        wrong = {
            "item": line.item != need.item,
            "nothing": line.quantity <= 0,
            "late": need.due_s is not None and arrives > need.due_s,
            "no way": not np.isfinite(arrives),
            "unqualified": need.qualification is not None and need.qualification not in source.qualifications,
            "no agreement": source.tier != "own" and not source.agreement,
            "not served": bool(source.serves) and need.district not in source.serves,
            "barred": (line.need, line.source) in barred,
        }
        found += [f"{name}: {line}" for name, is_so in wrong.items() if is_so]
    unmet = {one.need: one.quantity for one in proposal.unmet}
    for number, need in enumerate(problem.needs):
        if got[number] > need.quantity:
            found.append(f"promised twice: {need.key}")
        if need.quantity - got[number] != unmet.get(number, 0):
            found.append(f"does not add up: {need.key}")
    free = {(lot.source, lot.item): lot.free for lot in problem.lots}
    found += [f"over stock: {pair}" for pair, many in out.items() if many > free.get(pair, 0)]
    for number, source in enumerate(problem.sources):
        if source.capacity is not None and loads[number] > source.capacity:
            found.append(f"over capacity: {source.key}")
        for name, most in source.crews:
            if crews[number, name] > most:
                found.append(f"over crews: {source.key}")
    return found


def standing(proposal: Proposal) -> tuple[Kept, ...]:
    """The lines of a plan as the plan before."""
    return tuple(Kept(one.need, one.source, one.quantity) for one in proposal.lines if not one.kept)


def priced(price: float = 3000.0) -> Settings:
    return Settings(unmet_price=price)
