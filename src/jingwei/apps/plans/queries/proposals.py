"""Proposals: what the plans call for and nobody has decided yet."""

import uuid
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority

from .. import rules
from ..facts import PlanBody, PlanClause
from ..models import Proposed


class ProposalLine(msgspec.Struct, frozen=True):
    """A proposal with what it rests on. `why`: metric, value, and the report or incident it comes from."""

    id: uuid.UUID
    plan_id: uuid.UUID
    plan_code: str
    plan_zh: str
    plan_en: str
    illustration: bool
    place: str
    change: str
    level: int | None
    from_level: int | None
    conditions: tuple[str, ...]
    clause: PlanClause | None
    why: dict[str, str]
    proposed_at: datetime
    state: str
    reason: str


def _line(row: Proposed) -> ProposalLine:
    return ProposalLine(
        id=row.id,
        plan_id=row.plan_id,
        plan_code=row.plan_code,
        plan_zh=row.plan.name_zh,
        plan_en=row.plan.name_en,
        illustration=row.plan.illustration,
        place=row.place,
        change=row.change,
        level=row.level,
        from_level=row.from_level,
        conditions=tuple(row.conditions),
        clause=msgspec.convert(row.clause, PlanClause) if row.clause else None,
        why=row.why,
        proposed_at=row.proposed_at,
        state=row.state,
        reason=row.reason,
    )


def visible(rows: QuerySet, authority: Authority) -> QuerySet:
    """Rows of this post's area, and of the areas that cover it."""
    if not authority.place:
        return rows
    over = [authority.place[:n] for n in (2, 4, 6, 9) if n < len(authority.place)]
    return rows.filter(Q(place__startswith=authority.place) | Q(place__in=over))


def list_proposals(*, authority: Authority, state: str = "open") -> list[ProposalLine]:
    """Proposals in this state, gravest first."""
    rows = visible(Proposed.objects.filter(state=state), authority).select_related("plan").defer("plan__body")
    return [_line(r) for r in sorted(rows, key=lambda r: (r.level or 9, len(r.place), r.proposed_at))]


def find_proposal(proposal_id: uuid.UUID, *, authority: Authority) -> ProposalLine | None:
    row = visible(Proposed.objects.filter(pk=proposal_id), authority).select_related("plan").first()
    return _line(row) if row else None


def may_order(authority: Authority, action: str, *, body: PlanBody, place: str, level: int) -> bool:
    """Whether this post may order this level there, for what a page offers. The action asks again."""
    area = next((a for a in body.areas if a.place == place), None)
    if area is None or not agencies.may_with(authority, action, place=place, hazard=body.hazards[0]):
        return False
    competent = rules.competence_for(body.competences, scope=area.scope, level=level)
    return competent is not None and authority.role in competent.roles
