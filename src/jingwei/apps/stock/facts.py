"""What can be said to have happened to supplies. Who gets them stands in the rows. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

#: Where what comes in may come from; an account outside each.
ORIGINS = ("purchase", "donation", "allotted", "returned", "opening")
#: Why something is written off.
WHY = ("expired", "broken", "lost", "used", "other")


class NewSupply(msgspec.Struct, frozen=True, kw_only=True):
    """A supply as a person describes it; `code` empty: made from nothing but its number."""

    code: str
    name_zh: str
    name_en: str = ""
    category: str = ""
    unit_zh: str = "件"
    unit_en: str = "piece"
    pack: int | None = None


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """What comes into a store. `quantity` in units, or in packages with `in_packs`."""

    supply_id: uuid.UUID
    quantity: int
    in_packs: bool = False
    batch: str = ""
    expires_on: str = ""
    origin: str = "purchase"
    source: str = ""
    key: str = ""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be held for somebody. Going into what must stay needs the reason."""

    supply_id: uuid.UUID
    quantity: int
    for_whom: str
    place: str = ""
    due_at: datetime | None = None
    reason: str = ""
    key: str = ""


class SupplyAdded(Fact, frozen=True, kw_only=True):
    """A supply was added to the list of what may be kept."""

    KIND: ClassVar[str] = "stock.supply_added/1"
    SUBJECT: ClassVar[str] = "supply_id"

    supply_id: str
    code: str
    category: str
    unit: str


class StockReceived(Fact, frozen=True, kw_only=True):
    """Something came into a store: bought, given, allotted, brought back, or found there at the beginning."""

    KIND: ClassVar[str] = "stock.received/1"
    SUBJECT: ClassVar[str] = "move_id"

    move_id: str
    store_id: str
    lot_id: str
    supply: str
    quantity: int
    origin: str


class StockMoved(Fact, frozen=True, kw_only=True):
    """Something went from one store to another."""

    KIND: ClassVar[str] = "stock.moved/1"
    SUBJECT: ClassVar[str] = "move_id"

    move_id: str
    lot_id: str
    to_lot_id: str
    supply: str
    quantity: int


class StockCounted(Fact, frozen=True, kw_only=True):
    """A lot was counted; the books follow what was found."""

    KIND: ClassVar[str] = "stock.counted/1"
    SUBJECT: ClassVar[str] = "move_id"

    move_id: str
    lot_id: str
    supply: str
    before: int
    counted: int


class StockWrittenOff(Fact, frozen=True, kw_only=True):
    """Something is no longer there to be used: expired, broken, lost, used up."""

    KIND: ClassVar[str] = "stock.written_off/1"
    SUBJECT: ClassVar[str] = "move_id"

    move_id: str
    lot_id: str
    supply: str
    quantity: int
    why: str


class FloorSet(Fact, frozen=True, kw_only=True):
    """What must stay of a supply in a store was set."""

    KIND: ClassVar[str] = "stock.floor_set/1"
    SUBJECT: ClassVar[str] = "store_id"

    store_id: str
    supply: str
    least: int
    before: int


class StockPromised(Fact, frozen=True, kw_only=True):
    """So much is held for somebody, out of these lots. `into_floor`: units of it that were to stay."""

    KIND: ClassVar[str] = "stock.promised/1"
    SUBJECT: ClassVar[str] = "promise_id"

    promise_id: str
    store_id: str
    supply: str
    quantity: int
    lots: dict[str, int]
    into_floor: int


class PromiseCancelled(Fact, frozen=True, kw_only=True):
    """What was held is free again."""

    KIND: ClassVar[str] = "stock.promise_cancelled/1"
    SUBJECT: ClassVar[str] = "promise_id"

    promise_id: str
    reason: str


class PromiseShipped(Fact, frozen=True, kw_only=True):
    """What was held left the store and is on the road."""

    KIND: ClassVar[str] = "stock.promise_shipped/1"
    SUBJECT: ClassVar[str] = "promise_id"

    promise_id: str
    move_id: str
    quantity: int


class PromiseArrived(Fact, frozen=True, kw_only=True):
    """What was sent came to who gets it: so much of it; the rest is a difference with its reason."""

    KIND: ClassVar[str] = "stock.promise_arrived/1"
    SUBJECT: ClassVar[str] = "promise_id"

    promise_id: str
    move_id: str
    sent: int
    arrived: int
