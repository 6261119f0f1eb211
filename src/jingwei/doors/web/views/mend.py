"""A person puts right where a report stands: join, separate, open an incident, enter by hand."""

import uuid

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.incidents import actions as incident_actions
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.reports import actions as report_actions
from jingwei.apps.reports import queries as reports
from jingwei.doors.entry import refusals
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, act, missing_page, signed_in, uuid_of
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .phone import Entered, code_of, entered, phone_context
from .reports import report_context


def _missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This report is not known here. Look for it in the list."))


def _sheet(
    request: Asked, what: str, report_id: uuid.UUID, refused: Refused | None = None, **more: object
) -> HttpResponse:
    context = report_context(request, report_id)
    if context is None:
        return _missing(request)
    context |= {
        "what": what,
        "error": refusals.sentence(refused) if refused else "",
        "values": request.POST,
        **more,
    }
    return render(request, "web/mend.html", context, status=422 if refused else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Asked, report_id: uuid.UUID) -> HttpResponse:
    """Join the report to an incident the person chooses."""
    refused = None
    if request.method == "POST":
        chosen = uuid_of(request.POST.get("incident", ""))
        try:
            if chosen is None:
                raise Refused("incident_unknown")
            incident_actions.join_report(
                report_id, chosen, reason=request.POST.get("reason", ""), **act(request)
            )
            return redirect(f"/incidents/{chosen}")
        except Refused as no:
            refused = no
    names = Names()
    where = incidents.get_incident_of_reports([report_id]).get(report_id)
    here = where.id if where else None
    search = (request.GET.get("q") or request.POST.get("q") or "").strip()[:200]
    found = incidents.list_candidates_for(report_id, authority=request.caller.authority, search=search)
    candidates = [
        (shapes.incident_row(c.incident, names), c.link.score, c.apart)
        for c in found
        if c.incident.id != here
    ]
    return _sheet(request, "join", report_id, refused, candidates=candidates, search=search)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def separate(request: Asked, report_id: uuid.UUID) -> HttpResponse:
    """Take the report out of its incident; the two stay apart."""
    refused = None
    if request.method == "POST":
        try:
            own = incident_actions.separate_report(
                report_id, reason=request.POST.get("reason", ""), **act(request)
            )
            return redirect(f"/incidents/{own}" if own else f"/reports/{report_id}")
        except Refused as no:
            refused = no
    return _sheet(request, "separate", report_id, refused)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_incident(request: Asked, report_id: uuid.UUID) -> HttpResponse:
    """Open an incident from a report that waits, with kind and place as the person has them."""
    refused = None
    if request.method == "POST":
        kind, place = code_of(request.POST.get("kind", "")), code_of(request.POST.get("place", ""))
        try:
            opened = incident_actions.open_incident(report_id, kind=kind, place=place, **act(request))
            return redirect(f"/incidents/{opened}")
        except Refused as no:
            refused = no
    return _sheet(request, "open", report_id, refused)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: Asked, report_id: uuid.UUID) -> HttpResponse:
    """Show the caller's name and number once; the look is recorded with its reason."""
    if request.method != "POST":
        return _sheet(request, "reveal", report_id)
    reason = request.POST.get("reason", "").strip()
    try:
        if not reason:
            raise Refused("reason_missing")
        name, phone = report_actions.reveal_caller(report_id, reason=reason, **act(request))
    except Refused as refused:
        return _sheet(request, "reveal", report_id, refused)
    return _sheet(request, "reveal", report_id, shown=True, caller_name=name, caller_phone=phone)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def transcribe(request: Asked, report_id: uuid.UUID) -> HttpResponse:
    """Enter by hand what a report that cannot be read says; its raw text stays."""
    line = reports.find_report(report_id, authority=request.caller.authority)
    if line is None:
        return _missing(request)
    form = entered(request) if request.method == "POST" else Entered(words="", channel=line.channel)
    context = phone_context(request, form) | {"raw": line, "action": f"/reports/{report_id}/transcribe"}
    if request.method != "POST":
        return render(request, "web/phone.html", context)
    try:
        if not form.words.strip():
            raise Refused("words_missing")
        told = msgspec.structs.replace(form.told(), channel=line.channel)
        answer = report_actions.transcribe_report(report_id, told, **act(request))
    except Refused as refused:
        return render(request, "web/phone.html", context | {"error": refusals.sentence(refused)}, status=422)
    return redirect(f"/reports/{answer.id}?kept=transcribe")
