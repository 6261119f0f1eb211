"""The incident room: grade with its clause, timeline, reports and why they were joined, figures."""

import uuid
from collections.abc import Sequence
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import Chain, GradeStep, IncidentLine, Joined, Room
from jingwei.apps.places import queries as places
from jingwei.doors.web import announced, grading, shapes, sketch, terms, timeline, timeline_response
from jingwei.doors.web.door import Asked, mark, missing_page, offers, signed_in, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.papered import papered
from jingwei.doors.web.views import checkins, clocks, mending, people, plans, releases, tasks

#: Figures that stand large in the room's head, in this order, when they are known.
HEAD_MEASURES = ("deaths", "missing", "dead_or_missing", "trapped", "evacuated", "affected_population")

#: Reports on one page of the room, and their part of the timeline.
#: Source: our estimate, 26 reports keep the page light on a slow line, 2026-11-30.
PAGE = 26

#: Figures of one measure and area that the room shows at once; the others are one link away.
#: Source: our estimate, a figure is told again every half hour: half a day, 2026-11-29.
NEWEST_FIGURES = 24

#: Reports of the room that say at once why they are here; the others when they are opened.
EXPLAINED = 3

RIGHTS = ("confirm_grade", "judge_grade", "rename_incident", "close_incident", "reopen_incident",
          "separate_report", "join_report")  # fmt: skip


@signed_in
@require_safe
def room(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    authority = request.caller.authority
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    found = incidents.get_room(incident_id, authority=authority, limit=PAGE, offset=offset)
    if found is None:
        return missing_page(request, _("This incident is not known here. Look for it in the list."))
    names, line = Names(), found.incident
    if line.merged_into:
        return redirect(f"/incidents/{line.merged_into}?from_merged={line.id}")
    _know(found, names)
    history = timeline.rows(found.timeline, names)
    if not offset:
        done = timeline_response.rows(line, names, authority=authority, now=request.moment.at)
        history = timeline.woven(history, done)
    history = papered(history)
    tab, every = request.GET.get("mark", ""), request.GET.get("figures") == "all"
    row = shapes.incident_row(line, names)
    joined = joined_rows(found.reports, names, authority, explained=EXPLAINED)
    view = SimpleNamespace(
        row=row,
        line=line,
        kind=names.kind(line.kind),
        then=_place_then(line),
        clauses=[names.clause_at(i, line.place, line.opened_at) for i in line.clauses],
        table=grading.explain(line),
        announcements=[announced.announcement(g, names) for g in found.announcements],
        head=_head(found, names),
        chains=[chain(c, names, None if every else NEWEST_FIGURES) for c in found.chains],
        timeline=timeline.chosen(history, tab),
        tabs=timeline.count_tabs(history),
        tab=tab,
        joined=joined,
        channels=sorted(found.channels.items(), key=lambda c: -c[1]),
        left=[shapes.report_row(r, names) for r in found.left],
        grades=[grade_step(s, names) for s in found.grades],
        map=_map(found, row),
        next_from=offset + PAGE if offset + PAGE < line.report_count else None,
        earlier_from=max(0, offset - PAGE) if offset else None,
        mark=mark(line.version, line.report_count, len(history)),
    )
    view.response = _response(view.announcements)
    can = offers(request, *[f"incidents.{r}" for r in RIGHTS], place=line.place, hazard=line.kind)
    others = (clocks, mending, people, plans, releases, tasks)
    context = {k: v for one in others for k, v in one.room_context(request, line, names).items()}
    context |= checkins.room_context(request, line)
    return render(request, "web/room.html", context | {"room": view, "can": can})


def _place_then(line: IncidentLine) -> SimpleNamespace | None:
    """What the place was called on the event's day, where that has changed since, and what it is now."""
    day = localtime(line.opened_at).date().isoformat()
    then = places.find_place_then(line.place, on=day) if line.place else None
    if then is None:
        return None
    became = places.list_divisions_by_code(then.codes)
    return SimpleNamespace(path=then.path, sure=then.sure, now=list(became.values()))


def _know(found: Room, names: Names) -> None:
    """What the room will name, asked for together."""
    told = [entry.report for entry in found.timeline if entry.report]
    shapes.know([*told, *found.left], names)
    names.know(
        bodies=[report.organization for report in told],
        people=[*(entry.by for entry in found.timeline), *(step.by for step in found.grades)],
    )
    announced.know(found.announcements, names)
    names.know_areas(one.area for one in found.chains)
    names.know_rules([*found.incident.clauses, *(i for step in found.grades for i in step.clauses)])


def joined_rows(
    found: Sequence[Joined], names: Names, authority: Authority, *, explained: int | None = None
) -> list[SimpleNamespace]:
    """Reports of the room with why each is here; beyond the first `explained` one asks by opening them."""
    first = found[:explained]
    seconds = {uuid.UUID(j.next_best["id"]) for j in first if j.next_best}
    others = incidents.list_incidents_by_id(seconds, authority=authority)
    shapes.know([*(j.report for j in found), *others.values()], names)
    details = [(p["name"], str(v)) for j in first for p in j.parts for v in (p.get("detail") or {}).values()]
    names.know(
        kinds=[v for name, v in details if name == "kind"],
        divisions=[v for name, v in details if name in ("place", "point") and v.isdigit()],
        people=[j.joined_by for j in found],
    )
    rest = found[len(first) :]
    return [_joined_row(j, names, others) for j in first] + [_joined_row(j, names, None) for j in rest]


def _joined_row(
    joined: Joined, names: Names, others: dict[uuid.UUID, IncidentLine] | None
) -> SimpleNamespace:
    """`others`: the incidents a report nearly stood in; None: why it is here is not told now."""
    told = joined.parts if others is not None else ()
    parts = [
        SimpleNamespace(
            name=p["name"], value=p["value"], detail=_detail(p["name"], p.get("detail") or {}, names)
        )
        for p in told
    ]
    second = joined.next_best or {}
    other = others.get(uuid.UUID(second["id"])) if others and second else None
    return SimpleNamespace(
        report=shapes.report_row(joined.report, names),
        caller=joined.report.caller,
        joined_at=joined.joined_at,
        who=names.person(joined.joined_by),
        score=joined.score,
        threshold=joined.threshold,
        parts=parts,
        next_score=second.get("score"),
        next=shapes.incident_row(other, names) if other else None,
    )


def _detail(part: str, detail: dict[str, object], names: Names) -> str:
    """What the matcher compared, in words one can check."""
    if "distance_m" in detail:
        return _("{n} m apart").format(n=detail["distance_m"])
    if "gap_min" in detail:
        return _("{n} min apart").format(n=detail["gap_min"])
    if "site" in detail:
        return terms.bilingual(*names.place("", str(detail["site"])))
    if "ref" in detail:
        return str(detail["ref"])
    if part == "point":
        outlined = detail["by"] == "outline"
        words = _("in {place}, by its outline") if outlined else _("in {place}, by named points near it")
        return format_html(words, place=terms.bilingual(*names.place(str(detail["place"]))))
    naming = names.kind if part == "kind" else names.place
    said = list(dict.fromkeys(terms.bilingual(*naming(str(v))) for v in detail.values()))
    return format_html_join(" → ", "{}", [(one,) for one in said])


def chain(one: Chain, names: Names, most: int | None = None) -> SimpleNamespace:
    """Figures of one measure in one area, newest first; `most`: those before are counted."""
    area = names.area(one.area)
    shown = one.figures if most is None else one.figures[-most:]
    return SimpleNamespace(
        measure=one.measure,
        area_zh=area[0],
        area_en=area[1],
        figures=list(reversed(shown)),
        earlier=len(one.figures) - len(shown),
        newest=one.newest,
    )


def _head(found: Room, names: Names) -> list[SimpleNamespace]:
    own = found.incident.site or found.incident.place
    picked = [c for m in HEAD_MEASURES for c in found.chains if c.measure == m]
    picked.sort(key=lambda c: c.area != own)
    return [chain(c, names, 1) for c in picked[:2]]


def grade_step(step: GradeStep, names: Names) -> SimpleNamespace:
    return SimpleNamespace(
        at=step.at,
        who=names.person(step.by),
        what=step.what,
        grade=step.grade,
        clauses=[names.clause(i) for i in step.clauses],
        missing=step.missing,
        reason=step.reason,
    )


def _response(announcements: list[announced.Announcement]) -> announced.Announcement | None:
    """The level in force here: the newest of the body nearest to the place, before that of those above."""
    newest = {a.organization_zh: a for a in announcements if a.type == "response"}
    in_force = [a for a in newest.values() if a.level]
    return min(in_force, key=lambda a: (-len(a.place), a.level), default=None)


def _map(found: Room, row: shapes.IncidentRow) -> sketch.Sketch:
    if row.lon is None or row.lat is None:
        return sketch.draw([], [])
    own = sketch.Mark(
        id=str(row.id), lon=row.lon, lat=row.lat, level=row.grade, proposed=row.grade_state == "proposed",
        name_zh=row.title_zh, name_en=row.title_en, href=f"/incidents/{row.id}",
    )  # fmt: skip
    around = places.list_points(within=found.incident.place[:4])
    points = [sketch.Point(lon=p.lon, lat=p.lat, name_zh=p.name_zh, name_en=p.name_en) for p in around]
    return sketch.draw([own], points, least_km=8 if found.incident.site else 100)
