"""Clocks: what must be reported to whom by when; late first, then the soonest due."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.sitreps import actions
from jingwei.apps.sitreps import queries as sitreps
from jingwei.doors.entry import refusals
from jingwei.doors.entry.once import once
from jingwei.doors.web import clocks, shapes
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
from jingwei.kernel.refusals import Refused

PAGE = 20
#: Blocks of 52 px on the desk, and rows under them.
BLOCKS, ROWS = 2, 5
#: Clocks in an incident's room, the most pressing; the others are counted.
ROOM_ROWS = 6
#: Situation reports of one incident that its room shows.
ROOM_SITREPS = 10
#: Open incidents whose rules for a person are listed; the others show theirs in the room.
MOST_INCIDENTS = 12

RIGHTS = ("sitreps.draft_sitrep", "sitreps.meet_obligation", "sitreps.submit_sitrep")


@signed_in
@require_safe
def list_clocks(request: Asked) -> HttpResponse:
    authority, names = request.caller.authority, Names()
    view = request.GET.get("view", "open")
    view = view if view in ("open", "late", "met", "person") else "open"
    incident_id = uuid_of(request.GET.get("incident", ""))
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    tabs = _tabs(request, incident_id)
    rows, people, total = [], [], 0
    if view == "person":
        people = _for_a_person(request, incident_id, names)
    else:
        asked = {"authority": authority, "view": view, "incident_id": incident_id}
        found = sitreps.list_obligations(**asked, now=request.moment.at, offset=offset, limit=PAGE)
        rows = clocks.clock_rows(found, names, request.moment.at)
        total = next(n or 0 for key, _word, n in tabs if key == view)
    context = {
        "rows": rows,
        "people": people,
        "tabs": tabs,
        "view": view,
        "incident": _incident(request, incident_id, names),
        "mark": _mark(rows),
        "total": total,
        "next_from": offset + PAGE if offset + PAGE < total else None,
        "earlier_from": max(0, offset - PAGE) if offset else None,
        "can": offers(request, *RIGHTS),
    }
    return render(request, "web/sitreps/clocks.html", context)


def _tabs(request: Asked, incident_id: uuid.UUID | None) -> list[tuple[str, str, int | None]]:
    def count(view: str) -> int:
        return sitreps.count_obligations(
            authority=request.caller.authority, view=view, incident_id=incident_id
        )

    return [
        ("open", _("Owed"), count("open")),
        ("late", _("Late"), count("late")),
        ("met", _("Done"), count("met")),
        ("person", _("Needs a person"), None),
    ]


def _incident(request: Asked, incident_id: uuid.UUID | None, names: Names) -> shapes.IncidentRow | None:
    if incident_id is None:
        return None
    line = incidents.find_incident(incident_id, authority=request.caller.authority)
    return shapes.incident_row(line, names) if line else None


def _for_a_person(request: Asked, incident_id: uuid.UUID | None, names: Names) -> list[SimpleNamespace]:
    authority = request.caller.authority
    if incident_id:
        one = incidents.find_incident(incident_id, authority=authority)
        lines = [one] if one else []
    else:
        lines = incidents.list_incidents(authority=authority, limit=MOST_INCIDENTS)
    return _watched(lines, names)


def _watched(lines: list[IncidentLine], names: Names) -> list[SimpleNamespace]:
    found: dict[str, SimpleNamespace] = {}
    listed = sitreps.list_rules_for_person(lines)
    names.know_rules(rule.rule_id for rules in listed for rule, _ in rules)
    for rules, row in zip(listed, shapes.incident_rows(lines, names), strict=True):
        for rule, why in rules:
            if rule.rule_id in found:
                found[rule.rule_id].incidents.append(row)
            else:
                found[rule.rule_id] = clocks.rule_row(rule.rule_id, why, row, names)
    return list(found.values())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def meet(request: Asked, obligation_id: uuid.UUID) -> HttpResponse:
    """Record that it was reported in another way, by telephone above all."""
    now, names = request.moment.at, Names()
    line = sitreps.find_obligation(obligation_id, authority=request.caller.authority, now=now)
    if line is None:
        return missing_page(request, _("This clock is not known here. Look for it in the list."))
    words, refused = request.POST.get("words", ""), None
    if request.method == "POST":
        try:
            actions.meet_obligation(obligation_id, words=words, **act(request))
            return redirect(f"/clocks?incident={line.incident_id}")
        except Refused as error:
            refused = error
    context = {
        "clock": clocks.clock(line, names, now),
        "words": words,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/sitreps/meet.html", context, status=status_of(refused) if refused else 200)


def desk_context(request: Asked, names: Names) -> dict[str, object]:
    """The desk's clocks: two blocks, then rows; further late ones are counted."""
    authority, now = request.caller.authority, request.moment.at
    found = sitreps.list_obligations(authority=authority, now=now, limit=BLOCKS + ROWS)
    rows = clocks.clock_rows(found, names, now)
    counted = sitreps.count_by_state(authority=authority)
    return {
        "clocks": SimpleNamespace(
            blocks=clocks.with_people(rows[:BLOCKS], names, request.moment),
            rows=rows[BLOCKS:],
            more_late=max(0, counted["late"] - sum(1 for one in rows[:BLOCKS] if one.look == "late")),
            total=sum(counted.values()),
            mark=_mark(rows),
            can=offers(request, *RIGHTS),
        )
    }


def room_context(request: Asked, incident: IncidentLine, names: Names) -> dict[str, object]:
    """The room's clocks and situation reports."""
    from .sitreps import sitrep_rows

    authority, now = request.caller.authority, request.moment.at
    found = sitreps.list_obligations(authority=authority, now=now, incident_id=incident.id, limit=ROOM_ROWS)
    rows = clocks.clock_rows(found, names, now)
    total = len(rows)
    if total == ROOM_ROWS:
        total = sitreps.count_obligations(authority=authority, incident_id=incident.id)
    sent = once(sitreps.list_sitreps, authority=authority, incident_id=incident.id)[:ROOM_SITREPS]
    return {
        "clocks": SimpleNamespace(
            incident_id=incident.id,
            rows=rows,
            total=total,
            more=total - len(rows),
            done=sitreps.count_obligations(authority=authority, incident_id=incident.id, view="met"),
            people=len(sitreps.list_rules_for_person([incident])[0]),
            sitreps=sitrep_rows(sent, names),
            mark=mark(_mark(rows), [(s.id, s.version, s.state) for s in sent]),
            can=offers(request, *RIGHTS, place=authority.place),
        )
    }


def _mark(rows: list[SimpleNamespace]) -> str:
    return mark([(r.id, r.look) for r in rows])
