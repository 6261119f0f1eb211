"""The same person registered twice: joined, and taken apart again. Where each line stood is kept."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import writes
from ..facts import GuestsJoined, GuestsParted
from ..models import Guest
from ..rules import ShelterRefused


@transaction.atomic
def join_guests(guest_id: uuid.UUID, into_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Say that the first line is the same person as the second, who is where that one says; counted once."""
    if guest_id == into_id:
        raise ShelterRefused("guest_same")
    list(Guest.objects.select_for_update().filter(pk__in=[guest_id, into_id]).order_by("pk"))  # one order
    row, _ = writes.guest_for(guest_id, "shelters.join_guests", by=by, moment=moment)
    into = Guest.objects.filter(pk=into_id).first()
    if into is None:
        raise ShelterRefused("guest_unknown")
    agencies.require(by, "shelters.join_guests", at=moment.at, place=writes.last_stay(into).opening.place)
    writes.counting(row)
    writes.counting(into)
    if row.joined.exists():
        raise ShelterRefused("guest_has_joined")
    writes.save(row, joined_into=into)
    record([(GuestsJoined(guest_id=str(row.pk), into_id=str(into.pk)), row)], by=by, moment=moment)


@transaction.atomic
def part_guests(guest_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Two people after all: each counts where it stood."""
    row, _ = writes.guest_for(guest_id, "shelters.part_guests", by=by, moment=moment)
    if row.joined_into_id is None:
        raise ShelterRefused("guest_not_joined")
    was = row.joined_into_id
    writes.save(row, joined_into=None)
    record([(GuestsParted(guest_id=str(row.pk), from_id=str(was)), row)], by=by, moment=moment)
