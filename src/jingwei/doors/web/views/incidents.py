"""The list of incidents."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.incidents import queries as incidents
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, mark, signed_in, whole
from jingwei.doors.web.names import Names

PAGE = 50


@signed_in
@require_safe
def list_incidents(request: Asked) -> HttpResponse:
    authority = request.caller.authority
    view = request.GET.get("view", "open")
    text = request.GET.get("q", "").strip()[:200]
    grade = whole(request.GET.get("grade"))
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    state = {"closed": "closed", "all": ""}.get(view, "open")
    if view == "waiting":
        lines = incidents.list_grade_waiting(authority=authority, limit=PAGE)
        total = len(lines)
    else:
        chosen = {"authority": authority, "state": state, "search": text, "grade": grade}
        lines = incidents.list_incidents(**chosen, offset=offset, limit=PAGE)
        total = incidents.count_incidents(**chosen)
    names = Names()
    rows = shapes.incident_rows(lines, names)
    tabs = [
        ("open", _("Open"), incidents.count_incidents(authority=authority, state="open")),
        ("waiting", _("Grade waits"), len(incidents.list_grade_waiting(authority=authority, limit=PAGE))),
        ("closed", _("Closed"), incidents.count_incidents(authority=authority, state="closed")),
        ("all", _("All"), incidents.count_incidents(authority=authority, state="")),
    ]
    context = {
        "rows": rows,
        "total": total,
        "tabs": tabs,
        "view": view,
        "text": text,
        "grade": grade,
        "mark": mark([(r.id, r.version, r.report_count) for r in rows]),
        "next_from": offset + PAGE if offset + PAGE < total else None,
        "earlier_from": max(0, offset - PAGE) if offset else None,
    }
    return render(request, "web/incidents.html", context)
