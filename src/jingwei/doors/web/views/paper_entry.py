"""Entering a slip: the fields of its form, its serial, its own time, and whose decision it was."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.papers import actions
from jingwei.apps.papers.facts import (
    ActivationSlip,
    Head,
    OrderSlip,
    ReleaseSlip,
    ReportSlip,
    Slip,
    SubmissionSlip,
)
from jingwei.apps.plans import queries as plans
from jingwei.apps.plans.facts import Order
from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.tasks.facts import TaskDraft
from jingwei.doors.entry import refusals
from jingwei.doors.web import clocks
from jingwei.doors.web.door import Asked, act, missing_page, signed_in, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .order import time_of
from .phone import Entered, phone_context


class Entry(msgspec.Struct, frozen=True):
    """One kind of slip: the words on its page, how its form is read, and what the form offers."""

    title: Callable[[], str]
    read: Callable[[Asked], Slip]
    offer: Callable[[Asked], dict[str, Any]]
    decided: Callable[[], str]


def _time(request: Asked, name: str) -> datetime:
    """A time as typed. A time nobody can read is not guessed: the clock of the law hangs on it."""
    found = time_of(request.POST.get(name, ""))
    if found is None:
        raise Refused("time_unreadable")
    return found


def _read_report(request: Asked) -> Slip:
    given = {n: request.POST.get(n, "") for n in Entered.__struct_fields__ if n not in ("rescue", "key")}
    form = Entered(**given, rescue=bool(request.POST.get("rescue")))
    if not form.words.strip():
        raise Refused("words_missing")
    occurred = time_of(request.POST.get("occurred", ""))
    counted = request.POST.get("serial", "").strip().upper().startswith("CN")
    kind = "figures" if counted else "occurrence"
    return ReportSlip(told=msgspec.structs.replace(form.told(), type=kind, occurred_at=occurred))


def _offer_report(request: Asked) -> dict[str, Any]:
    context = phone_context(request, Entered(words=request.POST.get("words", "")))
    return {"channels": context["channels"], "figures": context["figures"]}


def _read_order(request: Asked) -> Slip:
    kind, _sep, code = request.POST.get("to", "").partition(":")
    draft = TaskDraft(
        title_zh=request.POST.get("words", "").strip()[:500],
        to_post=code if kind == "post" else None,
        to_organization=code if kind == "office" else None,
        due_at=time_of(request.POST.get("due", "")),
        incident_id=request.POST.get("incident") or None,
        clause=request.POST.get("clause", "")[:300],
    )
    if not draft.title_zh:
        raise Refused("words_missing")
    return OrderSlip(drafts=(draft,))


def _offer_order(request: Asked) -> dict[str, Any]:
    office = request.caller.authority.organization_code
    below = agencies.list_directly_below(office)
    posts = agencies.list_posts_of([office])
    return {
        "receivers": [(f"post:{p.code}", p.name_zh, p.name_en) for p in posts]
        + [(f"office:{o.code}", o.name_zh, o.name_en) for o in below],
        "incidents": _incidents(request),
    }


def _read_activation(request: Asked) -> Slip:
    plan_id, _sep, version = request.POST.get("plan", "").partition(":")
    plan, level = uuid_of(plan_id), whole(request.POST.get("level"), 0)
    if plan is None or not level:
        raise Refused("form_unreadable")
    order = Order(
        place=request.POST.get("area", ""),
        level=level,
        matter=request.POST.get("words", ""),
        expected_until=_time(request, "until"),
        measures=tuple(request.POST.getlist("measures")),
        reason=request.POST.get("why", ""),
        incident_id=uuid_of(request.POST.get("incident", "")),
    )
    return ActivationSlip(plan_id=plan, version=version, order=order)


def _offer_activation(request: Asked) -> dict[str, Any]:
    names, found = Names(), plans.list_plans(on=localtime(request.moment.at).date())
    authority = request.caller.authority
    areas = {a.place for p in found for a in p.body.areas if agencies.sees(authority, a.place)}
    return {
        "plans": [(f"{p.id}:{p.version}", p.body.name_zh, p.body.name_en) for p in found],
        "areas": [(place, *names.place(place)) for place in sorted(areas)],
        # one measure stands once, though the plan names it for several scopes
        "measures": list(
            {m.id: (m.id, m.text_zh, m.text_en) for p in found for m in p.body.measures}.values()
        ),
        "incidents": _incidents(request),
        "levels": (1, 2, 3, 4),
    }


def _read_submission(request: Asked) -> Slip:
    owed = uuid_of(request.POST.get("owed", ""))
    if owed is None:
        raise Refused("form_unreadable")
    return SubmissionSlip(obligation_id=owed, words=request.POST.get("words", ""))


def _offer_submission(request: Asked) -> dict[str, Any]:
    authority, now, names = request.caller.authority, request.moment.at, Names()
    lines = sitreps.list_obligations(authority=authority, now=now, view="open", limit=200)
    return {"owed": clocks.clock_rows(lines, names, now)}


def _read_release(request: Asked) -> Slip:
    incident, writer = uuid_of(request.POST.get("incident", "")), uuid_of(request.POST.get("writer", ""))
    if incident is None or writer is None:
        raise Refused("form_unreadable")
    return ReleaseSlip(
        incident_id=incident,
        written_by=writer,
        title_zh=request.POST.get("title", ""),
        text_zh=request.POST.get("words", ""),
        valid_until=_time(request, "until"),
    )


def _offer_release(request: Asked) -> dict[str, Any]:
    return {"incidents": _incidents(request)}


def _incidents(request: Asked) -> list[Any]:
    return incidents.list_incidents(authority=request.caller.authority, limit=100)


ENTRIES = {
    "report": Entry(
        title=lambda: _("Enter a call or a count from paper"),
        read=_read_report,
        offer=_offer_report,
        decided=lambda: _("Who took the call"),
    ),
    "order": Entry(
        title=lambda: _("Enter an order from paper"),
        read=_read_order,
        offer=_offer_order,
        decided=lambda: _("Who ordered it"),
    ),
    "activation": Entry(
        title=lambda: _("Enter an activation from paper"),
        read=_read_activation,
        offer=_offer_activation,
        decided=lambda: _("Who decided"),
    ),
    "sitrep": Entry(
        title=lambda: _("Enter a report sent on paper"),
        read=_read_submission,
        offer=_offer_submission,
        decided=lambda: _("Who signed it"),
    ),
    "release": Entry(
        title=lambda: _("Enter a release from paper"),
        read=_read_release,
        offer=_offer_release,
        decided=lambda: _("Who approved it"),
    ),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Asked, form: str) -> HttpResponse:
    entry = ENTRIES.get(form)
    if entry is None:
        return missing_page(request, _("There is no such form."))
    authority, now = request.caller.authority, request.moment.at
    agencies.require(request.caller.by, "papers.enter_slip", at=now)
    people = agencies.list_posts_on_duty(authority.organization_code, at=now)
    context = {
        "form": form,
        "title": entry.title(),
        "decided": entry.decided(),
        "people": [one for one in people if one.person_kind == "human"],
        "values": request.POST,
        "own": str(request.POST.get("who") or request.caller.by),
        **entry.offer(request),
    }
    if request.method != "POST":
        return render(request, "web/paper/enter.html", context)
    try:
        head = Head(
            serial=request.POST.get("serial", ""),
            taken_at=_time(request, "taken"),
            reason=request.POST.get("reason", ""),
            decided_by=uuid_of(request.POST.get("who", "")),
        )
        done = actions.enter_slip(head, entry.read(request), **act(request))
    except Refused as refused:
        context["error"] = refusals.sentence(refused)
        return render(request, "web/paper/enter.html", context, status=422)
    if done.known:
        context["known"] = done
        return render(request, "web/paper/enter.html", context, status=409)
    return redirect("/paper#slips")
