"""Steps that the actions share: an opening or people found with the right and locked, numbers for cards."""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries.proofs import keyed_digest
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DemandStandard
from jingwei.apps.registers.queries import list_choices
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import NewGuest
from .models import Guest, Household, Opening, Seeking, SeekTry, Stay
from .rules import ShelterRefused

#: The oldest age taken as one; see rules.families.
_OLDEST = 130


def opening_for(
    opening_id: uuid.UUID, right: str, *, by: By, moment: Moment, version: int | None = None
) -> Opening:
    """The opening, locked, once the right is asked for; `version`: what the caller has seen."""
    row = Opening.objects.select_for_update().filter(pk=opening_id).first()
    if row is None:
        raise ShelterRefused("opening_unknown")
    agencies.require(by, right, at=moment.at, place=row.place)
    if version is not None and version != row.version:
        raise ShelterRefused("opening_changed_meanwhile")
    return row


def still_open(row: Opening) -> Opening:
    if row.closed_at is not None:
        raise ShelterRefused("opening_over")
    return row


def guest_for(
    guest_id: uuid.UUID, right: str, *, by: By, moment: Moment, version: int | None = None
) -> tuple[Guest, Stay]:
    """The person, locked, with the last shelter they were in: the right is asked for there."""
    row = Guest.objects.select_for_update().filter(pk=guest_id).first()
    if row is None:
        raise ShelterRefused("guest_unknown")
    stay = last_stay(row)
    agencies.require(by, right, at=moment.at, place=stay.opening.place)
    if version is not None and version != row.version:
        raise ShelterRefused("guest_changed_meanwhile")
    return row, stay


def last_stay(row: Guest) -> Stay:
    """Where the person is, or was last. Everybody has one from registration on."""
    rows = Stay.objects.select_related("opening").filter(guest=row, undone_at=None)
    found: Stay = rows.order_by("-from_at", "-pk")[0]
    return found


def counting(row: Guest) -> Guest:
    """The person if the line counts for itself."""
    if row.struck_at is not None:
        raise ShelterRefused("guest_struck")
    if row.joined_into_id is not None:
        raise ShelterRefused("guest_joined")
    return row


def stays_here(opening: Opening, guests: Collection[uuid.UUID]) -> list[Stay]:
    """The stays, locked, of these people in this shelter now; refused unless all of them are there."""
    if not guests:
        raise ShelterRefused("guests_missing")
    rows = list(
        Stay.objects.select_for_update()
        .filter(opening=opening, guest_id__in=guests, until_at=None, undone_at=None)
        .order_by("guest_id")
    )
    if len(rows) != len(set(guests)):
        raise ShelterRefused("guest_not_here")
    return rows


def save(row: Guest | Opening, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])


def standard_of(stage: str, *, moment: Moment) -> DemandStandard | None:
    """The area a head by how long a shelter is open, as it holds on that day."""
    code = rules.STANDARD_OF[stage]
    return next((s for s in hazards.list_standards(on=localdate(moment.at)) if s.code == code), None)


def columns_of(guest: NewGuest) -> dict[str, Any]:
    """What is known of a person, as columns; refused when something of it cannot be."""
    if guest.age is not None and not 0 <= guest.age <= _OLDEST:
        raise ShelterRefused("guest_age_impossible")
    known = {c.code for c in list_choices("guest_need")}
    if not set(guest.needs) <= known:
        raise ShelterRefused("guest_need_unknown")
    name = guest.name.strip()[:100]
    return {
        "name": name,
        "name_key": rules.name_key(name)[:100],
        "sex": guest.sex if guest.sex in ("m", "f") else "",
        "age": guest.age,
        "id_last4": guest.id_last4.strip()[:4].upper(),
        "phone": guest.phone.strip()[:40],
        "needs": sorted(set(guest.needs)),
        "words": guest.words.strip()[:200],
    }


def new_number(model: type[Household] | type[Seeking]) -> tuple[uuid.UUID, str]:
    """An id and its end as one reads it out, `4F3A-92B1`, that no other row has."""
    while True:
        made = new_id()
        end = made.hex[-8:].upper()
        number = f"{end[:4]}-{end[4:]}"
        if not model.objects.filter(number=number).exists():
            return made, number


def heads_in(opening: Opening) -> int:
    """Who is there now and counts."""
    rows = Stay.objects.filter(opening=opening, until_at=None, undone_at=None)
    return rows.filter(guest__struck_at=None, guest__joined_into=None).count()


def count_try(address: str, *, moment: Moment, phone: str = "") -> None:
    """Note that somebody asks through the public's door; too many from one address or telephone wait."""
    since = moment.recorded_at - rules.TRY_WINDOW
    origins = [keyed_digest("address", address)]
    origins += [keyed_digest("seeker", phone)] if phone else []
    SeekTry.objects.filter(at__lte=since).delete()
    for origin in origins:
        if SeekTry.objects.filter(origin=origin, at__gt=since).count() >= rules.MOST_TRIES:
            raise ShelterRefused("too_many_seekings", minutes=_minutes(rules.TRY_WINDOW))
    SeekTry.objects.bulk_create([SeekTry(origin=o, at=moment.recorded_at) for o in origins])


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def ids_of(rows: Sequence[Stay]) -> tuple[str, ...]:
    return tuple(str(row.guest_id) for row in rows)
