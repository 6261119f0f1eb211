"""What can be said to have happened to purchases. Who makes it stands in the register. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

#: A purchase that is still to come; the others are over.
WAITED_FOR = ("ordered", "confirmed")
STATES = (*WAITED_FOR, "delivered", "cancelled")


class NewPurchase(msgspec.Struct, frozen=True, kw_only=True):
    """What is ordered, for a need or for a store. `price_fen`: per unit, in 0.01 yuan; None: not agreed."""

    producer_id: uuid.UUID
    quantity: int
    expected_at: datetime
    supply_id: uuid.UUID | None = None
    need_id: uuid.UUID | None = None
    store_id: uuid.UUID | None = None
    price_fen: int | None = None
    note: str = ""
    key: str = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What came, in units, into which store. `reason`: why it is not what was ordered."""

    store_id: uuid.UUID
    arrived: int
    batch: str = ""
    expires_on: str = ""
    reason: str = ""
    key: str = ""


class SuppliesOrdered(Fact, frozen=True, kw_only=True):
    """A person ordered something from a producer, for a need or for a store."""

    KIND: ClassVar[str] = "purchases.ordered/1"
    SUBJECT: ClassVar[str] = "purchase_id"

    purchase_id: str
    producer_id: str
    supply: str
    need_id: str | None
    store_id: str | None
    incident_id: str | None
    quantity: int
    price_fen: int | None
    expected_at: datetime


class PurchaseConfirmed(Fact, frozen=True, kw_only=True):
    """The producer said yes, and by when."""

    KIND: ClassVar[str] = "purchases.confirmed/1"
    SUBJECT: ClassVar[str] = "purchase_id"

    purchase_id: str
    expected_at: datetime


class PurchaseDelivered(Fact, frozen=True, kw_only=True):
    """What was ordered came into a store: so much of it; the rest is a difference with its reason."""

    KIND: ClassVar[str] = "purchases.delivered/1"
    SUBJECT: ClassVar[str] = "purchase_id"

    purchase_id: str
    store_id: str
    move_id: str
    ordered: int
    arrived: int
    reason: str


class PurchaseCancelled(Fact, frozen=True, kw_only=True):
    """It will not come; the reason says why."""

    KIND: ClassVar[str] = "purchases.cancelled/1"
    SUBJECT: ClassVar[str] = "purchase_id"

    purchase_id: str
    reason: str
