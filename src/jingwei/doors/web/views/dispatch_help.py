"""Requests for help: asking who keeps a store of others, and the keeper's answer, each on its page."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions, queries
from jingwei.apps.dispatch.facts import HELP_STATES
from jingwei.apps.dispatch.queries import HelpView
from jingwei.apps.journal import queries as journal
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of, whole
from jingwei.doors.web.helped import rows_of_help
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Field, given_of, number_of, sheet, time_of, tried
from jingwei.kernel.codes import place_within
from jingwei.kernel.refusals import Refused

from .dispatch import line_missing
from .dispatch_acts import about_line
from .stock import PAGE, pages_of

AT_STORE = ("accept_help", "refuse_help")


def help_missing(request: Asked) -> HttpResponse:
    return missing_page(
        request, _("This request for help is not known here. Look at the list of requests for help.")
    )


@signed_in
@require_safe
def list_help(request: Asked) -> HttpResponse:
    authority, at, names = request.caller.authority, request.moment.at, Names()
    state = request.GET.get("state", "asked")
    state = state if state in HELP_STATES else "asked"
    side = request.GET.get("side", "all")
    side = side if side in queries.SIDES else "all"
    count = queries.count_help(authority=authority, side=side, states=(state,))
    paged = pages_of(request, count)
    found = queries.list_help(
        authority=authority, side=side, states=(state,), offset=paged["offset"] or 0, limit=PAGE
    )
    by_state = queries.count_help_by_state(authority=authority)
    context = {
        "rows": rows_of_help(found, names, at),
        "count": count,
        "state": state,
        "side": side,
        "states": [(one, by_state.get(one, 0)) for one in HELP_STATES],
        "tab": "help",
        "question": f"state={state}&side={side}",
        **paged,
    }
    return render(request, "web/dispatch/help_list.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Asked, line_id: int) -> HttpResponse:
    """Ask who keeps the store of a line, after what follows was shown."""
    line = queries.find_line(line_id, authority=request.caller.authority)
    if line is None:
        return line_missing(request)
    v = given_of(request).get

    def do() -> str:
        of = actions.ask_help(
            line_id, quantity=number_of(v("quantity", "")), due_at=time_of(v("due", "")),
            words=v("words", ""), **act(request),
        )  # fmt: skip
        return f"/dispatch/help/{of}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    due = localtime(line.due_at).strftime("%Y-%m-%d %H:%M") if line.due_at else ""
    agreement = line.reason.get("agreement")
    rests = _("Under the agreement") + f" {agreement['name']}。" if agreement else ""
    fields = [
        Field(name="quantity", label=_("How many"), value=v("quantity", str(line.quantity)), number=True,
              required=True, longest=14),
        Field(name="due", label=_("Needed by"), value=v("due", due), hint="2026-01-31 08:00", longest=25),
        Field(name="words", label=_("In words"), value=v("words", ""), longest=300),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Ask for help"), fields=fields, button=_("Send the request"),
        back="/dispatch", about=about_line(line),
        note=rests + _("It goes before every post that may promise this stock, to be answered in time. A yes "
               "promises the stock and issues the order; until then nothing is promised."),
    )  # fmt: skip


@signed_in
@require_safe
def help_page(request: Asked, request_id: uuid.UUID) -> HttpResponse:
    found = queries.find_help(request_id, authority=request.caller.authority)
    return _page(request, found) if found else help_missing(request)


def _page(request: Asked, found: HelpView, refused: Refused | None = None) -> HttpResponse:
    names, at = Names(), request.moment.at
    entries = journal.list_entries(subjects=[str(found.id)], newest=30)
    names.know(
        posts={found.from_post, found.escalated_to},
        people=[e.by for e in entries] + [found.asked_by, found.state_by],
    )
    can = offers(request, *[f"dispatch.{one}" for one in AT_STORE], place=found.from_place)
    asker = agencies.list_posts_by_code([found.from_post]).get(found.from_post)
    can |= offers(request, "dispatch.withdraw_help", place=asker.place if asker else found.place)
    context = {
        "h": found,
        "row": rows_of_help([found], names, at)[0],
        "where": names.place(found.place, found.site),
        "begins": names.place(found.from_place),
        # the register shows an agreement to the area it is of
        "sees_agreement": place_within(found.place, request.caller.authority.place),
        "asker": names.person(found.asked_by),
        "asker_post": names.post(found.from_post),
        "answerer": names.person(found.state_by),
        "escalated": names.post(found.escalated_to) if found.escalated_to else None,
        "history": [
            SimpleNamespace(entry=e, code=e.kind.split("/")[0], who=names.person(e.by))
            for e in reversed(entries)
        ],
        "can": can,
        "error": refusals.sentence(refused) if refused else "",
        "values": request.POST,
    }
    status = status_of(refused) if refused else 200
    return render(request, "web/dispatch/help_request.html", context, status=status)


def _given(request: Asked) -> dict[str, Any]:
    v = request.POST.get
    return {"reason": v("reason", ""), "version": whole(v("version")), **act(request)}


#: What one button of the request's page does.
ON_HELP: dict[str, Callable[[uuid.UUID, Asked], object]] = {
    "accept": lambda of, r: actions.accept_help(
        of, quantity=number_of(r.POST["quantity"]) if r.POST.get("quantity") else None, **_given(r)
    ),
    "refuse": lambda of, r: actions.refuse_help(of, **_given(r)),
    "withdraw": lambda of, r: actions.withdraw_help(of, **_given(r)),
}


@signed_in
@require_POST
def on_help(request: Asked, request_id: uuid.UUID, what: str) -> HttpResponse:
    """One step of a request; refused, the page says why and keeps what was typed."""
    found = queries.find_help(request_id, authority=request.caller.authority)
    if found is None:
        return help_missing(request)
    try:
        ON_HELP[what](request_id, request)
    except Refused as refused:
        return _page(request, found, refused)
    return redirect(f"/dispatch/help/{request_id}")
