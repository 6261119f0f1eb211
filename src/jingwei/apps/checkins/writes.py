"""Steps that the actions share: a watch found with the right and locked, what time has brought about."""

import uuid

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.models import Recorded
from jingwei.apps.tasks import queries as tasks
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import CheckInMissed
from .models import Watch
from .rules import CheckInRefused

Facts = list[tuple[Fact, Recorded | list[Recorded] | None]]


def watch_for(
    watch_id: uuid.UUID, right: str, *, by: By, moment: Moment, version: int | None = None
) -> Watch:
    """The watch, locked, once the right is asked for; `version`: what the caller has seen."""
    row = Watch.objects.select_for_update().filter(pk=watch_id).first()
    if row is None:
        raise CheckInRefused("watch_unknown")
    agencies.require(by, right, at=moment.at, place=row.place)
    if version is not None and version != row.version:
        raise CheckInRefused("watch_changed_meanwhile")
    return row


def still_open(row: Watch) -> Watch:
    if row.ended_at is not None:
        raise CheckInRefused("watch_over")
    return row


def settle(row: Watch, moment: Moment) -> Facts:
    """Escalate, in memory, what was missed by now and is not escalated yet; every act on a watch does so
    first, so that a late worker leaves out no level and nobody's tap hides one.
    """
    said: Facts = []
    missed = rules.levels_missed(level=row.level, due_at=row.due_at, every_min=row.every_min, at=moment.at)
    for level in missed:
        row.level, row.told_at = level, moment.at
        row.told_post = row.tell_post if level == 1 else row.then_post or _above(row)
        fact = CheckInMissed(watch_id=str(row.pk), level=level, to_post=row.told_post, due_at=row.due_at)
        said.append((fact, row))
    turn(row)
    return said


def turn(row: Watch) -> None:
    """When time alone is to look at it again."""
    row.next_at = (
        None if row.ended_at else rules.turns_at(level=row.level, due_at=row.due_at, every_min=row.every_min)
    )


def heard(row: Watch, moment: Moment) -> None:
    """From this moment a new interval runs; what was missed is over."""
    row.heard_at = moment.at
    row.level, row.told_post, row.told_at = 0, "", None
    due_again(row)


def due_again(row: Watch) -> None:
    row.due_at = rules.next_due(heard_at=row.heard_at, every_min=row.every_min, until_at=row.until_at)
    turn(row)


def _above(row: Watch) -> str:
    """The post above the one told first; where there is none, that one is told again, never nobody."""
    told = agencies.list_posts_by_code([row.tell_post]).get(row.tell_post)
    return (tasks.find_post_above(row.tell_post, told.organization_code) if told else "") or row.tell_post
