"""The same need from two askers is one: a person joins them, and can take them apart again."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import writes
from ..facts import NeedParted, NeedsJoined
from ..models import Need
from ..rules import NeedRefused


@transaction.atomic
def join_needs(need_id: uuid.UUID, into_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Say that the need is the other one: it is not counted any more, and stays to be seen.

    One level only: what others were joined into is taken apart first. The right is asked for at both.
    """
    if need_id == into_id:
        raise NeedRefused("need_same")
    # both locked in one order, so that two officers who join the same two never wait for one another
    rows = {
        row.pk: row
        for row in Need.objects.select_for_update().filter(pk__in=[need_id, into_id]).order_by("pk")
    }
    if len(rows) != 2:
        raise NeedRefused("need_unknown")
    for row in rows.values():
        agencies.require(by, "needs.join_needs", at=moment.at, place=row.place)
    row, other = writes.standing(rows[need_id]), writes.standing(rows[into_id])
    if row.joined.exists():
        raise NeedRefused("need_has_joined")
    if row.item_class != other.item_class:
        raise NeedRefused("need_items_differ")
    writes.save(row, joined_into=other, held_by=by)
    fact = NeedsJoined(need_id=str(row.pk), into_id=str(other.pk))
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def part_needs(need_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """They were not the same: the need counts for itself again, as it was."""
    row = writes.need_for(need_id, "needs.part_needs", by=by, moment=moment)
    if row.joined_into_id is None:
        raise NeedRefused("need_not_joined")
    gone = row.joined_into_id
    writes.save(row, joined_into=None, held_by=by)
    record([(NeedParted(need_id=str(row.pk), from_id=str(gone)), row)], by=by, moment=moment)
