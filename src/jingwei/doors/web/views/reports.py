"""Reports: the inbox with what waits, and one report with its raw words, flags and why it was joined."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Found, ReportLine
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, mark, missing_page, offers, signed_in, uuid_of, whole
from jingwei.doors.web.names import Names

from .room import joined_rows

PAGE = 50
#: What each tab of the inbox asks for.
VIEWS = {
    "all": {},
    "noplace": {"flag": "place_missing"},
    "nokind": {"flag": "kind_missing"},
    "rumor": {"flag": "rumor"},
    "reused": {"flag": "key_reused"},
}
#: Tabs of what waits for a person: few, and not searched.
WAITING = ("waiting", "quarantined")


@signed_in
@require_safe
def list_reports(request: Asked) -> HttpResponse:
    authority = request.caller.authority
    view = request.GET.get("view", "all")
    text = request.GET.get("q", "").strip()[:200]
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    tabs = _tabs(authority)
    counted = {key: n for key, _word, n in tabs}
    lines: Sequence[ReportLine]
    waits: dict[uuid.UUID, str] = {}
    looked, total = None, counted.get(view, counted["all"])
    if text and view not in WAITING:
        looked = _search(request, view, text)
        lines, total = looked.lines, len(looked.lines)
    else:
        lines, waits = _lines(authority, view, offset)
    rows = shapes.report_rows(lines, Names(), waits)
    context = {
        "looked": looked,
        "rows": rows,
        "total": total,
        "view": view,
        "text": text,
        "tabs": tabs,
        "mark": mark([(r.id, bool(r.incident), r.waits) for r in rows]),
        "next_from": offset + PAGE if offset + PAGE < total else None,
        "earlier_from": max(0, offset - PAGE) if offset else None,
        "can": offers(
            request, "incidents.join_report", "incidents.open_incident", "reports.transcribe_report"
        ),
    }
    return render(request, "web/reports.html", context)


def _lines(authority: Authority, view: str, offset: int) -> tuple[Sequence[ReportLine], dict[uuid.UUID, str]]:
    page: dict[str, Any] = {"authority": authority, "offset": offset, "limit": PAGE}
    if view == "waiting":
        found = incidents.list_unplaced(**page)
        return [w.report for w in found], {w.report.id: w.reason for w in found}
    if view == "quarantined":
        return reports.list_quarantined(**page), {}
    return reports.list_reports(reports.Sought(**VIEWS.get(view, {})), **page), {}


def _search(request: Asked, view: str, text: str) -> Found:
    sought = reports.Sought(search=text, **VIEWS.get(view, {}))
    behind = uuid_of(request.GET.get("behind", ""))
    return reports.search_reports(sought, authority=request.caller.authority, behind=behind, limit=PAGE)


def _tabs(authority: Authority) -> list[tuple[str, str, int]]:
    flags = {view: chosen["flag"] for view, chosen in VIEWS.items() if chosen}
    counted = reports.count_flags(list(flags.values()), authority=authority)

    def count(view: str) -> int:
        return counted[flags[view]]

    return [
        ("all", _("All"), reports.count_reports(authority=authority)),
        ("waiting", _("Without an incident"), incidents.count_unplaced(authority=authority)),
        ("quarantined", _("Cannot be read"), reports.count_quarantined(authority=authority)),
        ("noplace", _("No place"), count("noplace")),
        ("nokind", _("No kind"), count("nokind")),
        ("reused", _("Same number, other content"), count("reused")),
        ("rumor", _("Rumors"), count("rumor")),
    ]


@signed_in
@require_safe
def report(request: Asked, report_id: uuid.UUID) -> HttpResponse:
    context = report_context(request, report_id)
    if context is None:
        return missing_page(request, _("This report is not known here. Look for it in the list."))
    return render(request, "web/report.html", context)


def report_context(request: Asked, report_id: uuid.UUID) -> dict[str, object] | None:
    authority = request.caller.authority
    line = reports.find_report(report_id, authority=authority)
    if line is None:
        return None
    names = Names()
    here = incidents.get_incident_of_reports([report_id]).get(report_id)
    joined = incidents.find_joined(report_id, authority=authority) if here else None
    waits = incidents.find_reason_to_wait(report_id, authority=authority)
    incident = shapes.incident_row(here, names) if here else None
    return {
        "line": line,
        "row": shapes.report_row(line, names, incident=incident, waits=waits),
        "organization": names.organization(line.organization),
        "figures": [(f, names.area(f.area)) for f in line.figures],
        "photos": reports.list_photos(report_id),
        "looked_at": reports.list_looked_at(report_id, by=authority.holding, now=request.moment.recorded_at),
        "number": reports.number_of(report_id),
        "joined": joined_rows([joined], names, authority)[0] if joined else None,
        "can": offers(
            request,
            "incidents.join_report",
            "incidents.separate_report",
            "incidents.open_incident",
            "reports.reveal_caller",
            "reports.look_at_photo",
            "reports.transcribe_report",
            place=line.place or None,
            hazard=line.kind or None,
        ),
    }
