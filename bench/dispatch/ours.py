"""The planner in the bench: the only file here that knows it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.dispatch.settings import TIER_COST
from bench.dispatch.static import UNMET_S, Answer, Instance, Sent
from jingwei.engines.dispatch import Barred, Kept, Lot, Need, Problem, Settings, Source
from jingwei.engines.dispatch.planner import plan as planned

#: A change of an order costs like so many seconds of travel of the load. Tuned on the development seeds.
CHANGE_S = 1800.0


def plan(one: Instance, before: Sequence[Sent] = ()) -> Answer:
    """Exactly `static.cost_of`, in whole seconds, one aim."""
    problem = _static(one, before)
    answer = planned(problem)
    sent = tuple(Sent(x.need, x.source, x.quantity) for x in answer.lines)
    prices = {
        (problem.lots[p.lot].source, int(problem.lots[p.lot].item)): (p.cost_more, p.cost_fewer)
        for p in answer.prices
    }
    assert answer.bound is not None
    return Answer(sent, answer.cost + UNMET_S * answer.unmet_weight, answer.bound, answer.seconds, prices)


def _static(one: Instance, before: Sequence[Sent]) -> Problem:
    city = one.city
    sources = tuple(
        Source(
            str(s.key),
            tier=s.tier,  # type: ignore[arg-type]
            agreement=str(s.key),
            capacity=None if one.capacity is None else int(one.capacity[s.key]),
            qualifications=tuple(sorted(s.qualifications)),
        )
        for s in city.sources
    )
    tier = {name: 60 * minutes for name, minutes in TIER_COST.items()}
    needs = tuple(
        Need(str(n.key), str(n.item), n.quantity, n.place, n.due_s, n.weight, 0.0, n.qualification)
        for n in one.needs
    )
    lots = tuple(Lot(int(s), str(k), int(one.free[s, k])) for s, k in zip(*np.nonzero(one.free), strict=True))
    travel = one.cost_s - np.array([tier[s.tier] for s in city.sources])[:, None]
    travel = np.where(np.isfinite(city.travel_s), travel, np.inf)
    closed = [s.key for s in city.sources if not s.agreed_from_s <= 0.0 < s.agreed_until_s]
    sources = tuple(
        Source(s.key, tier="paired", agreement="") if int(s.key) in closed else s for s in sources
    )
    given = Settings(unmet_price=float(UNMET_S), tier_price=tier, change_price=CHANGE_S if before else 0.0)
    kept = tuple(Kept(x.need, x.source, x.quantity) for x in before)
    return Problem(needs, sources, lots, travel, barred=_rounded(one), before=kept, settings=given)


def _rounded(one: Instance) -> tuple[Barred, ...]:
    """Pairs that whole seconds would let through and true ones do not."""
    found: list[Any] = []
    city = one.city
    for n, need in enumerate(one.needs):
        late = (np.rint(city.travel_s[:, need.place]) <= need.due_s) & (
            city.travel_s[:, need.place] > need.due_s
        )
        found += [Barred(n, int(s)) for s in np.flatnonzero(late)]
    return tuple(found)
