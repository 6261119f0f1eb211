"""A draft that is given up is discarded with the reason, stays readable, and can be restored until sent."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import SitrepDiscarded, SitrepRestored
from ..models import Sitrep
from ..rules import SitrepRefused


@transaction.atomic
def discard_sitrep(sitrep_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Give up a draft; it meets nothing, and the next draft begins anew."""
    row = writes.locked_sitrep(sitrep_id)
    agencies.require(by, "sitreps.discard_sitrep", at=moment.at, place=row.place)
    rules.check_open(row.state)
    rules.check_version(held=version, current=row.version)
    if not reason.strip():
        raise SitrepRefused("reason_missing")
    row.state, row.discarded_at, row.discarded_by = "discarded", moment.at, by
    row.discarded_reason = reason.strip()[:300]
    row.save()
    fact = SitrepDiscarded(
        sitrep_id=str(row.id), incident_id=str(row.incident_id), reason=row.discarded_reason
    )
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def restore_sitrep(sitrep_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Make a draft that was given up a draft again, unless another of its kind was begun since."""
    row = writes.locked_sitrep(sitrep_id)
    agencies.require(by, "sitreps.restore_sitrep", at=moment.at, place=row.place)
    if row.state != "discarded":
        raise SitrepRefused("sitrep_not_discarded")
    if not reason.strip():
        raise SitrepRefused("reason_missing")
    alike = Sitrep.objects.filter(
        incident_id=row.incident_id, organization=row.organization, stage=row.stage,
        to_organization=row.to_organization, state="draft",
    )  # fmt: skip
    if alike.exists():
        raise SitrepRefused("sitrep_draft_open")
    row.state, row.discarded_at, row.discarded_by, row.discarded_reason = "draft", None, None, ""
    row.save()
    fact = SitrepRestored(
        sitrep_id=str(row.id), incident_id=str(row.incident_id), reason=reason.strip()[:300]
    )
    record([(fact, row)], by=by, moment=moment)
