"""What a proposal is made from: needs, stores, what may leave them, what people settled. Frozen values."""

import uuid
from datetime import datetime

import msgspec

Point = tuple[float, float]


class Want(msgspec.Struct, frozen=True):
    """What a confirmed need is still short of. `point`: (lon, lat) of its site, else of its division."""

    need_id: uuid.UUID
    supply_id: uuid.UUID
    quantity: int
    place: str
    point: Point
    priority: int
    at: datetime
    due_at: datetime | None


class StoreAt(msgspec.Struct, frozen=True):
    """A store that may send. `load_min`: from the order until it leaves.

    Outside the own tier: `agreement`, the row it would be asked under, or who is above; `agreed`, its name;
    `until_at`, it must leave before; `serves`, the only divisions it may be asked for, empty: all.
    """

    store_id: uuid.UUID
    place: str
    point: Point
    load_min: float
    tier: str = "own"
    agreement: str = ""
    agreed: str = ""
    until_at: datetime | None = None
    serves: tuple[str, ...] = ()


class Stock(msgspec.Struct, frozen=True):
    """What may leave a store of one supply, above its floor, in units."""

    store_id: uuid.UUID
    supply_id: uuid.UUID
    free: int
    floor: int


class Settled(msgspec.Struct, frozen=True):
    """A person's word about a need and a store, or the last proposal's line: kind keep, bar or before."""

    need_id: uuid.UUID
    store_id: uuid.UUID
    kind: str
    quantity: int = 0


class LeftOut(msgspec.Struct, frozen=True):
    """A need that cannot be planned, and why: no_supply, no_quantity, no_point."""

    need_id: uuid.UUID
    quantity: int
    why: str


class Picture(msgspec.Struct, frozen=True):
    """Everything that a proposal is made from, at one moment. `values`: the numbers dispatch counts with."""

    at: datetime
    wants: tuple[Want, ...]
    stores: tuple[StoreAt, ...]
    stock: tuple[Stock, ...]
    settled: tuple[Settled, ...]
    left_out: tuple[LeftOut, ...]
    values: dict[str, float]
