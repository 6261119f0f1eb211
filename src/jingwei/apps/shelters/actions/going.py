"""People go: to another shelter, home, to a hospital; and back, where that was a mistake."""

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import GuestsBack, GuestsLeft, GuestsMoved
from ..models import Opening, Stay
from ..rules import ShelterRefused


@transaction.atomic
def move_guests(
    opening_id: uuid.UUID, guests: Sequence[uuid.UUID], to_id: uuid.UUID, *, by: By, moment: Moment
) -> None:
    """From one shelter to another: they are in the other from now on. Who receives them may write it down."""
    if opening_id == to_id:
        raise ShelterRefused("guest_same")
    rows = Opening.objects.select_for_update().filter(pk__in=[opening_id, to_id]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != 2:
        raise ShelterRefused("opening_unknown")
    opening, to = found[opening_id], found[to_id]
    agencies.require(by, "shelters.move_guests", at=moment.at, place=to.place)
    writes.still_open(to)
    stays = writes.stays_here(opening, guests)
    new = [Stay(guest_id=s.guest_id, opening=to, from_at=moment.at, by=by, at=moment.at) for s in stays]
    _end(stays, went="shelter", words=to.name, by=by, moment=moment)
    Stay.objects.bulk_create(new)
    fact = GuestsMoved(opening_id=str(opening_id), to_id=str(to_id), guests=writes.ids_of(stays))
    record([(fact, [*stays, *new])], by=by, moment=moment)


@transaction.atomic
def let_guests_leave(
    opening_id: uuid.UUID, guests: Sequence[uuid.UUID], *, went: str, words: str = "", by: By, moment: Moment
) -> None:
    """They leave the shelter, and where to."""
    opening = writes.opening_for(opening_id, "shelters.let_guests_leave", by=by, moment=moment)
    rules.check_went(went)
    stays = writes.stays_here(opening, guests)
    _end(stays, went=went, words=words, by=by, moment=moment)
    fact = GuestsLeft(opening_id=str(opening_id), guests=writes.ids_of(stays), went=went)
    record([(fact, stays)], by=by, moment=moment)


def _end(stays: Sequence[Stay], *, went: str, words: str, by: By, moment: Moment) -> None:
    for stay in stays:
        stay.until_at = max(moment.at, stay.from_at)
        stay.went, stay.went_words, stay.ended_by = went, words.strip()[:200], by
    Stay.objects.bulk_update(stays, ["until_at", "went", "went_words", "ended_by"])


@transaction.atomic
def bring_guests_back(opening_id: uuid.UUID, guests: Sequence[uuid.UUID], *, by: By, moment: Moment) -> None:
    """That they left here, or moved on from here, was a mistake: they are here as before.

    A stay elsewhere that followed is undone; refused where somebody went on from there.
    """
    opening = writes.still_open(
        writes.opening_for(opening_id, "shelters.bring_guests_back", by=by, moment=moment)
    )
    if not guests:
        raise ShelterRefused("guests_missing")
    changed: list[Stay] = []
    for guest_id in sorted(set(guests)):
        changed += _back(opening, guest_id)
    try:
        with transaction.atomic():
            Stay.objects.bulk_update(changed, ["until_at", "went", "went_words", "ended_by", "undone_at"])
    except IntegrityError as elsewhere:
        raise ShelterRefused("guest_not_gone") from elsewhere
    back = tuple(str(g) for g in sorted(set(guests)))
    record([(GuestsBack(opening_id=str(opening_id), guests=back), changed)], by=by, moment=moment)


def _back(opening: Opening, guest_id: uuid.UUID) -> list[Stay]:
    """The stay that ended here, open again, and the one that followed it, undone first."""
    rows = list(
        Stay.objects.select_for_update()
        .filter(guest_id=guest_id, undone_at=None)
        .order_by("-from_at", "-pk")[:2]
    )
    after = rows[0] if rows and rows[0].until_at is None else None
    left = rows[1] if after is not None and len(rows) > 1 else rows[0] if rows and after is None else None
    if left is None or left.opening_id != opening.pk or left.until_at is None:
        raise ShelterRefused("guest_not_gone")
    undone = []
    if after is not None:
        if left.went != "shelter":
            raise ShelterRefused("guest_not_gone")
        after.undone_at, after.until_at = after.from_at, after.from_at
        undone = [after]
        after.save(update_fields=["undone_at", "until_at"])
    left.until_at, left.went, left.went_words, left.ended_by = None, "", "", None
    return [*undone, left]
