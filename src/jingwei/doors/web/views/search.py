"""Search: incidents, reports, places and organizations by a few words."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.places import queries as places
from jingwei.apps.reports import queries as reports
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, signed_in
from jingwei.doors.web.names import Names

MOST = 20


@signed_in
@require_safe
def search(request: Asked) -> HttpResponse:
    text, authority, names = request.GET.get("q", "").strip()[:200], request.caller.authority, Names()
    context: dict[str, object] = {"text": text}
    if text:
        found = incidents.list_incidents(authority=authority, state="", search=text, limit=MOST)
        looked = reports.search_reports(reports.Sought(search=text), authority=authority, limit=MOST)
        context |= {
            "incidents": shapes.incident_rows(found, names),
            "reports": shapes.report_rows(looked.lines, names, {}),
            "looked": looked,
            "places": places.search_places(text, limit=MOST),
            "organizations": agencies.search_organizations(text, limit=MOST),
        }
    return render(request, "web/search.html", context)
