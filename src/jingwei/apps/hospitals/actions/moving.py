"""A patient moves to another bed: asked, accepted with a bed held, sent, received with a receipt."""

import uuid

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.resources import queries as resources
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import (
    NewTransfer,
    TransferAccepted,
    TransferArrived,
    TransferAsked,
    TransferCancelled,
    TransferRefused,
    TransferSent,
)
from ..models import Transfer
from ..rules import HospitalRefused


@transaction.atomic
def ask_transfer(new: NewTransfer, *, by: By, moment: Moment) -> uuid.UUID:
    """Ask for a bed for a patient elsewhere. The right: where the patient is, else at the goal."""
    to = resources.find_hospital(new.to_id)
    source = resources.find_hospital(new.from_id) if new.from_id else None
    if to is None or (new.from_id and source is None):
        raise HospitalRefused("hospital_unknown")
    agencies.require(by, "hospitals.ask_transfer", at=moment.at, place=source.place if source else to.place)
    if source is not None and source.id == to.id:
        raise HospitalRefused("transfer_to_itself")
    kind, digest = writes.check_kind(new.kind), plain_digest(new)
    if not new.patient.strip() or (source is None and not new.from_words.strip()):
        raise HospitalRefused("transfer_incomplete")
    if (known := _known(new.key, digest, by=by)) is not None:
        return known
    row = Transfer(
        to_id=to.id, source_id=source.id if source else None, from_words=new.from_words.strip()[:200],
        kind=kind, patient=new.patient.strip()[:60], why=new.why.strip()[:300], by=by, at=moment.at,
        key=new.key[:100], content_digest=digest,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if (known := _known(new.key, digest, by=by)) is None:
            raise
        return known
    fact = TransferAsked(
        transfer_id=str(row.pk), to_id=str(to.id), from_id=str(source.id) if source else None, bed=kind
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


def _known(key: str, digest: str, *, by: By) -> uuid.UUID | None:
    row = Transfer.objects.filter(by=by, key=key[:100]).first() if key else None
    if row is not None and row.content_digest != digest:
        raise HospitalRefused("transfer_key_reused")
    return row.pk if row is not None else None


@transaction.atomic
def accept_transfer(transfer_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Hold a bed for the patient: refused where none is free, so that no bed is promised twice."""
    row = writes.transfer_for(transfer_id, "hospitals.accept_transfer", by=by, moment=moment, to=True)
    rules.check_next(row.state, "accepted")
    beds = writes.beds_of(row.to_id, row.kind)
    if beds is None:
        raise HospitalRefused("beds_unknown")
    free = writes.free(beds)
    if free < 1:
        raise HospitalRefused("no_bed_free")
    row.state, row.answered_by, row.answered_at = "accepted", by, moment.at
    row.save(update_fields=["state", "answered_by", "answered_at"])
    fact = TransferAccepted(transfer_id=str(row.pk), to_id=str(row.to_id), bed=row.kind, free_after=free - 1)
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def refuse_transfer(transfer_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Say that the patient cannot be taken, and why; it is asked elsewhere."""
    row = writes.transfer_for(transfer_id, "hospitals.refuse_transfer", by=by, moment=moment, to=True)
    rules.check_next(row.state, "refused")
    said = rules.check_reason(reason)
    row.state, row.reason, row.answered_by, row.answered_at = "refused", said, by, moment.at
    row.save(update_fields=["state", "reason", "answered_by", "answered_at"])
    record([(TransferRefused(transfer_id=str(row.pk), reason=said), row)], by=by, moment=moment)


@transaction.atomic
def send_transfer(transfer_id: uuid.UUID, *, carrier: str = "", by: By, moment: Moment) -> None:
    """The patient is on the road; and by whom they are carried."""
    row = writes.transfer_for(transfer_id, "hospitals.send_transfer", by=by, moment=moment, to=False)
    rules.check_next(row.state, "sent")
    row.state, row.carrier, row.sent_at = "sent", carrier.strip()[:100], moment.at
    row.save(update_fields=["state", "carrier", "sent_at"])
    record([(TransferSent(transfer_id=str(row.pk), carrier=row.carrier), row)], by=by, moment=moment)


@transaction.atomic
def receive_transfer(transfer_id: uuid.UUID, *, condition: str = "", by: By, moment: Moment) -> None:
    """The receipt: the patient is here, in which condition. The bed that was held is taken."""
    row = writes.transfer_for(transfer_id, "hospitals.receive_transfer", by=by, moment=moment, to=True)
    rules.check_next(row.state, "arrived")
    beds = writes.beds_of(row.to_id, row.kind)
    if beds is None:
        raise HospitalRefused("beds_unknown")
    beds.taken += 1
    beds.save(update_fields=["taken"])
    row.state, row.condition = "arrived", condition.strip()[:300]
    row.arrived_by, row.arrived_at = by, moment.at
    row.save(update_fields=["state", "condition", "arrived_by", "arrived_at"])
    fact = TransferArrived(
        transfer_id=str(row.pk), to_id=str(row.to_id), bed=row.kind, condition=row.condition
    )
    record([(fact, [row, beds])], by=by, moment=moment)


@transaction.atomic
def cancel_transfer(transfer_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """It is not needed any more, or not possible: the bed that was held is free again."""
    row = writes.transfer_for(transfer_id, "hospitals.cancel_transfer", by=by, moment=moment, to=False)
    rules.check_next(row.state, "cancelled")
    said, was = rules.check_reason(reason), row.state
    row.state, row.reason = "cancelled", said
    row.save(update_fields=["state", "reason"])
    fact = TransferCancelled(transfer_id=str(row.pk), from_state=was, reason=said)
    record([(fact, row)], by=by, moment=moment)
