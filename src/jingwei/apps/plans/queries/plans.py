"""Plans as lists and the reading room show them."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Literal

import msgspec
from django.conf import settings

from jingwei.apps.hazards import queries as hazards

from .. import rules
from ..facts import PlanBody, PlanClause
from ..models import Plan

#: How a clause stands on a day: in force, of a later or an ended text, or recalled and unverified.
Standing = Literal["in_force", "later", "over", "unknown", "unverified"]


class PlanLine(msgspec.Struct, frozen=True):
    """One version of a plan; `in_force` on the day that was asked for."""

    id: uuid.UUID
    code: str
    version: str
    name_zh: str
    name_en: str
    illustration: bool
    valid_from: date
    valid_to: date | None
    in_force: bool
    body: PlanBody


def body_of(row: Plan) -> PlanBody:
    return msgspec.convert(row.body, PlanBody)


def _line(row: Plan, *, in_force: bool) -> PlanLine:
    return PlanLine(
        id=row.id,
        code=row.code,
        version=row.version,
        name_zh=row.name_zh,
        name_en=row.name_en,
        illustration=row.illustration,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        in_force=in_force,
        body=body_of(row),
    )


def list_plans(*, on: date) -> list[PlanLine]:
    """Every plan and version; of each code only the newest that holds on the day is in force, and first."""
    found: list[PlanLine] = []
    seen: set[str] = set()
    for row in Plan.objects.order_by("code", "-valid_from", "-loaded_at"):
        holds = rules.is_in_force(valid_from=row.valid_from, valid_to=row.valid_to, on=on)
        found.append(_line(row, in_force=holds and row.code not in seen))
        if holds:
            seen.add(row.code)
    return sorted(found, key=lambda p: (not p.in_force, p.code))


def find_plan(code: str, *, on: date) -> PlanLine | None:
    """The version in force on the day, else the newest; None when the code is not known."""
    return next((p for p in list_plans(on=on) if p.code == code), None)


def get_body(plan_id: uuid.UUID) -> PlanBody:
    """The plan with this id. Raises when there is none."""
    return body_of(Plan.objects.get(pk=plan_id))


def get_bodies(plan_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, PlanBody]:
    """The plans with these ids."""
    return {row.pk: body_of(row) for row in Plan.objects.filter(pk__in=set(plan_ids))}


def list_shipped_plans() -> list[bytes]:
    """The plans that ship with the node."""
    return [path.read_bytes() for path in sorted((settings.JINGWEI_DATA / "plans").glob("*.json"))]


def standing_of(clause: PlanClause, *, on: date) -> Standing:
    """Whether the clause's text was in force on the day, as far as the table of sources knows."""
    if not clause.source or "recalled" in clause.evidence:
        return "unverified"
    source = hazards.find_source(clause.source)
    if source is None or source.in_force is None:
        return "unknown"
    if on < source.in_force:
        return "later"
    return "over" if source.repealed_on is not None and on >= source.repealed_on else "in_force"
