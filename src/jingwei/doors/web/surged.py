"""What pages of needs and of purchases share: orders as lists draw them, who could deliver, one source."""

from types import SimpleNamespace

from jingwei.apps.needs.queries import NeedLine
from jingwei.apps.purchases import queries
from jingwei.apps.purchases.queries import PurchaseLine
from jingwei.doors.web.door import Asked, offers
from jingwei.doors.web.names import Names

RIGHTS = ("order_supplies", "confirm_purchase", "receive_purchase", "cancel_purchase")


def can(request: Asked, place: str | None = None) -> set[str]:
    """What this post may do with purchases, there."""
    return offers(request, *[f"purchases.{one}" for one in RIGHTS], place=place)


def surge_of(request: Asked, line: NeedLine) -> dict[str, object]:
    """What the page of a need says of it: who could deliver, what is ordered, what hangs on one source."""
    authority, at = request.caller.authority, request.moment.at
    sources = (
        queries.find_sources(line.supply_id, authority=authority, at=at)
        if line.supply_id and line.stands
        else None
    )
    return {
        "short": queries.find_shortage(line, authority=authority, at=at),
        "sources": sources,
        "orders": rows_of_orders(request, queries.list_of_need(line.id, authority=authority), Names()),
        "may_order": "order_supplies" in can(request, line.place),
    }


def rows_of_orders(request: Asked, found: list[PurchaseLine], names: Names) -> list[SimpleNamespace]:
    """Purchases as lists draw them."""
    names.know(divisions={one.place for one in found}, people=[one.by for one in found])
    return [
        SimpleNamespace(
            line=one,
            place=names.place(one.place),
            who=names.person(one.by),
            late=one.is_late(request.moment.at),
        )
        for one in found
    ]
