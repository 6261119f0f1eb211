"""Stock of supplies: what there is in which store, its lots and their books, what is promised to whom."""

import uuid
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.needs import queries as needs
from jingwei.apps.stock import queries
from jingwei.apps.stock.queries import Balance, PromiseView
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, missing_page, offers, signed_in, whole
from jingwei.doors.web.names import Names
from jingwei.engines.sheets import writing

from .register_files import MOST, TYPES

#: Rows of one page.
PAGE = 50
RIGHTS = (
    "add_supply", "receive_stock", "move_stock", "count_stock", "write_off", "set_floor", "promise_stock",
    "cancel_promise", "ship_promise", "confirm_arrival",
)  # fmt: skip


def can(request: Asked, place: str | None = None) -> set[str]:
    """What this post may do with supplies, there."""
    return offers(request, *[f"stock.{one}" for one in RIGHTS], place=place)


def stock_missing(request: Asked) -> HttpResponse:
    return missing_page(
        request, _("This is not known here, or lies in another area. Look for it in the stock.")
    )


def pages_of(request: Asked, count: int) -> dict[str, int | None]:
    """Where this page begins, and the ones before and after it."""
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    return {
        "offset": offset,
        "earlier": max(0, offset - PAGE) if offset else None,
        "later": offset + PAGE if offset + PAGE < count else None,
    }


@signed_in
@require_safe
def list_stock(request: Asked) -> HttpResponse:
    authority, text = request.caller.authority, request.GET.get("q", "")[:100]
    count = queries.count_balances(authority=authority, text=text)
    paged = pages_of(request, count)
    found = queries.list_balances(
        authority=authority,
        on=localdate(request.moment.at),
        text=text,
        offset=paged["offset"] or 0,
        limit=PAGE,
    )
    names = Names()
    context = {
        "rows": [SimpleNamespace(line=one, place=names.place(one.place)) for one in found],
        "count": count,
        "text": text,
        "question": urlencode({"q": text}) if text else "",
        "tab": "stock",
        "can": can(request),
        **paged,
    }
    return render(request, "web/stock/list.html", context)


@signed_in
@require_safe
def export(request: Asked, kind: str) -> HttpResponse:
    """What the list seeks, all pages of it, as a file."""
    if kind not in TYPES:
        raise Http404
    table = _table(
        queries.list_balances(
            authority=request.caller.authority,
            on=localdate(request.moment.at),
            text=request.GET.get("q", "")[:100],
            limit=MOST,
        )
    )
    title = _("Stock of supplies")
    body = writing.write_csv(table) if kind == "csv" else writing.write_xlsx(table, name=title)
    answer = HttpResponse(body, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="stock.{kind}"'
    return answer


def _table(found: Sequence[Balance]) -> Iterator[Sequence[str | int | float | None]]:
    zh = terms.is_zh()
    yield [
        _("Code"), _("Supply"), _("Unit"), _("Store"), _("Division code"), _("On hand"), _("Promised"),
        _("Expired"), _("Floor"), _("Free"), _("First to expire"),
    ]  # fmt: skip
    for one in found:
        supply = one.supply
        yield [
            supply.code,
            supply.name_zh if zh else supply.name_en,
            supply.unit_zh if zh else supply.unit_en,
            one.store,
            one.place,
            one.on_hand,
            one.promised,
            one.expired,
            one.floor,
            one.free,
            one.expires_on,
        ]


def balance_of(request: Asked, store_id: uuid.UUID, supply_id: uuid.UUID) -> Balance | None:
    """What this store holds of this supply, if this post may see it."""
    found = queries.list_balances(
        authority=request.caller.authority,
        on=localdate(request.moment.at),
        store_id=store_id,
        supply_id=supply_id,
    )
    return found[0] if found else None


@signed_in
@require_safe
def held(request: Asked, store_id: uuid.UUID, supply_id: uuid.UUID) -> HttpResponse:
    balance = balance_of(request, store_id, supply_id)
    if balance is None:
        return stock_missing(request)
    lots = queries.list_lots(
        store_id=store_id,
        supply_id=supply_id,
        authority=request.caller.authority,
        on=localdate(request.moment.at),
    )
    context = {"balance": balance, "supply": balance.supply, "lots": lots, "can": can(request, balance.place)}
    return render(request, "web/stock/held.html", context)


@signed_in
@require_safe
def lot(request: Asked, lot_id: uuid.UUID) -> HttpResponse:
    found = queries.find_lot(lot_id, authority=request.caller.authority, on=localdate(request.moment.at))
    if found is None:
        return stock_missing(request)
    book, names = queries.list_postings(lot_id), Names()
    names.know(people=[one.by for one in book])
    rows = [
        SimpleNamespace(
            line=one, who=names.person(one.by), said=" · ".join(filter(None, (_why(one), one.source)))
        )
        for one in book
    ]
    return render(
        request, "web/stock/lot.html", {"lot": found, "book": rows, "can": can(request, found.place)}
    )


def _why(one: queries.PostingLine) -> str:
    """The reason as said; of what was written off its word first."""
    if one.kind != "write_off":
        return one.reason
    word, _space, said = one.reason.partition(" ")
    return " · ".join(filter(None, (terms.say("stock_why", word), said)))


@signed_in
@require_safe
def list_promises(request: Asked) -> HttpResponse:
    authority = request.caller.authority
    tab = "done" if request.GET.get("view") == "done" else "open"
    states = ("arrived", "cancelled") if tab == "done" else ("open", "sent")
    count = queries.count_promises(authority=authority, states=states)
    paged, names = pages_of(request, count), Names()
    found = queries.list_promises(authority=authority, states=states, offset=paged["offset"] or 0, limit=PAGE)
    names.know(people=[one.by for one in found])
    rows = [SimpleNamespace(line=one, who=names.person(one.by)) for one in found]
    return render(request, "web/stock/promises.html", {"rows": rows, "count": count, "tab": tab, **paged})


@signed_in
@require_safe
def promise(request: Asked, promise_id: uuid.UUID) -> HttpResponse:
    line = queries.find_promise(promise_id, authority=request.caller.authority)
    if line is None:
        return stock_missing(request)
    return render(request, "web/stock/promise.html", promise_context(request, line))


def promise_context(request: Asked, line: PromiseView, **more: object) -> dict[str, object]:
    names = Names()
    return {
        "line": line,
        "who": names.person(line.by),
        "need": needs.find_served(line.id),
        "place": names.area(line.place) if line.place else ("", ""),
        "can": can(request, line.at_place),
        "values": request.POST,
        **more,
    }
