"""Totals: by item and place what is needed, beside what stock gives and holds. Each need counts once."""

import uuid
from datetime import date

import msgspec
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.stock import queries as stock
from jingwei.apps.stock.queries import SupplyTotal

from ..facts import STANDING
from ..models import Serving
from .lines import Served, visible


class Total(msgspec.Struct, frozen=True):
    """One item at one place: what was asked, found, estimated and confirmed, each for itself, in units.

    An estimate is not added to what was asked: both speak of the same people. `confirmed`: of any origin.
    `unsaid`: needs that do not say how much. `stock`: what the stores of one's area hold of it, if a supply.
    """

    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    place: str
    priority: int
    needs: int
    unsaid: int
    asked: int
    found: int
    estimated: int
    confirmed: int
    served: Served
    stock: SupplyTotal | None

    @property
    def still_open(self) -> int:
        """Of what is confirmed: what nothing is promised for yet."""
        return max(0, self.confirmed - self.served.all)


def list_totals(*, authority: Authority, on: date, incident_id: uuid.UUID | None = None) -> list[Total]:
    """What is needed, by item and place. Each need counts once: what was joined counts as the one it is."""
    rows = visible(authority).filter(state__in=STANDING, joined_into=None)
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    sums = list(
        rows.values("item_key", "place", "supply_id")
        .annotate(
            item_zh=Min("item_zh"), item_en=Min("item_en"), unit_zh=Min("unit_zh"), unit_en=Min("unit_en"),
            first=Min("priority"), number=Count("pk"), unsaid=Count("pk", filter=Q(quantity=None)),
            **{o: Coalesce(Sum("quantity", filter=Q(origin=o)), 0) for o in ("asked", "found", "estimated")},
            confirmed=Coalesce(Sum("quantity", filter=Q(state="confirmed")), 0),
        )
        .order_by("first", "item_key", "place")
    )  # fmt: skip
    served = _served_by_item(rows)
    totals = stock.list_supply_totals(
        {s["supply_id"] for s in sums if s["supply_id"]}, authority=authority, on=on
    )
    return [
        Total(
            item_zh=s["item_zh"], item_en=s["item_en"], unit_zh=s["unit_zh"], unit_en=s["unit_en"],
            place=s["place"], priority=s["first"], needs=s["number"], unsaid=s["unsaid"], asked=s["asked"],
            found=s["found"], estimated=s["estimated"], confirmed=s["confirmed"],
            served=served.get((s["item_key"], s["place"]), Served()), stock=totals.get(s["supply_id"]),
        )
        for s in sums
    ]  # fmt: skip


def _served_by_item(rows: QuerySet) -> dict[tuple[str, str], Served]:
    """What stock gives towards these needs and those joined into them, by item and place of the need."""
    ids = {pk: (key, place) for pk, key, place in rows.values_list("pk", "item_key", "place")}
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for need, into, state, quantity, arrived in (
        Serving.objects.filter(need__state__in=STANDING)
        .values_list("need_id", "need__joined_into_id", "promise__state")
        .annotate(q=Sum("promise__quantity"), a=Coalesce(Sum("promise__arrived"), 0))
        .order_by()
    ):
        of = ids.get(into or need)
        if of is not None:
            known = sums.setdefault(of, {})
            known[state] = known.get(state, 0) + (arrived if state == "arrived" else quantity)
    return {
        of: Served(promised=s.get("open", 0), sent=s.get("sent", 0), arrived=s.get("arrived", 0))
        for of, s in sums.items()
    }
