"""A named person activates a plan: posts, tasks, calls and draft notices follow in one transaction."""

import uuid

import msgspec
from django.db import transaction
from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import Order, PlanActivated, PlanBody
from ..models import Activation, Plan
from ..rules import PlansRefused


@transaction.atomic
def activate_plan(plan_id: uuid.UUID, order: Order, *, version: str, by: By, moment: Moment) -> uuid.UUID:
    """Activate the plan at a place and level, and start all that it prepared. Returns the activation's id.

    `version` is that of the plan the person read.
    """
    plan = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise PlansRefused("plan_unknown")
    body = msgspec.convert(plan.body, PlanBody)
    authority = agencies.require(
        by, "plans.activate_plan", at=moment.at, place=order.place, hazard=body.hazards[0]
    )
    scope = rules.find_area(body, order.place).scope
    rules.may_activate(body.competences, scope=scope, level=order.level, role=authority.role)
    _check(plan, order, version, moment)
    rules.check_measures(order.measures, body=body, scope=scope, level=order.level)
    if order.incident_id and incidents.find_incident(order.incident_id, authority=authority) is None:
        raise PlansRefused("incident_unknown")
    row = Activation(
        plan=plan,
        plan_code=plan.code,
        place=order.place,
        matter=order.matter.strip()[:200],
        level=order.level,
        started_at=moment.at,
        level_since_at=moment.at,
        expected_until=rules.check_expected(order.expected_until, at=moment.at),
        incident_id=order.incident_id,
        command=writes.seats(body, scope=scope, place=order.place, level=order.level, moment=moment),
        measures=writes.ordered(order.measures, body, scope=scope, moment=moment),
        activated_by=by,
        reason=order.reason.strip()[:300],
    )
    row.save(force_insert=True)
    unsent = writes.start_tasks(row, body, scope=scope, by=by, moment=moment)
    calls = writes.start_calls(row, body, scope=scope, moment=moment)
    writes.draft_notices(row, body, authority, scope=scope, on="start", moment=moment)
    taken = writes.close_proposal(row, by=by, moment=moment)
    row.proposal_id = uuid.UUID(taken) if taken else None
    row.save()
    fact = PlanActivated(
        activation_id=str(row.id),
        plan_id=str(plan.id),
        place=row.place,
        level=row.level,
        matter=row.matter,
        expected_until=row.expected_until,
        measures=tuple(m["id"] for m in row.measures),
        tasks=len(row.started),
        vacant=writes.vacant(row.command),
        incident_id=str(row.incident_id or ""),
        proposal_id=taken,
        reason=row.reason,
        unsent=unsent,
    )
    record([(fact, [row, *calls])], by=by, moment=moment)
    return row.id


def _check(plan: Plan, order: Order, version: str, moment: Moment) -> None:
    if plan.version != version:
        raise PlansRefused("plan_changed_meanwhile", version=plan.version)
    if not rules.is_in_force(
        valid_from=plan.valid_from, valid_to=plan.valid_to, on=localtime(moment.at).date()
    ):
        raise PlansRefused("plan_not_in_force")
    if Activation.objects.filter(plan_code=plan.code, place=order.place, state="in_force").exists():
        raise PlansRefused("already_in_force")
    if not order.matter.strip():
        raise PlansRefused("matter_missing")
