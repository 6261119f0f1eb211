"""What people do with supplies, each on its sheet: receive, promise, send, count, move, write off."""

import unicodedata
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.registers import queries as registers
from jingwei.apps.registers.facts import Sought
from jingwei.apps.stock import actions, queries
from jingwei.apps.stock.facts import ORIGINS, WHY, Incoming, NewSupply, Wanted
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, signed_in, status_of, uuid_of
from jingwei.doors.web.sheets import Choices, Field, given_of, number_of, sheet, terms_of, time_of, tried
from jingwei.kernel.codes import normal_place
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

from .phone import code_of
from .stock import balance_of, promise_context, stock_missing

ON_LOT = ("move", "count", "write-off")
ON_PROMISE = ("ship", "arrive", "cancel")
#: Stores that a form lets choose from; a post with more finds the store in the stock first.
#: Source: our estimate, a city has tens of stores, 2026-11-29.
MOST_STORES = 500


def stores_of(request: Asked) -> Choices:
    register = registers.get_register("stores")
    page = registers.list_rows(
        register, Sought(), authority=request.caller.authority, after="", limit=MOST_STORES
    )
    return [(str(one.id), str(one.values["name"]), str(one.values["name"])) for one in page.rows]


def supplies_of() -> Choices:
    return [
        (str(s.id), f"{s.name_zh}（{s.unit_zh}）", f"{s.name_en} ({s.unit_en})")
        for s in queries.list_supplies()
    ]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Asked) -> HttpResponse:
    """Take something into a store."""
    given = given_of(request)

    def do() -> object:
        store, supply = uuid_of(given.get("store", "")), uuid_of(given.get("supply", ""))
        if store is None:
            raise Refused("store_unknown")
        if supply is None:
            raise Refused("supply_unknown")
        incoming = Incoming(
            supply_id=supply,
            quantity=number_of(given.get("quantity", "")),
            in_packs=bool(given.get("in_packs")),
            batch=given.get("batch", "")[:60],
            expires_on=unicodedata.normalize("NFKC", given.get("expires_on", "")),
            origin=given.get("origin", ""),
            source=given.get("source", "")[:200],
            key=given.get("key", "")[:100],
        )
        actions.receive_stock(store, incoming, **act(request))
        return f"/stock/{store}/{supply}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    v = given.get
    fields = [
        Field(name="store", label=_("Store"), value=v("store", ""), choices=stores_of(request),
              required=True),
        Field(name="supply", label=_("Supply"), value=v("supply", ""), choices=supplies_of(), required=True),
        Field(name="quantity", label=_("How many"), value=v("quantity", ""), number=True, required=True,
              longest=14),
        Field(name="in_packs", label=_("Counted in packages"), value=v("in_packs", ""), tick=True),
        Field(name="batch", label=_("Batch"), value=v("batch", ""), longest=60),
        Field(name="expires_on", label=_("Expires (empty: never)"), value=v("expires_on", ""),
              hint="2027-06-30", longest=12),
        Field(name="origin", label=_("Where it comes from"), value=v("origin", "purchase"),
              choices=terms_of("stock_account", ORIGINS), required=True),
        Field(name="source", label=_("From whom, on which paper"), value=v("source", "")),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Receive supplies"), fields=fields, button=_("Take in"), back="/stock",
        key=v("key", "") or str(new_id()),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add_supply(request: Asked) -> HttpResponse:
    """Add a kind of thing that may be kept."""
    v = given_of(request).get

    def do() -> object:
        pack = v("pack", "").strip()
        new = NewSupply(
            code=v("code", ""),
            name_zh=v("name_zh", ""),
            name_en=v("name_en", ""),
            category=v("category", ""),
            unit_zh=v("unit_zh", ""),
            unit_en=v("unit_en", ""),
            pack=number_of(pack) if pack else None,
        )
        return actions.add_supply(new, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/stock/receive?supply={done}")
    fields = [
        Field(name="name_zh", label=_("Name in Chinese"), value=v("name_zh", ""), longest=100),
        Field(name="name_en", label=_("Name in English"), value=v("name_en", ""), longest=100),
        Field(name="unit_zh", label=_("Unit in Chinese"), value=v("unit_zh", ""), longest=12),
        Field(name="unit_en", label=_("Unit in English"), value=v("unit_en", ""), longest=24),
        Field(name="pack", label=_("Units in a package (empty: not packed)"), value=v("pack", ""),
              number=True, longest=10),
        Field(name="category", label=_("Class of the national classification"), value=v("category", ""),
              hint="1000000", longest=12),
        Field(name="code", label=_("Code (empty: one is made)"), value=v("code", ""), longest=40),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Add a kind of supply"), fields=fields, button=_("Add"), back="/stock"
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: Asked, store_id: uuid.UUID, supply_id: uuid.UUID) -> HttpResponse:
    """Hold so much for somebody."""
    balance = balance_of(request, store_id, supply_id)
    if balance is None:
        return stock_missing(request)
    v = given_of(request).get

    def do() -> object:
        wanted = Wanted(
            supply_id=supply_id,
            quantity=number_of(v("quantity", "")),
            for_whom=v("for_whom", "")[:200],
            place=normal_place(code_of(v("place", ""))),
            due_at=time_of(v("due", "")),
            reason=v("reason", "")[:300],
            key=v("key", "")[:100],
        )
        call = actions.promise_into_floor if v("into_floor") else actions.promise_stock
        return call(store_id, wanted, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/stock/promises/{done}")
    fields = [
        Field(name="quantity", label=_("How many"), value=v("quantity", ""), number=True, required=True,
              longest=14),
        Field(name="for_whom", label=_("For whom"), value=v("for_whom", ""), required=True),
        Field(name="due", label=_("Needed by (empty: no limit)"), value=v("due", ""),
              hint="2026-01-31 08:00", longest=20),
        Field(name="into_floor", label=_("Also from what must stay (with the reason)"),
              value=v("into_floor", ""), tick=True),
        Field(name="reason", label=_("Reason"), value=v("reason", ""), longest=300),
    ]  # fmt: skip
    supply = balance.supply
    return sheet(
        request, refused, title=_("Promise supplies"), fields=fields, button=_("Promise"),
        back=f"/stock/{store_id}/{supply_id}", there=balance.free,
        about=(f"{balance.store} · {supply.name_zh}", f"{balance.store} · {supply.name_en}"),
        note=_("It is held from now on: nobody else can be promised the same. First expired goes first."),
        key=v("key", "") or str(new_id()),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def floor(request: Asked, store_id: uuid.UUID, supply_id: uuid.UUID) -> HttpResponse:
    """Set what of a supply must stay in a store."""
    balance = balance_of(request, store_id, supply_id)
    if balance is None:
        return stock_missing(request)
    v, back = given_of(request).get, f"/stock/{store_id}/{supply_id}"

    def do() -> object:
        least = number_of(v("least", ""))
        actions.set_floor(store_id, supply_id, least=least, reason=v("reason", ""), **act(request))
        return back

    done, refused = tried(request, do)
    if done:
        return redirect(back)
    fields = [
        Field(name="least", label=_("How many must stay"), value=v("least", str(balance.floor)),
              number=True, required=True, longest=14),
        Field(name="reason", label=_("Reason"), value=v("reason", ""), required=True, longest=300),
    ]  # fmt: skip
    supply = balance.supply
    return sheet(
        request, refused, title=_("Set what must stay"), fields=fields, button=_("Set"), back=back,
        about=(f"{balance.store} · {supply.name_zh}", f"{balance.store} · {supply.name_en}"),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def on_lot(request: Asked, lot_id: uuid.UUID, what: str) -> HttpResponse:
    """Move, count, or write off a lot."""
    day = localdate(request.moment.at)
    found = queries.find_lot(lot_id, authority=request.caller.authority, on=day)
    if found is None:
        return stock_missing(request)
    v, back = given_of(request).get, f"/stock/lots/{lot_id}"

    def do() -> object:
        quantity, reason = number_of(v("quantity", "")), v("reason", "")
        if what == "count":
            return actions.count_stock(lot_id, counted=quantity, reason=reason, **act(request))
        if what == "write-off":
            return actions.write_off(
                lot_id, quantity=quantity, why=v("why", ""), reason=reason, **act(request)
            )
        store = uuid_of(v("store", ""))
        if store is None:
            raise Refused("store_unknown")
        return actions.move_stock(lot_id, to_store=store, quantity=quantity, reason=reason, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(back)
    titles = {"move": _("Move to another store"), "count": _("Count"), "write-off": _("Write off")}
    asked = _("How many were found") if what == "count" else _("How many")
    fields = [
        Field(name="quantity", label=asked, value=v("quantity", ""), number=True, required=True, longest=14)
    ]
    if what == "move":
        other = [one for one in stores_of(request) if one[0] != str(found.store_id)]
        fields.append(
            Field(name="store", label=_("To which store"), value=v("store", ""), choices=other, required=True)
        )
    if what == "write-off":
        why = terms_of("stock_why", WHY)
        fields.append(Field(name="why", label=_("Why"), value=v("why", ""), choices=why, required=True))
    fields.append(Field(name="reason", label=_("Reason"), value=v("reason", ""), longest=300))
    supply = found.supply
    return sheet(
        request, refused, title=titles[what], fields=fields, button=titles[what], back=back,
        about=(f"{found.store} · {supply.name_zh} {found.batch}",
               f"{found.store} · {supply.name_en} {found.batch}"),
        there=None if what == "count" else found.on_hand - found.promised,
    )  # fmt: skip


@signed_in
@require_POST
def on_promise(request: Asked, promise_id: uuid.UUID, what: str) -> HttpResponse:
    """Send off, confirm the arrival, or cancel."""
    line = queries.find_promise(promise_id, authority=request.caller.authority)
    if line is None:
        return stock_missing(request)
    reason = request.POST.get("reason", "")
    try:
        if what == "ship":
            actions.ship_promise(promise_id, **act(request))
        elif what == "arrive":
            arrived = number_of(request.POST.get("arrived", ""))
            actions.confirm_arrival(promise_id, arrived=arrived, reason=reason, **act(request))
        else:
            actions.cancel_promise(promise_id, reason=reason, **act(request))
    except Refused as no:
        context = promise_context(request, line, error=refusals.sentence(no))
        return render(request, "web/stock/promise.html", context, status=status_of(no))
    return redirect(f"/stock/promises/{promise_id}")
