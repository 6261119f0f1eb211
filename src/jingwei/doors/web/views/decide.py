"""Decisions on one incident: each asks once more who, what, where, under which clause."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.incidents import actions
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.doors.entry import refusals
from jingwei.doors.web import shapes, terms, timeline
from jingwei.doors.web.door import Asked, act, missing_page, signed_in, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.grades import NUMERALS, Grade
from jingwei.kernel.refusals import Refused


class Decision(msgspec.Struct, frozen=True):
    """One kind of decision: the words on its sheet, its fields, and the action it calls."""

    title: Callable[[], str]
    button: Callable[[], str]
    after: Callable[[], str]
    fields: tuple[str, ...]
    call: Callable[..., object]
    first: str = ""


DECISIONS = {
    "confirm": Decision(
        title=lambda: _("Confirm the grade"),
        button=lambda: _("Confirm the grade"),
        after=lambda: _(
            "From now on the incident has this grade. The proposal and this decision stay in its history."
        ),
        fields=("grade", "reason"),
        call=actions.confirm_grade,
    ),
    "judge": Decision(
        title=lambda: _("Give a preliminary grade"),
        button=lambda: _("Give the preliminary grade"),
        after=lambda: _("It stands, marked as preliminary, until a grade is confirmed."),
        fields=("grade", "reason"),
        call=actions.judge_grade,
    ),
    "rename": Decision(
        title=lambda: _("Rename the incident"),
        button=lambda: _("Rename"),
        after=lambda: _("The old name stays in the history."),
        fields=("title_zh", "title_en"),
        call=actions.rename_incident,
    ),
    "close": Decision(
        title=lambda: _("Close the incident"),
        button=lambda: _("Close the incident"),
        after=lambda: _("Later reports open a new incident or wait for a person. It can be reopened."),
        fields=("reason",),
        call=actions.close_incident,
    ),
    "reopen": Decision(
        title=lambda: _("Reopen the incident"),
        button=lambda: _("Reopen the incident"),
        after=lambda: _("Reports may join it again."),
        fields=("reason",),
        call=actions.reopen_incident,
    ),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Asked, incident_id: uuid.UUID, what: str) -> HttpResponse:
    line = incidents.find_incident(incident_id, authority=request.caller.authority)
    if line is None:
        return missing_page(request, _("This incident is not known here. Look for it in the list."))
    decision = DECISIONS[what]
    if request.method != "POST":
        return _sheet(request, what, line, _first_values(what, line))
    values = {name: request.POST.get(name, "") for name in decision.fields}
    given: dict[str, object] = dict(values)
    if "grade" in given:
        given["grade"] = whole(values["grade"], 0)
    try:
        decision.call(incident_id, **given, version=whole(request.POST.get("version"), 0), **act(request))
    except Refused as refused:
        line = incidents.find_incident(incident_id, authority=request.caller.authority) or line
        return _sheet(request, what, line, values, refused)
    return redirect(f"/incidents/{incident_id}")


def _first_values(what: str, line: IncidentLine) -> dict[str, str]:
    if what == "rename":
        return {"title_zh": line.title_zh, "title_en": line.title_en}
    grade = line.proposed_grade if what == "confirm" else line.judged_grade
    return {"grade": str(grade or ""), "reason": ""}


def _sheet(
    request: Asked,
    what: str,
    line: IncidentLine,
    values: dict[str, str],
    refused: Refused | None = None,
) -> HttpResponse:
    names, decision = Names(), DECISIONS[what]
    grades = [
        SimpleNamespace(value=str(g.value), level=g.value, numeral=NUMERALS[g.value],
                        word=terms.say("grade", str(g.value)), proposed=line.proposed_grade == g.value)
        for g in Grade
    ]  # fmt: skip
    changed = refused is not None and refused.code == "changed_meanwhile"
    context = {
        "what": what,
        "row": shapes.incident_row(line, names),
        "kind": names.kind(line.kind),
        "title": decision.title(),
        "button": decision.button(),
        "after": decision.after(),
        "fields": decision.fields,
        "values": values,
        "grades": grades,
        "clauses": [
            names.clause_at(i, line.place, line.opened_at)
            for i in (line.clauses if line.grade_state == "proposed" else ())
        ]
        or _proposed(line, names),
        "error": refusals.sentence(refused) if refused else "",
        "latest": _latest(line, names, request) if changed else [],
    }
    return render(request, "web/decide.html", context, status=409 if changed else 422 if refused else 200)


def _proposed(line: IncidentLine, names: Names) -> list[SimpleNamespace]:
    steps = incidents.list_grade_steps(line.id)
    last = next((s for s in reversed(steps) if s.what == "proposed"), None)
    return [names.clause(i) for i in last.clauses] if last else []


def _latest(line: IncidentLine, names: Names, request: Asked) -> list[SimpleNamespace]:
    """What changed since: the newest steps of the grade, with who and when."""
    room = incidents.get_room(line.id, authority=request.caller.authority)
    entries = [e for e in (room.timeline if room else ()) if e.fact is not None][:3]
    return [SimpleNamespace(at=r.at, text=r.title, who=r.who) for r in timeline.rows(entries, names)]
