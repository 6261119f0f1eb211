"""Keeping what a comparison found, so that a page can show it and each of its facts."""

import uuid

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .facts import CaseCompared, Compared
from .models import Comparison


@transaction.atomic
def keep_comparison(found: Compared, *, by: By, moment: Moment) -> uuid.UUID:
    """Keep the outcome of a comparison beside those kept before. Returns its id."""
    agencies.require(by, "assessments.keep_comparison", at=moment.at)
    plain = msgspec.json.decode(msgspec.json.encode(found))
    facts = {f["id"]: f for f in plain.pop("facts")}
    row = Comparison(
        case=found.case,
        delay_min=found.delay_min,
        inputs=found.inputs,
        version=found.version,
        took_s=found.took_s,
        kept_at=moment.recorded_at,
        kept_by=by,
        outcome=plain,
        facts=facts,
    )
    row.save(force_insert=True)
    fact = CaseCompared(
        comparison_id=str(row.id),
        case=row.case,
        delay_min=row.delay_min,
        inputs=row.inputs,
        version=row.version,
        lines=len(found.lines),
        took_s=row.took_s,
    )
    record([(fact, row)], by=by, moment=moment)
    return row.id
