"""Asked by people: written down, and changed in the open."""

import uuid

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import NeedAsked, NeedChanged, NewNeed
from ..models import Need
from ..rules import NeedRefused

#: What a person confirmed of a need: where one of these changes, it is to be confirmed anew.
CONFIRMED = ("item_key", "quantity", "place", "site", "due_at")


@transaction.atomic
def ask_need(new: NewNeed, *, by: By, moment: Moment) -> uuid.UUID:
    """Write down what somebody needs. A repeat under its key is known. Returns the need's id."""
    place, site = writes.place_of(new.place, new.site)
    agencies.require(by, "needs.ask_need", at=moment.at, place=place)
    digest = plain_digest(new)
    if (known := _known(new.key, digest, by=by)) is not None:
        return known
    fields = writes.fields_of(new, place=place, site=site, moment=moment)
    of = writes.class_on(new.item_class, moment=moment)
    row = Need(
        origin="asked", by=by, at=moment.at, key=new.key[:100], content_digest=digest,
        fresh_until_at=rules.fresh_until(moment.at, of), fresh_rule=of.rule_id, **fields,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same at the same moment: it finds what that one wrote
        if (known := _known(new.key, digest, by=by)) is None:
            raise
        return known
    fact = NeedAsked(
        need_id=str(row.pk),
        item=row.item_key,
        item_class=row.item_class,
        priority=row.priority,
        quantity=row.quantity,
        place=row.place,
        site=row.site,
        incident_id=str(row.incident_id) if row.incident_id else None,
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


def _known(key: str, digest: str, *, by: By) -> uuid.UUID | None:
    """What this caller asked for under this key before, if it was the same."""
    row = Need.objects.filter(by=by, key=key[:100]).first() if key else None
    if row is not None and row.content_digest != digest:
        raise NeedRefused("need_key_reused")
    return row.pk if row is not None else None


@transaction.atomic
def change_need(
    need_id: uuid.UUID, new: NewNeed, *, version: int | None = None, by: By, moment: Moment
) -> None:
    """Put what is needed right. Another item, quantity, place or deadline is to be confirmed anew.

    The right is asked for where the need was and where it is to be.
    """
    row = writes.standing(
        writes.need_for(need_id, "needs.change_need", by=by, moment=moment, version=version)
    )
    place, site = writes.place_of(new.place, new.site)
    agencies.require(by, "needs.change_need", at=moment.at, place=place)
    fields = writes.fields_of(new, place=place, site=site, moment=moment)
    if row.supply_id is None and fields["supply_id"] is None and new.words.strip() == row.item_zh:
        fields["item_en"] = row.item_en  # a found or estimated item keeps its other name
        if new.unit.strip() == row.unit_zh:
            fields["unit_en"] = row.unit_en
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return
    before = row.quantity
    if row.state == "confirmed" and set(CONFIRMED) & set(changed):
        changed |= {"state": "open", "confirmed_by": None, "confirmed_at": None}
    if row.joined.exists() and "item_key" in changed:
        raise NeedRefused("need_has_joined")
    writes.save(row, held_by=by, **changed)
    fact = NeedChanged(
        need_id=str(row.pk), fields=tuple(sorted(changed)), quantity=row.quantity, before=before
    )
    record([(fact, row)], by=by, moment=moment)
