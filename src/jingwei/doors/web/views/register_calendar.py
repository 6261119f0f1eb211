"""The days of a register as a calendar: taken along once, or read by a calendar program under an address."""

import uuid
from types import SimpleNamespace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.registers import actions, queries
from jingwei.doors.entry import calendars, refusals
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web import page as pages
from jingwei.doors.web import registered
from jingwei.doors.web.door import Asked, act, offers, signed_in, status_of
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

#: Days that the page shows; the file has all.
SHOWN = 50


def base_of(request: HttpRequest) -> str:
    """Where addresses begin: as we were reached, with TLS where a server before us keeps it."""
    return f"{'https' if settings.HTTPS else request.scheme}://{request.get_host()}"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: Asked, code: str) -> HttpResponse:
    """What is due, the addresses that were given out; a new one is shown once."""
    register, authority, names = queries.get_register(code), request.caller.authority, Names()
    address, refused = "", None
    if request.method == "POST":
        try:
            plain = actions.share_calendar(code, request.POST.get("name", ""), **act(request))
            address = f"{base_of(request)}/calendar/{plain}.ics"
        except Refused as no:
            refused = no
    today = localtime(pages.now_of(request)).date()
    days = queries.list_due(register, authority=authority, today=today)
    feeds = queries.list_calendars(register, authority=authority)
    registered.know(register, [due.row for due in days[:SHOWN]], names)
    names.know(people=[feed.by for feed in feeds])
    context = {
        "register": register,
        "days": [
            SimpleNamespace(due=due, late=due.day < today, place=names.place(str(due.row.values["place"])))
            for due in days[:SHOWN]
        ],
        "more": len(days) - SHOWN,
        "feeds": [SimpleNamespace(feed=feed, who=names.person(feed.by)) for feed in feeds],
        "address": address,
        "error": refusals.sentence(refused) if refused else "",
        "typed": request.POST.get("name", "") if refused else "",
        "can": offers(request, "registers.share_calendar", "registers.revoke_calendar"),
    }
    status = status_of(refused) if refused else 200
    return render(request, "web/registers/calendar.html", context, status=status)


@signed_in
@require_POST
def revoke(request: Asked, code: str, feed_id: uuid.UUID) -> HttpResponse:
    actions.revoke_calendar(feed_id, **act(request))
    return redirect(f"/registers/{code}/calendar")


@signed_in
@require_safe
def download(request: Asked, code: str) -> HttpResponse:
    """The calendar as a file, once."""
    register = queries.get_register(code)
    today = localtime(pages.now_of(request)).date()
    days = queries.list_due(register, authority=request.caller.authority, today=today)
    answer = HttpResponse(
        calendars.write_calendar(register, days, base=base_of(request)), content_type=calendars.TYPE
    )
    answer["Content-Disposition"] = f'attachment; filename="{code}.ics"'
    return answer


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For a calendar program that knows the address; nobody signs in here."""
    at = this_moment().at
    found = queries.find_calendar(secret[:100], at=at)
    if found is None:
        raise Http404
    register, authority = found
    days = queries.list_due(register, authority=authority, today=localtime(at).date())
    return HttpResponse(
        calendars.write_calendar(register, days, base=base_of(request)), content_type=calendars.TYPE
    )
