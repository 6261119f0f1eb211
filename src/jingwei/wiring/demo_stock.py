"""Stores and stock of the demo: made up, and said so in their names."""

import csv
import uuid
from typing import Any

from django.conf import settings

from jingwei.kernel.moments import By, Moment


def fill_stock(case: str, *, by: By, moment: Moment, in_chinese: bool = True) -> int:
    """Enter the demo's stores and what they hold, as an operator would. Returns how many lots."""
    from jingwei.apps.registers import actions as registers
    from jingwei.apps.stock import actions as stock
    from jingwei.apps.stock.facts import Incoming, NewSupply

    file = settings.JINGWEI_DATA / "demo" / case / "stock.csv"
    if not file.is_file():
        return 0
    stores: dict[str, uuid.UUID] = {}
    supplies: dict[str, uuid.UUID] = {}
    floors: set[tuple[str, str]] = set()
    act: dict[str, Any] = {"by": by, "moment": moment}
    values: dict[str, Any]
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        name, code = row["store"], row["supply"]
        if name not in stores:
            values = {"name": name, "place": row["place"], "kind": row["kind"], "owner": row["owner"]}
            if row.get("lon"):
                values |= {"lon": float(row["lon"]), "lat": float(row["lat"])}
            stores[name] = registers.add_row("stores", values, **act)
        if code not in supplies:
            new = NewSupply(
                code=code,
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                category=row["category"],
                unit_zh=row["unit_zh"],
                unit_en=row["unit_en"],
                pack=int(row["pack"]) if row["pack"] else None,
            )
            supplies[code] = stock.add_supply(new, **act)
        incoming = Incoming(
            supply_id=supplies[code],
            quantity=int(row["quantity"]),
            batch=row["batch"],
            expires_on=row["expires_on"],
            origin="opening",
            source="演示数据" if in_chinese else "demonstration",
        )
        stock.receive_stock(stores[name], incoming, **act)
        if int(row["floor"]) and (name, code) not in floors:
            floors.add((name, code))
            stock.set_floor(
                stores[name], supplies[code], least=int(row["floor"]),
                reason="演示：汛期保底" if in_chinese else "demo: kept back for the flood", **act,
            )  # fmt: skip
    return len(rows)
