"""A party is heard: it taps, or a desk writes down what it heard and over what."""

import uuid

from django.db import transaction

from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import CHANNELS, CheckedIn
from ..models import CheckIn
from ..rules import CheckInRefused


@transaction.atomic
def check_in(watch_id: uuid.UUID, *, channel: str = "tap", words: str = "", by: By, moment: Moment) -> bool:
    """They were heard: a new interval runs. False when it was one with the tap just before it."""
    row = writes.watch_for(watch_id, "checkins.check_in", by=by, moment=moment)
    writes.still_open(row)
    if channel not in CHANNELS:
        raise CheckInRefused("watch_channel_unknown")
    missed = writes.settle(row, moment)
    last = CheckIn.objects.filter(watch=row).order_by("-pk").values_list("at", flat=True).first()
    if rules.is_same(before=last, at=moment.at, words=words, level=row.level):
        return False
    line = CheckIn.objects.create(
        watch=row, at=moment.at, by=by, channel=channel, words=words.strip()[: rules.MOST_WORDS],
        level=row.level,
    )  # fmt: skip
    writes.heard(row, moment)
    row.save()
    fact = CheckedIn(
        watch_id=str(row.pk), check_in_id=str(line.pk), channel=channel, level=line.level, due_at=row.due_at
    )
    record([*missed, (fact, [row, line])], by=by, moment=moment)
    return True
