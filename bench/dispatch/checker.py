"""Walks every order of a run and says which rule each one breaks. It plans nothing and asks no policy.

It works from the world and the log alone, by its own arithmetic: what the policies and the replay believe of
stock, room and eligibility is not used. An order that breaks a rule is counted under each rule it breaks, is
no service, and still takes from stock, room and need, so that a second one cannot hide behind it.
"""

from collections import Counter
from dataclasses import dataclass, field
from math import floor, isfinite

from bench.dispatch.world import Executed, Need, Order, Recall, Source, World

#: What an order can be guilty of, each with the rule of `bench.dispatch.world` it breaks.
BREACHES = {
    "unknown": "no such need or source, another item than asked, or no whole load",
    "foreseen": "left before its need was known",
    "not_its_moment": "leaves at another moment than it was decided",
    "no_way": "there is no way",
    "late": "arrives after the deadline",
    "unqualified": "its crews do not hold what the need asks",
    "no_agreement": "leaves where or when no agreement holds",
    "over_capacity": "more loads than the source can send in that clock hour",
    "over_stock": "more than the source has",
    "into_floor": "takes of what must stay",
    "promised_twice": "loads that the need did not ask for any more",
    "recalled": "an order was called back",
}


@dataclass
class Walk:
    """What was found: how many orders broke each rule, and those that broke none."""

    breaches: Counter[str] = field(default_factory=Counter)
    good: list[Order] = field(default_factory=list)
    orders: int = 0

    @property
    def clean(self) -> bool:
        return not self.breaches


@dataclass
class _Books:
    """Running totals of all that was ordered."""

    out: Counter[tuple[int, int]] = field(default_factory=Counter)  # source, item
    hour: Counter[tuple[int, int]] = field(default_factory=Counter)  # source, clock hour
    promised: Counter[int] = field(default_factory=Counter)  # need


def walk(world: World, done: Executed) -> Walk:
    """Every entry of the log, in order."""
    found, books = Walk(), _Books()
    moments = done.decided_s if len(done.decided_s) == len(done.log) else [None] * len(done.log)
    recalled = {id(entry.order) for entry in done.log if isinstance(entry, Recall)}
    for entry, moment in zip(done.log, moments, strict=True):
        if isinstance(entry, Recall):
            found.breaches["recalled"] += 1
            continue
        found.orders += 1
        broken = _of_order(world, entry, moment, books)
        found.breaches.update(broken)
        if not broken and id(entry) not in recalled:
            found.good.append(entry)
    return found


def _of_order(world: World, order: Order, moment: float | None, books: _Books) -> list[str]:
    if not (0 <= order.need < len(world.needs) and 0 <= order.source < len(world.city.sources)):
        return ["unknown"]
    need, source = world.needs[order.need], world.city.sources[order.source]
    if order.item != need.item or order.quantity < 1 or order.quantity != int(order.quantity):
        return ["unknown"]
    broken = _of_times(world, order, need, moment)
    broken += _of_source(order, need, source)
    return broken + _of_quantities(world, order, books)


def _of_times(world: World, order: Order, need: Need, moment: float | None) -> list[str]:
    broken = []
    way = float(world.city.travel_s[order.source][need.place])
    if order.leaves_s < need.since_s:
        broken.append("foreseen")
    if moment is not None and order.leaves_s != moment:
        broken.append("not_its_moment")
    if not isfinite(way):
        broken.append("no_way")
    elif order.leaves_s + way > need.due_s:
        broken.append("late")
    return broken


def _of_source(order: Order, need: Need, source: Source) -> list[str]:
    broken = []
    if need.qualification is not None and need.qualification not in source.qualifications:
        broken.append("unqualified")
    if order.leaves_s < source.agreed_from_s or order.leaves_s >= source.agreed_until_s:
        broken.append("no_agreement")
    return broken


def _of_quantities(world: World, order: Order, books: _Books) -> list[str]:
    broken = []
    city, lot = world.city, (order.source, order.item)
    hour = (order.source, floor(order.leaves_s / 3600))
    books.out[lot] += order.quantity
    books.hour[hour] += order.quantity
    books.promised[order.need] += order.quantity
    if books.out[lot] > city.stock[lot]:
        broken.append("over_stock")
    elif books.out[lot] > city.stock[lot] - city.floor[lot]:
        broken.append("into_floor")
    if books.hour[hour] > city.sources[order.source].capacity_per_h:
        broken.append("over_capacity")
    if books.promised[order.need] > world.needs[order.need].quantity:
        broken.append("promised_twice")
    return broken
