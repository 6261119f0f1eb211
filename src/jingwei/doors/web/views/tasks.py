"""Orders: the list with mine to answer first, one order with its cascade, its print, and the partials."""

import uuid
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.tasks import actions
from jingwei.apps.tasks import queries as tasks
from jingwei.apps.tasks.queries import TaskLine
from jingwei.doors.web import shapes, terms, timeline_response
from jingwei.doors.web import tasks as shown
from jingwei.doors.web.door import Asked, act, mark, missing_page, signed_in, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

PAGE = 50
VIEWS = ("mine", "from", "overdue", "to", "all")
#: Rows of the desk's and the room's parts; the rest is one link away.
DESK_ROWS, ROOM_ROWS = 5, 12


@signed_in
@require_safe
def list_tasks(request: Asked) -> HttpResponse:
    authority, at = request.caller.authority, request.moment.at
    view = request.GET.get("view", "mine")
    asked = tasks.Asked(
        view=view if view in VIEWS else "mine",
        state=request.GET.get("state", "")[:20],
        incident=uuid_of(request.GET.get("incident", "")),
        search=request.GET.get("q", "").strip()[:200],
    )
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    lines = tasks.list_tasks(asked, authority=authority, at=at, offset=offset, limit=PAGE)
    counted = tasks.count_views(authority=authority, at=at, incident=asked.incident)
    narrowed = asked.state or asked.search
    total = tasks.count_tasks(asked, authority=authority, at=at) if narrowed else counted[asked.view]
    incident = incidents.find_incident(asked.incident, authority=authority) if asked.incident else None
    context = {
        "rows": [
            msgspec.structs.replace(row, can=frozenset(tasks.list_answers(row.line, authority=authority)))
            for row in shown.task_rows(lines, at)
        ],
        "tabs": _tabs(counted),
        "view": asked.view,
        "asked": asked,
        "states": [(s, terms.say("task_state", s)) for s in terms.TERMS["task_state"]],
        "incident": shapes.incident_row(incident, Names()) if incident else None,
        "mark": mark([(t.id, t.version, t.state, t.overdue, t.below) for t in lines]),
        "next_from": offset + PAGE if offset + PAGE < total else None,
        "earlier_from": max(0, offset - PAGE) if offset else None,
        "may_issue": agencies.may_with(authority, "tasks.issue_tasks"),
    }
    return render(request, "web/tasks/list.html", context)


def _tabs(counted: dict[str, int]) -> list[tuple[str, str, int]]:
    words = (_("To me"), _("From us"), _("Overdue"), _("To me, all"), _("All"))
    return [(key, word, counted[key]) for key, word in zip(VIEWS, words, strict=True)]


def read_first(request: Asked, task_id: uuid.UUID) -> TaskLine | None:
    """The order; opened by one it is for, it counts as read."""
    authority, at = request.caller.authority, request.moment.at
    line = tasks.find_task(task_id, authority=authority, at=at)
    if line is None or request.method != "GET" or "read" not in tasks.list_offers(line, authority=authority):
        return line
    with suppress(Refused):  # a colleague read it in the same second
        actions.read_task(task_id, **act(request))
    return tasks.find_task(task_id, authority=authority, at=at)


@signed_in
@require_safe
def task(request: Asked, task_id: uuid.UUID) -> HttpResponse:
    line = read_first(request, task_id)
    if line is None:
        return missing_page(request, _("This order is not known here. Look for it in the list."))
    context = task_context(request, line)
    return render(request, "web/tasks/task.html", context)


@signed_in
@require_safe
def print_task(request: Asked, task_id: uuid.UUID) -> HttpResponse:
    """The order on paper."""
    line = read_first(request, task_id)
    if line is None:
        return missing_page(request, _("This order is not known here. Look for it in the list."))
    return render(request, "web/tasks/print.html", task_context(request, line))


def task_context(request: Asked, line: TaskLine) -> dict[str, Any]:
    """Everything the page of one order shows."""
    authority, at, names = request.caller.authority, request.moment.at, Names()
    branches = tasks.get_tree(line, authority=authority, at=at)
    tree = [
        msgspec.structs.replace(row, level=min(branch.level, 5), here=row.id == line.id)
        for row, branch in zip(shown.task_rows([b.task for b in branches], at), branches, strict=True)
    ]
    incident = incidents.find_incident(line.incident, authority=authority) if line.incident else None
    place = names.place(line.place)
    return {
        "row": shown.task_rows([line], at)[0],
        "line": line,
        "below": line.below,
        "place": place,
        "who": names.person(line.issued_by),
        "answered_by": names.person(line.state_by),
        "incident": shapes.incident_row(incident, names) if incident else None,
        "tree": tree,
        "steps": [
            SimpleNamespace(at=s.at, who=names.person(s.by), text=shown.sentence(s.fact),
                            words=getattr(s.fact, "reason", "") or getattr(s.fact, "words", ""))
            for s in tasks.list_steps(line.id)
        ],
        "notes": [
            SimpleNamespace(id=n.id, at=n.at, who=names.person(n.by), words=n.words, struck=n.struck_at,
                            striker=names.person(n.struck_by), reason=n.struck_reason)
            for n in tasks.list_notes(line.id)
        ],
        "can": tasks.list_offers(line, authority=authority),
        "mark": mark(line.version, line.state, line.overdue, [(b.task.id, b.task.state) for b in branches]),
    }  # fmt: skip


def desk_context(request: Asked, names: Names) -> dict[str, Any]:
    """For `web/parts/desk_tasks.html`: orders that wait for me, and those of ours that are overdue."""
    authority, at = request.caller.authority, request.moment.at
    mine = tasks.list_tasks(tasks.Asked(view="mine"), authority=authority, at=at, limit=DESK_ROWS)
    late = tasks.list_overdue_from(authority=authority, at=at, limit=DESK_ROWS)
    rows = shown.task_rows([*mine, *late], at, names)
    return {
        "tasks": SimpleNamespace(
            mine=rows[: len(mine)],
            waiting=tasks.count_waiting(authority=authority),
            overdue=rows[len(mine) :],
            overdue_count=tasks.count_overdue_from(authority=authority, at=at),
            mark=mark([(t.id, t.state, t.overdue) for t in (*mine, *late)]),
            may_issue=agencies.may_with(authority, "tasks.issue_tasks"),
        )
    }


def room_context(request: Asked, incident: IncidentLine, names: Names) -> dict[str, Any]:
    """For `web/parts/room_tasks.html`: the orders of this incident with their states."""
    authority: Authority = request.caller.authority
    at = request.moment.at
    found = timeline_response.list_orders(incident.id, authority, at)
    total, is_open = len(found), sum(one.open for one in found)
    if total == timeline_response.MOST_TASKS:
        asked = tasks.Asked(incident=incident.id)
        total = tasks.count_tasks(asked, authority=authority, at=at)
        opened = msgspec.structs.replace(asked, state="open")
        is_open = tasks.count_tasks(opened, authority=authority, at=at)
    lines = found[:ROOM_ROWS]
    return {
        "tasks": SimpleNamespace(
            rows=shown.task_rows(lines, at, names),
            incident=incident.id,
            total=total,
            open=is_open,
            mark=mark([(t.id, t.state, t.overdue, t.below) for t in lines]),
            may_issue=agencies.may_with(authority, "tasks.issue_tasks", place=incident.place),
        )
    }
