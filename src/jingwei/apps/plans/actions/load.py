"""Taking plans into the node."""

import uuid

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import queries, rules
from ..facts import PlanLoaded
from ..models import Plan


def load_shipped_plans(*, by: By, moment: Moment) -> list[uuid.UUID]:
    """Take in the plans that ship with the node."""
    return [load_plan(content, by=by, moment=moment) for content in queries.list_shipped_plans()]


@transaction.atomic
def load_plan(content: bytes, *, by: By, moment: Moment) -> uuid.UUID:
    """Take in a plan as JSON: a new version beside the old ones, or the same one mended or given an end.

    Nothing is recorded when it is already here as it stands. Returns its id.
    """
    agencies.require(by, "plans.load_plan", at=moment.at)
    body = rules.read_plan(content)
    row = Plan.objects.select_for_update().filter(code=body.code, version=body.version).first()
    plain = msgspec.json.decode(msgspec.json.encode(body))
    if row is not None and row.body == plain:
        return row.id
    row = row or Plan(code=body.code, version=body.version)
    row.name_zh, row.name_en, row.illustration = body.name_zh, body.name_en, body.illustration
    row.valid_from, row.valid_to = body.valid_from, body.valid_to
    row.body, row.loaded_at = plain, moment.at
    row.save()
    fact = PlanLoaded(
        plan_id=str(row.id),
        code=row.code,
        version=row.version,
        illustration=row.illustration,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
    record([(fact, row)], by=by, moment=moment)
    return row.id
