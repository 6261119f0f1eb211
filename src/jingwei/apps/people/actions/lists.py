"""Lists of persons: taken in line by line, struck through, and looked at only with a reason."""

import uuid
from collections.abc import Sequence

import msgspec
from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import (
    Imported,
    Listed,
    ListImported,
    PersonErased,
    PersonRestored,
    PersonRevealed,
    PersonStruck,
    Revealed,
    RowError,
)
from ..models import ListedPerson
from ..queries import person_of
from ..rules import PeopleRefused
from .counts import incident_for


@transaction.atomic
def import_list(
    incident_id: uuid.UUID,
    *,
    measure: str,
    lines: Sequence[Listed],
    source: str,
    by: By,
    moment: Moment,
) -> Imported:
    """Take in a list: lines that can be read are kept, the others named; known lines are brought up to date.

    A line struck through stays so.
    """
    incident_for(incident_id, "people.import_list", by=by, moment=moment)
    rules.check_measure(measure)
    if not source.strip():
        raise PeopleRefused("count_source_missing")
    if not lines:
        raise PeopleRefused("list_empty")
    read = [rules.read_line(line) for line in lines]
    errors = tuple(RowError(row=n, code=one) for n, one in enumerate(read, 1) if isinstance(one, str))
    good = [one for one in read if not isinstance(one, str)]
    rows = ListedPerson.objects.select_for_update().filter(incident_id=incident_id, measure=measure)
    known = list(rows.order_by("listed_at", "pk"))
    by_key = dict(zip(rules.keys_of([person_of(r) for r in known]), known, strict=True))
    added, updated = [], []
    for key, one in zip(rules.keys_of(good), good, strict=True):
        row = by_key.get(key)
        if row is None:
            added.append(
                ListedPerson(
                    incident_id=incident_id,
                    measure=measure,
                    source=source.strip()[:200],
                    listed_at=moment.at,
                    **msgspec.structs.asdict(one),
                )
            )
        elif person_of(row) != one:
            for name, value in msgspec.structs.asdict(one).items():
                setattr(row, name, value)
            row.source = source.strip()[:200]
            updated.append(row)
    ListedPerson.objects.bulk_create(added)
    for row in updated:
        row.save()
    fact = ListImported(
        incident_id=str(incident_id),
        measure=measure,
        added=len(added),
        updated=len(updated),
        unchanged=len(good) - len(added) - len(updated),
        not_taken=len(errors),
    )
    record([(fact, [*added, *updated])], by=by, moment=moment)
    return Imported(added=fact.added, updated=fact.updated, unchanged=fact.unchanged, errors=errors)


@transaction.atomic
def strike_person(person_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Strike a line through: found alive, named twice, entered wrongly. It stays to be seen."""
    row = _person(person_id, "people.strike_person", by=by, moment=moment)
    rules.check_reason(reason)
    if row.struck_at is not None:
        raise PeopleRefused("person_struck")
    row.struck_at, row.struck_by, row.struck_reason = moment.at, by, reason.strip()[:300]
    row.save()
    fact = PersonStruck(incident_id=str(row.incident_id), person_id=str(row.pk), reason=row.struck_reason)
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def restore_person(person_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Count a line again that was struck through by mistake."""
    row = _person(person_id, "people.restore_person", by=by, moment=moment)
    rules.check_reason(reason)
    if row.struck_at is None:
        raise PeopleRefused("person_not_struck")
    row.struck_at, row.struck_by, row.struck_reason = None, None, ""
    row.save()
    fact = PersonRestored(
        incident_id=str(row.incident_id), person_id=str(row.pk), reason=reason.strip()[:300]
    )
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def reveal_person(person_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> Revealed:
    """Show who a listed person is to one who needs it; the look is recorded with its reason."""
    row = _person(person_id, "people.reveal_person", by=by, moment=moment)
    rules.check_reason(reason)
    fact = PersonRevealed(
        incident_id=str(row.incident_id), person_id=str(row.pk), reason=reason.strip()[:300]
    )
    record([(fact, None)], by=by, moment=moment)
    return Revealed(
        id=row.pk,
        name=row.name,
        sex=row.sex,
        age=row.age,
        id_last4=row.id_last4,
        place_words=row.place_words,
    )


@transaction.atomic
def erase_person(person_id: uuid.UUID, *, clause: str, by: By, moment: Moment) -> None:
    """Erase who a line speaks of, under a clause; it goes on counting as a person of its own."""
    row = _person(person_id, "people.erase_person", by=by, moment=moment)
    if not clause.strip():
        raise PeopleRefused("clause_missing")
    row.number = row.sex = row.id_last4 = row.place_words = row.status = row.source = row.struck_reason = ""
    row.name, row.age = f"#{row.pk.hex[-12:]}", None
    row.forget()
    row.save()
    fact = PersonErased(incident_id=str(row.incident_id), person_id=str(row.pk), clause=clause.strip()[:300])
    record([(fact, row)], by=by, moment=moment)


def _person(person_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> ListedPerson:
    row = ListedPerson.objects.select_for_update().filter(pk=person_id).first()
    if row is None:
        raise PeopleRefused("person_unknown")
    incident_for(row.incident_id, right, by=by, moment=moment)
    return row
