"""How the ledger is kept: what may be promised, out of which lots; nothing comes from nowhere. Pure."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from jingwei.kernel.refusals import Refused

#: Accounts outside the stores, beside those that what comes in comes from.
ROAD, USED, LOST, DIFFERENCE, WRITTEN_OFF = "road", "delivered", "lost", "difference", "written_off"
#: Most units in one move. Source: our estimate, more than the country's stock of anything, 2026-11-29.
MOST = 1_000_000_000


class StockRefused(Refused):
    """`supply_unknown`, `supply_known`, `supply_unnamed`, `store_unknown`, `lot_unknown`, `promise_unknown`,

    `quantity_impossible`, `pack_unknown`, `expiry_unreadable`, `origin_unknown`, `not_enough_free`,
    `below_floor`, `stock_reason_missing`, `promised_more`, `same_store`, `promise_not_open`,
    `promise_not_sent`, `receiver_missing`, `ledger_key_reused`.
    """


class Held(msgspec.Struct, frozen=True):
    """A lot as a promise looks at it."""

    id: uuid.UUID
    expires_on: str
    batch: str
    on_hand: int
    promised: int

    @property
    def free(self) -> int:
        return self.on_hand - self.promised


def check_quantity(quantity: int, *, least: int = 1) -> int:
    if not least <= quantity <= MOST:
        raise StockRefused("quantity_impossible")
    return quantity


def check_expiry(text: str) -> str:
    """The date as it is kept; '' does not expire."""
    if not text.strip():
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise StockRefused("expiry_unreadable") from error


def is_expired(expires_on: str, *, on: date) -> bool:
    """Whether it may no longer be given out: the day named is the last on which it may."""
    return bool(expires_on) and expires_on < on.isoformat()


def first_out(lots: Iterable[Held], *, on: date) -> list[Held]:
    """What may be promised, in the order in which it goes out: first expired first, then by batch."""
    usable = [lot for lot in lots if lot.free > 0 and not is_expired(lot.expires_on, on=on)]
    return sorted(usable, key=lambda lot: (lot.expires_on or "9999", lot.batch, lot.id))


def pick(
    lots: Sequence[Held], quantity: int, *, floor: int, into_floor: bool, on: date
) -> dict[uuid.UUID, int]:
    """Out of which lots the quantity is taken. Raises `not_enough_free` or `below_floor`."""
    usable = first_out(lots, on=on)
    free = sum(lot.free for lot in usable)
    if quantity > free:
        raise StockRefused("not_enough_free", free=max(0, free), wanted=quantity)
    if quantity > free - floor and not into_floor:
        raise StockRefused("below_floor", free=max(0, free - floor), wanted=quantity, floor=floor)
    taken: dict[uuid.UUID, int] = {}
    for lot in usable:
        if quantity <= 0:
            break
        taken[lot.id] = min(lot.free, quantity)
        quantity -= taken[lot.id]
    return taken


def is_balanced(postings: Iterable[tuple[uuid.UUID, int]]) -> bool:
    """Whether the postings, as supply and units, sum to nothing for each supply."""
    sums: dict[uuid.UUID, int] = {}
    for supply, quantity in postings:
        sums[supply] = sums.get(supply, 0) + quantity
    return not any(sums.values())
