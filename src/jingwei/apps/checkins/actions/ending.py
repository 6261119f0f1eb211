"""A person says that they are out, and how many; and takes that back when it was wrong."""

import uuid

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import WatchEnded, WatchReopened
from ..rules import CheckInRefused


@transaction.atomic
def end_watch(
    watch_id: uuid.UUID, *, heads_out: int, words: str = "", version: int, by: By, moment: Moment
) -> None:
    """All out, so many heads. When they are not as many as went in, the words say what is known of it."""
    row = writes.watch_for(watch_id, "checkins.end_watch", by=by, moment=moment, version=version)
    writes.still_open(row)
    said = rules.check_out(heads=row.heads, heads_out=heads_out, words=words)
    missed = writes.settle(row, moment)
    row.ended_by, row.ended_at, row.heads_out, row.end_words = by, moment.at, heads_out, said
    row.version += 1
    writes.turn(row)
    row.save()
    fact = WatchEnded(watch_id=str(row.pk), heads=row.heads, heads_out=heads_out, words=said)
    record([*missed, (fact, row)], by=by, moment=moment)


@transaction.atomic
def reopen_watch(watch_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Watch them again from now on: the end was said by mistake, or they went back in."""
    row = writes.watch_for(watch_id, "checkins.reopen_watch", by=by, moment=moment, version=version)
    if row.ended_at is None:
        raise CheckInRefused("watch_not_over")
    said = rules.check_reason(reason)
    row.ended_by = row.ended_at = row.heads_out = None
    row.end_words = ""
    row.version += 1
    writes.heard(row, moment)
    row.save()
    record([(WatchReopened(watch_id=str(row.pk), reason=said), row)], by=by, moment=moment)
