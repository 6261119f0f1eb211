"""What areas laid over the rules: what stands, what waits, and a draft checked before it is saved."""

import uuid
from datetime import date, datetime

import msgspec
from django.db.models import Q

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority

from .. import models, rules
from ..facts import Overlay, Ruled
from ..rules import RulesRefused
from .tables import find_rule, get_laid, overlay_of


class OverlayCard(msgspec.Struct, frozen=True):
    """An overlay with who proposed, confirmed and withdrew it. `state`: proposed, in_force, withdrawn."""

    overlay: Overlay
    instead_of: str
    state: str
    version: int
    author: uuid.UUID
    proposed_at: datetime
    proposed_by: uuid.UUID
    confirmed_at: datetime | None
    confirmed_by: uuid.UUID | None
    withdrawn_at: datetime | None
    withdrawn_by: uuid.UUID | None
    withdrawn_reason: str
    ended_at: datetime | None = None
    ended_by: uuid.UUID | None = None
    ended_reason: str = ""
    ended_instead_of: date | None = None


def _card(row: models.Overlay) -> OverlayCard:
    names = [n for n in OverlayCard.__struct_fields__ if n != "overlay"]
    return OverlayCard(overlay=overlay_of(row), **{n: getattr(row, n) for n in names})


def _seen(authority: Authority) -> Q:
    """Overlays of this post's area, and those of the areas above that cover it."""
    if not authority.place:
        return Q()
    over = [authority.place[:n] for n in (0, 2, 4, 6, 9) if n < len(authority.place)]
    return Q(place__startswith=authority.place) | Q(place__in=over)


def list_overlays(*, authority: Authority, rule_id: str = "", limit: int = 200) -> list[OverlayCard]:
    """Overlays this post sees: those that wait first, then the newest."""
    rows = models.Overlay.objects.filter(_seen(authority))
    if rule_id:
        rows = rows.filter(rule_id=rule_id)
    found = list(rows.order_by("-proposed_at", "-pk")[:limit])
    return [_card(row) for row in sorted(found, key=lambda r: r.state != "proposed")]


def find_overlay(overlay_id: uuid.UUID, *, authority: Authority) -> OverlayCard | None:
    row = models.Overlay.objects.filter(_seen(authority), pk=overlay_id).first()
    return _card(row) if row else None


def may_overlay(authority: Authority, rule: Ruled, place: str | None = None) -> bool:
    """Whether this post could lay its own value over the rule, in its own area or the one named."""
    if not rules.may_be_overlaid(rule):
        return False
    area = authority.place if place is None else place
    if not rules.may_overlay_at(rule, area):
        return False
    return agencies.may_with(authority, "hazards.propose_overlay", place=area, hazard=rules.hazard_of(rule))


def get_rule_to_overlay(rule_id: str) -> Ruled:
    """The rule that is to be laid over. Refused when there is none."""
    rule = find_rule(rule_id)
    if rule is None:
        raise RulesRefused("overlay_fixed", rule=rule_id[:20])
    return rule


def check_draft(draft: Overlay, *, accepts_weaker: bool) -> tuple[Overlay, Ruled]:
    """The draft as it would be kept, and the rule as it holds there without it. Refused with what is missing.

    Asked before the effect is shown and again when it is saved.
    """
    rule = get_rule_to_overlay(draft.rule_id)
    (holds,) = get_laid().over([rule], draft.place, draft.valid_from)
    checked = rules.check_overlay(rule, draft, holds=holds, accepts_weaker=accepts_weaker)
    check_free(checked)
    return checked, holds


def check_free(overlay: Overlay) -> None:
    """Refuse a second overlay of the same rule and area for the same days; the first is taken back first."""
    rows = models.Overlay.objects.filter(
        rule_id=overlay.rule_id, place=overlay.place, state__in=["proposed", "in_force"]
    )
    if overlay.id:
        rows = rows.exclude(pk=overlay.id)
    days = (overlay.valid_from, overlay.valid_to)
    if any(rules.overlap(days, (row.valid_from, row.valid_to)) for row in rows):
        raise RulesRefused("overlay_stands_already")


def check_end(card: OverlayCard, last: date) -> Overlay:
    """The overlay as it would stand if it ended on that day, excluded. Refused where it cannot end then."""
    rules.check_end(last, valid_from=card.overlay.valid_from, valid_to=card.overlay.valid_to)
    return msgspec.structs.replace(card.overlay, valid_to=last)


def check_end_undone(card: OverlayCard) -> Overlay:
    """The overlay as it would stand without its early end. Refused where another took the days since."""
    whole = msgspec.structs.replace(card.overlay, valid_to=card.ended_instead_of)
    check_free(whole)
    return whole


def is_weaker(rule: Ruled, value: str) -> bool:
    """Whether the value asks less than the rule; False while it is no number yet."""
    try:
        return rules.is_weaker(rule, rules.read_value(rule, value))
    except RulesRefused:
        return False


def value_of(rule: Ruled) -> str:
    """The value of the rule that an area may lay its own over."""
    return rules.value_of(rule)
