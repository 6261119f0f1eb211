"""An area's own value ends sooner than it was confirmed for; the early end can be taken back."""

import uuid
from datetime import date

from django.db import transaction

from jingwei.kernel.moments import By, Moment

from .. import queries, rules
from ..facts import OverlayEnded, OverlayEndUndone
from ..rules import RulesRefused
from .overlay import for_decision, keep, names_of


@transaction.atomic
def end_overlay(
    overlay_id: uuid.UUID, *, last: date, reason: str, version: int, by: By, moment: Moment
) -> None:
    """End it early: events from `last` on are judged by the rule again, those of its days before stay."""
    row, _ = for_decision(overlay_id, "hazards.end_overlay", version, by=by, moment=moment)
    if row.state != "in_force":
        raise RulesRefused("overlay_not_in_force")
    if row.ended_at is not None:
        raise RulesRefused("overlay_ended_already")
    rules.check_end(last, valid_from=row.valid_from, valid_to=row.valid_to)
    if not reason.strip():
        raise RulesRefused("overlay_reason_missing")
    row.ended_at, row.ended_by, row.ended_reason = moment.at, by, reason.strip()[:300]
    row.ended_instead_of, row.valid_to = row.valid_to, last
    fact = OverlayEnded(
        **names_of(row), valid_to=last, instead_of=row.ended_instead_of, reason=row.ended_reason
    )
    keep(row, fact, by=by, moment=moment)


@transaction.atomic
def undo_overlay_end(overlay_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Take the early end back: it holds for the days that a second person confirmed, and for no other."""
    row, _ = for_decision(overlay_id, "hazards.undo_overlay_end", version, by=by, moment=moment)
    if row.state != "in_force" or row.ended_at is None:
        raise RulesRefused("overlay_not_ended")
    if not reason.strip():
        raise RulesRefused("overlay_reason_missing")
    row.valid_to = row.ended_instead_of
    queries.check_free(queries.overlay_of(row))  # the days given back may have another since
    row.ended_at = row.ended_by = row.ended_instead_of = None
    row.ended_reason = ""
    fact = OverlayEndUndone(**names_of(row), valid_to=row.valid_to, reason=reason.strip()[:300])
    keep(row, fact, by=by, moment=moment)
