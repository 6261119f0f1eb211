"""Experts at an incident: found by field, place and words; asked; their advice beside the decision."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.apps.advice import actions, queries
from jingwei.apps.advice.facts import Decision, NewQuestion
from jingwei.apps.advice.queries import ConsultationLine, DecisionLine
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.registers import queries as registers
from jingwei.apps.registers.facts import Choice, Sought
from jingwei.doors.entry import refusals
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import time_of
from jingwei.kernel.codes import normal_place
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

from .people import find, incident_missing
from .phone import code_of

RIGHTS = ("ask_expert", "record_advice", "link_advice")
#: Experts that one search shows. Source: our estimate, who wants more says more, 2026-11-30.
MOST_EXPERTS = 30


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def advice(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """The page of an incident's advice; sent, it asks one expert."""
    line = find(request, incident_id)
    if line is None:
        return incident_missing(request)
    if request.method != "POST":
        return render(request, "web/advice/advice.html", _context(request, line))
    v = request.POST.get
    try:
        new = NewQuestion(
            incident_id=incident_id, expert_id=uuid_of(v("expert", "")) or uuid.UUID(int=0),
            question=v("question", ""), key=v("key", "")[:100],
        )  # fmt: skip
        actions.ask_expert(new, **act(request))
    except Refused as no:
        return _refused(request, line, no)
    return redirect(f"/incidents/{incident_id}/advice")


def _refused(request: Asked, line: IncidentLine, no: Refused, **more: object) -> HttpResponse:
    context = _context(request, line, error=refusals.sentence(no), **more)
    return render(request, "web/advice/advice.html", context, status=status_of(no))


def _context(request: Asked, line: IncidentLine, **more: object) -> dict[str, object]:
    authority, names = request.caller.authority, Names()
    found = queries.list_consultations(line.id, authority=authority)
    decisions = queries.list_decisions(line.id, authority=authority)
    names.know(people=[p for one in found for p in (one.by, one.written_by)])
    asked = request.GET
    sought = bool(asked.get("q") or asked.get("field") or asked.get("place"))
    return {
        "row": shapes.incident_row(line, names),
        "fields": _fields(),
        "asked": asked,
        "sought": sought,
        "experts": _experts(request) if sought else [],
        "found": [_shown(one, decisions, names) for one in found],
        "decisions": decisions,
        "key": request.POST.get("key", "") or str(new_id()),
        "values": request.POST,
        "can": offers(request, *[f"advice.{r}" for r in RIGHTS], place=line.place, hazard=line.kind),
        **more,
    }


def _fields() -> tuple[Choice, ...]:
    """The fields of experts, by the register's own terms."""
    register = registers.get_register("experts")
    return next(c.choices for c in register.columns if c.name == "kind")


def _experts(request: Asked) -> list[SimpleNamespace]:
    """Experts that the post sees, as the register lists them: by field, place and words."""
    register, v = registers.get_register("experts"), request.GET.get
    field = v("field", "")[:10]
    sought = Sought(
        text=v("q", "")[:100],
        place=normal_place(code_of(v("place", "")))[:12],
        equal={"kind": field} if field in {c.code for c in _fields()} else {},
    )
    page = registers.list_rows(
        register, sought, authority=request.caller.authority, after="", limit=MOST_EXPERTS
    )
    words = {c.code: (c.zh, c.en) for c in _fields()}
    return [
        SimpleNamespace(id=r.id, field=words.get(str(r.values["kind"]), ("", "")), **{
            name: str(r.values[name] or "") for name in ("name", "employer", "specialty", "title", "phone")
        })
        for r in page.rows
    ]  # fmt: skip


def _shown(one: ConsultationLine, decisions: list[DecisionLine], names: Names) -> SimpleNamespace:
    return SimpleNamespace(
        line=one,
        who=names.person(one.by),
        writer=names.person(one.written_by),
        decision=next((d for d in decisions if (d.kind, d.id) == (one.for_kind, one.for_id)), None),
        code=f"{one.for_kind}:{one.for_id}",
    )


def _decision(text: str) -> Decision:
    """The decision as the form's choice names it: its kind and id."""
    kind, _colon, code = text.partition(":")
    found = uuid_of(code)
    if found is None:
        raise Refused("decision_elsewhere")
    return Decision(kind=kind[:10], id=found)


@signed_in
@require_POST
def record(request: Asked, consultation_id: uuid.UUID) -> HttpResponse:
    """Write down what the expert said."""
    v = request.POST.get

    def do() -> None:
        actions.record_advice(
            consultation_id, v("words", ""), _decision(v("decision", "")),
            answered_at=time_of(v("answered", "")), version=whole(v("version"), None), **act(request),
        )  # fmt: skip

    return _done(request, consultation_id, do)


@signed_in
@require_POST
def link(request: Asked, consultation_id: uuid.UUID) -> HttpResponse:
    """Set advice beside another decision."""
    v = request.POST.get

    def do() -> None:
        actions.link_advice(
            consultation_id, _decision(v("decision", "")), version=whole(v("version"), None), **act(request)
        )

    return _done(request, consultation_id, do)


def _done(request: Asked, consultation_id: uuid.UUID, do) -> HttpResponse:
    one = queries.find_consultation(consultation_id, authority=request.caller.authority)
    line = find(request, one.incident_id) if one else None
    if one is None or line is None:
        return missing_page(
            request, _("This question is not known here. Look at the incident's advice again.")
        )
    try:
        do()
    except Refused as no:
        return _refused(request, line, no, tried=one.id)
    return redirect(f"/incidents/{one.incident_id}/advice#c-{one.id}")
