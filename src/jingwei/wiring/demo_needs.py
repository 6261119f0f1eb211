"""Needs of the demo: made up, and said so in their words."""

import csv
from datetime import timedelta
from typing import Any

from django.conf import settings

from jingwei.kernel.moments import By, Moment


def fill_needs(case: str, *, by: By, moment: Moment) -> int:
    """Ask, confirm and advise as people would. Returns how many lines were taken."""
    file = settings.JINGWEI_DATA / "demo" / case / "needs.csv"
    if not file.is_file():
        return 0
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    act: dict[str, Any] = {"by": by, "moment": moment}
    take = {"need": _ask, "advice": _advise}
    return sum(take[row["what"]](row, act) for row in rows)


def _ask(row: dict[str, str], act: dict[str, Any]) -> bool:
    from jingwei.apps.needs import actions
    from jingwei.apps.needs.facts import NewNeed
    from jingwei.apps.stock import queries as stock

    supply = next((s.id for s in stock.list_supplies() if s.code == row["supply"]), None)
    due = act["moment"].at + timedelta(hours=int(row["due_hours"])) if row["due_hours"] else None
    new = NewNeed(
        supply_id=supply,
        words=row["words"],
        unit=row["unit"],
        item_class=row["class"],
        quantity=int(row["quantity"]) if row["quantity"] else None,
        place=row["place"],
        due_at=due,
        people=int(row["people"]) if row["people"] else None,
        groups=tuple(row["groups"].split()),
        asker=row["asker"],
        why=row["why"],
    )
    need = actions.ask_need(new, **act)
    if row["confirmed"]:
        actions.confirm_need(need, **act)
    return True


def _advise(row: dict[str, str], act: dict[str, Any]) -> bool:
    from jingwei.apps.needs import actions
    from jingwei.apps.needs.facts import NewAdvice

    (zh, _, en), (why_zh, _, why_en) = row["words"].partition("|"), row["why"].partition("|")
    new = NewAdvice(
        words_zh=zh,
        words_en=en,
        place=row["place"],
        reason_zh=why_zh,
        reason_en=why_en,
        valid_until=act["moment"].at + timedelta(hours=int(row["due_hours"])),
    )
    actions.advise_against(new, **act)
    return True
