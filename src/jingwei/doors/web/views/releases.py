"""Releases: drafts, what waits for a second person, what is public; the editor beside the record."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.plans import queries as plans
from jingwei.apps.releases import actions
from jingwei.apps.releases import queries as releases
from jingwei.apps.releases.actions import Written
from jingwei.apps.releases.queries import EditionLine, ReleaseLine
from jingwei.doors.entry import refusals
from jingwei.doors.entry.once import once
from jingwei.doors.web import shapes
from jingwei.doors.web.door import Asked, act, missing_page, offers, signed_in, whole
from jingwei.doors.web.names import Names
from jingwei.doors.web.views.plans import activation_row
from jingwei.kernel.refusals import Refused

RIGHTS = ("draft_release", "edit_release", "approve_release", "publish_release", "correct_release",
          "withdraw_release", "discard_release", "restore_release")  # fmt: skip
TEXTS = ("title_zh", "title_en", "text_zh", "text_en")


class Decision(msgspec.Struct, frozen=True):
    """One kind of decision on a release: the words on its sheet, the reason it wants, what it calls.

    `reason`: '' for none, `public` when the public reads it, `own` when it stays in the history.
    """

    title: Callable[[], str]
    after: Callable[[], str]
    call: Callable[..., object]
    reason: str = ""


DECISIONS = {
    "approve": Decision(
        title=lambda: _("Approve the release"),
        after=lambda: _(
            "You wrote none of it. After this it may be published; any edit takes your approval back."
        ),
        call=actions.approve_release,
    ),
    "publish": Decision(
        title=lambda: _("Publish the release"),
        after=lambda: _(
            "Everybody can read it at once. It cannot be removed, only corrected or withdrawn openly."
        ),
        call=actions.publish_release,
    ),
    "correct": Decision(
        title=lambda: _("Correct the release"),
        after=lambda: _(
            "A new text begins. Once a second person has approved it, the old one stays, struck through."
        ),
        call=actions.correct_release,
        reason="public",
    ),
    "withdraw": Decision(
        title=lambda: _("Withdraw the release"),
        after=lambda: _("It stays on the public page, marked as withdrawn, with this reason."),
        call=actions.withdraw_release,
        reason="public",
    ),
    "discard": Decision(
        title=lambda: _("Discard the draft"),
        after=lambda: _("It stays in the history with this reason, and can be restored."),
        call=actions.discard_release,
        reason="own",
    ),
    "restore": Decision(
        title=lambda: _("Restore the draft"),
        after=lambda: _("It is a draft again; an approval given before has fallen."),
        call=actions.restore_release,
        reason="own",
    ),
}  # fmt: skip


def state_word(line: ReleaseLine) -> str:
    """Where the newest text stands; a withdrawn release is withdrawn whatever its text was."""
    words = {
        "draft": _("draft"),
        "waiting": _("waiting for approval"),
        "approved": _("approved, not published"),
        "published": _("published"),
        "discarded": _("discarded"),
    }
    return _("withdrawn") if line.state == "withdrawn" else words[line.edition.state]


def _rows(lines: Sequence[ReleaseLine], names: Names) -> list[SimpleNamespace]:
    names.know(
        divisions=[line.place for line in lines],
        people=[line.edition.edited_by or line.edition.drafted_by for line in lines],
    )
    return [row(line, names) for line in lines]


def row(line: ReleaseLine, names: Names) -> SimpleNamespace:
    """A release in a list."""
    one = line.edition
    place = names.place(line.place)
    return SimpleNamespace(
        id=line.id,
        line=line,
        one=one,
        title_zh=one.title_zh or one.title_en,
        title_en=one.title_en or one.title_zh,
        place_zh=place[0],
        place_en=place[1],
        state=state_word(line),
        corrects=one.number > 1 and one.state != "published",
        gaps=len(_gaps(one)),
        who=names.person(one.edited_by or one.drafted_by),
        at=one.published_at or one.approved_at or one.edited_at or one.drafted_at,
    )


def _gaps(one: EditionLine) -> list[str]:
    return releases.list_gaps(one.title_zh, one.title_en, one.text_zh, one.text_en)


@signed_in
@require_safe
def list_releases(request: Asked) -> HttpResponse:
    """Three lists: to be written, waiting for a second person, public."""
    authority, names = request.caller.authority, Names()

    def rows(*states: str) -> list[SimpleNamespace]:
        return _rows(releases.list_releases(authority=authority, states=states), names)

    groups = [
        (
            _("Drafts"),
            rows("draft"),
            _("Drafts appear when a grade is confirmed or a plan starts, or are begun in an incident."),
        ),
        (_("Waiting for approval"), rows("waiting", "approved"), _("Nothing waits for a second person.")),
        (_("Published"), rows("published"), _("Nothing has been published yet.")),
        (_("Discarded"), rows("discarded"), _("No draft was given up.")),
    ]  # fmt: skip
    mine = set(releases.list_waiting_for(authority))
    context = {"groups": groups, "mine": mine, "can": offers(request, "releases.approve_release")}
    return render(request, "web/releases/list.html", context)


def _find(request: Asked, release_id: uuid.UUID) -> ReleaseLine | None:
    return releases.find_release(release_id, authority=request.caller.authority)


def _missing(request: Asked) -> HttpResponse:
    return missing_page(request, _("This release is not known here. Look for it in the list."))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: Asked, release_id: uuid.UUID) -> HttpResponse:
    """The editor: the text, what the record holds, and what the public would read."""
    line = _find(request, release_id)
    if line is None:
        return _missing(request)
    if request.method != "POST":
        return _editor(request, line, line.edition)
    written = _written(request)
    ready = request.POST.get("do") == "ready"
    version = whole(request.POST.get("version"), 0) or 0
    try:
        actions.edit_release(release_id, written, ready=ready, version=version, **act(request))
    except Refused as refused:
        typed = msgspec.structs.replace(line.edition, **msgspec.structs.asdict(written))
        return _editor(request, _find(request, release_id) or line, typed, refused)
    return redirect(f"/releases/{release_id}")


def _written(request: Asked) -> Written:
    return Written(
        **{name: request.POST.get(name, "") for name in TEXTS},
        valid_until=_end(request.POST.get("until", "")),
    )


def _end(text: str) -> datetime | None:
    """The end as typed, in the node's zone; None when it cannot be read."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=get_current_timezone())
    except ValueError:
        return None


def _editor(
    request: Asked, line: ReleaseLine, one: EditionLine, refused: Refused | None = None
) -> HttpResponse:
    names = Names()
    context = {
        **_shown(request, line, names),
        "one": one,
        "until": localtime(one.valid_until).strftime("%Y-%m-%dT%H:%M") if one.valid_until else "",
        "gaps": _gaps(one),
        "preview_zh": _marked(one.text_zh),
        "preview_en": _marked(one.text_en),
        "record": _record(request, line, names),
        "activation": _activation(request, line, names),
        "error": refusals.sentence(refused) if refused else "",
    }
    changed = refused is not None and refused.code == "release_changed_meanwhile"
    return render(
        request, "web/releases/release.html", context, status=409 if changed else 422 if refused else 200
    )


def _shown(request: Asked, line: ReleaseLine, names: Names) -> dict[str, Any]:
    """What the editor and the confirmation share: the row, its steps, who wrote it, what may be done."""
    can = offers(request, *[f"releases.{r}" for r in RIGHTS], place=line.place, hazard=line.kind)
    public, one = line.state == "published", line.edition
    own = str(request.caller.authority.person) in one.authors
    offered = {
        "edit": "edit_release" in can
        and one.state not in ("published", "discarded")
        and line.state != "withdrawn",
        "approve": "approve_release" in can and one.state == "waiting" and not own,
        "publish": "publish_release" in can and one.state == "approved" and line.state != "withdrawn",
        "correct": "correct_release" in can and public and one.state == "published",
        "withdraw": "withdraw_release" in can and public,
        "discard": "discard_release" in can and one.state not in ("published", "discarded"),
        "restore": "restore_release" in can and line.may_restore,
    }
    return {
        "row": row(line, names),
        "line": line,
        "own": own and one.state == "waiting",
        "warns": "approve_release" in can and bool(one.authors) and not own,
        "steps": _steps(line, names),
        "offered": offered,
    }


def _steps(line: ReleaseLine, names: Names) -> list[SimpleNamespace]:
    """Who did what with each text, oldest first."""
    steps = []
    for one in line.editions:
        told = _("corrected") if one.number > 1 else _("published")
        for at, by, word in (
            (one.drafted_at, one.drafted_by, _("drafted") if one.number == 1 else _("correction begun")),
            (one.edited_at, one.edited_by, _("edited")),
            (one.approved_at, one.approved_by, _("approved")),
            (one.published_at, one.published_by, told),
            (one.discarded_at, one.discarded_by, _("discarded")),
        ):
            if at is not None:
                reasons = {one.drafted_at: one.reason, one.discarded_at: one.discarded_reason}
                reason = reasons.get(at, "")
                steps.append(SimpleNamespace(at=at, who=names.person(by), word=word, reason=reason))
    if line.withdrawn_at is not None:
        who = names.person(line.withdrawn_by)
        steps.append(
            SimpleNamespace(at=line.withdrawn_at, who=who, word=_("withdrawn"), reason=line.withdrawn_reason)
        )
    return steps


def _marked(text: str) -> SafeString:
    """The text as the public would read it, with every gap framed."""
    safe: str = escape(text)
    for gap in releases.list_gaps(text):
        safe = safe.replace(escape(gap), f'<span class="gap">{escape(gap)}</span>')
    return mark_safe(safe)  # noqa: S308 - escaped above, piece by piece


def _record(request: Asked, line: ReleaseLine, names: Names) -> SimpleNamespace | None:
    """What the record holds now, beside the text: with the proposed grade, which the text may not tell."""
    authority = request.caller.authority
    if line.incident_id is None:
        return None
    incident = incidents.find_incident(line.incident_id, authority=authority)
    if incident is None:
        return None
    held = releases.get_record(line.incident_id, authority=authority, at=request.moment.at)
    return SimpleNamespace(incident=shapes.incident_row(incident, names), held=held)


def _activation(request: Asked, line: ReleaseLine, names: Names) -> SimpleNamespace | None:
    """The response whose plan called for this text, with the level in force now."""
    if line.activation is None:
        return None
    found = plans.find_activation(line.activation, authority=request.caller.authority)
    return activation_row(found, names) if found else None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Asked, release_id: uuid.UUID, what: str) -> HttpResponse:
    """Approve, publish, correct, withdraw: each asks once more who, what, where, under which clause."""
    line = _find(request, release_id)
    if line is None:
        return _missing(request)
    decision, reason = DECISIONS[what], request.POST.get("reason", "")
    conference = what == "publish" and request.POST.get("conference") == "yes"
    refused = None
    if request.method == "POST":
        given: dict[str, Any] = {"reason": reason} if decision.reason else {}
        given |= {"conference": True} if conference else {}
        version = whole(request.POST.get("version"), 0)
        try:
            decision.call(release_id, version=version, **given, **act(request))
            return redirect(f"/releases/{release_id}")
        except Refused as error:
            refused, line = error, _find(request, release_id) or line
    context = {
        **_shown(request, line, Names()),
        "one": line.edition,
        "what": what,
        "title": decision.title(),
        "after": decision.after(),
        "wants_reason": decision.reason,
        "reason": reason,
        "conference": conference,
        "clause": releases.get_clause(),
        "error": refusals.sentence(refused) if refused else "",
    }
    changed = refused is not None and refused.code == "release_changed_meanwhile"
    status = 409 if changed else 422 if refused else 200
    return render(request, "web/releases/decide.html", context, status=status)


@signed_in
@require_POST
def draft(request: Asked, incident_id: uuid.UUID) -> HttpResponse:
    """Begin a release from what the record holds about the incident."""
    return redirect(f"/releases/{actions.draft_release(incident_id, **act(request))}")


def room_context(request: Asked, incident: IncidentLine, names: Names) -> dict[str, Any]:
    """For the incident room: its releases, and whether one may begin another."""
    found = once(releases.list_releases_of, incident.id, authority=request.caller.authority)
    can = offers(request, "releases.draft_release", place=incident.place, hazard=incident.kind)
    rows = _rows(found, names)
    return {"releases": rows, "incident_id": incident.id, "may_draft": "draft_release" in can}


def desk_context(request: Asked, names: Names) -> dict[str, Any]:
    """For the desk: texts that wait for this person's approval."""
    authority = request.caller.authority
    if "approve_release" not in offers(request, "releases.approve_release"):
        return {"releases_waiting": [], "releases_waiting_count": 0}
    waiting = releases.list_waiting_for(authority)
    found = [releases.find_release(one, authority=authority) for one in waiting[:1]]
    shown = [one for one in found if one is not None]
    return {"releases_waiting": _rows(shown, names), "releases_waiting_count": len(waiting)}
