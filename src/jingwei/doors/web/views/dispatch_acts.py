"""What people decide on the dispatch board, each on its sheet."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.dispatch import actions, queries
from jingwei.apps.dispatch.queries import LineView
from jingwei.apps.stock import queries as stock
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, act, refusal_page, signed_in, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Choices, Field, given_of, number_of, sheet, tried
from jingwei.kernel.codes import normal_place
from jingwei.kernel.refusals import Refused

from .dispatch import line_missing


@signed_in
@require_POST
def propose(request: Asked) -> HttpResponse:
    """Ask for a proposal; the worker makes it, and the board shows it by itself."""
    place = normal_place(request.POST.get("place", "")) or request.caller.authority.place
    try:
        actions.ask_proposal(place, **act(request))
    except Refused as refused:
        return refusal_page(request, refused)
    return redirect("/dispatch")


def _numbers(request: Asked) -> list[int] | None:
    """The lines that are meant; None: all that are open."""
    given = request.POST if request.method == "POST" else request.GET
    found = [n for n in (whole(one) for one in given.getlist("line")) if n is not None]
    return found or (None if given.get("all") else [])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Asked, proposal_id: uuid.UUID) -> HttpResponse:
    """Accept lines, after what follows was shown."""
    found = queries.find_proposal(proposal_id, authority=request.caller.authority)
    if found is None:
        return line_missing(request)
    numbers = _numbers(request)
    done, refused = tried(
        request, lambda: actions.accept_lines(proposal_id, numbers, **act(request)) and "/dispatch"
    )
    if done:
        return redirect(str(done))
    open_ = queries.count_states(proposal_id).get("proposed", 0)
    open_ -= queries.count_for_others(proposal_id, authority=request.caller.authority)
    many = open_ if numbers is None else len(numbers)
    title = _("Accept {n} lines and issue the orders").replace("{n}", str(many))
    place = Names().place(found.place)
    number = _("Proposal {n}").replace("{n}", str(found.number))
    return sheet(
        request, refused, title=title, button=title, back="/dispatch",
        about=(f"{number} · {place[0]}", f"{number} · {place[1]}"),
        fields=[
            Field(name="line", label="", value=str(one), hidden=True) for one in numbers or []
        ] or [Field(name="all", label="", value="1", hidden=True)],
        note=_("What follows: the stock is promised, and an order goes to whoever keeps each store, to be "
               "answered in time. What is no longer there fails alone and is said. An order is taken back "
               "until its load has left."),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Asked, line_id: int) -> HttpResponse:
    """Another source or quantity; the next proposal keeps to it."""
    line = queries.find_line(line_id, authority=request.caller.authority)
    if line is None:
        return line_missing(request)
    v = given_of(request).get

    def do() -> str:
        store = uuid_of(v("store", ""))
        if store is None:
            raise Refused("dispatch_store_unknown")
        actions.change_line(
            line_id, store, quantity=number_of(v("quantity", "")), reason=v("reason", ""), **act(request)
        )
        return "/dispatch"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    fields = [
        Field(name="store", label=_("From which store (free units)"), value=v("store", str(line.store_id)),
              choices=_stores_with(request, line), required=True),
        Field(name="quantity", label=_("How many"), value=v("quantity", str(line.quantity)), number=True,
              required=True, longest=14),
        Field(name="reason", label=_("Reason"), value=v("reason", ""), required=True, longest=300),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Change the source or quantity"), fields=fields, button=_("Change"),
        back="/dispatch", about=about_line(line),
        note=_("It binds the next proposal: compute again when all changes are made. It can be lifted."),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: Asked, line_id: int) -> HttpResponse:
    """Not from there; the next proposal does without."""
    line = queries.find_line(line_id, authority=request.caller.authority)
    if line is None:
        return line_missing(request)
    v = given_of(request).get
    done, refused = tried(
        request,
        lambda: actions.refuse_line(line_id, reason=v("reason", ""), **act(request)) and "/dispatch",
    )
    if done:
        return redirect(str(done))
    fields = [Field(name="reason", label=_("Reason"), value=v("reason", ""), required=True, longest=300)]
    return sheet(
        request, refused, title=_("Do not send from there"), fields=fields, button=_("Do not send"),
        back="/dispatch", about=about_line(line),
        note=_("The next proposals do without this store for this need, until it is lifted."),
    )  # fmt: skip


@signed_in
@require_POST
def lift(request: Asked, pair_id: uuid.UUID) -> HttpResponse:
    try:
        actions.lift_pair(pair_id, **act(request))
    except Refused as refused:
        return refusal_page(request, refused)
    return redirect("/dispatch")


def about_line(line: LineView) -> tuple[str, str]:
    zh, en = Names().place(line.place, line.site)
    zh, en = line.asker or zh, line.asker or en
    return (
        f"{line.store} → {zh}：{line.item_zh} {line.quantity} {line.unit_zh}",
        f"{line.store} → {en}: {line.item_en}, {line.quantity} {line.unit_en}",
    )


def _stores_with(request: Asked, line: LineView) -> Choices:
    """The stores of one's area that have any of it free, and the line's own."""
    held = stock.list_held(
        [line.supply_id], authority=request.caller.authority, on=localdate(request.moment.at)
    )
    found = sorted(
        (b for b in held if b.free or b.store_id == line.store_id), key=lambda b: (-b.free, b.store)
    )
    own = terms.say("dispatch_word", "this_line")
    return [
        (str(b.store_id), f"{b.store}（{b.free}）{own if b.store_id == line.store_id else ''}",
         f"{b.store} ({b.free}) {own if b.store_id == line.store_id else ''}")
        for b in found
    ]  # fmt: skip
