"""Acts on orders: each asks once more who, what, to whom, by when; what was typed is kept."""

import uuid
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.tasks import actions
from jingwei.apps.tasks import queries as tasks
from jingwei.apps.tasks.facts import Receiver, TaskDraft
from jingwei.doors.entry import refusals
from jingwei.doors.web import shapes, terms
from jingwei.doors.web import tasks as shown
from jingwei.doors.web.door import Asked, act, missing_page, signed_in, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .phone import MOST_SUGGESTIONS, place_of
from .tasks import task_context


class Act(msgspec.Struct, frozen=True):
    """One act on an order: the words on its sheet, its field, the action it calls."""

    title: Callable[[], str]
    after: Callable[[], str]
    call: Callable[..., object]
    field: str = ""
    needed: bool = False
    versioned: bool = True


ACTS = {
    "acknowledge": Act(
        title=lambda: _("Acknowledge the order"),
        after=lambda: _("Those who issued it see at once that you took it on."),
        call=actions.acknowledge_task,
    ),
    "begin": Act(
        title=lambda: _("Begin the order"),
        after=lambda: _("It is shown as under way, here and above."),
        call=actions.begin_task,
    ),
    "complete": Act(
        title=lambda: _("Report the order done"),
        after=lambda: _("It is closed with your name and time; the post that issued it sees it."),
        call=actions.complete_task,
        field="words",
    ),
    "refuse": Act(
        title=lambda: _("Refuse the order"),
        after=lambda: _("It goes back with your reason, at once, to the post that issued it."),
        call=actions.refuse_task,
        field="reason",
        needed=True,
    ),
    "withdraw": Act(
        title=lambda: _("Withdraw the order"),
        after=lambda: _("It ends, and with it every open order passed on from it."),
        call=actions.withdraw_task,
        field="reason",
        needed=True,
    ),
    "note": Act(
        title=lambda: _("Note in the log"),
        after=lambda: _("A line can be struck through later; it is never deleted."),
        call=actions.note_task,
        field="words",
        needed=True,
        versioned=False,
    ),
}


def _missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This order is not known here. Look for it in the list."))


def _status(refused: Refused | None) -> int:
    return 200 if refused is None else 409 if refused.code == "changed_meanwhile" else 422


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def act_on(request: Asked, task_id: uuid.UUID, what: str) -> HttpResponse:
    """The sheet of one act, and the act itself."""
    one, refused = ACTS[what], None
    if tasks.find_task(task_id, authority=request.caller.authority, at=request.moment.at) is None:
        return _missing(request)
    if request.method == "POST":
        given: dict[str, Any] = {one.field: request.POST.get(one.field, "")} if one.field else {}
        if one.versioned:
            given["version"] = whole(request.POST.get("version"), 0)
        try:
            one.call(task_id, **given, **act(request))
            return redirect(f"/tasks/{task_id}")
        except Refused as no:
            if no.code in ("not_allowed", "machine_may_not_decide"):
                raise
            refused = no
    line = tasks.find_task(task_id, authority=request.caller.authority, at=request.moment.at)
    if line is None:
        return _missing(request)
    context = task_context(request, line) | {
        "what": what,
        "title": one.title(),
        "after": one.after(),
        "field": one.field,
        "needed": one.needed,
        "value": request.POST.get(one.field, ""),
        "action": f"/tasks/{task_id}/{what}",
    }
    return _sheet(request, context, refused)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def strike(request: Asked, task_id: uuid.UUID, note_id: uuid.UUID) -> HttpResponse:
    """Strike a line of the log through, with the reason."""
    line = tasks.find_task(task_id, authority=request.caller.authority, at=request.moment.at)
    if line is None or note_id not in {n.id for n in tasks.list_notes(task_id)}:
        return _missing(request)
    refused = None
    if request.method == "POST":
        try:
            actions.strike_note(note_id, reason=request.POST.get("reason", ""), **act(request))
            return redirect(f"/tasks/{task_id}")
        except Refused as no:
            if no.code in ("not_allowed", "machine_may_not_decide"):
                raise
            refused = no
    context = task_context(request, line) | {
        "what": "strike",
        "title": _("Strike a line through"),
        "after": _("The line stays readable, with your name and reason."),
        "field": "reason",
        "needed": True,
        "value": request.POST.get("reason", ""),
        "action": f"/tasks/{task_id}/notes/{note_id}/strike",
    }
    return _sheet(request, context, refused)


def _sheet(request: Asked, context: dict[str, Any], refused: Refused | None) -> HttpResponse:
    context["error"] = refusals.sentence(refused) if refused else ""
    context["latest"] = context["steps"][:3] if refused and refused.code == "changed_meanwhile" else []
    return render(request, "web/tasks/act.html", context, status=_status(refused))


class Entered(msgspec.Struct, frozen=True):
    """An order as typed: it comes back unchanged when it cannot be issued."""

    title_zh: str = ""
    title_en: str = ""
    to: str = ""
    bodies: tuple[str, ...] = ()
    place: str = ""
    due: str = ""
    incident: str = ""
    clause: str = ""

    def receivers(self) -> list[Receiver]:
        """Whom it goes to: the field, and the boxes ticked; each once."""
        found = [receiver for one in [self.to] if one.strip() for receiver in [shown.receiver_of(one)]]
        found += [Receiver(organization=code) for code in self.bodies]
        if not found:
            raise Refused("receiver_missing")
        return list(dict.fromkeys(found))


def _entered(request: Asked) -> Entered:
    text = {n: request.POST.get(n, "") for n in Entered.__struct_fields__ if n != "bodies"}
    return Entered(**text, bodies=tuple(request.POST.getlist("bodies")))


def _draft(form: Entered, to: Receiver, request: Asked) -> TaskDraft:
    place, _site = place_of(form.place)
    if form.place.strip() and not place:
        raise Refused("place_unknown", place=form.place.strip()[:60])
    return TaskDraft(
        title_zh=form.title_zh,
        title_en=form.title_en,
        to_post=to.post,
        to_organization=to.organization,
        place=place,
        due_at=shown.due_of(form.due, request.moment.at),
        incident_id=form.incident or None,
        clause=form.clause.strip(),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """Write an order, look at it once more, issue it."""
    agencies.require(request.caller.by, "tasks.issue_tasks", at=request.moment.at)
    chosen = uuid_of(request.GET.get("incident", "") or request.POST.get("incident", ""))
    incident = incidents.find_incident(chosen, authority=request.caller.authority) if chosen else None
    form, refused = _entered(request), None
    if incident and request.method != "POST":
        form = Entered(incident=str(incident.id), place=incident.place)
    if request.method == "POST":
        try:
            drafts = [_draft(form, to, request) for to in form.receivers()]
            if not (form.title_zh.strip() or form.title_en.strip()):
                raise Refused("task_title_missing")
            if request.POST.get("confirm"):
                ids = actions.issue_tasks(drafts, **act(request))
                return redirect(f"/tasks/{ids[0]}" if len(ids) == 1 else "/tasks?view=from")
            if not request.POST.get("back"):
                return _confirm(request, form, drafts, incident)
        except Refused as no:
            refused = no
    context = {
        "form": form,
        "bodies": agencies.list_directly_below(request.caller.authority.organization_code),
        "incident": shapes.incident_row(incident, Names()) if incident else None,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/tasks/new.html", context, status=_status(refused))


def _confirm(
    request: Asked, form: Entered, drafts: list[TaskDraft], incident: incidents.IncidentLine | None
) -> HttpResponse:
    names, first = Names(), drafts[0]
    context = {
        "form": form,
        "receivers": _named([Receiver(post=d.to_post, organization=d.to_organization) for d in drafts]),
        "due_at": first.due_at,
        "place": names.place(first.place or request.caller.authority.place),
        "incident": shapes.incident_row(incident, names) if incident else None,
    }
    return render(request, "web/tasks/confirm.html", context)


def _named(receivers: list[Receiver]) -> list[tuple[str, str]]:
    posts = agencies.list_posts_by_code({r.post for r in receivers if r.post})
    found = []
    for one in receivers:
        post = posts.get(one.post or "")
        body = agencies.find_organization(post.organization_code if post else one.organization or "")
        zh = " ".join(x for x in (body.name_zh if body else "", post.name_zh if post else "") if x)
        en = ", ".join(x for x in (post.name_en if post else "", body.name_en if body else "") if x)
        found.append((zh, en))
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cascade(request: Asked, task_id: uuid.UUID) -> HttpResponse:
    """Pass the order on to posts and organizations below."""
    authority, at = request.caller.authority, request.moment.at
    if tasks.find_task(task_id, authority=authority, at=at) is None:
        return _missing(request)
    form, refused = _entered(request), None
    if request.method == "POST":
        try:
            actions.cascade_task(
                task_id,
                form.receivers(),
                version=whole(request.POST.get("version"), 0) or 0,
                due_at=shown.due_of(form.due, at),
                words=form.title_zh,
                **act(request),
            )
            return redirect(f"/tasks/{task_id}")
        except Refused as no:
            refused = no
    line = tasks.find_task(task_id, authority=authority, at=at)
    if line is None:
        return _missing(request)
    context = task_context(request, line) | {
        "form": form,
        "bodies": agencies.list_directly_below(authority.organization_code),
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/tasks/cascade.html", context, status=_status(refused))


@signed_in
@require_safe
def suggest_receivers(request: Asked) -> HttpResponse:
    """Organizations and posts by a few words, those of the own place first."""
    text, own = request.GET.get("q", "")[:100], request.caller.authority.place
    bodies = agencies.search_organizations(text, limit=4 * MOST_SUGGESTIONS)
    posts = agencies.search_posts(text, limit=4 * MOST_SUGGESTIONS)
    bodies.sort(key=lambda b: not b.place.startswith(own))
    posts.sort(key=lambda p: not p.place.startswith(own))
    items = [(terms.spoken(b.name_zh, b.name_en)[0], b.code, "") for b in bodies]
    over = agencies.list_organizations_by_code({p.organization_code for p in posts})
    for post in posts:
        name = terms.spoken(post.name_zh, post.name_en)[0]
        items.append((name, post.code, over[post.organization_code].name_zh))
    half = MOST_SUGGESTIONS // 2
    picked = [*items[: len(bodies)][:half], *items[len(bodies) :]][:MOST_SUGGESTIONS]
    return render(request, "web/parts/suggestions.html", {"items": picked})
