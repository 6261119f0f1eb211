"""What people do with purchases: order on a sheet; confirm, take in, cancel on the order's page."""

import re
import unicodedata
import uuid
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.needs import queries as needs
from jingwei.apps.needs.queries import NeedLine
from jingwei.apps.purchases import actions, queries
from jingwei.apps.purchases.facts import Delivery, NewPurchase
from jingwei.apps.purchases.queries import Maker, Shortage
from jingwei.apps.registers import queries as registers
from jingwei.apps.registers.facts import Sought
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.sheets import Choices, Field, given_of, number_of, sheet, time_of, tried
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

from .purchases import purchase_context, purchase_missing
from .stock_acts import stores_of, supplies_of

ON_PURCHASE = ("confirm", "receive", "cancel")
#: Producers that a form lets choose from where no need names them. Source: our estimate, 2026-11-30.
MOST_PRODUCERS = 500
_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


def fen_of(text: str) -> int | None:
    """A price in yuan as people type it, kept in 0.01 yuan; empty: not agreed."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not plain:
        return None
    if not _PRICE.fullmatch(plain):
        raise Refused("purchase_price_impossible")
    return int(Decimal(plain) * 100)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: Asked) -> HttpResponse:
    """Order from a producer, for a need or for a store."""
    v = given_of(request).get
    need_id = uuid_of(v("need", ""))
    line = needs.find_need(need_id, authority=request.caller.authority) if need_id else None

    def do() -> uuid.UUID:
        producer, expected = uuid_of(v("producer", "")), time_of(v("expected", ""))
        if producer is None:
            raise Refused("producer_unknown")
        if expected is None:
            raise Refused("purchase_expected_missing")
        new = NewPurchase(
            producer_id=producer, quantity=number_of(v("quantity", "")), expected_at=expected,
            supply_id=uuid_of(v("supply", "")), need_id=line.id if line else None,
            store_id=uuid_of(v("store", "")), price_fen=fen_of(v("price", "")), note=v("note", ""),
            key=v("key", "")[:100],
        )  # fmt: skip
        return actions.order_supplies(new, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/purchases/{done}")
    return sheet(
        request, refused, title=_("Order from a producer"), fields=_fields(request, line),
        button=_("Place the order"), back=f"/needs/{line.id}" if line else "/purchases",
        about=(line.item_zh, line.item_en) if line else None, key=v("key", "") or str(new_id()),
        note=_("It counts as expected, not as stock, until it is taken into a store."),
    )  # fmt: skip


def _fields(request: Asked, line: NeedLine | None) -> list[Field]:
    v = given_of(request).get
    short = _shortage(request, line)
    maker = _maker(short, v("producer", ""))
    whole_at = localtime(maker.whole_at) if maker and maker.whole_at else None
    price = maker.card.unit_price if maker else None
    first = [Field(name="need", label="", value=str(line.id), hidden=True)] if line else [
        Field(name="supply", label=_("Supply"), value=v("supply", ""), choices=supplies_of(), required=True)
    ]  # fmt: skip
    return [
        *first,
        Field(name="producer", label=_("Producer"), value=v("producer", ""),
              choices=_producers(request, short), required=True),
        Field(name="quantity", label=_("How many"),
              value=v("quantity", "") or str(short.to_buy if short and short.to_buy else ""), number=True,
              required=True, longest=14),
        Field(name="price", label=_("Price of a unit in yuan (empty: not agreed)"),
              value=v("price", "") or (f"{price:.2f}" if price is not None else ""), longest=14),
        Field(name="expected", label=_("Expected when"),
              value=v("expected", "") or (whole_at.isoformat(" ", "minutes")[:16] if whole_at else ""),
              hint="2026-01-31 08:00", required=True, longest=25),
        Field(name="store", label=_("Into which store") if line is None else
              _("Into which store (empty: said when it comes)"), value=v("store", ""),
              choices=stores_of(request), required=line is None),
        Field(name="note", label=_("Note: contract, who was spoken to as a post"), value=v("note", ""),
              longest=300),
    ]  # fmt: skip


def _shortage(request: Asked, line: NeedLine | None) -> Shortage | None:
    if line is None:
        return None
    return queries.find_shortage(line, authority=request.caller.authority, at=request.moment.at)


def _maker(short: Shortage | None, producer: str) -> Maker | None:
    return next((one for one in short.makers if str(one.card.id) == producer), None) if short else None


def _producers(request: Asked, short: Shortage | None) -> Choices:
    """Those that could make it first, in their order; then the others of the register."""
    first = [(str(m.card.id), m.card.name, m.card.name) for m in short.makers] if short else []
    register = registers.get_register("producers")
    page = registers.list_rows(
        register, Sought(), authority=request.caller.authority, after="", limit=MOST_PRODUCERS
    )
    known = {code for code, _zh, _en in first}
    rest = [(str(r.id), str(r.values["name"]), str(r.values["name"])) for r in page.rows]
    return [*first, *(one for one in rest if one[0] not in known)]


@signed_in
@require_POST
def on_purchase(request: Asked, purchase_id: uuid.UUID, what: str) -> HttpResponse:
    """The producer said yes; it came into a store; it will not come."""
    line = queries.find_purchase(purchase_id, authority=request.caller.authority)
    if line is None:
        return purchase_missing(request)
    v = request.POST.get
    mine = {"version": whole(v("version", None), None), **act(request)}
    try:
        if what == "confirm":
            actions.confirm_purchase(purchase_id, expected_at=time_of(v("expected", "")), **mine)
        elif what == "cancel":
            actions.cancel_purchase(purchase_id, reason=v("reason", ""), **mine)
        else:
            store = uuid_of(v("store", ""))
            if store is None:
                raise Refused("store_unknown")
            came = Delivery(
                store_id=store, arrived=number_of(v("arrived", "")), batch=v("batch", "")[:60],
                expires_on=unicodedata.normalize("NFKC", v("expires_on", "")), reason=v("reason", ""),
                key=v("key", "")[:100],
            )  # fmt: skip
            actions.receive_purchase(purchase_id, came, **mine)
    except Refused as no:
        context = purchase_context(request, line, error=refusals.sentence(no))
        return render(request, "web/purchases/purchase.html", context, status=status_of(no))
    return redirect(f"/purchases/{purchase_id}")
