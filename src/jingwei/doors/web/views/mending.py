"""A person says which reports are one event: merge, split, what was changed, and undo."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.incidents import actions
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import ChangeLine, IncidentLine
from jingwei.doors.entry import refusals
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

#: Changes that the room shows; all stand on their own page.
ROOM_CHANGES = 5


def _missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This incident is not known here. Look for it in the list."))


def _status(refused: Refused | None) -> int:
    return 200 if refused is None else status_of(refused)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """Merge other incidents into this one; candidates by likeness, or by a search in names."""
    line = incidents.find_incident(incident_id, authority=request.caller.authority)
    if line is None:
        return _missing(request)
    refused = None
    chosen = [i for text in request.POST.getlist("source") if (i := uuid_of(text))]
    if request.method == "POST":
        versions = {i: whole(request.POST.get(f"version-{i}"), 0) or 0 for i in [*chosen, incident_id]}
        reason = request.POST.get("reason", "")
        try:
            actions.merge_incidents(chosen, incident_id, reason=reason, versions=versions, **act(request))
            return redirect(f"/incidents/{incident_id}")
        except Refused as no:
            refused = no
            line = incidents.find_incident(incident_id, authority=request.caller.authority) or line
    names = Names()
    search = (request.GET.get("q") or request.POST.get("q") or "").strip()[:200]
    found = incidents.list_alike(incident_id, authority=request.caller.authority, search=search)
    context = {
        "row": shapes.incident_row(line, names),
        "candidates": [
            (shapes.incident_row(a.incident, names), a.score, a.incident.id in chosen) for a in found
        ],
        "search": search,
        "values": request.POST,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/mending/merge.html", context, status=_status(refused))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """Choose the reports that speak of another event; they open a new incident."""
    room = incidents.get_room(incident_id, authority=request.caller.authority)
    if room is None:
        return _missing(request)
    refused = None
    chosen = [i for text in request.POST.getlist("report") if (i := uuid_of(text))]
    if request.method == "POST":
        try:
            new = actions.split_incident(
                incident_id,
                report_ids=chosen,
                reason=request.POST.get("reason", ""),
                version=whole(request.POST.get("version"), 0) or 0,
                **act(request),
            )
            return redirect(f"/incidents/{new}")
        except Refused as no:
            refused = no
            room = incidents.get_room(incident_id, authority=request.caller.authority) or room
    names = Names()
    context = {
        "row": shapes.incident_row(room.incident, names),
        "reports": [(shapes.report_row(j.report, names), j.report.id in chosen) for j in room.reports],
        "values": request.POST,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/mending/split.html", context, status=_status(refused))


@signed_in
@require_safe
def changes(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """All that people changed in the incident, each with its undoing."""
    line = incidents.find_incident(incident_id, authority=request.caller.authority)
    if line is None:
        return _missing(request)
    names = Names()
    found = incidents.list_changes(incident_id, authority=request.caller.authority)
    context = {
        "row": shapes.incident_row(line, names),
        "changes": [change_row(c, names) for c in found],
        "can": offers(request, "incidents.undo", place=line.place, hazard=line.kind),
    }
    return render(request, "web/mending/changes.html", context)


def change_row(change: ChangeLine, names: Names) -> SimpleNamespace:
    """One change as lists show it."""
    return SimpleNamespace(
        id=change.entry_id,
        what=change.what,
        undoes=change.undoes,
        at=change.at,
        who=names.person(change.by),
        reason=change.reason,
        n=change.report_count,
        standing=change.standing,
        incidents=[shapes.incident_row(i, names) for i in change.incidents],
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Asked, incident_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Take back one change; where something newer stands on it, that is named and nothing happens."""
    authority = request.caller.authority
    line = incidents.find_incident(incident_id, authority=authority)
    change = incidents.find_change(entry_id, authority=authority)
    if line is None or change is None:
        return _missing(request)
    refused = newer = None
    names = Names()
    if request.method == "POST":
        try:
            actions.undo(entry_id, reason=request.POST.get("reason", ""), **act(request))
            return redirect(f"/incidents/{incident_id}/changes")
        except Refused as no:
            refused = no
            in_way = uuid_of(str(no.facts.get("entry", "")))
            found = incidents.find_change(in_way, authority=authority) if in_way else None
            newer = change_row(found, names) if found else None
    context = {
        "row": shapes.incident_row(line, names),
        "change": change_row(change, names),
        "newer": newer,
        "in_way": refused.facts.get("what", "") if refused else "",
        "values": request.POST,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/mending/undo.html", context, status=_status(refused))


def room_context(request: Asked, incident: IncidentLine, names: Names) -> dict[str, object]:
    """For the room: what of merging, splitting and undoing is offered, and the newest changes."""
    authority = request.caller.authority
    found = incidents.list_changes(incident.id, authority=authority, limit=ROOM_CHANGES)
    came_from = uuid_of(request.GET.get("from_merged", ""))
    merged = incidents.find_incident(came_from, authority=authority) if came_from else None
    rights = ("incidents.merge_incidents", "incidents.split_incident", "incidents.undo")
    return {
        "mending": SimpleNamespace(
            id=incident.id,
            open=incident.state == "open",
            several=incident.report_count > 1,
            changes=[change_row(c, names) for c in found],
            came_from=shapes.incident_row(merged, names) if merged and merged.merged_into else None,
            merged=[
                shapes.incident_row(i, names)
                for i in incidents.list_merged_into(incident.id, authority=authority)
            ],
            can=offers(request, *rights, place=incident.place, hazard=incident.kind),
        )
    }
