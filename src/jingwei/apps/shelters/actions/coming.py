"""A family comes: registered once, whatever the signal does."""

import uuid

from django.db import IntegrityError, transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import FamilyRegistered, NewFamily
from ..models import Guest, Household, Opening, Stay
from ..rules import ShelterRefused, Speaker


@transaction.atomic
def register_family(opening_id: uuid.UUID, new: NewFamily, *, by: By, moment: Moment) -> uuid.UUID:
    """Write down who came together. A repeat under its key is known. Never refused because it is full."""
    opening = writes.opening_for(opening_id, "shelters.register_family", by=by, moment=moment)
    digest = plain_digest((str(opening_id), new.guests, new.came_from, new.phone, new.agreed))
    if (known := _known(new.key, digest, by=by)) is not None:
        return known
    writes.still_open(opening)
    rules.check_heads(len(new.guests))
    came_at = rules.came_at(new.came_at, opened_at=opening.opened_at, now=moment.at)
    pk, number = writes.new_number(Household)
    household = Household(
        id=pk, number=number, opening=opening, came_from=new.came_from.strip()[:200],
        phone=new.phone.strip()[:40], by=by, at=moment.at, key=new.key[:100], content_digest=digest,
    )  # fmt: skip
    columns = [writes.columns_of(one) for one in new.guests]
    try:
        with transaction.atomic():
            household.save(force_insert=True)
    except IntegrityError:  # the same at the same moment: it finds what that one wrote
        if (known := _known(new.key, digest, by=by)) is None:
            raise
        return known
    guests = _guests(household, columns, new, by=by, moment=moment)
    stays = [Stay(guest=g, opening=opening, from_at=came_at, by=by, at=moment.at) for g in guests]
    Guest.objects.bulk_create(guests)
    Stay.objects.bulk_create(stays)
    record([(_fact(opening, household, guests), [household, *guests, *stays])], by=by, moment=moment)
    return household.pk


def _guests(
    household: Household, columns: list[dict], new: NewFamily, *, by: By, moment: Moment
) -> list[Guest]:
    """The people, with the family's word on who may be told: of each for whom it is theirs to give."""
    family = [Speaker(c["age"], tuple(c["needs"])) for c in columns]
    guests = []
    for number, (speaker, one) in enumerate(zip(family, columns, strict=True), 1):
        row = Guest(household=household, number=number, by=by, at=moment.at, **one)
        if new.agreed is not None and rules.may_agree(speaker, family):
            row.consent, row.consent_by, row.consent_at = "yes" if new.agreed else "no", by, moment.at
        guests.append(row)
    return guests


def _fact(opening: Opening, household: Household, guests: list[Guest]) -> FamilyRegistered:
    over = writes.heads_in(opening) - opening.room if opening.room is not None else 0
    return FamilyRegistered(
        opening_id=str(opening.pk),
        household_id=str(household.pk),
        heads=len(guests),
        needs=rules.count_needs(g.needs for g in guests),
        over=max(0, over),
    )


def _known(key: str, digest: str, *, by: By) -> uuid.UUID | None:
    """What this caller registered under this key before, if it was the same."""
    row = Household.objects.filter(by=by, key=key[:100]).first() if key else None
    if row is not None and row.content_digest != digest:
        raise ShelterRefused("family_key_reused")
    return row.pk if row is not None else None
