"""What the plans call for by what is known now. The machine proposes; a person decides, or declines."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import Said
from jingwei.apps.places import queries as places
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.facts import ReportReceived
from jingwei.engines.conditions import Known
from jingwei.kernel.moments import By, Moment

from .. import queries, rules
from ..facts import ActivationProposed, PlanArea, ProposalDeclined
from ..models import Activation, Proposed
from ..queries import PlanLine
from ..rules import Heard, PlansRefused, Proposal

Why = dict[str, str]


@transaction.atomic
def propose_activation(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Ask the plans in force today what they call for where a warning or a grade has just been told."""
    machine = agencies.require(by, "plans.propose_activation", at=moment.at)
    touched = _touched(entries, machine)
    if not touched:
        return
    plans = [p for p in queries.list_plans(on=localtime(moment.at).date()) if p.in_force]
    for plan in plans:
        areas: dict[str, PlanArea] = {}
        for kind, place in touched:
            if rules.covers(plan.body.hazards, kind):
                around = [
                    *rules.areas_over(plan.body.areas, place),
                    *rules.areas_under(plan.body.areas, place),
                ]
                areas |= {a.place: a for a in around}
        for area in areas.values():
            _propose(plan, area, machine, by=by, moment=moment)


def _touched(entries: Sequence[Said], machine: Authority) -> set[tuple[str, str]]:
    """(kind, place) of the warnings told and of the incidents graded."""
    found, graded = set(), set()
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, ReportReceived):
            if fact.type == "warning":
                found.add((fact.kind, fact.place))
        else:
            graded.add(uuid.UUID(fact.subject))
    lines = incidents.list_incidents_by_id(graded, authority=machine) if graded else {}
    return found | {(line.kind, line.place) for line in lines.values() if line.state == "open"}


def _propose(plan: PlanLine, area: PlanArea, machine: Authority, *, by: By, moment: Moment) -> None:
    known, why, eased = _known(plan, area, machine, moment.at)
    table = [c for c in plan.body.conditions if c.scope == area.scope]
    result = rules.propose(table, known)
    here = {"plan_code": plan.code, "place": area.place}
    running = Activation.objects.filter(**here, state="in_force").first()
    waiting = Proposed.objects.select_for_update().filter(**here, state="open").first()
    change = rules.next_change(
        proposed=result.level,
        in_force=running.level if running else None,
        waiting=(waiting.change, waiting.level) if waiting else None,
        eased=eased,
    )
    reasons = dict(pair for metric in result.why for pair in why.get(metric, {}).items())
    if not change or _declined(here, change, result.level, reasons):
        return
    if waiting is not None:
        waiting.state, waiting.closed_at, waiting.closed_by = "superseded", moment.at, by
        waiting.save()
    row = _new(plan, area, change, result, reasons, running, moment=moment)
    row.save(force_insert=True)
    record([(_fact(row, waiting), row)], by=by, moment=moment)


def _known(
    plan: PlanLine, area: PlanArea, machine: Authority, at: datetime
) -> tuple[dict[str, Known], dict[str, Why], bool]:
    """What the conditions ask: the gravest warning in force for the area, the gravest grade in it."""
    name = places.name_of(area.place, "zh")
    groups = reports.list_announcements(type="warning", place=area.place, until=at)
    heard = [
        Heard(series=f"{g[0].organization} {g[0].kind} {g[0].place}", level=g[0].level, at=g[0].at,
              report_id=g[0].report_id)
        for g in groups
        if rules.covers(plan.body.hazards, g[0].kind)
        and rules.concerns(plan.body.areas, area, g[0].place, named=name in g[0].words)
    ]  # fmt: skip
    warning = rules.warned(heard, at=at)
    known: dict[str, Known] = {}
    why: dict[str, Why] = {}
    if warning.level is not None:
        known["warning_level"] = float(warning.level)
        why["warning_level"] = {"warning_level": str(warning.level), "report_id": warning.report_id}
    lines = [
        line
        for hazard in plan.body.hazards
        for line in incidents.list_incidents(authority=machine, kind=hazard, place=area.place, limit=1)
        if line.grade
    ]
    gravest = min(lines, key=lambda i: (i.grade or len(rules.LEVELS) + 1, i.opened_at), default=None)
    if gravest is not None and gravest.grade:
        known["event_grade"] = float(gravest.grade)
        why["event_grade"] = {
            "event_grade": str(gravest.grade),
            "grade_state": gravest.grade_state,
            "incident_id": str(gravest.id),
        }
    return known, why, warning.eased


def _declined(here: dict[str, str], change: str, level: int | None, reasons: Why) -> bool:
    """Whether a person has already declined just this, for the same reason."""
    last = Proposed.objects.filter(**here).exclude(state="open").order_by("-proposed_at", "-id").first()
    return (
        last is not None
        and last.state == "declined"
        and (last.change, last.level, last.why) == (change, level, reasons)
    )


def _new(
    plan: PlanLine,
    area: PlanArea,
    change: str,
    result: Proposal,
    reasons: Why,
    running: Activation | None,
    *,
    moment: Moment,
) -> Proposed:
    return Proposed(
        plan_id=plan.id,
        plan_code=plan.code,
        place=area.place,
        change=change,
        level=result.level,
        from_level=running.level if running else None,
        conditions=list(result.conditions),
        clause=msgspec.to_builtins(result.clause) if result.clause else {},
        why=reasons,
        proposed_at=moment.at,
    )


def _fact(row: Proposed, before: Proposed | None) -> ActivationProposed:
    return ActivationProposed(
        proposal_id=str(row.id),
        plan_id=str(row.plan_id),
        place=row.place,
        change=row.change,
        level=row.level,
        from_level=row.from_level,
        conditions=tuple(row.conditions),
        clause=row.clause.get("label", ""),
        evidence=row.clause.get("evidence", ""),
        why=row.why,
        supersedes=str(before.id) if before else "",
    )


@transaction.atomic
def decline_proposal(proposal_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Do not follow a proposal; the same reason does not bring it back, a new one does."""
    row = Proposed.objects.select_for_update().filter(pk=proposal_id).first()
    if row is None:
        raise PlansRefused("proposal_unknown")
    body = queries.get_body(row.plan_id)
    authority = agencies.require(
        by, "plans.decline_proposal", at=moment.at, place=row.place, hazard=body.hazards[0]
    )
    scope = rules.find_area(body, row.place).scope
    level = min(n for n in (row.level, row.from_level) if n)
    rules.may_activate(body.competences, scope=scope, level=level, role=authority.role)
    if row.state != "open":
        raise PlansRefused("proposal_closed")
    if not reason.strip():
        raise PlansRefused("reason_missing")
    row.state, row.reason = "declined", reason.strip()[:300]
    row.closed_at, row.closed_by = moment.at, by
    row.save()
    record([(ProposalDeclined(proposal_id=str(row.id), reason=row.reason), row)], by=by, moment=moment)
