"""An order under a plan: activate it, or do not follow its proposal. Each is asked for once more in full."""

import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.plans import actions, queries
from jingwei.apps.plans.facts import Order, PlanBody
from jingwei.apps.plans.queries import PlanLine
from jingwei.doors.entry import refusals
from jingwei.doors.web import page as pages
from jingwei.doors.web.door import Asked, act, missing_page, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.grades import NUMERALS, Grade
from jingwei.kernel.refusals import Refused

from .plans import Clauses, proposal_row

#: How long a response is expected to last unless the person says otherwise.
#: Source: our estimate, the length of the measures in the plan, doubled, 2026-11-22.
EXPECTED = timedelta(hours=24)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: Asked, code: str) -> HttpResponse:
    authority = request.caller.authority
    found = queries.find_plan(code, on=localtime(pages.now_of(request)).date())
    if found is None or not any(agencies.sees(authority, a.place) for a in found.body.areas):
        return missing_page(request, _("This plan is not known here. Look for it in the list."))
    if request.method != "POST":
        return _activation_sheet(request, found, _first(request, found))
    values = entered(request)
    try:
        order = Order(
            place=values["place"],
            level=whole(values["level"], 0) or 0,
            matter=values["matter"],
            expected_until=time_of(values["until"]),
            measures=tuple(values["measures"]),
            reason=values["reason"],
            incident_id=uuid_of(values["incident"]),
        )
        done = actions.activate_plan(found.id, order, version=request.POST.get("version", ""), **act(request))
    except Refused as refused:
        return _activation_sheet(request, found, values, refused)
    return redirect(f"/activations/{done}")


def entered(request: Asked) -> dict:
    wanted = ("place", "level", "matter", "until", "reason", "incident", "proposal")
    return {n: request.POST.get(n, "") for n in wanted} | {"measures": request.POST.getlist("measures")}


def _first(request: Asked, found: PlanLine) -> dict:
    """The form as the proposal has it; without one, the own place and the mildest level one may order."""
    authority, now = request.caller.authority, localtime(pages.now_of(request))
    proposal_id = uuid_of(request.GET.get("proposal", ""))
    one = queries.find_proposal(proposal_id, authority=authority) if proposal_id else None
    place, level = (one.place, one.level or Grade.GENERAL) if one else _own(request, found)
    place = request.GET.get("place", "") or place
    level = whole(request.GET.get("level"), level) or level
    scope = next((a.scope for a in found.body.areas if a.place == place), "")
    return {
        "place": place,
        "level": str(int(level)),
        "matter": found.body.matter_zh,
        "until": f"{now + EXPECTED:%Y-%m-%dT%H:%M}",
        "reason": "",
        "incident": request.GET.get("incident", "") or (one.why.get("incident_id", "") if one else ""),
        "proposal": str(one.id) if one else "",
        "measures": [m.id for m in found.body.measures if m.scope == scope and m.level >= int(level)],
    }


def _own(request: Asked, found: PlanLine) -> tuple[str, int]:
    authority = request.caller.authority
    fits = [
        (a.place, level.value)
        for a in found.body.areas
        for level in reversed(Grade)
        if queries.may_order(
            authority, "plans.activate_plan", body=found.body, place=a.place, level=level.value
        )
    ]
    return fits[0] if fits else (found.body.areas[0].place, Grade.GENERAL.value)


def _activation_sheet(
    request: Asked, found: PlanLine, values: dict, refused: Refused | None = None
) -> HttpResponse:
    names, authority, body = Names(), request.caller.authority, found.body
    place, level = values["place"], whole(values["level"], 0) or 0
    scope = next((a.scope for a in body.areas if a.place == place), "")
    one = uuid_of(values["proposal"])
    proposal = queries.find_proposal(one, authority=authority) if one else None
    incident = uuid_of(values["incident"])
    context = {
        "plan": found,
        "body": body,
        "values": values,
        "places": [
            SimpleNamespace(code=a.place, name=names.place(a.place))
            for a in body.areas
            if agencies.may_with(authority, "plans.activate_plan", place=a.place, hazard=body.hazards[0])
        ],
        "where": names.place(place),
        "levels": levels_for(request, body, place, "plans.activate_plan"),
        "level": level,
        "measures": measures_for(request, body, scope, level),
        "follows": _follows(body, scope, level),
        "proposal": proposal_row(proposal, names, request) if proposal else None,
        "incident": incidents.find_incident(incident, authority=authority) if incident else None,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/plans/activate.html", context, status=status_of(refused) if refused else 200)


def levels_for(request: Asked, body: PlanBody, place: str, right: str) -> list[SimpleNamespace]:
    authority = request.caller.authority
    return [
        SimpleNamespace(
            value=g.value,
            numeral=NUMERALS[g.value],
            may=queries.may_order(authority, right, body=body, place=place, level=g.value),
        )
        for g in Grade
    ]


def measures_for(request: Asked, body: PlanBody, scope: str, level: int) -> list[SimpleNamespace]:
    clauses = Clauses(localtime(pages.now_of(request)).date())
    return [
        SimpleNamespace(row=m, clause=clauses(m.clause), fits=m.level >= level)
        for m in body.measures
        if m.scope == scope
    ]


def _follows(body: PlanBody, scope: str, level: int) -> SimpleNamespace:
    """What starts with this level, counted: the person sees it before ordering."""

    def count(rows: tuple, places: int = 1) -> int:
        fits = [r for r in rows if r.scope == scope and r.level >= level]
        return sum(places if getattr(r, "each", False) else 1 for r in fits)

    counties = sum(a.scope == "county" for a in body.areas)
    return SimpleNamespace(
        seats=count(body.command),
        tasks=count(body.tasks, counties),
        calls=count(body.calls),
        notices=count(body.notices),
    )


def time_of(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=get_current_timezone()) if found.tzinfo is None else found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: Asked, proposal_id: uuid.UUID) -> HttpResponse:
    """Why a proposal is not followed."""
    authority = request.caller.authority
    one = queries.find_proposal(proposal_id, authority=authority)
    if one is None:
        return missing_page(request, _("This proposal is not known here."))
    error, status, reason = "", 200, request.POST.get("reason", "")
    if request.method == "POST":
        try:
            actions.decline_proposal(proposal_id, reason=reason, **act(request))
        except Refused as refused:
            error, status = refusals.sentence(refused), status_of(refused)
        else:
            return redirect("/plans")
    context = {"proposal": proposal_row(one, Names(), request), "error": error, "reason": reason}
    return render(request, "web/plans/decline.html", context, status=status)
