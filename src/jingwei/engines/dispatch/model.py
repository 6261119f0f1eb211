"""What a plan of dispatch is asked and what it answers. Frozen values; times are seconds from now.

Indexes: a need, a source, a lot is named by its place in the problem's tuple. `travel_s[source][at]` is an
array or a list of rows, (sources, destinations), seconds; inf where there is no way.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

Tier = Literal["own", "agreement", "higher", "paired"]
#: From near to far: own means first, then the neighbours', the level above, the paired province.
TIERS: tuple[Tier, ...] = ("own", "agreement", "higher", "paired")

#: Why a need goes without, or a nearer source does not send: the narrowest thing that forbids it.
Why = Literal[
    "no_way",  # no road, or none known
    "too_late",  # it would arrive after the deadline
    "unqualified",  # nobody there has what the need asks
    "no_agreement",  # no agreement in force
    "not_served",  # the agreement does not cover this district
    "barred",  # an officer struck this pair out
    "stock",  # all of it goes elsewhere, or there is none
    "floor",  # what is left is the reserve
    "capacity",  # it cannot send more in this window
    "crews",  # its qualified crews are all out
    "held",  # kept back for what is likely to come and weighs more
    "not_worth",  # it would cost more than the need weighs
    "dearer",  # it could, but it costs more all told
]


class Need(msgspec.Struct, frozen=True):
    """What one place asks: the quantity still open, in whole units of the item."""

    key: str
    item: str
    quantity: int
    #: Column of the travel times.
    at: int
    #: It has to be there by then; None: whenever.
    due_s: float | None = None
    #: How much one unit unmet weighs against one unit unmet elsewhere.
    weight: float = 1.0
    #: When it was told: negative is past; positive only in a future.
    since_s: float = 0.0
    #: What the crew that brings it must hold; None: anyone.
    qualification: str | None = None
    #: Whose share counts in fairness.
    district: str = ""


class Source(msgspec.Struct, frozen=True):
    """Who can send: a store, a team's base, a neighbour's depot."""

    key: str
    #: Column of the travel times at which it stands, -1 if it is no destination; for shows only.
    at: int = -1
    tier: Tier = "own"
    #: Loads it can send in this window; None: no limit.
    capacity: int | None = None
    #: What its crews hold.
    qualifications: tuple[str, ...] = ()
    #: Loads that crews with a qualification can bring in this window; one not named has no limit of its own.
    crews: tuple[tuple[str, int], ...] = ()
    #: The earliest a load leaves.
    ready_s: float = 0.0
    #: The agreement it sends under; outside the own tier there must be one.
    agreement: str = ""
    #: Districts that the agreement covers; empty: all.
    serves: tuple[str, ...] = ()


class Lot(msgspec.Struct, frozen=True):
    """Stock of one item at one source. `free` is what may leave: the floor is already taken off."""

    source: int
    item: str
    free: int
    floor: int = 0
    #: What a unit costs whoever settles the aid, in the unit of cost.
    unit_cost: float = 0.0
    #: Weighted unmet that a unit kept here is expected to spare of what is still to come.
    hold: float = 0.0


class Kept(msgspec.Struct, frozen=True):
    """A line that stands whatever else: under way, or fixed by an officer. It takes from need, lot, capacity.

    What need, lot and capacity have already been lessened by must not be given here again.
    """

    need: int
    source: int
    quantity: int
    under_way: bool = False


class Barred(msgspec.Struct, frozen=True):
    """A pair that an officer struck out."""

    need: int
    source: int


class Settings(msgspec.Struct, frozen=True):
    """How cost is counted; its unit is one second of travel of one unit, unless prices say otherwise."""

    #: What one unit unmet of weight 1 costs. None: first the least weighted unmet, then fairness, then the
    #: fewest changes, then the least cost, one level after another.
    unmet_price: float | None = None
    second_price: float = 1.0
    #: On top for each unit from the tier, in the unit of cost.
    #: Source: our estimate, an hour, three, and six of travel, to be set by the place, 2026-11-29.
    tier_price: dict[str, float] = msgspec.field(
        default_factory=lambda: {"own": 0.0, "agreement": 3600.0, "higher": 10800.0, "paired": 21600.0}
    )
    #: With `unmet_price`: on top for each unit that the plan before did not send this way.
    change_price: float = 0.0
    #: The worst-off districts first among plans with the same weighted unmet (levels only).
    fair: bool = True
    #: As few changes as possible against the plan before (levels only).
    stable: bool = True
    #: Loads a unit of an item fills; 1 where nothing is said.
    loads: dict[str, int] = msgspec.field(default_factory=dict)


class Problem(msgspec.Struct, frozen=True):
    needs: tuple[Need, ...]
    sources: tuple[Source, ...]
    lots: tuple[Lot, ...]
    #: (sources, destinations), seconds, inf = no way.
    travel_s: Any
    kept: tuple[Kept, ...] = ()
    barred: tuple[Barred, ...] = ()
    #: The lines of the last proposal that are not under way: need, source, quantity, as `Kept`.
    before: tuple[Kept, ...] = ()
    settings: Settings = Settings()


class Future(msgspec.Struct, frozen=True):
    """What may still come, drawn from what is known now: needs with `since_s` of 0 or more."""

    needs: tuple[Need, ...]


class Reason(msgspec.Struct, frozen=True):
    """Why this line: what binds it, what a unit is worth here, and what the next best would cost."""

    #: `nearest`: the cheapest of all, nothing binds; `standing`: kept; else what keeps the cheapest source.
    limit: Literal["nearest", "standing"] | Why
    #: What one more unit of the need would cost all told, and one fewer would save; and the same in weighted
    #: unmet, where that is an aim of its own.
    more: float = 0.0
    fewer: float = 0.0
    more_unmet: float = 0.0
    fewer_unmet: float = 0.0
    #: The best other source that may; one unit from there would cost at least so much on top all told, and
    #: leave so much weighted unmet elsewhere. None: there is none.
    next_best: int | None = None
    next_cost: float | None = None
    next_unmet: float | None = None
    #: Sources that would be cheaper by themselves, cheapest first, at most five, each with what forbids it.
    nearer: tuple[tuple[int, Why], ...] = ()


class Line(msgspec.Struct, frozen=True):
    need: int
    source: int
    item: str
    quantity: int
    leaves_s: float
    arrives_s: float
    #: Of the whole line: way, tier and settlement.
    cost: float
    #: Of it what is paid to whoever owns the goods.
    settled: float
    kept: bool
    reason: Reason


class Unmet(msgspec.Struct, frozen=True):
    need: int
    quantity: int
    why: Why
    #: What it would take to meet one more of it, where that is a matter of price.
    price: float | None = None


class Level(msgspec.Struct, frozen=True):
    """One aim and how well it is met: `bound` is proven, no plan can be below it."""

    name: Literal["unmet", "unfair", "changed", "cost", "total"]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        return 0.0 if self.value <= self.bound else (self.value - self.bound) / max(abs(self.bound), 1e-9)


class Price(msgspec.Struct, frozen=True):
    """What a lot is worth at the margin: `more` is saved by one unit more, `fewer` is lost by one unit fewer.

    `unmet_*` is the weighted unmet, `cost_*` the rest; with one level (`unmet_price`) all stands in `cost_*`.
    """

    lot: int
    unmet_more: float
    cost_more: float
    unmet_fewer: float
    cost_fewer: float


class Proposal(msgspec.Struct, frozen=True):
    """A plan for people to decide on.

    `bound` and `gap` are of the last level: None where nothing is proven (the fallback).
    """

    lines: tuple[Line, ...]
    unmet: tuple[Unmet, ...]
    #: Of all lines: way, tier, settlement.
    cost: float
    #: Weighted unmet.
    unmet_weight: float
    levels: tuple[Level, ...]
    bound: float | None
    gap: float | None
    prices: tuple[Price, ...]
    solver: str
    #: Of the solver itself, without the start of its process.
    seconds: float
    fallback: bool = False
    #: Why the solver gave up: "absent", "late", "killed", "memory", "broken"; empty: it did not.
    given_up: Literal["", "absent", "late", "killed", "memory", "broken"] = ""


class NotAProblem(ValueError):
    """Indexes that point nowhere, quantities below nothing: a mistake of the caller."""


def check(problem: Problem) -> None:
    """Raises NotAProblem for what cannot be meant."""
    needs, sources = len(problem.needs), len(problem.sources)
    columns = _columns(problem.travel_s, sources)
    for number, need in enumerate(problem.needs):
        if need.quantity < 0 or not 0 <= need.at < columns or not 0 <= need.weight < float("inf"):
            raise NotAProblem(f"need {number}: {need.key}")
    seen = set()
    for number, lot in enumerate(problem.lots):
        if not 0 <= lot.source < sources or lot.free < 0 or (lot.source, lot.item) in seen:
            raise NotAProblem(f"lot {number}: {lot.source} {lot.item}")
        seen.add((lot.source, lot.item))
    for what in (problem.kept, problem.barred, problem.before):
        for pair in what:
            if not 0 <= pair.need < needs or not 0 <= pair.source < sources:
                raise NotAProblem(f"pair {pair.need} {pair.source}")
            if isinstance(pair, Kept) and pair.quantity < 0:
                raise NotAProblem(f"pair {pair.need} {pair.source}: {pair.quantity}")


def _columns(travel_s: Sequence[Sequence[float]], sources: int) -> int:
    if len(travel_s) != sources:
        raise NotAProblem(f"travel times of {len(travel_s)} sources, not of {sources}")
    return len(travel_s[0]) if sources else 1 << 62
