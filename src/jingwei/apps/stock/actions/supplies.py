"""What may be kept, and what of it must stay."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import FloorSet, NewSupply, SupplyAdded
from ..models import Floor, Supply
from ..rules import StockRefused


@transaction.atomic
def add_supply(new: NewSupply, *, by: By, moment: Moment) -> uuid.UUID:
    """Add a kind of thing that may be kept. One nobody has listed before is as welcome as a standard one."""
    agencies.require(by, "stock.add_supply", at=moment.at)
    if not new.name_zh.strip() and not new.name_en.strip():
        raise StockRefused("supply_unnamed")
    number = new_id()
    code = new.code.strip()[:40] or f"X-{number.hex[-6:].upper()}"
    if Supply.objects.filter(code=code).exists():
        raise StockRefused("supply_known", code=code)
    if new.pack is not None:
        rules.check_quantity(new.pack)
    row = Supply(
        id=number,
        code=code,
        name_zh=(new.name_zh.strip() or new.name_en.strip())[:100],
        name_en=(new.name_en.strip() or new.name_zh.strip())[:100],
        category=new.category.strip()[:12],
        unit_zh=new.unit_zh.strip()[:12] or "件",
        unit_en=new.unit_en.strip()[:24] or "piece",
        pack=new.pack,
        added_by=by,
        added_at=moment.at,
    )
    row.save(force_insert=True)
    fact = SupplyAdded(supply_id=str(row.pk), code=row.code, category=row.category, unit=row.unit_en)
    record([(fact, row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def set_floor(
    store_id: uuid.UUID, supply_id: uuid.UUID, *, least: int, reason: str, by: By, moment: Moment
) -> None:
    """Set what of a supply must stay in a store; 0: nothing must."""
    store = writes.store_for(store_id, "stock.set_floor", by=by, moment=moment)
    supply = writes.supply_of(supply_id)
    rules.check_quantity(least, least=0)
    if not reason.strip():
        raise StockRefused("stock_reason_missing")
    row = Floor.objects.select_for_update().filter(store_id=store.id, supply=supply).first()
    before = row.least if row else 0
    row = row or Floor(store_id=store.id, supply=supply)
    row.least, row.reason, row.set_by, row.set_at = least, reason.strip()[:300], by, moment.at
    row.save()
    fact = FloorSet(store_id=str(store.id), supply=supply.code, least=least, before=before)
    record([(fact, row)], by=by, moment=moment)
