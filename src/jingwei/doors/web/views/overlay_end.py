"""An area's own value ends early: its effect is shown first; so it is when the end is taken back."""

import uuid
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.apps.hazards import actions
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import SHEETS, Overlay
from jingwei.apps.hazards.queries import OverlayCard
from jingwei.doors.entry import refusals
from jingwei.doors.web import overlaid, ruled
from jingwei.doors.web import page as pages
from jingwei.doors.web.door import Asked, act, mark, missing_page, offers, signed_in, status_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .rules import day_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Asked, overlay_id: uuid.UUID) -> HttpResponse:
    """The form; with `do=look` what ending it, or taking the end back, would change; then it is saved."""
    card = hazards.find_overlay(overlay_id, authority=request.caller.authority)
    if card is None or card.state != "in_force" or not _may(request, card):
        return missing_page(request, _("Your post cannot end this local value."))
    given, refused, trial, looked = request.POST, None, None, False
    last, today = given.get("last", "")[:10], localtime(pages.now_of(request)).date()
    wanted = day_of(last)
    seen = mark(overlay_id, card.version, card.ended_at, wanted)
    if request.method == "POST":
        try:
            tried = _as_it_would_stand(card, wanted)
            looked = given.get("seen") == seen
            if given.get("do") == "save" and looked:
                _save(request, card, wanted)
                return redirect(f"/rules/overlays/{overlay_id}")
            trial = overlaid.tried(
                tried.table, tried.place, draft=tried, without=tried.id, authority=request.caller.authority
            )
        except Refused as no:
            refused = no
    row = overlaid.shown(card, Names())
    rule = hazards.find_rule(card.overlay.rule_id)
    context = {
        "row": row, "card": card, "sheet": SHEETS[card.overlay.table], "undoes": card.ended_at is not None,
        "title": ruled.title(card.overlay.table, rule) if rule else (card.overlay.rule_id,) * 2,
        "trial": trial, "seen": seen,
        "last": last or today.isoformat(), "reason": given.get("reason", "")[:300],
        "reaches_back": wanted is not None and wanted < today,
        "error": refusals.sentence(refused) if refused else "",
    }  # fmt: skip
    status = status_of(refused) if refused else 200
    return render(request, "web/rules/overlay_end.html", context, status=status)


def _may(request: Asked, card: OverlayCard) -> bool:
    right = "undo_overlay_end" if card.ended_at is not None else "end_overlay"
    return right in offers(request, f"hazards.{right}", place=card.overlay.place)


def _as_it_would_stand(card: OverlayCard, last: date | None) -> Overlay:
    if card.ended_at is not None:
        return hazards.check_end_undone(card)
    if last is None:
        raise Refused("overlay_end_missing")
    return hazards.check_end(card, last)


def _save(request: Asked, card: OverlayCard, last: date | None) -> None:
    one, reason = uuid.UUID(card.overlay.id), request.POST.get("reason", "")
    version = whole(request.POST.get("version"), 0) or 0
    if card.ended_at is not None:
        actions.undo_overlay_end(one, reason=reason, version=version, **act(request))
    elif last is not None:
        actions.end_overlay(one, last=last, reason=reason, version=version, **act(request))
