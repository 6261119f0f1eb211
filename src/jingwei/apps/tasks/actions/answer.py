"""Those an order is for answer it: read, take on, begin, done, refused with the reason."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import TaskAcknowledged, TaskBegun, TaskDone, TaskRead, TaskRefused
from ..models import Task
from ..rules import TaskRefusal


@transaction.atomic
def read_task(task_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Note that a holder of the addressed post has the order before their eyes, the first time."""
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.read_task", at=moment.at)
    writes.check_addressed(row, authority)
    writes.move(row, "read", by=by, moment=moment)
    writes.keep(row, TaskRead(task_id=str(row.id)), by=by, moment=moment)


@transaction.atomic
def acknowledge_task(task_id: uuid.UUID, *, version: int, by: By, moment: Moment) -> None:
    """Take the order on."""
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.acknowledge_task", at=moment.at)
    _check(row, authority, version)
    writes.move(row, "acknowledge", by=by, moment=moment)
    writes.keep(row, TaskAcknowledged(task_id=str(row.id)), by=by, moment=moment)


@transaction.atomic
def begin_task(task_id: uuid.UUID, *, version: int, by: By, moment: Moment) -> None:
    """Say that the order is being carried out."""
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.begin_task", at=moment.at)
    _check(row, authority, version)
    writes.move(row, "begin", by=by, moment=moment)
    writes.keep(row, TaskBegun(task_id=str(row.id)), by=by, moment=moment)


@transaction.atomic
def complete_task(task_id: uuid.UUID, *, version: int, words: str = "", by: By, moment: Moment) -> None:
    """Say that the order is carried out; what was passed on from it is finished first."""
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.complete_task", at=moment.at)
    _check(row, authority, version)
    still = Task.objects.filter(parent=row, state__in=rules.OPEN).count()
    if still:
        raise TaskRefusal("task_children_open", n=still)
    writes.move(row, "complete", words=words.strip()[: rules.MOST_WORDS], by=by, moment=moment)
    late = rules.is_late(due_at=row.due_at, done_at=moment.at)
    writes.keep(row, TaskDone(task_id=str(row.id), words=row.words, late=late), by=by, moment=moment)


@transaction.atomic
def refuse_task(task_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Say that the order cannot be carried out, and why; the post that issued it sees it at once."""
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.refuse_task", at=moment.at)
    _check(row, authority, version)
    why = rules.check_text(reason, "reason_missing")
    writes.move(row, "refuse", words=why, by=by, moment=moment)
    writes.keep(row, TaskRefused(task_id=str(row.id), reason=why), by=by, moment=moment)


def _check(row: Task, authority: agencies.Authority, version: int) -> None:
    writes.check_addressed(row, authority)
    rules.check_version(held=version, current=row.version)
