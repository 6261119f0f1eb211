"""A shelter is opened, changed, closed when nobody is inside, and opened again."""

import uuid
from collections import Counter

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.resources import queries as resources
from jingwei.kernel.codes import is_kind_code
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import NewOpening, OpeningChanged, ShelterClosed, ShelterOpened, ShelterReopened
from ..models import Opening, Stay
from ..rules import ShelterRefused


@transaction.atomic
def open_shelter(new: NewOpening, *, by: By, moment: Moment) -> uuid.UUID:
    """Open a site of the register for people. Its room is the person's word, or register and standard."""
    site = resources.find_shelter(new.shelter_id)
    if site is None:
        raise ShelterRefused("shelter_unknown")
    agencies.require(by, "shelters.open_shelter", at=moment.at, place=site.place)
    stage = rules.check_stage(new.stage)
    if new.incident_id is not None and incidents.find_line(new.incident_id) is None:
        raise ShelterRefused("incident_unknown")
    room = rules.room_of(
        said=rules.check_room(new.room),
        registered=site.capacity,
        area_m2=site.area_m2,
        standard=writes.standard_of(stage, moment=moment),
    )
    row = Opening(
        shelter_id=site.id, incident_id=new.incident_id, name=site.name, place=site.place, lon=site.lon,
        lat=site.lat, space=site.space, accessible=site.accessible, stage=stage, kind=_kind(new.kind),
        room=room.people, by_what=room.by_what, rule_id=room.rule_id, words=new.words.strip()[:300],
        opened_by=by, opened_at=moment.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:  # two people open it at once: the second is told
        raise ShelterRefused("shelter_open_already") from twice
    fact = ShelterOpened(
        opening_id=str(row.pk), shelter_id=str(site.id), place=row.place, stage=stage, room=row.room,
        incident_id=str(new.incident_id) if new.incident_id else None, by_what=row.by_what,
        rule_id=row.rule_id,
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)
    return row.pk


def _kind(code: str) -> str:
    return code.strip() if is_kind_code(code.strip()) else ""


@transaction.atomic
def change_opening(
    opening_id: uuid.UUID, new: NewOpening, *, version: int | None = None, by: By, moment: Moment
) -> None:
    """Put right for how long, for what, for how many people it is open. The site stays what it is."""
    row = writes.still_open(
        writes.opening_for(opening_id, "shelters.change_opening", by=by, moment=moment, version=version)
    )
    site = resources.find_shelter(row.shelter_id)
    stage = rules.check_stage(new.stage)
    if new.incident_id is not None and incidents.find_line(new.incident_id) is None:
        raise ShelterRefused("incident_unknown")
    room = rules.room_of(
        said=rules.check_room(new.room), registered=site.capacity if site else None,
        area_m2=site.area_m2 if site else None, standard=writes.standard_of(stage, moment=moment),
    )  # fmt: skip
    fields = {
        "stage": stage, "kind": _kind(new.kind), "incident_id": new.incident_id, "room": room.people,
        "by_what": room.by_what, "rule_id": room.rule_id, "words": new.words.strip()[:300],
    }  # fmt: skip
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return
    before = row.room
    writes.save(row, **changed)
    fact = OpeningChanged(opening_id=str(row.pk), fields=tuple(sorted(changed)), room=row.room, before=before)
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def close_shelter(opening_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Close it, once everybody's way is known: nobody may be inside. The fact says where how many went."""
    row = writes.still_open(writes.opening_for(opening_id, "shelters.close_shelter", by=by, moment=moment))
    said = rules.check_reason(reason)
    inside = writes.heads_in(row)
    if inside:
        raise ShelterRefused("opening_has_people", heads=inside)
    stays = Stay.objects.filter(opening=row, undone_at=None, guest__struck_at=None, guest__joined_into=None)
    went = Counter(stays.values_list("went", flat=True))
    writes.save(row, closed_by=by, closed_at=moment.at, closed_reason=said)
    fact = ShelterClosed(
        opening_id=str(row.pk), reason=said, went={w: n for w, n in sorted(went.items()) if w}
    )
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def reopen_shelter(opening_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """It was closed by mistake, or is needed again: open as before, its room as before."""
    row = writes.opening_for(opening_id, "shelters.reopen_shelter", by=by, moment=moment)
    if row.closed_at is None:
        raise ShelterRefused("opening_not_over")
    said = rules.check_reason(reason)
    try:
        with transaction.atomic():
            writes.save(row, closed_by=None, closed_at=None, closed_reason="")
    except IntegrityError as twice:
        raise ShelterRefused("shelter_open_already") from twice
    record([(ShelterReopened(opening_id=str(row.pk), reason=said), row)], by=by, moment=moment)
