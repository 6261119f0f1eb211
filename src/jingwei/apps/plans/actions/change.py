"""A named person raises, lowers or ends a response; calls are noted as they are made."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.incidents import actions as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.tasks import actions as task_actions
from jingwei.apps.tasks import queries as tasks
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import ActivationEnded, Change, Ending, LevelLowered, LevelRaised, PlanBody
from ..models import Activation
from ..rules import PlansRefused


@transaction.atomic
def raise_level(activation_id: uuid.UUID, change: Change, *, version: int, by: By, moment: Moment) -> None:
    """Raise the response level: what the graver level adds starts now."""
    row = writes.locked(activation_id)
    body, scope, authority = _for_decision(row, "plans.raise_level", change.level, by=by, moment=moment)
    rules.may_change(state=row.state, held=version, current=row.version, reason=change.reason)
    rules.check_direction(current=row.level, level=change.level, up=True)
    before = _set_level(row, change, body, scope, moment=moment)
    started = len(row.started)
    unsent = writes.start_tasks(row, body, scope=scope, by=by, moment=moment)
    calls = writes.start_calls(row, body, scope=scope, moment=moment)
    writes.draft_notices(row, body, authority, scope=scope, on="raise", before=before, moment=moment)
    taken = writes.close_proposal(row, by=by, moment=moment)
    row.save()
    fact = LevelRaised(
        activation_id=str(row.id),
        from_level=before,
        level=row.level,
        expected_until=row.expected_until,
        measures=tuple(m["id"] for m in row.measures),
        tasks=len(row.started) - started,
        proposal_id=taken,
        reason=change.reason.strip()[:300],
        unsent=unsent,
    )
    record([(fact, [row, *calls])], by=by, moment=moment)


@transaction.atomic
def lower_level(activation_id: uuid.UUID, change: Change, *, version: int, by: By, moment: Moment) -> None:
    """Lower the response level: tasks already given stay; measures are those chosen now."""
    row = writes.locked(activation_id)
    level = min(row.level, change.level)
    body, scope, authority = _for_decision(row, "plans.lower_level", level, by=by, moment=moment)
    rules.may_change(state=row.state, held=version, current=row.version, reason=change.reason)
    rules.check_direction(current=row.level, level=change.level, up=False)
    before = _set_level(row, change, body, scope, moment=moment)
    writes.draft_notices(row, body, authority, scope=scope, on="lower", before=before, moment=moment)
    taken = writes.close_proposal(row, by=by, moment=moment)
    row.save()
    fact = LevelLowered(
        activation_id=str(row.id),
        from_level=before,
        level=row.level,
        expected_until=row.expected_until,
        measures=tuple(m["id"] for m in row.measures),
        proposal_id=taken,
        reason=change.reason.strip()[:300],
    )
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def end_activation(
    activation_id: uuid.UUID,
    *,
    reason: str = "",
    ending: Ending | None = None,
    version: int,
    by: By,
    moment: Moment,
) -> None:
    """End the response and its measures, and settle its open orders; its incident may close with it.

    Source: [SRC-ERL2024] art. 86. `reason` alone is an ending that finds no order open.
    """
    ending = ending or Ending(reason=reason)
    row = writes.locked(activation_id)
    body, scope, authority = _for_decision(row, "plans.end_activation", row.level, by=by, moment=moment)
    rules.may_change(state=row.state, held=version, current=row.version, reason=ending.reason)
    row.state, row.ended_at, row.ended_by = "ended", moment.at, by
    row.end_reason = ending.reason.strip()[:300]
    row.version += 1
    withdrawn, row.kept = _settle(row, ending, by=by, moment=moment)
    row.save()
    writes.draft_notices(row, body, authority, scope=scope, on="end", moment=moment)
    taken = writes.close_proposal(row, by=by, moment=moment)
    fact = ActivationEnded(
        activation_id=str(row.id),
        level=row.level,
        proposal_id=taken,
        reason=row.end_reason,
        clause=rules.END_CLAUSE if hazards.is_law_of_home() else "",
        withdrawn=withdrawn,
        kept=tuple(sorted(row.kept)),
        closed=ending.close is not None,
    )
    record([(fact, row)], by=by, moment=moment)
    if ending.close is not None:
        _close_incident(row, ending.close, by=by, moment=moment)


def _settle(
    row: Activation, ending: Ending, *, by: By, moment: Moment
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Withdraw or keep each order of the response that is still open; none is passed over."""
    still = tasks.list_open_of(row.id)
    rules.check_settled(still, withdraw=ending.withdraw, keep=ending.keep)
    withdraw = {t: why for t, why in ending.withdraw.items() if t in still}
    keep = {t: why for t, why in ending.keep.items() if t in still}
    if withdraw or keep:
        task_actions.settle_tasks(withdraw=withdraw, keep=keep, by=by, moment=moment)
    return tuple(sorted(str(t) for t in withdraw)), {str(t): why.strip()[:300] for t, why in keep.items()}


def _close_incident(row: Activation, version: int, *, by: By, moment: Moment) -> None:
    """Close the response's incident in the same decision, unless another response for it is in force."""
    if row.incident_id is None:
        raise PlansRefused("incident_missing")
    if Activation.objects.filter(incident_id=row.incident_id, state="in_force").exists():
        raise PlansRefused("incident_still_responded")
    incidents.close_incident(row.incident_id, reason=row.end_reason, version=version, by=by, moment=moment)


def _for_decision(
    row: Activation, right: str, level: int, *, by: By, moment: Moment
) -> tuple[PlanBody, str, Authority]:
    """The plan and its scope here, once post and plan both allow this level."""
    body = writes.plan_of(row)
    authority = agencies.require(by, right, at=moment.at, place=row.place, hazard=body.hazards[0])
    scope = rules.find_area(body, row.place).scope
    rules.may_activate(body.competences, scope=scope, level=level, role=authority.role)
    return body, scope, authority


def _set_level(row: Activation, change: Change, body: PlanBody, scope: str, *, moment: Moment) -> int:
    """Put level, end, command body and measures as ordered; returns the level before."""
    before = row.level
    rules.check_measures(change.measures, body=body, scope=scope, level=change.level)
    row.expected_until = rules.check_expected(change.expected_until, at=moment.at)
    row.level, row.level_since_at = change.level, moment.at
    row.command = writes.seats(body, scope=scope, place=row.place, level=row.level, moment=moment)
    row.measures = writes.ordered(change.measures, body, scope=scope, moment=moment)
    row.version += 1
    return before
