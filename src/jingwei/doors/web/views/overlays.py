"""An area's own value for a rule: its effect is shown first; then proposed, confirmed, taken back."""

import uuid
from datetime import date
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.apps.hazards import actions
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import SHEETS, Overlay, Ruled
from jingwei.apps.journal import queries as journal
from jingwei.apps.places import queries as places
from jingwei.doors.entry import refusals
from jingwei.doors.web import overlaid, ruled
from jingwei.doors.web import page as pages
from jingwei.doors.web.door import Asked, act, mark, missing_page, offers, signed_in, status_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .phone import code_of
from .rules import day_of

#: What is done to an overlay, and which right it asks for.
ACTS = {"confirm": "confirm_overlay", "withdraw": "withdraw_overlay", "restore": "restore_overlay"}
OFFERED = (*ACTS.values(), "end_overlay", "undo_overlay_end")
FIELDS = ("place", "value", "valid_from", "valid_to", "reason", "basis")


@signed_in
@require_safe
def list_overlays(request: Asked) -> HttpResponse:
    """What areas laid over the rules, as far as this post sees them."""
    found = hazards.list_overlays(authority=request.caller.authority)
    return render(request, "web/rules/overlays.html", {"rows": overlaid.rows_of(found)})


# --- proposed --------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Asked, table: str, key: str) -> HttpResponse:
    """The form; with `do=look` what it would change; with `do=propose` it is saved, if that was looked at."""
    rule, authority = hazards.find_rule(key), request.caller.authority
    if rule is None or table not in SHEETS or not hazards.may_overlay(authority, rule):
        return missing_page(request, _("Your post cannot lay a value over this rule."))
    typed = {n: request.POST.get(n, "")[:500] for n in FIELDS}
    if request.method != "POST":
        typed = _first(request)
    draft, weaker = _draft(table, rule, typed, request), bool(request.POST.get("weaker"))
    seen, refused, trial = mark(draft), None, None
    if request.method == "POST":
        try:
            checked, _holds = _checked(draft, weaker or request.POST.get("do") == "look")
            looked = request.POST.get("seen") == seen and (weaker or not checked.weaker)
            if request.POST.get("do") == "propose" and looked:
                found = actions.propose_overlay(draft, accepts_weaker=weaker, **act(request))
                return redirect(f"/rules/overlays/{found}")
            trial = overlaid.tried(table, checked.place, draft=checked, authority=authority)
        except Refused as no:
            refused = no
    context = {
        "table": table, "rule": rule, "sheet": SHEETS[table], "typed": typed, "seen": seen,
        "title": ruled.title(table, rule), "law": overlaid.said(table, hazards.value_of(rule)),
        "weaker": hazards.is_weaker(rule, typed["value"]), "accepted": weaker,
        "error": refusals.sentence(refused) if refused else "", "unit": getattr(rule, "unit", ""),
        "trial": trial,
        "reaches_back": draft.valid_from < localtime(pages.now_of(request)).date(),
    }  # fmt: skip
    status = status_of(refused) if refused else 200
    return render(request, "web/rules/propose.html", context, status=status)


def _first(request: Asked) -> dict[str, str]:
    place = request.caller.authority.place
    name = Names().place(place)[0] if place else ""
    today = localtime(pages.now_of(request)).date().isoformat()
    return dict.fromkeys(FIELDS, "") | {"place": f"{name} [{place}]" if place else "", "valid_from": today}


def _draft(table: str, rule: Ruled, typed: dict[str, str], request: Asked) -> Overlay:
    """What was typed, as a draft; an unreadable day is today for the first, impossible for the last."""
    first = day_of(typed["valid_from"]) or localtime(pages.now_of(request)).date()
    last = day_of(typed["valid_to"])
    return Overlay(
        table=table, rule_id=rule.rule_id, place=code_of(typed["place"])[:12], value=typed["value"],
        valid_from=first, valid_to=last or (date.min if typed["valid_to"].strip() else None),
        reason=typed["reason"], basis=typed["basis"],
    )  # fmt: skip


def _checked(draft: Overlay, weaker: bool) -> tuple[Overlay, Ruled]:
    if draft.place and places.find_division(draft.place) is None:
        raise Refused("place_unknown", place=draft.place)
    return hazards.check_draft(draft, accepts_weaker=weaker)


# --- one of them -----------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, overlay_id: uuid.UUID) -> HttpResponse:
    """An overlay with all that is known of it, what deciding would change, and what this post may do."""
    authority = request.caller.authority
    card = hazards.find_overlay(overlay_id, authority=authority)
    if card is None:
        return missing_page(request, _("This local value is not known here. Look for it in the list."))
    refused = None
    if request.method == "POST":
        try:
            _decide(request, overlay_id)
            return redirect(f"/rules/overlays/{overlay_id}")
        except Refused as no:
            refused = no
    rule = hazards.find_rule(card.overlay.rule_id)
    names = Names()
    entries = journal.list_entries(subjects=[str(overlay_id)])
    names.know(
        people=[
            card.proposed_by,
            card.confirmed_by,
            card.withdrawn_by,
            card.ended_by,
            *(e.by for e in entries),
        ]
    )
    trial, table = None, card.overlay.table
    if card.state == "proposed":
        trial = overlaid.tried(table, card.overlay.place, draft=card.overlay, authority=authority)
    elif card.state == "in_force":
        place, found = card.overlay.place, str(overlay_id)
        trial = overlaid.tried(table, place, draft=None, without=found, authority=authority)
    context = {
        "row": overlaid.shown(card, names), "rule": rule, "sheet": SHEETS[card.overlay.table], "card": card,
        "title": ruled.title(card.overlay.table, rule) if rule else (card.overlay.rule_id,) * 2,
        "confirmed_by": names.person(card.confirmed_by), "withdrawn_by": names.person(card.withdrawn_by),
        "ended_by": names.person(card.ended_by),
        "trial": trial, "own": card.author == authority.person,
        "can": offers(request, *(f"hazards.{a}" for a in OFFERED), place=card.overlay.place),
        "history": [
            SimpleNamespace(at=e.at, word=_(overlaid.HISTORY[e.kind.split("/")[0]]), who=names.person(e.by),
                            reason=getattr(e.fact, "reason", ""))
            for e in reversed(entries)
        ],
        "error": refusals.sentence(refused) if refused else "",
        "reason": request.POST.get("reason", "")[:300],
    }  # fmt: skip
    return render(request, "web/rules/overlay.html", context, status=status_of(refused) if refused else 200)


def _decide(request: Asked, overlay_id: uuid.UUID) -> None:
    version = whole(request.POST.get("version"), 0) or 0
    reason, what = request.POST.get("reason", ""), request.POST.get("do", "")
    if what == "confirm":
        actions.confirm_overlay(overlay_id, version=version, **act(request))
    elif what == "withdraw":
        actions.withdraw_overlay(overlay_id, reason=reason, version=version, **act(request))
    elif what == "restore":
        actions.restore_overlay(overlay_id, reason=reason, version=version, **act(request))
    else:
        raise Refused("form_unreadable")
