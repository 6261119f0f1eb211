"""What areas laid over the rules, and what it would change, as pages show it."""

from collections.abc import Sequence
from types import SimpleNamespace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards.facts import Overlay
from jingwei.apps.hazards.queries import OverlayCard
from jingwei.apps.needs import queries as needs
from jingwei.apps.needs.queries import EstimateChange
from jingwei.apps.sitreps import queries as sitreps
from jingwei.apps.sitreps.queries import Trial

from . import clocks, ruled
from .names import Names

#: How an overlay would change a clock.
WHAT = {
    "sooner": n_("due sooner"),
    "later": n_("due later"),
    "new": n_("owed then"),
    "gone": n_("owed no more"),
}
#: What each fact of an overlay is called in its history.
HISTORY = {
    "hazards.overlay_proposed": n_("proposed"),
    "hazards.overlay_confirmed": n_("confirmed by a second person"),
    "hazards.overlay_withdrawn": n_("taken back"),
    "hazards.overlay_ended": n_("ended early"),
    "hazards.overlay_end_undone": n_("early end taken back"),
    "hazards.overlay_restored": n_("put forward again"),
}


def rows_of(found: Sequence[OverlayCard]) -> list[SimpleNamespace]:
    """Overlays as lists show them: where, what instead of what, who."""
    names = Names()
    names.know(divisions=[c.overlay.place for c in found], people=[c.proposed_by for c in found])
    return [shown(card, names) for card in found]


def shown(card: OverlayCard, names: Names) -> SimpleNamespace:
    one = card.overlay
    place = names.place(one.place) if one.place else ("全国", "the whole nation")
    return SimpleNamespace(
        card=card, one=one, id=one.id, state=card.state, place_zh=place[0], place_en=place[1],
        href=f"/rules/{one.table}/{one.rule_id}", value=said(one.table, one.value),
        instead=said(one.table, card.instead_of), who=names.person(card.proposed_by),
    )  # fmt: skip


def said(table: str, value: str) -> tuple[str, str]:
    """A value as the field says it: a limit in minutes or hours, else the number."""
    if table == "reporting-deadlines":
        return ruled.minutes(int(value))
    return (value, value)


def tried(
    table: str, place: str, *, draft: Overlay | None, without: str = "", authority: Authority
) -> SimpleNamespace:
    """What would change if the draft stood there, and the overlay `without` did not, in words."""
    trial = sitreps.try_overlay(place, draft=draft, without=without, authority=authority)
    of_needs = table == "demand-standards"
    changed = needs.try_standard(place, draft=draft, without=without, authority=authority) if of_needs else ()
    return effect(trial, changed)


def effect(trial: Trial, estimates: Sequence[EstimateChange] = ()) -> SimpleNamespace:
    """What would change, in words: grades before and after, clocks before and after."""
    names, found = Names(), []
    names.know(
        bodies=[b for e in trial.effects for c in e.clocks for b in (c.from_organization, c.to_organization)]
    )
    for one in trial.effects:
        rows = [
            SimpleNamespace(
                line=c, what=_(WHAT[c.what]),
                where=_body(c.from_organization, c.from_role, c.from_place, names),
                to=_body(c.to_organization, c.to_role, "", names), clause=c.rule_id,
            )
            for c in one.clocks
        ]  # fmt: skip
        found.append(
            SimpleNamespace(before=one.before, after=one.after, regraded=one.graded_anew, clocks=rows)
        )
    return SimpleNamespace(
        effects=found, tried=trial.tried, whole=trial.whole,
        estimates=estimates, clocks=sum(len(e.clocks) for e in trial.effects),
        regraded=sum(e.graded_anew for e in trial.effects),
    )  # fmt: skip


def _body(code: str, role: str, place: str, names: Names) -> tuple[str, str]:
    if code or place:
        found = clocks.body(code, "", role, place, names) if code else names.place(place)
        return found
    return ruled.Words().word("role", role)
