"""By when a producer could have it all there, what stock cannot give, what hangs on one source. Pure."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

import msgspec

from jingwei.kernel.refusals import Refused

from .facts import WAITED_FOR

#: Seconds of an hour and of a day. Source: definition.
HOUR_S, DAY_S = 3_600, 86_400
#: What would come later than this many days is no answer to an emergency. Source: our estimate, 2026-11-30.
FARTHEST_DAYS = 365
#: Most units of one order. Source: our estimate, as for one move of stock, 2026-11-30.
MOST = 1_000_000_000
#: Highest price of a unit and of an order, in 0.01 yuan. Source: our estimate, ten million and ten trillion
#: yuan, so that sums stay numbers that a database holds, 2026-11-30.
MOST_FEN, MOST_COST_FEN = 1_000_000_000, 1_000_000_000_000_000


class PurchaseRefused(Refused):
    """`purchase_unknown`, `purchase_quantity_impossible`, `purchase_price_impossible`,

    `purchase_for_nothing`, `purchase_expected_missing`, `purchase_changed_meanwhile`, `purchase_over`,
    `purchase_reason_missing`, `purchase_key_reused`, `producer_unknown`.
    """


class Offer(msgspec.Struct, frozen=True):
    """What a producer could do: hours until it begins, units a day, seconds on the way."""

    lead_h: float
    per_day: int
    travel_s: float


class Wanted(msgspec.Struct, frozen=True):
    """What a need is still short of, by its place in the order of urgency; `free`: left of stock for it."""

    quantity: int
    free: int

    @property
    def lacking(self) -> int:
        return max(0, self.quantity - self.free)


def _begin_s(offer: Offer) -> Fraction:
    """Lead time and way: what passes whatever is ordered."""
    return Fraction(str(offer.lead_h)) * HOUR_S + Fraction(str(offer.travel_s))


def whole_at(at: datetime, quantity: int, offer: Offer) -> datetime | None:
    """When all of it could be there: lead time + quantity / daily output + way, up to the next second.

    None when that would take longer than anybody waits for, or nothing is made.
    """
    if offer.per_day <= 0:
        return None
    took = _begin_s(offer) + Fraction(quantity * DAY_S, offer.per_day)
    return None if took > FARTHEST_DAYS * DAY_S else at + timedelta(seconds=math.ceil(took))


def by_then(at: datetime, due_at: datetime, quantity: int, offer: Offer) -> int:
    """How many of the quantity could be there by the deadline; made one after another, sent as made."""
    left = math.floor((due_at - at).total_seconds()) - _begin_s(offer)
    made = math.floor(left * offer.per_day / DAY_S) if left > 0 else 0
    return max(0, min(quantity, made))


def share_out(wanted: Sequence[int], free: int) -> list[Wanted]:
    """Free stock given to needs in their order: what each is short of, and what is left for it."""
    found = []
    for quantity in wanted:
        found.append(Wanted(quantity, min(quantity, free)))
        free -= min(quantity, free)
    return found


def dependence(stores: int, producers: int) -> str:
    """What hangs on one source: one_each, one_store, one_producer, none at all, or '' for several."""
    if stores > 1 or producers > 1:
        return ""
    return {(1, 1): "one_each", (1, 0): "one_store", (0, 1): "one_producer"}.get((stores, producers), "none")


def check_quantity(quantity: int) -> int:
    if not 1 <= quantity <= MOST:
        raise PurchaseRefused("purchase_quantity_impossible")
    return quantity


def check_price(price_fen: int | None, units: int) -> None:
    if price_fen is None:
        return
    if not 0 <= price_fen <= MOST_FEN or price_fen * units > MOST_COST_FEN:
        raise PurchaseRefused("purchase_price_impossible")


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise PurchaseRefused("purchase_reason_missing")
    return reason.strip()[:300]


def check_waited_for(state: str) -> None:
    """Only what is still to come can be confirmed, taken in or cancelled."""
    if state not in WAITED_FOR:
        raise PurchaseRefused("purchase_over")
