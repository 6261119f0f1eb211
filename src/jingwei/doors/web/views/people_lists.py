"""Lists of persons: taken in from a file, struck through, and looked at one by one with a reason."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.people import actions
from jingwei.apps.people import queries as people_queries
from jingwei.doors.entry import refusals
from jingwei.doors.entry.intake import LARGEST_BODY
from jingwei.doors.web import listed, shapes
from jingwei.doors.web.door import Asked, act, signed_in, status_of
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .people import find, incident_missing, people_context

ACTS = {"strike": actions.strike_person, "restore": actions.restore_person}


@signed_in
@require_POST
def import_list(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """Take in a list from a file or from pasted lines; what could not be read is named line by line."""
    line = find(request, incident_id)
    if line is None:
        return incident_missing(request)
    file, text = request.FILES.get("file"), request.POST.get("lines", "")
    body = file.read(LARGEST_BODY) if file else text.encode()
    try:
        read = listed.read_table(body)
        done = actions.import_list(
            incident_id,
            measure=request.POST.get("measure", ""),
            lines=[one for _, one in read.lines],
            source=request.POST.get("source", ""),
            **act(request),
        )
    except Refused as refused:
        context = people_context(request, line, error=refusals.sentence(refused))
        return render(request, "web/people/people.html", context, status=status_of(refused))
    rows = [SimpleNamespace(line=read.lines[e.row - 1][0], code=e.code) for e in done.errors]
    context = people_context(request, line, done=done, errors=rows, encoding=read.flags)
    return render(request, "web/people/people.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Asked, incident_id: uuid.UUID, person_id: uuid.UUID, what: str) -> HttpResponse:
    """Strike a line through, count it again, or look at who it is; each with its reason."""
    line, found = find(request, incident_id), people_queries.find_person(person_id)
    if line is None or found is None or found[0] != incident_id or what not in (*ACTS, "reveal"):
        return incident_missing(request)
    refused = shown = None
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            if what == "reveal":
                shown = actions.reveal_person(person_id, reason=reason, **act(request))
            else:
                ACTS[what](person_id, reason=reason, **act(request))
                return redirect(f"/incidents/{incident_id}/people")
        except Refused as no:
            refused = no
    context = {
        "what": what,
        "row": shapes.incident_row(line, Names()),
        "person": found[1],
        "shown": shown,
        "values": request.POST,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/people/person.html", context, status=status_of(refused) if refused else 200)
