"""Who seeks whom: taken down, matched and answered by people; and the public's two forms."""

import uuid
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.journal import queries as journal
from jingwei.apps.shelters import actions, queries
from jingwei.apps.shelters.facts import SEEKING_STATES, NewSeeking
from jingwei.apps.shelters.queries import SeekingLine
from jingwei.doors.entry import refusals
from jingwei.doors.web import terms
from jingwei.doors.web.carried import public_post
from jingwei.doors.web.door import Asked, act, missing_page, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Field, given_of, sheet, tried
from jingwei.doors.web.sheltered import guest_row
from jingwei.kernel.ids import new_id
from jingwei.kernel.refusals import Refused

from .shelters import can
from .stock import PAGE, pages_of

ON_SEEKING = ("answer", "end", "reopen")


def seeking_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This search is not known here. Look for it in the list."))


@signed_in
@require_safe
def list_seekings(request: Asked) -> HttpResponse:
    authority, names = request.caller.authority, Names()
    state = request.GET.get("state", "open")
    state = state if state in SEEKING_STATES else "open"
    count = queries.count_seekings(authority=authority, state=state)
    paged = pages_of(request, count)
    found = queries.list_seekings(authority=authority, state=state, offset=paged["offset"] or 0, limit=PAGE)
    names.know(people=[one.by for one in found])
    context = {
        "rows": [SimpleNamespace(line=one, who=names.person(one.by)) for one in found],
        "count": count,
        "state": state,
        "tab": "seeking",
        "can": can(request),
        "states": [(code, terms.say("seeking_state", code)) for code in SEEKING_STATES],
        **paged,
    }
    return render(request, "web/shelters/seekings.html", context)


def _new(request: Asked) -> NewSeeking:
    v = request.POST.get
    return NewSeeking(
        seeker=v("seeker", "")[:100],
        seeker_phone=v("seeker_phone", "")[:40],
        relation=v("relation", "")[:60],
        name=v("name", "")[:100],
        age=whole(v("age"), None),
        id_last4=v("id_last4", ""),
        words=v("words", ""),
        key=v("key", "")[:100],
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Asked) -> HttpResponse:
    """Take down who seeks whom, at a desk or a telephone."""
    v = given_of(request).get
    done, refused = tried(request, lambda: actions.ask_seeking(_new(request), **act(request)))
    if done:
        return redirect(f"/shelters/seeking?new={done}")
    fields = [
        Field(name="seeker", label=_("Who seeks: name"), value=v("seeker", ""), required=True, longest=100),
        Field(
            name="seeker_phone",
            label=_("Telephone of who seeks"),
            value=v("seeker_phone", ""),
            required=True,
            longest=40,
        ),
        Field(
            name="relation",
            label=_("How they are related"),
            value=v("relation", ""),
            required=True,
            longest=60,
        ),
        Field(
            name="name",
            label=_("Whom they seek: whole name"),
            value=v("name", ""),
            required=True,
            longest=100,
        ),
        Field(name="age", label=_("Age of who is sought"), value=v("age", ""), number=True, longest=3),
        Field(name="id_last4", label=_("Identity number ends in"), value=v("id_last4", ""), longest=4),
        Field(name="words", label=_("What else is known"), value=v("words", ""), longest=300, text=True),
    ]
    return sheet(
        request,
        refused,
        title=_("Take down who seeks whom"),
        fields=fields,
        button=_("Write it down"),
        back="/shelters/seeking",
        key=v("key", "") or str(new_id()),
        note=_("Say to nobody on the telephone whether the person is here: first the person agrees."),
    )


@signed_in
@require_safe
def seeking(request: Asked, seeking_id: uuid.UUID) -> HttpResponse:
    line = queries.find_seeking(seeking_id, authority=request.caller.authority)
    if line is None:
        return seeking_missing(request)
    return render(request, "web/shelters/seeking.html", _context(request, line))


def _context(request: Asked, line: SeekingLine, **more: object) -> dict[str, object]:
    authority, names = request.caller.authority, Names()
    entries = journal.list_entries(subjects=[str(line.id)], newest=100)
    names.know(people=[e.by for e in entries])
    matches = queries.list_matches(line.id, authority=authority) if line.state == "open" else []
    told = queries.find_guest(line.guest_id, authority=authority) if line.guest_id else None
    return {
        "line": line,
        "matches": [guest_row(g, names) for g in matches],
        "told": guest_row(told, names) if told else None,
        "history": [
            SimpleNamespace(entry=e, code=e.kind.split("/")[0], who=names.person(e.by))
            for e in reversed(entries)
        ],
        "can": can(request),
        "values": request.POST,
        **more,
    }


@signed_in
@require_POST
def on_seeking(request: Asked, seeking_id: uuid.UUID, what: str) -> HttpResponse:
    """Answer with one person, end it, or look into it again."""
    line = queries.find_seeking(seeking_id, authority=request.caller.authority)
    if line is None:
        return seeking_missing(request)
    reason, mine = request.POST.get("reason", ""), act(request)
    guest = uuid_of(request.POST.get("guest", "")) or uuid.UUID(int=0)
    try:
        if what == "answer":
            actions.answer_seeking(seeking_id, guest, **mine)
        elif what == "end":
            actions.end_seeking(seeking_id, reason=reason, **mine)
        else:
            actions.reopen_seeking(seeking_id, reason=reason, **mine)
    except Refused as no:
        context = _context(request, line, error=refusals.sentence(no))
        return render(request, "web/shelters/seeking.html", context, status=status_of(no))
    return redirect(f"/shelters/seeking/{seeking_id}")


def _public(request: Asked, *, status: int = 200, **context: object) -> HttpResponse:
    shown = {"form": {}, "error": "", "asked": "", "looked": False, "answer": None, "key": str(new_id())}
    return render(request, "web/shelters/public_seeking.html", shown | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def public(request: Asked) -> HttpResponse:
    """Anybody may ask. What comes back is a number, the same whether the person is known here or not."""
    post = public_post(request.moment)
    if post is None:
        return missing_page(request, _("There is no page at this address."))
    if request.method != "POST":
        return _public(request)
    v = request.POST.get
    mine: dict[str, Any] = {"by": post.holding, "moment": request.moment}
    address = request.META.get("REMOTE_ADDR", "") or "unknown"
    try:
        if "number" in request.POST:
            found = actions.look_up_seeking(
                v("number", "")[:20], v("phone", "")[:40], address=address, **mine
            )
            names = Names()
            place = names.place(found.place) if found and found.place else ("", "")
            return _public(request, looked=True, answer=found, place=place, form=request.POST)
        number = actions.ask_seeking(_new(request), address=address, **mine)
    except Refused as no:
        status = 429 if no.code == "too_many_seekings" else 422
        return _public(
            request, error=refusals.sentence(no), form=request.POST, status=status, key=v("key", "")[:100]
        )
    return _public(request, asked=number)
