"""An area lays its own value over a rule: one person proposes, another confirms; taken back, it stays."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal.actions import record
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import models, queries, rules
from ..facts import Overlay, OverlayConfirmed, OverlayProposed, OverlayRestored, OverlayWithdrawn
from ..rules import RulesRefused


@transaction.atomic
def propose_overlay(draft: Overlay, *, accepts_weaker: bool = False, by: By, moment: Moment) -> uuid.UUID:
    """Propose another value of a rule for an area. It holds for nobody before a second person confirms it.

    `accepts_weaker`: whoever proposes it has read that it asks less than the law.
    """
    rule = queries.get_rule_to_overlay(draft.rule_id)
    authority = agencies.require(
        by, "hazards.propose_overlay", at=moment.at, place=draft.place, hazard=rules.hazard_of(rule)
    )
    checked, holds = queries.check_draft(draft, accepts_weaker=accepts_weaker)
    names = [n for n in Overlay.__struct_fields__ if n != "id"]
    row = models.Overlay(
        **{n: getattr(checked, n) for n in names},
        instead_of=rules.value_of(holds),
        proposed_at=moment.at,
        proposed_by=by,
        author=authority.person,
    )
    row.save(force_insert=True)
    fact = OverlayProposed(
        overlay_id=str(row.id), table=row.table, rule_id=row.rule_id, place=row.place, value=row.value,
        instead_of=row.instead_of, valid_from=row.valid_from, valid_to=row.valid_to, weaker=row.weaker,
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)
    return row.id


@transaction.atomic
def confirm_overlay(overlay_id: uuid.UUID, *, version: int, by: By, moment: Moment) -> None:
    """Confirm what another person proposed: from now on events of its days in its area are judged by it."""
    row, authority = for_decision(overlay_id, "hazards.confirm_overlay", version, by=by, moment=moment)
    if row.state != "proposed":
        raise RulesRefused("overlay_not_waiting")
    rules.check_second_person(author=row.author, person=authority.person)
    queries.check_free(queries.overlay_of(row))
    row.state, row.confirmed_at, row.confirmed_by = "in_force", moment.at, by
    keep(row, OverlayConfirmed(**names_of(row)), by=by, moment=moment)


@transaction.atomic
def withdraw_overlay(overlay_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Take an overlay back, as if it had never been; open incidents of the area are judged anew."""
    row, _ = for_decision(overlay_id, "hazards.withdraw_overlay", version, by=by, moment=moment)
    if row.state == "withdrawn":
        raise RulesRefused("overlay_withdrawn_already")
    if not reason.strip():
        raise RulesRefused("overlay_reason_missing")
    stood = row.state == "in_force"
    row.state, row.withdrawn_at, row.withdrawn_by = "withdrawn", moment.at, by
    row.withdrawn_reason = reason.strip()[:300]
    fact = OverlayWithdrawn(**names_of(row), stood=stood, reason=row.withdrawn_reason)
    keep(row, fact, by=by, moment=moment)


@transaction.atomic
def restore_overlay(overlay_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Put a withdrawn overlay forward again: who restores it proposes it, another person confirms it."""
    row, authority = for_decision(overlay_id, "hazards.restore_overlay", version, by=by, moment=moment)
    if row.state != "withdrawn":
        raise RulesRefused("overlay_not_withdrawn")
    if not reason.strip():
        raise RulesRefused("overlay_reason_missing")
    queries.check_free(queries.overlay_of(row))
    row.state, row.author, row.proposed_at, row.proposed_by = "proposed", authority.person, moment.at, by
    row.confirmed_at = row.confirmed_by = row.withdrawn_at = row.withdrawn_by = None
    row.withdrawn_reason = ""
    row.ended_at = row.ended_by = row.ended_instead_of = None
    row.ended_reason = ""
    fact = OverlayRestored(overlay_id=str(row.id), reason=reason.strip()[:300])
    keep(row, fact, by=by, moment=moment)


def for_decision(
    overlay_id: uuid.UUID, right: str, version: int, *, by: By, moment: Moment
) -> tuple[models.Overlay, Authority]:
    """The overlay, locked, for a post that may."""
    row = models.Overlay.objects.select_for_update().filter(pk=overlay_id).first()
    rule = queries.find_rule(row.rule_id) if row else None
    hazard = rules.hazard_of(rule) if rule else "" if row else None
    authority = agencies.require(by, right, at=moment.at, place=row.place if row else None, hazard=hazard)
    if row is None:
        raise RulesRefused("overlay_unknown")
    rules.check_version(held=version, current=row.version)
    return row, authority


def names_of(row: models.Overlay) -> dict[str, str]:
    """What every fact of an overlay names."""
    return {"overlay_id": str(row.id), "table": row.table, "rule_id": row.rule_id, "place": row.place}


def keep(row: models.Overlay, fact: Fact, *, by: By, moment: Moment) -> None:
    """Save the next version with its fact."""
    row.version += 1
    row.save()
    record([(fact, row)], by=by, moment=moment)
