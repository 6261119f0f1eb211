"""What a proposal is made from, read in a handful of queries however much there is."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec
from django.utils.timezone import localdate

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.needs import queries as needs
from jingwei.apps.needs.queries import NeedLine, Sought
from jingwei.apps.places import queries as places
from jingwei.apps.resources import queries as resources
from jingwei.apps.resources.queries import StoreCard
from jingwei.apps.stock import queries as stock
from jingwei.apps.stock.queries import Balance

from ..models import HelpRequest, Line, Pair
from ..rules import LeftOut, Picture, Settled, Stock, StoreAt, Want
from ..rules.picture import Point
from .aid import Helper, list_helpers

#: Needs planned at once, the most urgent first. Source: our estimate, more than a province's worst day.
MOST_NEEDS = 8_000


def read_picture(
    place: str, *, authority: Authority, at: datetime, before: uuid.UUID | None = None
) -> Picture:
    """What is confirmed as needed in a place and not served yet, and what its stores could send.

    `before`: the last proposal of the place, whose open lines should stay as they are where nothing speaks
    against it.
    """
    there = msgspec.structs.replace(authority, place=place)
    found = needs.list_needs(Sought(state="confirmed"), authority=there, at=at, limit=MOST_NEEDS)
    taken = _Taken()
    wanted = [one for one in found if one.joined_into_id is None and taken.still_open(one) != 0]
    held = stock.list_held(
        {one.supply_id for one in wanted if one.supply_id}, authority=there, on=localdate(at)
    )
    held = [one for one in held if taken.free(one) > 0 or one.floor]
    stores = resources.list_stores_by_id({one.store_id for one in held})
    helpers = list_helpers(place, on=localdate(at), asked_for={one.place for one in wanted})
    supplies = {one.supply_id for one in wanted if one.supply_id}
    lent = stock.list_held_at(helpers, supplies, on=localdate(at)) if helpers and supplies else []
    lent = [one for one in lent if taken.free(one) > 0]
    held += lent
    stores |= {one.store_id: helpers[one.store_id].store for one in lent}
    points = _Points(wanted, stores.values())
    values = {code: row.value for code, row in hazards.list_dispatch_values(on=localdate(at)).items()}
    wants, left_out = _split(wanted, points, taken)
    at_stores = _stores(stores.values(), points, values["load_min"], helpers)
    known = {one.store_id for one in at_stores}
    return Picture(
        at=at,
        wants=tuple(wants),
        stores=tuple(at_stores),
        stock=tuple(
            Stock(one.store_id, one.supply.id, taken.free(one), one.floor)
            for one in held
            if one.store_id in known
        ),
        settled=tuple(_settled({one.need_id for one in wants}, before)),
        left_out=tuple(left_out),
        values=values,
    )


class _Points:
    """Where needs and stores are: their own point, else their division's; each register asked once."""

    def __init__(self, wanted: Iterable[NeedLine], stores: Iterable[StoreCard]) -> None:
        wanted, stores = list(wanted), list(stores)
        self._sites = places.list_sites_by_id({one.site for one in wanted if one.site})
        divisions = {one.place for one in wanted} | {one.place for one in stores}
        self._divisions = places.list_points_by_code(divisions)

    def of_need(self, need: NeedLine) -> Point | None:
        site = self._sites.get(need.site)
        return (site.lon, site.lat) if site else self._divisions.get(need.place)

    def of_store(self, store: StoreCard) -> Point | None:
        if store.lon is not None and store.lat is not None:
            return (store.lon, store.lat)
        return self._divisions.get(store.place)


class _Taken:
    """What lines say that a person accepted and no order carries out yet: it is as good as promised.

    What others are asked for is kept out too until they answer, so that nobody is asked twice.
    """

    def __init__(self) -> None:
        self._need: dict[uuid.UUID, int] = {}
        self._lot: dict[tuple[uuid.UUID, uuid.UUID], int] = {}
        what = ("need_id", "store_id", "supply_id", "quantity")
        rows = Line.objects.filter(state="taken").values_list(*what)
        asked = HelpRequest.objects.filter(state="asked").values_list(*what)
        for need, store, supply, quantity in (*rows, *asked):
            self._need[need] = self._need.get(need, 0) + quantity
            self._lot[store, supply] = self._lot.get((store, supply), 0) + quantity

    def still_open(self, need: NeedLine) -> int | None:
        open_ = need.still_open
        return None if open_ is None else max(0, open_ - self._need.get(need.id, 0))

    def free(self, held: Balance) -> int:
        return max(0, held.free - self._lot.get((held.store_id, held.supply.id), 0))


def _split(wanted: Iterable[NeedLine], points: _Points, taken: _Taken) -> tuple[list[Want], list[LeftOut]]:
    """What can be planned, and what cannot with the reason."""
    wants, left_out = [], []
    for one in wanted:
        open_, point = taken.still_open(one), points.of_need(one)
        if one.supply_id is None:
            left_out.append(LeftOut(one.id, open_ or 0, "no_supply"))
        elif open_ is None:
            left_out.append(LeftOut(one.id, 0, "no_quantity"))
        elif point is None:
            left_out.append(LeftOut(one.id, open_, "no_point"))
        else:
            wants.append(
                Want(
                    need_id=one.id, supply_id=one.supply_id, quantity=open_, place=one.place, point=point,
                    priority=one.priority, at=one.at, due_at=one.due_at,
                )
            )  # fmt: skip
    return wants, left_out


def _stores(
    stores: Iterable[StoreCard], points: _Points, load_min: float, helpers: Mapping[uuid.UUID, Helper]
) -> list[StoreAt]:
    found = []
    for one in sorted(stores, key=lambda store: store.id):
        point = points.of_store(one)
        if point is not None:
            own = load_min if one.load_h is None else one.load_h * 60
            help_ = helpers.get(one.id)
            found.append(StoreAt(one.id, one.place, point, own, *(help_.terms if help_ else ())))
    return found


def _settled(wanted: Collection[uuid.UUID], before: uuid.UUID | None) -> list[Settled]:
    pairs = Pair.objects.filter(lifted_at=None, need_id__in=wanted).order_by("at", "pk")
    found = [
        Settled(need, store, kind, quantity or 0)
        for need, store, kind, quantity in pairs.values_list("need_id", "store_id", "kind", "quantity")
    ]
    if before is not None:
        # help of others is asked for anew each time: what the own stores can send now comes first
        lines = Line.objects.filter(proposal_id=before, state="proposed", tier="own").order_by("number")
        found += [Settled(n, s, "before", q) for n, s, q in lines.values_list("need", "store", "quantity")]
    return found
