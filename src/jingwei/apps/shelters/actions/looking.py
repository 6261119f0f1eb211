"""Looks at many people at once: by name in all shelters of an area, and the list on paper. Both recorded."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import GuestListTaken, GuestsSought, Shown
from ..models import Guest, Stay

#: Most lines one search shows. Source: our estimate, a common name in a city, 2026-11-29.
MOST_FOUND = 50


@transaction.atomic
def search_guests(
    name: str, *, place: str, age: int | None = None, id_last4: str = "", reason: str, by: By, moment: Moment
) -> list[uuid.UUID]:
    """Look for a person by their whole name in the shelters of an area; the look is recorded.

    Returns ids: the page shows the lines masked.
    """
    agencies.require(by, "shelters.search_guests", at=moment.at, place=place)
    said, key = rules.check_reason(reason), rules.name_key(name)
    rows = Guest.objects.filter(name_key=key, struck_at=None, stays__opening__place__startswith=place)
    lines = [
        rules.Line(r.pk, r.name_key, r.age, r.sex, r.id_last4, r.phone)
        for r in (rows.distinct().order_by("pk")[: 4 * MOST_FOUND] if key else ())
    ]
    last4 = id_last4.strip().upper()[-4:]
    found = [line for line in lines if rules.fits_sought(line, name_key=key, age=age, id_last4=last4)]
    record([(GuestsSought(found=len(found), reason=said), None)], by=by, moment=moment)
    return [line.id for line in found[:MOST_FOUND]]  # type: ignore[misc]


@transaction.atomic
def take_list(opening_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> list[tuple[str, Shown]]:
    """Everybody in a shelter by name, for a day without a machine; that it was taken is recorded.

    Household number and person, in the order they came.
    """
    opening = writes.opening_for(opening_id, "shelters.take_list", by=by, moment=moment)
    said = rules.check_reason(reason)
    rows = Stay.objects.filter(opening=opening, until_at=None, undone_at=None, guest__struck_at=None)
    stays = rows.filter(guest__joined_into=None).select_related("guest__household")
    found = [(s.guest.household, s.guest) for s in stays.order_by("guest__household__at", "guest__number")]
    fact = GuestListTaken(opening_id=str(opening.pk), heads=len(found), reason=said)
    record([(fact, None)], by=by, moment=moment)
    return [
        (h.number, Shown(g.pk, g.name, g.sex, g.age, g.id_last4, g.phone or h.phone, h.came_from, g.words))
        for h, g in found
    ]
