"""Steps that the actions share: for whom it is, a purchase found with the right and locked, a repeat."""

import uuid
from typing import Any

import msgspec

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.needs import queries as needs
from jingwei.apps.resources import queries as resources
from jingwei.kernel.moments import By, Moment

from .facts import NewPurchase
from .models import Purchase
from .rules import PurchaseRefused


class ForWhom(msgspec.Struct, frozen=True):
    """The place that is asked for a right, what is bought, and for which incident."""

    place: str
    supply_id: uuid.UUID
    incident_id: uuid.UUID | None


def whom_for(new: NewPurchase, *, by: By, moment: Moment) -> ForWhom:
    """A need that stands and names a supply, else a store with a supply named beside it."""
    store = resources.find_store(new.store_id) if new.store_id else None
    if new.store_id is not None and store is None:
        raise PurchaseRefused("purchase_for_nothing")
    if new.need_id is not None:
        need = needs.find_standing(new.need_id)
        if need is None or need.supply_id is None:
            raise PurchaseRefused("purchase_for_nothing")
        return ForWhom(need.place, need.supply_id, need.incident_id)
    if store is None or new.supply_id is None:
        raise PurchaseRefused("purchase_for_nothing")
    return ForWhom(store.place, new.supply_id, None)


def purchase_for(
    purchase_id: uuid.UUID, right: str, *, version: int | None = None, by: By, moment: Moment
) -> Purchase:
    """The purchase, locked, once the right is asked for; `version`: what the caller has seen."""
    row = Purchase.objects.select_for_update().filter(pk=purchase_id).first()
    if row is None:
        raise PurchaseRefused("purchase_unknown")
    agencies.require(by, right, at=moment.at, place=row.place)
    if version is not None and version != row.version:
        raise PurchaseRefused("purchase_changed_meanwhile")
    return row


def save(row: Purchase, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*(n.removesuffix("_id") for n in changes), "version"])


def find_repeat(key: str, asked: str, *, by: By) -> Purchase | None:
    """What this caller ordered under this key before, if it was the same."""
    found = Purchase.objects.filter(by=by, key=key[:100]).first() if key else None
    if found is not None and found.asked != asked:
        raise PurchaseRefused("purchase_key_reused")
    return found
