"""A plan in words and figures: each line with its reason, each need that goes without with its cause."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from jingwei.engines.dispatch.allowed import Left, arrives_s, barred_pairs, forbids, loads_of, unit_cost
from jingwei.engines.dispatch.model import (
    Kept,
    Level,
    Line,
    Price,
    Problem,
    Proposal,
    Reason,
    Unmet,
    Why,
)

#: So many nearer sources are named with what forbids each. Source: our estimate, what one reads at a glance.
NEARER = 5
#: From what stands nearest to a yes to what is farthest from it.
NARROW: tuple[Why, ...] = (
    "held",
    "not_worth",
    "dearer",
    "crews",
    "capacity",
    "floor",
    "stock",
    "too_late",
    "unqualified",
    "not_served",
    "no_agreement",
    "barred",
    "no_way",
)


FORBIDDEN: frozenset[Why] = frozenset(NARROW[NARROW.index("too_late") :])
#: Of a need that goes without so many holders are looked at, and on until one that may. Source: our estimate.
LOOKED_AT = 40


class Sent(msgspec.Struct):
    need: int
    lot: int
    units: int


class Worth(msgspec.Struct):
    """What prices say about one line or one need."""

    more: float = 0.0
    fewer: float = 0.0
    more_unmet: float = 0.0
    fewer_unmet: float = 0.0
    next_best: int | None = None
    next_cost: float | None = None
    next_unmet: float | None = None


class Teller:
    """`rest`: what is left when all is sent. `nearest`: of a need the lots of its item, cheapest first."""

    def __init__(
        self, problem: Problem, rest: Left, sent: Sequence[Sent], nearest: Mapping[int, Sequence[int]]
    ) -> None:
        self.problem, self.rest, self.nearest = problem, rest, nearest
        self.barred = barred_pairs(problem)
        units: dict[tuple[int, int], int] = {}
        for one in sent:
            units[one.need, one.lot] = units.get((one.need, one.lot), 0) + one.units
        self.sent = [Sent(need, lot, many) for (need, lot), many in sorted(units.items()) if many > 0]
        self.worth: Mapping[tuple[int, int], Worth] = {}
        self.unmet_price: Mapping[int, float] = {}

    def proposal(
        self,
        solver: str,
        seconds: float,
        *,
        levels: tuple[Level, ...] = (),
        prices: tuple[Price, ...] = (),
        given_up: Literal["", "absent", "late", "killed", "memory", "broken"] = "",
    ) -> Proposal:
        lines = (*map(self._kept, self.problem.kept), *map(self._line, self.sent))
        unmet = tuple(self._unmet(n) for n, many in enumerate(self.rest.quantity) if many > 0)
        weight = sum(self.problem.needs[one.need].weight * one.quantity for one in unmet)
        last = levels[-1] if levels else None
        return Proposal(
            lines,
            unmet,
            sum(line.cost for line in lines),
            weight,
            levels,
            None if last is None else last.bound,
            None if last is None else last.gap,
            prices,
            solver,
            seconds,
            bool(given_up),
            given_up,
        )

    def _line(self, one: Sent) -> Line:
        problem, lot = self.problem, self.problem.lots[one.lot]
        source = problem.sources[lot.source]
        each = unit_cost(problem, one.need, one.lot)
        return Line(
            one.need,
            lot.source,
            lot.item,
            one.units,
            source.ready_s,
            arrives_s(problem, one.need, lot.source),
            each * one.units,
            lot.unit_cost * one.units,
            False,
            self._reason(one),
        )

    def _kept(self, line: Kept) -> Line:
        problem, need = self.problem, self.problem.needs[line.need]
        arrives = arrives_s(problem, line.need, line.source)
        lots = [x for x in problem.lots if x.source == line.source and x.item == need.item]
        price = lots[0].unit_cost if lots else 0.0
        tier = problem.settings.tier_price.get(problem.sources[line.source].tier, 0.0)
        way = problem.settings.second_price * arrives if arrives < float("inf") else 0.0
        return Line(
            line.need,
            line.source,
            need.item,
            line.quantity,
            problem.sources[line.source].ready_s,
            arrives,
            (way + tier + price) * line.quantity,
            price * line.quantity,
            True,
            Reason("standing"),
        )

    def _reason(self, one: Sent) -> Reason:
        nearer: list[tuple[int, Why]] = []
        for lot in self.nearest.get(one.need, ()):
            if lot == one.lot or len(nearer) == NEARER:
                break
            nearer.append((self.problem.lots[lot].source, self._why_not(one.need, lot)))
        worth = self.worth.get((one.need, one.lot), Worth())
        return Reason(
            nearer[0][1] if nearer else "nearest",
            worth.more,
            worth.fewer,
            worth.more_unmet,
            worth.fewer_unmet,
            worth.next_best,
            worth.next_cost,
            worth.next_unmet,
            tuple(nearer),
        )

    def _why_not(self, need: int, number: int) -> Why:
        problem, lot = self.problem, self.problem.lots[number]
        forbidden = forbids(problem, need, lot.source, self.barred)
        if forbidden is not None:
            return forbidden
        if self.rest.free[number] <= 0:
            return "floor" if lot.floor > 0 else "stock"
        load, room = loads_of(problem, lot.item), self.rest.capacity[lot.source]
        if room is not None and room < load:
            return "capacity"
        crew = problem.needs[need].qualification
        if crew is not None and self.rest.crews[lot.source].get(crew, load) < load:
            return "crews"
        return "held" if lot.hold > 0 else "dearer"

    def _unmet(self, need: int) -> Unmet:
        """The cause that stands nearest to a yes, over the nearest who hold the item."""
        found: set[Why] = set()
        for count, lot in enumerate(self.nearest.get(need, ())):
            if count >= LOOKED_AT and not found <= FORBIDDEN:
                break
            found.add(self._why_not(need, lot))
        if "dearer" in found:
            found = (found - {"dearer"}) | {"not_worth"}
        why: Why = next((name for name in NARROW if name in found), "stock")
        return Unmet(need, self.rest.quantity[need], why, self.unmet_price.get(need))
