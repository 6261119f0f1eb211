"""What is done on sheets for people in danger: started, changed, ended, taken back, names looked at."""

import uuid
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.checkins import actions
from jingwei.apps.checkins.facts import NewWatch, WatchChange
from jingwei.apps.checkins.queries import WatchLine
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.tasks import queries as tasks
from jingwei.doors.entry import refusals
from jingwei.doors.web.door import Asked, act, signed_in, status_of, uuid_of, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.sheets import Choices, Field, given_of, number_of, sheet, time_of, tried
from jingwei.kernel.ids import new_id

from .checkins import find, rows_of, watch_missing
from .phone import place_of

#: What the form proposes. Source: our estimate, the air of a breathing apparatus, 2026-11-30.
EVERY_MIN = "20"
#: Incidents a form offers. Source: our estimate, open ones of a city on a bad day, 2026-11-30.
MOST_INCIDENTS = 100


def _posts(request: Asked) -> Choices:
    """Posts that may be told: one's own organization's, then those above it."""
    own = request.caller.authority.organization_code
    above, names = agencies.list_above(own), Names()
    names.know(bodies=[own, *above])
    found = agencies.list_posts_of([own, *above])
    found.sort(key=lambda p: p.organization_code != own)
    return [
        (p.code, f"{names.organization(p.organization_code)[0]} {p.name_zh}",
         f"{names.organization(p.organization_code)[1]}: {p.name_en}")
        for p in found
    ]  # fmt: skip


def _incidents(request: Asked) -> Choices:
    found = incidents.list_incidents(authority=request.caller.authority, limit=MOST_INCIDENTS)
    return [(str(one.id), one.title_zh, one.title_en) for one in found]


def _numbers(v: Callable[[str, str], str]) -> list[Field]:
    return [
        Field(name="heads", label=_("Heads that go in"), value=v("heads", ""), number=True, required=True,
              longest=3),
        Field(name="every", label=_("They report every so many minutes"), value=v("every", EVERY_MIN),
              number=True, required=True, longest=3),
        Field(name="until", label=_("Expected out at (empty: not known)"), value=v("until", ""),
              hint="2026-01-31 08:00", longest=25),
    ]  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Asked) -> HttpResponse:
    """People go in: watch over them."""
    v = given_of(request).get
    task_id = uuid_of(v("task", ""))

    def do() -> uuid.UUID:
        place, _site = place_of(v("place", ""))
        new = NewWatch(
            party=v("party", ""), names=v("names", ""), heads=number_of(v("heads", "")), place=place,
            spot=v("spot", ""), every_min=number_of(v("every", "")), until_at=time_of(v("until", "")),
            incident_id=uuid_of(v("incident", "")), task_id=task_id, tell_post=v("tell", ""),
            then_post=v("then", ""), key=v("key", ""),
        )  # fmt: skip
        return actions.start_watch(new, **act(request))

    done, refused = tried(request, do)
    if done:
        return redirect(f"/check-ins/{done}")
    authority, posts = request.caller.authority, _posts(request)
    task = tasks.find_task(task_id, authority=authority, at=request.moment.at) if task_id else None
    incident = v("incident", "") or (str(task.incident) if task and task.incident else "")
    fields = [
        Field(name="party", label=_("Party: what it is called on the radio"), value=v("party", ""),
              required=True, longest=120),
        *_numbers(v),
        Field(name="place", label=_("Where"), value=v("place", task.place if task else authority.place),
              place=True, required=True),
        Field(name="spot", label=_("Where exactly: building, shaft, section of the dike"),
              value=v("spot", "")),
        Field(name="tell", label=_("Told at once when they are not heard"),
              value=v("tell", authority.post_code), choices=posts, required=True),
        Field(name="then", label=_("Told when a second one is missed (empty: the post above)"),
              value=v("then", ""), choices=posts),
        Field(name="incident", label=_("For which incident"), value=incident, choices=_incidents(request)),
        Field(name="names", label=_("Names of those who go in (masked, each look is recorded)"),
              value=v("names", ""), text=True, longest=1000),
        *([Field(name="task", label="", value=str(task_id), hidden=True)] if task_id else []),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("Watch over people who go in"), fields=fields, button=_("Start"),
        about=(task.title_zh, task.title_en or task.title_zh) if task else None, back="/check-ins",
        key=v("key", "") or str(new_id()),
        note=_(
            "The first check-in is due one interval from now. What is missed goes to the posts chosen here."
        ),
    )  # fmt: skip


def _about(line: WatchLine) -> tuple[str, str]:
    return (line.party, line.party)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Asked, watch_id: uuid.UUID) -> HttpResponse:
    """Heads, interval or the expected end hold anew."""
    line = find(request, watch_id)
    if line is None:
        return watch_missing(request)
    until = f"{localtime(line.until_at):%Y-%m-%d %H:%M}" if line.until_at else ""
    now = {"heads": str(line.heads), "every": str(line.every_min), "until": until}
    given, version = given_of(request), whole(request.POST.get("version"), line.version)

    def v(name: str, default: str) -> str:
        return given.get(name, now.get(name, default))

    def do() -> str:
        until_at = line.until_at if v("until", "") == until else time_of(v("until", ""))
        new = WatchChange(
            heads=number_of(v("heads", "")), every_min=number_of(v("every", "")), until_at=until_at
        )
        actions.change_watch(
            watch_id, new, reason=given.get("reason", ""), version=version or 0, **act(request)
        )
        return f"/check-ins/{watch_id}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    return sheet(
        request, refused, title=_("Change the watch"), button=_("Change"), about=_about(line),
        fields=[*_numbers(v), _reason(given.get("reason", ""))], back=f"/check-ins/{watch_id}",
        version=version,
    )  # fmt: skip


def _reason(value: str) -> Field:
    return Field(name="reason", label=_("Reason"), value=value, longest=300, required=True)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Asked, watch_id: uuid.UUID) -> HttpResponse:
    """All out, so many heads."""
    line = find(request, watch_id)
    if line is None:
        return watch_missing(request)
    v, version = given_of(request).get, whole(request.POST.get("version"), line.version)

    def do() -> str:
        actions.end_watch(
            watch_id, heads_out=number_of(v("out", "")), words=v("words", ""), version=version or 0,
            **act(request),
        )  # fmt: skip
        return f"/check-ins/{watch_id}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    fields = [
        Field(name="out", label=_("Heads that are out, counted now"), value=v("out", ""), number=True,
              required=True, longest=3),
        Field(name="words", label=_("Words; when the count differs, what is known of it"),
              value=v("words", ""), longest=300, text=True),
    ]  # fmt: skip
    return sheet(
        request, refused, title=_("All out"), fields=fields, button=_("They are out"), about=_about(line),
        back=f"/check-ins/{watch_id}", version=version,
        note=_("%(n)s heads went in. Count those who are out; do not take the number from here.")
        % {"n": line.heads},
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Asked, watch_id: uuid.UUID) -> HttpResponse:
    """The end is taken back."""
    line = find(request, watch_id)
    if line is None:
        return watch_missing(request)
    v, version = given_of(request).get, whole(request.POST.get("version"), line.version)

    def do() -> str:
        actions.reopen_watch(watch_id, reason=v("reason", ""), version=version or 0, **act(request))
        return f"/check-ins/{watch_id}"

    done, refused = tried(request, do)
    if done:
        return redirect(str(done))
    return sheet(
        request, refused, title=_("Take back that they are out"), fields=[_reason(v("reason", ""))],
        button=_("Watch them again"), about=_about(line), back=f"/check-ins/{watch_id}", version=version,
        note=_("The next check-in is due one interval from now."),
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: Asked, watch_id: uuid.UUID) -> HttpResponse:
    """Who is in the party; that somebody looked is recorded."""
    line = find(request, watch_id)
    if line is None:
        return watch_missing(request)
    reason = given_of(request).get("reason", "")
    shown, refused = tried(request, lambda: actions.reveal_party(watch_id, reason=reason, **act(request)))
    context = {
        "row": rows_of([line], Names())[0],
        "line": line,
        "shown": shown,
        "reason": reason,
        "error": refusals.sentence(refused) if refused else "",
    }
    return render(request, "web/checkins/names.html", context, status=status_of(refused) if refused else 200)
