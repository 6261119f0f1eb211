"""One person of a shelter: put right, struck through, looked at with a reason, erased under a clause."""

import uuid

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import GuestChanged, GuestErased, GuestRestored, GuestRevealed, GuestStruck, NewGuest, Shown
from ..models import Household
from ..rules import ShelterRefused


@transaction.atomic
def change_guest(
    guest_id: uuid.UUID, new: NewGuest, *, version: int | None = None, by: By, moment: Moment
) -> None:
    """Put right what is known of a person. Empty name, number and telephone stay as they are: masked."""
    row, _ = writes.guest_for(guest_id, "shelters.change_guest", by=by, moment=moment, version=version)
    writes.counting(row)
    fields = writes.columns_of(new)
    for masked in ("name", "id_last4", "phone"):
        if not fields[masked]:
            fields.pop(masked)
    if "name" not in fields:
        fields.pop("name_key")
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return
    writes.save(row, **changed)
    fact = GuestChanged(guest_id=str(row.pk), fields=tuple(sorted(changed)))
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def strike_guest(guest_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Registered by mistake: the line stays to be seen and is not counted."""
    row, _ = writes.guest_for(guest_id, "shelters.strike_guest", by=by, moment=moment)
    writes.counting(row)
    if row.joined.exists():
        raise ShelterRefused("guest_has_joined")
    said = rules.check_reason(reason)
    writes.save(row, struck_at=moment.at, struck_by=by, struck_reason=said)
    record([(GuestStruck(guest_id=str(row.pk), reason=said), row)], by=by, moment=moment)


@transaction.atomic
def restore_guest(guest_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Struck through by mistake: the line counts again."""
    row, _ = writes.guest_for(guest_id, "shelters.restore_guest", by=by, moment=moment)
    if row.struck_at is None:
        raise ShelterRefused("guest_not_struck")
    said = rules.check_reason(reason)
    writes.save(row, struck_at=None, struck_by=None, struck_reason="")
    record([(GuestRestored(guest_id=str(row.pk), reason=said), row)], by=by, moment=moment)


@transaction.atomic
def reveal_guest(guest_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> Shown:
    """Show who a person is to one who needs it; the look is recorded with its reason."""
    row, _ = writes.guest_for(guest_id, "shelters.reveal_guest", by=by, moment=moment)
    said = rules.check_reason(reason)
    record([(GuestRevealed(guest_id=str(row.pk), reason=said), None)], by=by, moment=moment)
    household: Household = row.household
    return Shown(
        id=row.pk, name=row.name, sex=row.sex, age=row.age, id_last4=row.id_last4,
        phone=row.phone or household.phone, came_from=household.came_from, words=row.words,
    )  # fmt: skip


@transaction.atomic
def erase_guest(guest_id: uuid.UUID, *, clause: str, by: By, moment: Moment) -> None:
    """Erase who a line speaks of, under a clause; it goes on counting. The last of a family takes its
    telephone and where it came from along."""
    row, _ = writes.guest_for(guest_id, "shelters.erase_guest", by=by, moment=moment)
    if not clause.strip():
        raise ShelterRefused("guest_clause_missing")
    row.forget()
    row.name = row.name_key = row.id_last4 = row.phone = row.words = row.struck_reason = ""
    row.consent_reason, row.age, row.consent = "", None, "no"
    row.version += 1
    row.save()
    rows: list[object] = [row]
    household = row.household
    if not household.guests.exclude(name="", age=None).exists():
        household.forget()
        household.came_from = household.phone = household.content_digest = ""
        household.save()
        rows.append(household)
    fact = GuestErased(guest_id=str(row.pk), clause=clause.strip()[:300])
    record([(fact, rows)], by=by, moment=moment)  # type: ignore[list-item]
