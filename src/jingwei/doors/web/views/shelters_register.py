"""Registering a family in seconds on a phone, with a signal or without, by the page or by script, once."""

import uuid

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.clock.queries import get_clock
from jingwei.apps.shelters import actions, queries
from jingwei.apps.shelters.facts import NewFamily
from jingwei.doors.entry import refusals
from jingwei.doors.web import carried, terms
from jingwei.doors.web.door import Asked, signed_in, status_of, uuid_of
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import By
from jingwei.kernel.refusals import Refused

from .carried import guarded, spoken
from .shelters import camera, find

DOOR = "shelters/register"
#: Longest text of one registration. Source: our estimate, a bus of people, 2026-11-29.
MOST_WORDS = 5_000
FIELDS = ("words", "where", "phone", "agreed", "opening", "opening_name", "key", "written_at")


def _given(request: Asked) -> dict[str, str]:
    given = {name: request.POST.get(name, "")[:MOST_WORDS] for name in FIELDS}
    return given | {"key": str(uuid_of(given["key"]) or new_id())}


def _register(request: Asked, given: dict[str, str], *, by: By) -> uuid.UUID:
    """Read the lines, refuse the first that cannot be read, and write the family down under its key."""
    opening = uuid_of(given["opening"])
    if opening is None:
        raise Refused("opening_unknown")
    read = queries.read_words(given["words"], on=localdate(request.moment.at))
    if read.wrong:
        first = read.wrong[0]
        raise Refused("family_unreadable", line=first.line, why=terms.say("family_wrong", first.code))
    # a phone does not know a scenario's time
    written = None if get_clock().scenario else carried.time_of(given["written_at"])
    new = NewFamily(
        guests=read.guests, came_from=given["where"], phone=given["phone"],
        agreed={"yes": True, "no": False}.get(given["agreed"]), came_at=written, key=given["key"],
    )  # fmt: skip
    return actions.register_family(opening, new, by=by, moment=request.moment)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """The form; without script it registers by itself and leads to the family."""
    if request.method != "POST":
        at = uuid_of(request.GET.get("at", ""))
        line = find(request, at) if at else None
        given = dict.fromkeys(FIELDS, "") | {"key": str(new_id())}
        if line is not None and line.stands:
            given |= {"opening": str(line.id), "opening_name": line.name}
        return camera(_form(request, given))
    given = _given(request)
    try:
        household = _register(request, given, by=request.caller.by)
    except Refused as no:
        return camera(_form(request, given, error=refusals.sentence(no), status=_status(no)))
    return redirect(f"/shelters/households/{household}?new=1")


def _status(no: Refused) -> int:
    return 422 if no.code in ("family_unreadable", "family_empty") else status_of(no)


def _form(request: Asked, given: dict[str, str], *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": given, "error": error, "door": f"/{DOOR}", "frame": "web/frame.html", "most_photos": 0,
        "openings": queries.list_openings(authority=request.caller.authority, limit=300),
    }  # fmt: skip
    return render(request, "web/shelters/register.html", context, status=status)


@guarded
@spoken
def send(request: Asked, door: str, post: agencies.Authority) -> HttpResponse:
    """A family that waited on a phone: registered once, under the time it was written; its card's number."""
    given = _given(request)
    try:
        household = _register(request, given, by=post.holding)
    except Refused as no:
        said = {"error": no.code, "message": refusals.sentence(no)}
        return JsonResponse(said, status=_status(no))
    found = queries.find_household(household, authority=post)
    number, heads = (found.number, len(found.guests)) if found else ("", 0)
    said_ = _("{n} people, {shelter}").replace("{n}", str(heads)).replace("{shelter}", given["opening_name"])
    return JsonResponse({"number": number, "status": "registered", "said": said_})
