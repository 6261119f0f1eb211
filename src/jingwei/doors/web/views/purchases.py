"""Purchases: what stock cannot meet with who could deliver, the orders with their cost, and one order."""

import uuid
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal import queries as journal
from jingwei.apps.needs import queries as needs
from jingwei.apps.purchases import queries
from jingwei.apps.purchases.facts import STATES
from jingwei.apps.purchases.queries import PurchaseLine, SoughtPurchases
from jingwei.doors.web.door import Asked, missing_page, signed_in, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.surged import can, rows_of_orders

from .needs import rows_of
from .stock import PAGE, pages_of
from .stock_acts import stores_of


def purchase_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This purchase is not known here. Look for it in the list of purchases."))


@signed_in
@require_safe
def list_short(request: Asked) -> HttpResponse:
    """Needs that stock cannot meet, with who could have it there first."""
    authority, at = request.caller.authority, request.moment.at
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    shown, count = queries.list_shortages(authority=authority, at=at, offset=offset, limit=PAGE)
    paged, names = pages_of(request, count), Names()
    rows = rows_of(request, [one.need for one in shown], names)
    context = {
        "rows": [SimpleNamespace(r=r, short=s) for r, s in zip(rows, shown, strict=True)],
        "count": count,
        "tab": "short",
        **paged,
    }
    return render(request, "web/purchases/short.html", context)


def _sought(request: Asked) -> SoughtPurchases:
    asked = request.GET
    return SoughtPurchases(
        state=asked.get("state", "") if asked.get("state") in STATES else "",
        incident_id=uuid_of(asked.get("incident", "")),
    )


@signed_in
@require_safe
def list_purchases(request: Asked) -> HttpResponse:
    authority, sought = request.caller.authority, _sought(request)
    count = queries.count_purchases(sought, authority=authority)
    paged, names = pages_of(request, count), Names()
    found = queries.list_purchases(sought, authority=authority, offset=paged["offset"] or 0, limit=PAGE)
    of = sought.incident_id
    context = {
        "rows": rows_of_orders(request, found, names),
        "count": count,
        "cost": queries.total_cost(sought, authority=authority),
        "incident": incidents.find_incident(of, authority=authority) if of else None,
        "asked": request.GET,
        "question": urlencode(
            [(n, request.GET[n][:40]) for n in ("state", "incident") if request.GET.get(n)]
        ),
        "states": STATES,
        "tab": "purchases",
        "can": can(request),
        **paged,
    }
    return render(request, "web/purchases/list.html", context)


@signed_in
@require_safe
def purchase(request: Asked, purchase_id: uuid.UUID) -> HttpResponse:
    line = queries.find_purchase(purchase_id, authority=request.caller.authority)
    if line is None:
        return purchase_missing(request)
    return render(request, "web/purchases/purchase.html", purchase_context(request, line))


def purchase_context(request: Asked, line: PurchaseLine, **more: object) -> dict[str, object]:
    """All that is known of a purchase: for what, what it costs, what was done."""
    authority, names = request.caller.authority, Names()
    entries = journal.list_entries(subjects=[str(line.id)], newest=100)
    names.know(people=[e.by for e in entries])
    return {
        "row": rows_of_orders(request, [line], names)[0],
        "line": line,
        "need": needs.find_need(line.need_id, authority=authority) if line.need_id else None,
        "incident": incidents.find_incident(line.incident_id, authority=authority)
        if line.incident_id
        else None,
        "cost": queries.total_cost(SoughtPurchases(incident_id=line.incident_id), authority=authority)
        if line.incident_id
        else None,
        "stores": stores_of(request) if line.is_waited_for else [],
        "chosen": request.POST.get("store", "") or str(line.store_id or ""),
        "history": [
            SimpleNamespace(entry=e, code=e.kind.split("/")[0], who=names.person(e.by))
            for e in reversed(entries)
        ],
        "can": can(request, line.place),
        "values": request.POST,
        **more,
    }
