"""People counted: what we stand by beside what sources tell, adopted and revised in the open."""

import unicodedata
import uuid
from datetime import datetime
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.people import actions
from jingwei.apps.people import queries as people_queries
from jingwei.apps.people.facts import Given
from jingwei.apps.people.queries import CountChain, CountLine
from jingwei.doors.entry import refusals
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of, uuid_of
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .phone import code_of

RIGHTS = ("adopt_figure", "revise_figure", "count_list", "import_list", "strike_person", "restore_person",
          "reveal_person")  # fmt: skip


def incident_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This incident is not known here. Look for it in the list."))


def find(request: Asked, incident_id: uuid.UUID) -> IncidentLine | None:
    return incidents.find_incident(incident_id, authority=request.caller.authority)


@signed_in
@require_safe
def people(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    line = find(request, incident_id)
    if line is None:
        return incident_missing(request)
    return render(request, "web/people/people.html", people_context(request, line))


def people_context(request: Asked, line: IncidentLine, **more: object) -> dict[str, object]:
    """The page of one incident: chains, lists, and what the post may do."""
    names = Names()
    merged = incidents.list_merged_into(line.id, authority=request.caller.authority)
    return {
        "row": shapes.incident_row(line, names),
        "chains": [chain(c, names) for c in people_queries.list_count_chains(line.id)],
        "lists": [
            SimpleNamespace(
                measure=found.measure,
                counted=found.counted,
                persons=[SimpleNamespace(line=p, who=names.person(p.struck_by)) for p in found.persons],
            )
            for found in people_queries.list_person_lists(line.id)
        ],
        "merged": [shapes.incident_row(i, names) for i in merged],
        "measures": people_queries.list_measures(),
        "can": offers(request, *[f"people.{r}" for r in RIGHTS], place=line.place, hazard=line.kind),
        "values": request.POST,
        **more,
    }


def chain(one: CountChain, names: Names) -> SimpleNamespace:
    area = names.area(one.area)
    return SimpleNamespace(
        measure=one.measure,
        area=one.area,
        area_zh=area[0],
        area_en=area[1],
        stands=_count(one.stands, names) if one.stands else None,
        earlier=[_count(c, names) for c in one.counts if not c.stands],
        told=[(f, names.organization(f.organization)) for f in one.told],
        differs=one.differs,
    )


def _count(one: CountLine, names: Names) -> SimpleNamespace:
    return SimpleNamespace(line=one, who=names.person(one.by))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """Take a figure as the count we stand by: one a report tells, or one by hand with its source."""
    line = find(request, incident_id)
    if line is None:
        return incident_missing(request)
    given = request.POST if request.method == "POST" else request.GET
    refused = None
    if request.method == "POST":
        try:
            actions.adopt_figure(
                incident_id,
                _figure(request),
                measure=given.get("measure", ""),
                area=code_of(given.get("area", "")),
                **act(request),
            )
            return redirect(f"/incidents/{incident_id}/people")
        except Refused as no:
            refused = no
    return _sheet(
        request, line, "adopt", refused, measure=given.get("measure", ""), area=given.get("area", "")
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: Asked, incident_id: uuid.UUID, count_id: uuid.UUID) -> HttpResponse:
    """Put another value in the place of the standing count of the same measure and area."""
    line, found = find(request, incident_id), people_queries.find_count(count_id)
    if line is None or found is None or found[0] != incident_id:
        return incident_missing(request)
    refused = None
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            actions.revise_figure(count_id, _figure(request), reason=reason, **act(request))
            return redirect(f"/incidents/{incident_id}/people")
        except Refused as no:
            refused = no
    return _sheet(request, line, "revise", refused, measure=found[1], area=found[2], count=found[3])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def count_list(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """Stand by the number of people on our own list."""
    line = find(request, incident_id)
    if line is None:
        return incident_missing(request)
    given = request.POST if request.method == "POST" else request.GET
    refused, measure = None, given.get("measure", "")
    if request.method == "POST":
        try:
            reason = given.get("reason", "")
            actions.count_list(incident_id, measure=measure, reason=reason, **act(request))
            return redirect(f"/incidents/{incident_id}/people")
        except Refused as no:
            refused = no
    lists = {found.measure: found.counted for found in people_queries.list_person_lists(incident_id)}
    return _sheet(request, line, "count", refused, measure=measure, counted=lists.get(measure, 0))


def _figure(request: Asked) -> Given:
    """Report, or value with source and time, as the form has them."""
    report_id = uuid_of(request.POST.get("report", ""))
    if report_id is not None:
        return Given(report_id=report_id)
    text = unicodedata.normalize("NFKC", request.POST.get("value", "")).strip()
    if not text.isdecimal():
        raise Refused("figure_unreadable", given=text[:40])
    return Given(
        value=int(text[:12]),
        source=request.POST.get("source", ""),
        as_of_at=_time(request.POST.get("as_of", "")),
    )


def _time(text: str) -> datetime | None:
    """The time as typed; None when empty: the node's clock then stands for it."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("time_unreadable") from error
    return at if at.tzinfo else at.replace(tzinfo=get_current_timezone())


def _sheet(
    request: Asked, line: IncidentLine, what: str, refused: Refused | None, **more: object
) -> HttpResponse:
    """The sheet of one act, with the figure of the report it is taken from when there is one."""
    names = Names()
    area = str(more.get("area", ""))
    report_id = uuid_of((request.POST or request.GET).get("report", ""))
    told = [
        f
        for c in people_queries.list_count_chains(line.id)
        if (c.measure, c.area) == (more["measure"], area)
        for f in c.told
        if f.report_id == report_id
    ]
    context = {
        "what": what,
        "row": shapes.incident_row(line, names),
        "told": told[0] if told else None,
        "named_area": names.area(area) if area else names.place(line.place, line.site),
        "measures": people_queries.list_measures(),
        "values": request.POST,
        "error": refusals.sentence(refused) if refused else "",
        **more,
    }
    return render(request, "web/people/figure.html", context, status=status_of(refused) if refused else 200)


def room_context(request: Asked, incident: IncidentLine, names: Names) -> dict[str, object]:
    """For the room: the counts we stand by, beside the grade that goes by what reports tell."""
    counts = people_queries.list_counts(incident.id)
    names.know_areas(area for _, area, _ in counts)
    return {
        "counted": SimpleNamespace(
            id=incident.id,
            counts=[
                SimpleNamespace(measure=m, area_zh=names.area(a)[0], area_en=names.area(a)[1], line=c)
                for m, a, c in counts
            ],
        )
    }
