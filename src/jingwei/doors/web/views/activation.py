"""A response: read it, note its calls, raise, lower and end it. Each order is asked for once more in full."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.plans import actions, queries
from jingwei.apps.plans.facts import Change, PlanBody
from jingwei.apps.plans.queries import ActivationLine
from jingwei.apps.releases import queries as releases
from jingwei.apps.tasks import queries as tasks
from jingwei.doors.entry import refusals
from jingwei.doors.web import page as pages
from jingwei.doors.web.door import Asked, act, mark, missing_page, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import tried
from jingwei.kernel.grades import Grade
from jingwei.kernel.refusals import Refused

from .ending import asked_to_end, ending_context, ending_of
from .order import EXPECTED, entered, levels_for, measures_for, time_of
from .plans import Clauses, activation_row, post_names, proposal_row
from .releases import row as release_row


class Kind(msgspec.Struct, frozen=True):
    """One way to change a response: the words on its sheet, and the right it needs."""

    title: Callable[[], str]
    button: Callable[[], str]
    after: Callable[[], str]
    right: str
    levels: bool = True


CHANGES = {
    "raise": Kind(
        title=lambda: _("Raise the response level"),
        button=lambda: _("Raise the level"),
        after=lambda: _("What the graver level adds starts at once: posts, tasks, calls, draft notices."),
        right="plans.raise_level",
    ),
    "lower": Kind(
        title=lambda: _("Lower the response level"),
        button=lambda: _("Lower the level"),
        after=lambda: _("Orders already given stay. Measures not chosen here end now."),
        right="plans.lower_level",
    ),
    "end": Kind(
        title=lambda: _("End the response"),
        button=lambda: _("End the response"),
        after=lambda: _(
            "Its measures end now. Its record stays. A final report and a notice to the public are drafted."
        ),
        right="plans.end_activation",
        levels=False,
    ),
}


@signed_in
@require_safe
def activation(request: Asked, activation_id: uuid.UUID) -> HttpResponse:
    authority, now = request.caller.authority, pages.now_of(request)
    line = queries.find_activation(activation_id, authority=authority)
    if line is None:
        return missing_page(request, _("This response is not known here. Look for it in the list."))
    names, body = Names(), queries.get_body(line.plan_id)
    clauses = Clauses(localtime(now).date())
    found = tasks.list_of_activation(line.id, at=now)
    posts = post_names(
        {s.post for s in queries.list_seats(line.id)} | {t.to_post for t in found if t.to_post}
    )
    calls = queries.list_calls(line.id)
    numbers = agencies.list_numbers([c.post for c in calls], at=now)
    context = {
        "row": activation_row(line, names),
        "line": line,
        "may": _may(request, line, body),
        "seats": [
            SimpleNamespace(seat=s, post=posts.get(s.post), who=names.person(s.holding))
            for s in queries.list_seats(line.id)
        ],
        "tasks": [
            SimpleNamespace(
                task=t,
                to=names.organization(t.to_organization),
                post=posts.get(t.to_post),
                kept=line.kept.get(str(t.id), ""),
            )
            for t in found
        ],
        "counts": SimpleNamespace(
            all=len(found),
            done=sum(t.state == "done" for t in found),
            overdue=sum(t.overdue for t in found),
            unread=sum(t.state == "issued" for t in found),
        ),
        "measures": [
            SimpleNamespace(row=m, clause=clauses(m.clause)) for m in queries.list_measures(line.id, at=now)
        ],
        "calls": [
            SimpleNamespace(call=c, who=names.person(c.holding), number=numbers.get(c.post)) for c in calls
        ],
        "call_rule": hazards.find_rule(queries.CALL_RULE) if calls else None,
        "notices": [
            release_row(r, names) for r in releases.list_releases_of_activation(line.id, authority=authority)
        ],
        "history": [SimpleNamespace(step=h, who=names.person(h.by)) for h in queries.get_history(line.id)],
        "may_note": agencies.may_with(authority, "plans.note_call", place=line.place),
        "mark": mark(
            line.version,
            [(t.id, t.state, t.overdue) for t in found],
            [(c.state, c.next_at, c.passed, len(c.attempts)) for c in calls],
        ),
    }
    return render(request, "web/plans/activation.html", context)


def _may(request: Asked, line: ActivationLine, body: PlanBody) -> set[str]:
    """Which changes this post may order from here."""
    authority = request.caller.authority

    def order(right: str, levels: list[int]) -> bool:
        return line.state == "in_force" and any(
            queries.may_order(authority, right, body=body, place=line.place, level=n) for n in levels
        )

    graver = [g.value for g in Grade if g.value < line.level]
    found = {"raise"} if order("plans.raise_level", graver) else set()
    if line.level < Grade.GENERAL and order("plans.lower_level", [line.level]):
        found.add("lower")
    return found | ({"end"} if order("plans.end_activation", [line.level]) else set())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Asked, activation_id: uuid.UUID, what: str) -> HttpResponse:
    """Raise, lower or end: who, what, where, under which clause, and what follows."""
    authority = request.caller.authority
    line = queries.find_activation(activation_id, authority=authority)
    if line is None:
        return missing_page(request, _("This response is not known here. Look for it in the list."))
    if request.method != "POST":
        return _change_sheet(request, line, what, _first_change(request, line, what))
    values = entered(request) | (asked_to_end(request) if what == "end" else {})
    version, given = whole(request.POST.get("version"), 0) or 0, act(request)
    order = Change(
        level=whole(values["level"], 0) or 0,
        reason=values["reason"],
        expected_until=time_of(values["until"]),
        measures=tuple(values["measures"]),
    )
    try:
        if what == "raise":
            actions.raise_level(line.id, order, version=version, **given)
        elif what == "lower":
            actions.lower_level(line.id, order, version=version, **given)
        else:
            actions.end_activation(line.id, ending=ending_of(values, line), version=version, **given)
    except Refused as refused:
        line = queries.find_activation(activation_id, authority=authority) or line
        return _change_sheet(request, line, what, values, refused)
    return redirect(f"/activations/{line.id}")


def _first_change(request: Asked, line: ActivationLine, what: str) -> dict:
    authority, now = request.caller.authority, localtime(pages.now_of(request))
    waiting = [p for p in queries.list_proposals(authority=authority) if p.place == line.place]
    one = next((p for p in waiting if p.plan_code == line.plan_code and p.change == what), None)
    next_level = line.level - 1 if what == "raise" else line.level + 1
    level = one.level if one and one.level else min(max(next_level, 1), Grade.GENERAL.value)
    level = whole(request.GET.get("level"), level) or level
    running = {m.id for m in queries.list_measures(line.id, at=now) if not m.over}
    body = queries.get_body(line.plan_id)
    scope = next((a.scope for a in body.areas if a.place == line.place), "")
    added = {m.id for m in body.measures if m.scope == scope and level <= m.level < line.level}
    kept = {m.id for m in body.measures if m.scope == scope and m.level >= level} & running
    until = max(localtime(line.expected_until), now + EXPECTED)
    return {
        "level": str(level),
        "until": f"{until:%Y-%m-%dT%H:%M}",
        "reason": "",
        "proposal": str(one.id) if one else "",
        "measures": sorted(kept | added),
    }


def _change_sheet(
    request: Asked, line: ActivationLine, what: str, values: dict, refused: Refused | None = None
) -> HttpResponse:
    names, authority, kind = Names(), request.caller.authority, CHANGES[what]
    body = queries.get_body(line.plan_id)
    scope = next((a.scope for a in body.areas if a.place == line.place), "")
    level = whole(values["level"], line.level) or line.level
    up = what == "raise"
    one = uuid_of(values.get("proposal", ""))
    proposal = queries.find_proposal(one, authority=authority) if one else None
    changed = refused is not None and refused.code == "changed_meanwhile"
    history = [SimpleNamespace(step=h, who=names.person(h.by)) for h in queries.get_history(line.id)]
    context = {
        "what": what,
        "row": activation_row(line, names),
        "title": kind.title(),
        "button": kind.button(),
        "after": kind.after(),
        "with_levels": kind.levels,
        "values": values,
        "levels": [
            one
            for one in levels_for(request, body, line.place, kind.right)
            if (one.value < line.level if up else one.value > line.level)
        ],
        "measures": measures_for(request, body, scope, level) if kind.levels else [],
        "proposal": proposal_row(proposal, names, request) if proposal else None,
        **(ending_context(request, line, values, names) if what == "end" else {}),
        "error": refusals.sentence(refused) if refused else "",
        "latest": history[-1:] if changed else [],
    }
    return render(request, "web/plans/change.html", context, status=status_of(refused) if refused else 200)


@signed_in
@require_POST
def note_call(request: Asked, activation_id: uuid.UUID, call_id: uuid.UUID) -> HttpResponse:
    v = request.POST.get
    actions.note_call(call_id, state=v("state", ""), words=v("words", ""), **act(request))
    return redirect(f"/activations/{activation_id}#calls")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ring(request: Asked, activation_id: uuid.UUID, call_id: uuid.UUID) -> HttpResponse:
    """One post of the call-out, as who rings holds it in the hand; its number only by a recorded look."""
    authority, now, names = request.caller.authority, pages.now_of(request), Names()
    line = queries.find_activation(activation_id, authority=authority)
    found = next((c for c in queries.list_calls(line.id) if c.id == call_id), None) if line else None
    if line is None or found is None:
        return missing_page(request, _("This call is not known here. Look at the call-out of the response."))
    shown, refused = tried(request, lambda: actions.reveal_call(call_id, **act(request)))
    names.know(people=[found.holding, *(one.by for one in found.attempts)])
    context = {
        "of": line.id,
        "c": found,
        "who": names.person(found.holding),
        "number": agencies.list_numbers([found.post], at=now).get(found.post),
        "shown": shown,
        "attempts": [SimpleNamespace(row=one, who=names.person(one.by)) for one in found.attempts],
        "may_note": line.state == "in_force"
        and agencies.may_with(authority, "plans.note_call", place=line.place),
        "may_reveal": agencies.may_with(authority, "plans.reveal_call", place=line.place),
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/plans/call.html", context, status=status_of(refused) if refused else 200)
