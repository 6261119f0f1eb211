"""Situation reports: the list, the editor with preview and print, sending and receiving."""

import uuid
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.people import queries as people
from jingwei.apps.sitreps import actions
from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.sitreps.queries import Change, FigureLine, Line, SitrepLine
from jingwei.doors.entry import refusals
from jingwei.doors.web import clocks, terms
from jingwei.doors.web.door import (
    Asked,
    act,
    mark,
    missing_page,
    offers,
    signed_in,
    status_of,
    uuid_of,
    whole,
)
from jingwei.doors.web.names import Names
from jingwei.kernel.grades import NUMERALS
from jingwei.kernel.refusals import Refused

RIGHTS = ("sitreps.edit_sitrep", "sitreps.submit_sitrep", "sitreps.draft_sitrep",
          "sitreps.discard_sitrep", "sitreps.restore_sitrep")  # fmt: skip


class Sheet(msgspec.Struct, frozen=True):
    """One decision on a report: the words on its sheet, and whether it wants a reason."""

    title: Callable[[], str]
    after: Callable[[], str]
    reason: bool = False


SHEETS = {
    "submit": Sheet(title=lambda: _("Send the report"), after=lambda: ""),
    "receive": Sheet(
        title=lambda: _("Receive the report"), after=lambda: _("The time of receipt is recorded now.")
    ),
    "discard": Sheet(
        title=lambda: _("Discard the draft"),
        after=lambda: _("It stays in the history with this reason, and can be restored."),
        reason=True,
    ),
    "restore": Sheet(
        title=lambda: _("Restore the draft"),
        after=lambda: _("It is a draft again and can be sent."),
        reason=True,
    ),
}


STATES = ("draft", "submitted", "received", "discarded")


@signed_in
@require_safe
def list_all(request: Asked) -> HttpResponse:
    authority, names = request.caller.authority, Names()
    view = request.GET.get("view", "")
    view = view if view in STATES else ""
    incident_id = uuid_of(request.GET.get("incident", ""))
    found = sitreps.list_sitreps(authority=authority, state=view, incident_id=incident_id)
    tabs = [("", _("All"))]
    tabs += [(state, clocks.word("state", state)) for state in STATES]
    context = {
        "rows": sitrep_rows(found, names),
        "tabs": tabs,
        "view": view,
        "mark": mark([(s.id, s.version, s.state) for s in found]),
    }
    return render(request, "web/sitreps/list.html", context)


def sitrep_rows(lines: Sequence[SitrepLine], names: Names) -> list[SimpleNamespace]:
    names.know(
        bodies=[code for line in lines for code in (line.organization, line.to_organization)],
        people=[line.received_by or line.submitted_by or line.drafted_by for line in lines],
    )
    return [sitrep_row(line, names) for line in lines]


def sitrep_row(line: SitrepLine, names: Names) -> SimpleNamespace:
    """A report in a list."""
    sender, receiver = names.organization(line.organization), names.organization(line.to_organization)
    filled, entries = sitreps.find_machine_share(line.content)
    return SimpleNamespace(
        line=line,
        id=line.id,
        title_zh=line.title_zh,
        title_en=line.title_en,
        stage=clocks.word("stage", line.stage),
        state=clocks.word("state", line.state),
        from_zh=sender[0],
        from_en=sender[1],
        to_zh=receiver[0] or "—",
        to_en=receiver[1] or "—",
        at=line.received_at or line.submitted_at or line.drafted_at,
        who=names.person(line.received_by or line.submitted_by or line.drafted_by),
        filled=filled,
        entries=entries,
        share=filled / entries,
        percent=round(100 * filled / entries),
    )


@signed_in
@require_POST
def draft(request: Asked) -> HttpResponse:
    """Draft for a clock, or for an incident and a stage."""
    authority, now = request.caller.authority, request.moment.at
    asked = uuid_of(request.POST.get("obligation", ""))
    given: dict[str, Any] = {}
    if asked is not None:
        owed = sitreps.find_obligation(asked, authority=authority, now=now)
        if owed is None:
            return missing_page(request, _("This clock is not known here. Look for it in the list."))
        incident_id: uuid.UUID | None = owed.incident_id
        given = {
            "stage": owed.stage,
            "organization": owed.from_organization,
            "to_organization": owed.to_organization,
        }
    else:
        incident_id = uuid_of(request.POST.get("incident", ""))
        given = {name: request.POST.get(name, "") for name in ("stage", "organization", "to_organization")}
    if incident_id is None:
        return missing_page(request, _("This incident is not known here. Look for it in the list."))
    return redirect(f"/sitreps/{actions.draft_sitrep(incident_id, **given, **act(request))}")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sitrep(request: Asked, sitrep_id: uuid.UUID) -> HttpResponse:
    line = sitreps.find_sitrep(sitrep_id, authority=request.caller.authority)
    if line is None:
        return _missing(request)
    refused = None
    texts = {name: request.POST[name] for name in ("summary", "measures", "next") if name in request.POST}
    if request.method == "POST":
        try:
            actions.edit_sitrep(
                sitrep_id,
                texts=texts,
                to_check=request.POST.getlist("to_check"),
                version=_version(request),
                **act(request),
            )
            return redirect(f"/sitreps/{sitrep_id}")
        except Refused as error:
            refused = error
    context = _context(request, line, Names())
    context["texts"] = line.content.texts | texts
    context["error"] = refusals.sentence(refused) if refused else ""
    return render(request, "web/sitreps/sitrep.html", context, status=status_of(refused) if refused else 200)


@signed_in
@require_safe
def preview(request: Asked, sitrep_id: uuid.UUID) -> HttpResponse:
    line = sitreps.find_sitrep(sitrep_id, authority=request.caller.authority)
    if line is None:
        return _missing(request)
    return render(request, "web/sitreps/preview.html", _context(request, line, Names()))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Asked, sitrep_id: uuid.UUID) -> HttpResponse:
    def send() -> None:
        actions.submit_sitrep(sitrep_id, version=_version(request), **act(request))

    return _decide(request, sitrep_id, "submit", send)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Asked, sitrep_id: uuid.UUID) -> HttpResponse:
    return _decide(request, sitrep_id, "receive", lambda: actions.receive_sitrep(sitrep_id, **act(request)))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Asked, sitrep_id: uuid.UUID) -> HttpResponse:
    def give_up() -> None:
        reason = request.POST.get("reason", "")
        actions.discard_sitrep(sitrep_id, reason=reason, version=_version(request), **act(request))

    return _decide(request, sitrep_id, "discard", give_up)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: Asked, sitrep_id: uuid.UUID) -> HttpResponse:
    def take_back() -> None:
        actions.restore_sitrep(sitrep_id, reason=request.POST.get("reason", ""), **act(request))

    return _decide(request, sitrep_id, "restore", take_back)


def _version(request: Asked) -> int:
    return whole(request.POST.get("version"), 0) or 0


def _decide(request: Asked, sitrep_id: uuid.UUID, what: str, call: Callable[[], None]) -> HttpResponse:
    """A sheet that asks once more who, what, to whom; then the act."""
    line = sitreps.find_sitrep(sitrep_id, authority=request.caller.authority)
    if line is None:
        return _missing(request)
    refused = None
    if request.method == "POST":
        try:
            call()
            return redirect(f"/sitreps/{sitrep_id}")
        except Refused as error:
            refused = error
    context = _context(request, line, Names())
    sheet = SHEETS[what]
    context |= {
        "what": what,
        "title": sheet.title(),
        "after": sheet.after(),
        "wants_reason": sheet.reason,
        "reason": request.POST.get("reason", ""),
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/sitreps/decide.html", context, status=status_of(refused) if refused else 200)


def _missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This report is not known here. Look for it in the list."))


# --- what a report's page shows --------------------------------------------------------------------------


def _context(request: Asked, line: SitrepLine, names: Names) -> dict[str, object]:
    content, previous = line.content, sitreps.find_previous(line)
    changes = sitreps.compare(previous.content, content) if previous else ()
    open_here = sitreps.list_obligations(
        authority=request.caller.authority, now=request.moment.at, incident_id=line.incident_id
    )
    meets = [o for o in open_here if o.by_sitrep and _answers(line, o)]
    can = offers(request, *RIGHTS, place=line.place) | offers(
        request, "sitreps.receive_sitrep", place=line.to_place
    )
    return {
        "row": sitrep_row(line, names),
        "line": line,
        "content": content,
        "texts": content.texts,
        "kind": names.kind(content.kind),
        "place": names.place(content.place, content.site),
        "happened": [said(one, names) for one in content.happened],
        "measures": [said(one, names) for one in content.measures],
        "figures": [figure(one, names) for one in content.figures],
        "gaps": [(gap, gap in line.to_check) for gap in content.gaps],
        "sources": list(enumerate(content.sources, 1)),
        "previous": sitrep_row(previous, names) if previous else None,
        "changes": [changed(one, names) for one in changes],
        "meets": clocks.clock_rows(meets, names, request.moment.at),
        "versions": [
            SimpleNamespace(version=v.version, at=v.at, who=names.person(v.by))
            for v in sitreps.list_versions(line.id)
        ],
        "people": [
            (word, at, names.person(by))
            for word, at, by in (
                (_("Drafted"), line.drafted_at, line.drafted_by),
                (_("Sent"), line.submitted_at, line.submitted_by),
                (_("Received above"), line.received_at, line.received_by),
                (_("Discarded"), line.discarded_at, line.discarded_by),
            )
            if at
        ],
        "can": can,
    }


def _answers(line: SitrepLine, owed: sitreps.ObligationLine) -> bool:
    stages = sitreps.STAGES[: sitreps.STAGES.index(line.stage) + 1]
    to = owed.to_organization in ("", line.to_organization)
    return to and owed.from_organization == line.organization and owed.stage in stages


def figure(one: FigureLine, names: Names) -> SimpleNamespace:
    area = names.area(one.area)
    counted = one.measure in people.list_measures()
    return SimpleNamespace(figure=one, area_zh=area[0], area_en=area[1], counted=counted)


def said(one: Line, names: Names) -> SimpleNamespace:
    """A line of the record as a sentence: words as told in quotes, a decision by its kind."""
    by = names.person(uuid.UUID(one.by)) if one.by else None
    organization = names.organization(one.organization)
    return SimpleNamespace(
        line=one,
        decision=decision(one) if by else "",
        organization_zh=organization[0],
        organization_en=organization[1],
        who=by,
    )


def decision(one: Line) -> str:
    """What a person decided, by the kind of its fact."""
    grade = f"{NUMERALS[one.level]} {terms.say('grade', str(one.level))}" if one.level else ""
    text = {
        "incidents.grade_confirmed/1": _("Grade confirmed: {grade}"),
        "incidents.grade_judged/1": _("Preliminary grade: {grade}"),
        "incidents.closed/1": _("Incident closed"),
        "incidents.reopened/1": _("Incident reopened"),
        "incidents.report_separated/1": _("A report was separated from this incident"),
        "incidents.report_joined/1": _("A report was joined to this incident"),
        "plans.activated/1": _("Response activated, level {level}"),
        "plans.level_raised/1": _("Response raised to level {level}"),
        "plans.level_lowered/1": _("Response lowered to level {level}"),
        "plans.activation_ended/1": _("Response ended, level {level}"),
    }.get(one.what, _("Decision"))
    return text.format(grade=grade, level=NUMERALS[one.level] if one.level else "")


def changed(one: Change, names: Names) -> SimpleNamespace:
    """A difference from the report before, in words."""
    area = names.area(one.area) if one.area else ("", "")
    return SimpleNamespace(
        change=one,
        what=one.what,
        area_zh=area[0],
        area_en=area[1],
        said=said(one.line, names) if one.line else None,
    )
