"""What stock cannot give to which need, and who makes it, by when all of it could be there."""

import math
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.needs import queries as needs
from jingwei.apps.needs.queries import NeedLine
from jingwei.apps.places import queries as places
from jingwei.apps.resources import queries as resources
from jingwei.apps.resources.queries import ProducerCard
from jingwei.apps.stock import queries as stock
from jingwei.apps.stock.queries import Balance, SupplyLine
from jingwei.kernel.lonlat import distance_m

from .. import rules
from ..rules import Offer
from .orders import list_expected

Point = tuple[float, float]


class Maker(msgspec.Struct, frozen=True):
    """A producer as a need looks at it. `exact`: it names the supply; else it makes things of its class.

    `whole_at`: when all of it could be there, None where the register does not say enough, or never in a
    time that anybody waits; `by_due`: units that could be there by the deadline; `cost_fen` of all of it.
    """

    card: ProducerCard
    exact: bool
    travel_s: float | None
    whole_at: datetime | None
    by_due: int | None
    cost_fen: int | None
    late: bool

    @property
    def is_known(self) -> bool:
        """Whether the register says enough to count."""
        return self.exact and self.card.lead_h is not None and bool(self.card.per_day)

    @property
    def travel_min(self) -> int | None:
        return None if self.travel_s is None else math.ceil(self.travel_s / 60)

    @property
    def price_fen(self) -> int | None:
        """Of a unit, where the register says so of this supply."""
        price = self.card.unit_price
        return None if price is None or not self.exact else round(price * 100)


class Sources(msgspec.Struct, frozen=True):
    """Where a supply can come from: stores that have any free, producers that name it."""

    stores: tuple[str, ...]
    producers: tuple[str, ...]

    @property
    def alone(self) -> str:
        """What hangs on one source, if anything does."""
        return rules.dependence(len(self.stores), len(self.producers))


class Shortage(msgspec.Struct, frozen=True):
    """A need that stock cannot meet. `free`: what stores have left for it after what is more urgent.

    `expected`: ordered for it; `to_buy`: what nobody has ordered yet.
    """

    need: NeedLine
    open: int
    free: int
    expected: int
    sources: Sources
    makers: tuple[Maker, ...]

    @property
    def lacking(self) -> int:
        return max(0, self.open - self.free)

    @property
    def to_buy(self) -> int:
        return max(0, self.lacking - self.expected)

    @property
    def first(self) -> Maker | None:
        """Who could have all of it there first, if anybody's time is known."""
        return self.makers[0] if self.makers and self.makers[0].whole_at else None


def find_sources(supply_id: uuid.UUID, *, authority: Authority, at: datetime) -> Sources | None:
    """Who has or makes a supply, of those that the post sees."""
    supply = stock.find_supply(supply_id)
    if supply is None:
        return None
    held = stock.list_held([supply_id], authority=authority, on=localdate(at))
    return Sources(
        tuple(b.store for b in held if b.free),
        tuple(
            c.name
            for c in resources.list_producers()
            if _names(c, supply) and agencies.sees(authority, c.place)
        ),
    )


def find_shortage(need: NeedLine, *, authority: Authority, at: datetime) -> Shortage | None:
    """What stock cannot give to this need, with all who could make it; None when stock can."""
    if need.supply_id is None or not need.stands or need.joined_into_id is not None:
        return None
    wanted = needs.list_open(authority=authority, supply_id=need.supply_id)
    short, held = _short(wanted, authority=authority, at=at)
    own = [one for one in short if one[0].id == need.id]
    found = _with_makers(own, held, authority=authority, at=at)
    return found[0] if found else None


def list_shortages(
    *, authority: Authority, at: datetime, offset: int = 0, limit: int = 50
) -> tuple[list[Shortage], int]:
    """A page of needs of one's area that stock cannot meet, the confirmed and most urgent first; how many.

    Who could make it is looked up for the page alone.
    """
    short, held = _short(needs.list_open(authority=authority), authority=authority, at=at)
    return _with_makers(short[offset : offset + limit], held, authority=authority, at=at), len(short)


Held = dict[uuid.UUID, list[Balance]]


def _short(
    wanted: Sequence[NeedLine], *, authority: Authority, at: datetime
) -> tuple[list[tuple[NeedLine, int]], Held]:
    """Stock is given to the needs of a supply in their order; what is left over is short."""
    of: dict[uuid.UUID, list[NeedLine]] = {}
    for one in wanted:
        if one.supply_id is not None and one.still_open:
            of.setdefault(one.supply_id, []).append(one)
    held: Held = {}
    for balance in stock.list_held(of, authority=authority, on=localdate(at)):
        held.setdefault(balance.supply.id, []).append(balance)
    short: list[tuple[NeedLine, int]] = []
    for supply, lines in of.items():
        free = sum(b.free for b in held.get(supply, ()))
        for line, share in zip(
            lines, rules.share_out([one.still_open or 0 for one in lines], free), strict=True
        ):
            if share.lacking:
                short.append((line, share.free))
    order = {one.id: number for number, one in enumerate(wanted)}
    short.sort(key=lambda one: order[one[0].id])
    return short, held


def _with_makers(
    short: Sequence[tuple[NeedLine, int]], held: Held, *, authority: Authority, at: datetime
) -> list[Shortage]:
    if not short:
        return []
    expected = list_expected({line.id for line, _ in short})
    makers = _Makers([line for line, _ in short], authority=authority, at=at)
    return [
        makers.shortage(line, free, expected.get(line.id, 0), held.get(line.supply_id, []))  # type: ignore[arg-type]
        for line, free in short
    ]


class _Makers:
    """Producers one sees and the ways from them; each register asked once."""

    def __init__(self, wanted: Iterable[NeedLine], *, authority: Authority, at: datetime) -> None:
        wanted = list(wanted)
        self._at = at
        self._supplies = {s.id: s for s in stock.list_supplies()}
        self._cards = [c for c in resources.list_producers() if agencies.sees(authority, c.place)]
        values = hazards.list_dispatch_values(on=localdate(at))
        self._detour, self._km_h = values["detour"].value, values["straight_km_h"].value
        self._least_s = values["least_min"].value * 60
        self._sites = places.list_sites_by_id({one.site for one in wanted if one.site})
        divisions = {one.place for one in wanted} | {one.place for one in self._cards}
        self._divisions = places.list_points_by_code(divisions)
        self._of: dict[uuid.UUID, list[tuple[ProducerCard, bool]]] = {}

    def _who(self, supply: SupplyLine) -> list[tuple[ProducerCard, bool]]:
        """Who makes it, and whether by name; each supply looked through once."""
        if supply.id not in self._of:
            named = [(card, _names(card, supply)) for card in self._cards]
            self._of[supply.id] = [(c, exact) for c, exact in named if exact or _of_class(c, supply)]
        return self._of[supply.id]

    def shortage(self, need: NeedLine, free: int, expected: int, held: Sequence[Balance]) -> Shortage:
        supply = self._supplies[need.supply_id]  # type: ignore[index]
        stores = tuple(b.store for b in held if b.free)
        plain = Shortage(need, need.still_open or 0, free, expected, Sources(stores, ()), ())
        found = [self._maker(card, need, exact, plain.to_buy) for card, exact in self._who(supply)]
        found.sort(key=_order)
        named = tuple(sorted(one.card.name for one in found if one.exact))
        return msgspec.structs.replace(plain, sources=Sources(stores, named), makers=tuple(found))

    def _maker(self, card: ProducerCard, need: NeedLine, exact: bool, quantity: int) -> Maker:
        travel = self._travel(card, need)
        counts = exact and quantity > 0
        cost = None
        if counts and card.unit_price is not None:
            cost = round(card.unit_price * 100) * quantity  # the register's price is in yuan
        if not counts or card.lead_h is None or not card.per_day or travel is None:
            return Maker(card, exact, travel, None, None, cost, late=False)
        offer = Offer(card.lead_h, card.per_day, math.ceil(travel))
        whole = rules.whole_at(self._at, quantity, offer)
        due = need.due_at
        return Maker(
            card, exact, travel, whole,
            by_due=rules.by_then(self._at, due, quantity, offer) if due else None,
            cost_fen=cost,
            late=due is not None and (whole is None or whole > due),
        )  # fmt: skip

    def _travel(self, card: ProducerCard, need: NeedLine) -> float | None:
        """By the estimate that dispatch states where it has no roads."""
        here = (card.lon, card.lat) if card.lon is not None and card.lat is not None else None
        start: Point | None = here or self._divisions.get(card.place)
        site = self._sites.get(need.site)
        end = (site.lon, site.lat) if site else self._divisions.get(need.place)
        if start is None or end is None:
            return None
        return max(self._least_s, distance_m(*start, *end) * self._detour / (self._km_h / 3.6))


def _order(one: Maker) -> tuple[bool, bool, float, str]:
    """Who could have it all there first; then who names the supply; then who makes its class."""
    last = one.whole_at.timestamp() if one.whole_at else 0.0
    return (one.whole_at is None, not one.exact, last, one.card.name)


def _names(card: ProducerCard, supply: SupplyLine) -> bool:
    """Whether the register says that it makes this very supply, by its code or its name."""
    said = card.supply.strip().casefold()
    return bool(said) and said in {
        supply.code.casefold(),
        supply.name_zh.casefold(),
        supply.name_en.casefold(),
    }


def _of_class(card: ProducerCard, supply: SupplyLine) -> bool:
    """Whether it makes things of the supply's class and names no other supply."""
    of = card.kind.rstrip("0")
    return bool(of) and not card.supply.strip() and supply.category.startswith(of)
