"""People in danger: the list, one party for the desk, the phone page with one tap."""

import uuid
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.checkins import actions, queries
from jingwei.apps.checkins.facts import CHANNELS
from jingwei.apps.checkins.queries import STATES, WatchLine
from jingwei.apps.checkins.queries import Asked as Wanted
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.journal import queries as journal
from jingwei.apps.tasks import queries as tasks
from jingwei.doors.entry import refusals
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, act, mark, missing_page, offers, signed_in, status_of, uuid_of
from jingwei.doors.web.names import Names, Pair
from jingwei.kernel.refusals import Refused

from .stock import PAGE, pages_of

RIGHTS = ("start_watch", "check_in", "change_watch", "end_watch", "reopen_watch", "reveal_party")
#: Lines of a party's record on its page. Source: our estimate, a day at one an hour twice over, 2026-11-30.
MOST_LINES = 50


def can(request: Asked, place: str | None = None) -> set[str]:
    return offers(request, *[f"checkins.{one}" for one in RIGHTS], place=place)


def watch_missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This party is not watched here. Look for it in the list of check-ins."))


def posts_of(codes: Iterable[str], names: Names) -> dict[str, Pair]:
    """Posts with the organization they belong to, for a duty officer is one of many."""
    cards = agencies.list_posts_by_code(set(codes) - {""})
    names.know(bodies={card.organization_code for card in cards.values()})
    found = {}
    for code, card in cards.items():
        zh, en = names.organization(card.organization_code)
        found[code] = (f"{zh} {card.name_zh}", f"{en}, {card.name_en}")
    return found


def rows_of(found: Sequence[WatchLine], names: Names) -> list[SimpleNamespace]:
    names.know(divisions={one.place for one in found})
    told = posts_of((one.told_post for one in found), names)
    return [
        SimpleNamespace(line=one, place=names.place(one.place), told=told.get(one.told_post, ("", "")))
        for one in found
    ]


def mark_of(found: Sequence[WatchLine]) -> str:
    return mark([(w.id, w.version, w.heard_at, w.level, w.missed) for w in found])


@signed_in
@require_safe
def list_watches(request: Asked) -> HttpResponse:
    authority, at, names = request.caller.authority, request.moment.at, Names()
    state = request.GET.get("state", "open")
    asked = Wanted(
        state=state if state in STATES else "open",
        text=request.GET.get("q", "").strip()[:100],
        incident_id=uuid_of(request.GET.get("incident", "")),
        task_id=uuid_of(request.GET.get("task", "")),
    )
    counts = queries.count_states(asked, authority=authority, at=at)
    count = counts[asked.state or "all"]
    paged = pages_of(request, count)
    found = queries.list_watches(asked, authority=authority, at=at, offset=paged["offset"] or 0, limit=PAGE)
    of = {n: str(v) for n, v in (("incident", asked.incident_id), ("task", asked.task_id)) if v}
    incident = incidents.find_incident(asked.incident_id, authority=authority) if asked.incident_id else None
    context = {
        "rows": rows_of(found, names),
        "counts": counts,
        "asked": asked,
        "of": of,
        "more": urlencode({**of, "state": asked.state, "q": asked.text}),
        "new": urlencode(of),
        "incident": incident,
        "states": [(c, terms.say("check_in_state", c), counts[c or "all"]) for c in STATES],
        "mark": mark_of(found) + mark(counts),
        "can": can(request),
        **paged,
    }
    return render(request, "web/checkins/list.html", context)


@signed_in
@require_safe
def watch(request: Asked, watch_id: uuid.UUID) -> HttpResponse:
    line = find(request, watch_id)
    if line is None:
        return watch_missing(request)
    return render(request, "web/checkins/watch.html", watch_context(request, line))


def find(request: Asked, watch_id: uuid.UUID) -> WatchLine | None:
    return queries.find_watch(watch_id, authority=request.caller.authority, at=request.moment.at)


def watch_context(request: Asked, line: WatchLine, **more: object) -> dict[str, Any]:
    names, authority = Names(), request.caller.authority
    entries = journal.list_entries(subjects=[str(line.id)], newest=MOST_LINES)
    names.know(people=[e.by for e in entries] + [line.ended_by, line.started_by])
    said = {getattr(e.fact, "to_post", "") for e in entries}
    posts = posts_of({line.tell_post, line.then_post, *said}, names)
    task = tasks.find_task(line.task_id, authority=authority, at=request.moment.at) if line.task_id else None
    of = incidents.find_incident(line.incident_id, authority=authority) if line.incident_id else None
    return {
        "row": rows_of([line], names)[0],
        "line": line,
        "tell": posts.get(line.tell_post, ("", "")),
        "then": posts.get(line.then_post),
        "started_by": names.person(line.started_by),
        "ended_by": names.person(line.ended_by),
        "incident": of,
        "task": task,
        "channels": [(c, terms.say("check_in_channel", c)) for c in CHANNELS if c != "tap"],
        "history": _history(entries, names, posts, queries.list_words(line.id)),
        "mark": mark_of([line]),
        "can": can(request, line.place),
        "values": request.POST,
        **more,
    }


def _history(
    entries: Sequence[Any], names: Names, posts: dict[str, Pair], heard: dict[str, str]
) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            fact=e.fact, at=e.at, code=e.kind.split("/")[0], who=names.person(e.by),
            to=posts.get(getattr(e.fact, "to_post", "")),
            words=getattr(e.fact, "reason", "")
            or getattr(e.fact, "words", "")
            or heard.get(getattr(e.fact, "check_in_id", ""), ""),
        )
        for e in reversed(entries)
    ]  # fmt: skip


@signed_in
@require_POST
def heard(request: Asked, watch_id: uuid.UUID) -> HttpResponse:
    """The desk writes down that it heard them, over what, with their words."""
    line = find(request, watch_id)
    if line is None:
        return watch_missing(request)
    v = request.POST.get
    try:
        actions.check_in(watch_id, channel=v("channel", ""), words=v("words", ""), **act(request))
    except Refused as no:
        context = watch_context(request, line, error=refusals.sentence(no))
        return render(request, "web/checkins/watch.html", context, status=status_of(no))
    return redirect(f"/check-ins/{watch_id}")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def tap(request: Asked, watch_id: uuid.UUID) -> HttpResponse:
    """One tap on a phone: all is well. Shows until when the next one is due."""
    line, refused = find(request, watch_id), None
    if line is None:
        return watch_missing(request)
    if request.method == "POST":
        try:
            actions.check_in(watch_id, words=request.POST.get("words", ""), **act(request))
            return redirect(f"/check-ins/{watch_id}/tap?heard=1")
        except Refused as no:
            refused = no
    context = {
        "row": rows_of([line], Names())[0],
        "line": line,
        "heard": "heard" in request.GET and not line.missed,
        "mark": mark_of([line]),
        "can": can(request, line.place),
        "values": request.POST,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/checkins/tap.html", context, status=status_of(refused) if refused else 200)


def room_context(request: Asked, line: IncidentLine) -> dict[str, Any]:
    """For `web/parts/room_tasks.html`: an incident's parties that are inside, and who is not heard."""
    asked = Wanted(incident_id=line.id)
    counts = queries.count_states(asked, authority=request.caller.authority, at=request.moment.at)
    return {"checkins": SimpleNamespace(incident=line.id, mark=mark(counts), **counts)}


def desk_context(request: Asked) -> dict[str, Any]:
    """For `web/parts/desk_checkins.html`: parties that were not heard in time."""
    authority, at = request.caller.authority, request.moment.at
    found = queries.list_watches(Wanted(state="missed"), authority=authority, at=at, limit=5)
    return {"missed_parties": rows_of(found, Names()), "missed_mark": mark_of(found)}
