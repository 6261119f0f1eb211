"""Beds by kind as they stand, and the steps of the surge plan."""

import uuid

from django.db import IntegrityError, transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import BedsReported, NewBeds, NewStep, SurgeEnded, SurgePlanned, SurgeStarted
from ..models import Beds, SurgeStep
from ..rules import HospitalRefused


@transaction.atomic
def report_beds(new: NewBeds, *, by: By, moment: Moment) -> None:
    """Say how many beds of a kind are usable and taken now."""
    hospital = writes.hospital_for(new.hospital_id, "hospitals.report_beds", by=by, moment=moment)
    kind = writes.check_kind(new.kind)
    rules.check_beds(new.usable, new.taken)
    row = writes.beds_of(hospital.id, kind)
    before = (row.usable, row.taken) if row is not None else (None, None)
    if row is None:
        row = Beds(
            hospital_id=hospital.id, kind=kind, usable=new.usable, taken=new.taken, by=by, at=moment.at
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # another said it at the same moment: this one is the later
            row = writes.beds_of(hospital.id, kind)
            if row is None:
                raise
            before = (row.usable, row.taken)
    row.usable, row.taken, row.by, row.at = new.usable, new.taken, by, moment.at
    row.save()
    fact = BedsReported(
        hospital_id=str(hospital.id), bed=kind, usable=new.usable, taken=new.taken, usable_before=before[0],
        taken_before=before[1],
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def plan_surge(new: NewStep, *, by: By, moment: Moment) -> uuid.UUID:
    """Write down a step of the surge plan, or write it anew while it is not running."""
    hospital = writes.hospital_for(new.hospital_id, "hospitals.plan_surge", by=by, moment=moment)
    kind = writes.check_kind(new.kind)
    rules.check_step(adds=new.adds, within_h=new.within_h, how=new.how, number=new.number)
    rows = SurgeStep.objects.select_for_update()
    row = rows.filter(hospital_id=hospital.id, number=new.number).first()
    if row is not None and row.state == "started":
        raise HospitalRefused("surge_step_running")
    row = row or SurgeStep(hospital_id=hospital.id, number=new.number)
    row.kind, row.adds, row.within_h, row.how = kind, new.adds, new.within_h, new.how.strip()[:300]
    row.state, row.by, row.at = "planned", by, moment.at
    row.save()
    fact = SurgePlanned(
        hospital_id=str(hospital.id), number=row.number, bed=kind, adds=row.adds, within_h=row.within_h
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def start_surge(step_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Set a step going: its beds are usable from now on, as the hospital says that they are."""
    row = _step(step_id, "hospitals.start_surge", by=by, moment=moment)
    if row.state == "started":
        raise HospitalRefused("surge_step_running")
    beds = writes.beds_of(row.hospital_id, row.kind)
    if beds is None:
        raise HospitalRefused("beds_unknown")
    beds.usable, beds.surged = beds.usable + row.adds, beds.surged + row.adds
    rules.check_beds(beds.usable, beds.taken)
    beds.by, beds.at = by, moment.at
    beds.save()
    row.state, row.started_at, row.reason, row.by, row.at = "started", moment.at, "", by, moment.at
    row.save()
    fact = SurgeStarted(hospital_id=str(row.hospital_id), number=row.number, bed=row.kind, adds=row.adds)
    record([(fact, [row, beds])], by=by, moment=moment)


@transaction.atomic
def end_surge(step_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """End a step: its beds are no longer usable. Refused while they are needed for who lies there."""
    row = _step(step_id, "hospitals.end_surge", by=by, moment=moment)
    if row.state != "started":
        raise HospitalRefused("surge_step_not_running")
    said = rules.check_reason(reason)
    beds = writes.beds_of(row.hospital_id, row.kind)
    if beds is None:
        raise HospitalRefused("beds_unknown")
    left = beds.usable - row.adds
    if left < beds.taken + writes.held(row.hospital_id, row.kind):
        raise HospitalRefused("surge_beds_taken")
    beds.usable, beds.surged, beds.by, beds.at = left, max(0, beds.surged - row.adds), by, moment.at
    beds.save()
    row.state, row.reason, row.by, row.at = "ended", said, by, moment.at
    row.save()
    fact = SurgeEnded(
        hospital_id=str(row.hospital_id), number=row.number, bed=row.kind, adds=row.adds, reason=said
    )
    record([(fact, [row, beds])], by=by, moment=moment)


def _step(step_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> SurgeStep:
    row = SurgeStep.objects.select_for_update().filter(pk=step_id).first()
    if row is None:
        raise HospitalRefused("surge_step_unknown")
    writes.hospital_for(row.hospital_id, right, by=by, moment=moment)
    return row
