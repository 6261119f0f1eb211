"""Dispatch orders: the list, and one order as a team holds it in the hand: answer, leave, arrive, count."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions, queries
from jingwei.apps.dispatch.facts import ORDER_OPEN, ORDER_STATES
from jingwei.apps.dispatch.queries import OrderView
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal import queries as journal
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import number_of, time_of
from jingwei.kernel.refusals import Refused

from .dispatch import order_rows
from .stock import PAGE, pages_of

RIGHTS = (
    "acknowledge_order", "refuse_order", "withdraw_order", "send_order", "report_position", "report_arrival",
    "report_receipt", "return_rest", "report_use",
)  # fmt: skip
#: The states that the team's page shows as steps.
STEPS = ("issued", "acknowledged", "under_way", "arrived", "received")


def order_missing(request: Asked) -> HttpResponse:
    return missing_page(
        request, _("This dispatch order is not known here. Look at the list of dispatch orders.")
    )


@signed_in
@require_safe
def list_orders(request: Asked) -> HttpResponse:
    authority, at, names = request.caller.authority, request.moment.at, Names()
    state = request.GET.get("state", "")
    states = (state,) if state in ORDER_STATES else ORDER_OPEN
    count = queries.count_orders(authority=authority, states=states)
    paged = pages_of(request, count)
    found = queries.list_orders(authority=authority, states=states, offset=paged["offset"] or 0, limit=PAGE)
    names.know(
        divisions={one.place for one in found}, sites={one.site for one in found},
        bodies={one.to_organization for one in found},
    )  # fmt: skip
    by_state = queries.count_by_state(authority=authority)
    context = {
        "rows": order_rows(found, names, at),
        "count": count,
        "state": state if state in ORDER_STATES else "",
        "states": [(one, by_state.get(one, 0)) for one in ORDER_STATES],
        "open": sum(by_state.get(one, 0) for one in ORDER_OPEN),
        "tab": "orders",
        "question": f"state={state}" if state in ORDER_STATES else "",
        **paged,
    }
    return render(request, "web/dispatch/orders.html", context)


@signed_in
@require_safe
def order(request: Asked, order_id: uuid.UUID) -> HttpResponse:
    found = queries.find_order(order_id, authority=request.caller.authority)
    return _page(request, found) if found else order_missing(request)


def _page(request: Asked, found: OrderView, refused: Refused | None = None) -> HttpResponse:
    names, at = Names(), request.moment.at
    entries = journal.list_entries(subjects=[str(found.id)], newest=60)
    seen = queries.list_positions(found.id)
    names.know(
        divisions={found.place, found.from_place}, sites={found.site}, bodies={found.to_organization},
        posts={found.from_post, found.escalated_to},
        people=[e.by for e in entries] + [found.issued_by] + [s.by for s in seen],
    )  # fmt: skip
    may = offers(request, *[f"dispatch.{one}" for one in RIGHTS], place=found.from_place)
    may |= offers(request, *[f"dispatch.{one}" for one in _AT_NEED], place=found.place)
    issuer = agencies.list_posts_by_code([found.from_post]).get(found.from_post)
    may -= {"withdraw_order"}
    # who issued it takes it back, wherever the store is
    may |= offers(request, "dispatch.withdraw_order", place=issuer.place if issuer else found.place)
    mine = found.to_organization in ("", request.caller.authority.organization_code)
    incident = (
        incidents.find_incident(found.incident_id, authority=request.caller.authority)
        if found.incident_id
        else None
    )
    reached = STEPS.index(found.state) if found.state in STEPS else -1
    times = (found.issued_at, found.answered_at, found.left_at, found.arrived_at, found.received_at)
    context = {
        "o": found,
        "row": order_rows([found], names, at)[0],
        "where": names.place(found.place, found.site),
        "begins": names.place(found.from_place),
        "keeper": names.organization(found.to_organization) if found.to_organization else None,
        "issuer": names.person(found.issued_by),
        "issued_post": names.post(found.from_post),
        "escalated": names.post(found.escalated_to) if found.escalated_to else None,
        "incident": incident,
        "steps": [
            SimpleNamespace(code=code, at=when, done=n <= reached, now=n == reached)
            for n, (code, when) in enumerate(zip(STEPS, times, strict=True))
        ],
        "seen": [SimpleNamespace(seen=s, who=names.person(s.by)) for s in seen[:20]],
        "history": [
            SimpleNamespace(entry=e, code=e.kind.split("/")[0], who=names.person(e.by))
            for e in reversed(entries)
        ],
        "can": may if mine else may - {"acknowledge_order", "refuse_order", "send_order"},
        "left": None if found.arrived is None else found.arrived - found.returned - found.used,
        "error": refusals.sentence(refused) if refused else "",
        "values": request.POST,
    }
    return render(request, "web/dispatch/order.html", context, status=status_of(refused) if refused else 200)


_AT_NEED = ("report_position", "report_arrival", "report_receipt", "report_use")


def _point(request: Asked) -> tuple[float, float]:
    try:
        return float(request.POST.get("lon", "")), float(request.POST.get("lat", ""))
    except ValueError as error:
        raise Refused("dispatch_point_impossible") from error


def _version(request: Asked) -> dict[str, Any]:
    return {"version": whole(request.POST.get("version")), **act(request)}


def _see(of: uuid.UUID, request: Asked) -> object:
    lon, lat = _point(request)
    v = request.POST.get
    return actions.report_position(
        of, lon, lat, expected_at=time_of(v("expected", "")), words=v("words", ""), **act(request)
    )


def _quantity(request: Asked) -> int:
    return number_of(request.POST.get("quantity", ""))


#: What one button of the order's page does.
ON_ORDER: dict[str, Callable[[uuid.UUID, Asked], object]] = {
    "acknowledge": lambda of, r: actions.acknowledge_order(of, **_version(r)),
    "refuse": lambda of, r: actions.refuse_order(of, reason=r.POST.get("reason", ""), **_version(r)),
    "withdraw": lambda of, r: actions.withdraw_order(of, reason=r.POST.get("reason", ""), **_version(r)),
    "leave": lambda of, r: actions.send_order(
        of, expected_at=time_of(r.POST.get("expected", "")), **_version(r)
    ),
    "see": _see,
    "arrive": lambda of, r: actions.report_arrival(of, **_version(r)),
    "receive": lambda of, r: actions.report_receipt(
        of, arrived=_quantity(r), reason=r.POST.get("reason", ""), **_version(r)
    ),
    "return": lambda of, r: actions.return_rest(of, quantity=_quantity(r), **_version(r)),
    "use": lambda of, r: actions.report_use(of, quantity=_quantity(r), **_version(r)),
}


@signed_in
@require_POST
def on_order(request: Asked, order_id: uuid.UUID, what: str) -> HttpResponse:
    """One step of an order; refused, the page says why and keeps what was typed."""
    found = queries.find_order(order_id, authority=request.caller.authority)
    if found is None:
        return order_missing(request)
    try:
        ON_ORDER[what](order_id, request)
    except Refused as refused:
        return _page(request, found, refused)
    return redirect(f"/dispatch/orders/{order_id}")
