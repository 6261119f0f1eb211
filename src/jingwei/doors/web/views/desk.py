"""The desk: what is in force, what waits for a person, reports, open incidents, map."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.dispatch import queries as dispatch
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.places import queries as places
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import ReportLine
from jingwei.doors.web import announced, shapes, sketch, terms
from jingwei.doors.web.door import Asked, mark, offers, signed_in
from jingwei.doors.web.names import Names
from jingwei.doors.web.shapes import IncidentRow, ReportRow
from jingwei.doors.web.views import checkins, clocks, plans, releases, restored, tasks
from jingwei.kernel.grades import Grade

#: Rows of the desk's two lists; the rest is one link away. Of reports fewer, so that the page stays light.
MOST_ROWS, MOST_REPORTS = 24, 18
#: Of them, what waits for a person.
MOST_WAITING = 12


@signed_in
@require_safe
def desk(request: Asked) -> HttpResponse:
    authority, now = request.caller.authority, request.moment.at
    names = Names()
    lines = incidents.list_incidents(authority=authority, limit=MOST_ROWS)
    asked = incidents.list_grade_waiting(authority=authority)
    waiting = _Waiting(authority)
    shapes.know([*lines, *asked, *waiting.lines()], names)
    rows, proposed = shapes.incident_rows(lines, names), shapes.incident_rows(asked, names)
    unplaced = incidents.count_unplaced(authority=authority)
    unread = reports.count_quarantined(authority=authority)
    inbox = _inbox(waiting, authority, names)
    warnings, responses = announced.list_current(authority.place, now, names)
    graded = incidents.count_by_grade(authority=authority)
    picture = sketch_of(rows, authority, names)
    view = SimpleNamespace(
        response=responses[0] if responses else None,
        responses=responses,
        gap=restored.gap(),
        red=next((w for w in warnings if w.level == 1), None),
        warnings=warnings,
        proposed=proposed,
        ungraded=[r for r in rows if r.grade is None],
        waits=_waits(authority, unplaced=unplaced, unread=unread, grades=len(proposed)),
        inbox=inbox,
        waiting=unplaced + unread,
        total=reports.count_reports(authority=authority),
        incidents=rows,
        open_count=sum(graded.values()),
        counts=_counts(graded),
        proposed_count=graded.get(0, 0),
        map=picture,
        inbox_mark=mark([(r.id, r.count, r.waits) for r in inbox]),
        incident_mark=mark([(r.id, r.version, r.report_count) for r in rows]),
        map_mark=mark([(m.id, m.level, m.proposed, m.x, m.y) for m in picture.marks]),
        warning_mark=mark([w.report_id for w in warnings], [r.report_id for r in responses]),
    )
    can = offers(request, "incidents.confirm_grade", "incidents.judge_grade", "incidents.join_report",
                 "incidents.open_incident", "reports.transcribe_report")  # fmt: skip
    others = (clocks, plans, releases, tasks)
    context = {k: v for one in others for k, v in one.desk_context(request, names).items()}
    context |= checkins.desk_context(request)
    return render(request, "web/desk.html", context | {"desk": view, "can": can})


class _Waiting:
    """Reports that wait for a person: those without an incident, then those nobody could read."""

    def __init__(self, authority: Authority) -> None:
        self.unplaced = incidents.list_unplaced(authority=authority, limit=MOST_WAITING)
        left = MOST_WAITING - len(self.unplaced)
        self.unread = reports.list_quarantined(authority=authority, limit=left) if left else []

    def lines(self) -> list[ReportLine]:
        return [*(one.report for one in self.unplaced), *self.unread]

    def rows(self, names: Names) -> list[ReportRow]:
        rows = [shapes.report_row(one.report, names, waits=one.reason) for one in self.unplaced]
        return rows + [shapes.report_row(line, names) for line in self.unread]


def _inbox(first: _Waiting, authority: Authority, names: Names) -> list[ReportRow]:
    """What waits for a person first, then the newest reports, those of one incident together."""
    waiting = first.rows(names)
    shown = {row.id for row in waiting}
    newest = reports.list_newest(authority=authority, limit=4 * MOST_ROWS)
    groups = shapes.grouped(one for one in newest if one.id not in shown)
    return waiting + shapes.group_rows(groups[: MOST_REPORTS - len(waiting)], names)


def _waits(authority: Authority, *, unplaced: int, unread: int, grades: int) -> list[SimpleNamespace]:
    noplace = sum(reports.count_flags(["place_missing", "place_unknown"], authority=authority).values())
    return [
        SimpleNamespace(text=_("Reports without an incident"), n=unplaced, href="/reports?view=waiting"),
        SimpleNamespace(text=_("Reports nobody could read"), n=unread, href="/reports?view=quarantined"),
        SimpleNamespace(text=_("Reports without a usable place"), n=noplace, href="/reports?view=noplace"),
        SimpleNamespace(text=_("Grades to confirm"), n=grades, href="/incidents?view=waiting"),
        SimpleNamespace(
            text=_("Requests for help to answer"),
            n=dispatch.count_help(authority=authority, side="ours"),
            href="/dispatch/help?side=ours",
        ),
    ]


def _counts(found: dict[int | None, int]) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(level=g.value, word=terms.say("grade", str(g.value)), n=found.get(g.value, 0))
        for g in Grade
    ]


def _label(row: IncidentRow, names: Names) -> tuple[str, str]:
    """A short name for the map: the site where there is one, else the incident's."""
    return names.place("", row.line.site) if row.line.site else (row.title_zh, row.title_en)


def sketch_of(rows: list[IncidentRow], authority: Authority, names: Names) -> sketch.Sketch:
    """Open incidents that have a point, and the divisions below the post's own place for orientation."""
    marks = [
        sketch.Mark(
            id=str(r.id),
            lon=r.lon,
            lat=r.lat,
            level=r.grade,
            proposed=r.grade_state == "proposed",
            name_zh=_label(r, names)[0],
            name_en=_label(r, names)[1],
            href=f"/incidents/{r.id}",
        )
        for r in rows
        if r.lon is not None and r.lat is not None
    ]
    around = places.list_points(within=authority.place[:4], level=3 if authority.place else 2, sites=False)
    points = [sketch.Point(lon=p.lon, lat=p.lat, name_zh=p.name_zh, name_en=p.name_en) for p in around]
    return sketch.draw(marks, points)
