"""The log of an order: lines are added and struck through, never edited."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import NoteStruck, TaskNoted
from ..models import Task, TaskNote
from ..rules import TaskRefusal


@transaction.atomic
def note_task(task_id: uuid.UUID, *, words: str, by: By, moment: Moment) -> uuid.UUID:
    """Add a line to the order's log. Both ends of the order may, and the posts of its place."""
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.note_task", at=moment.at)
    _check(row, authority, "tasks.note_task", by=by, moment=moment)
    note = TaskNote(task=row, at=moment.at, by=by, words=rules.check_text(words, "words_missing"))
    note.save(force_insert=True)
    record([(TaskNoted(task_id=str(row.id), note_id=str(note.id)), note)], by=by, moment=moment)
    return note.id


@transaction.atomic
def strike_note(note_id: uuid.UUID, *, reason: str, by: By, moment: Moment) -> None:
    """Strike a line of the log through, with the reason; it stays readable."""
    note = TaskNote.objects.select_for_update().select_related("task").filter(pk=note_id).first()
    if note is None:
        raise TaskRefusal("note_unknown")
    authority = agencies.require(by, "tasks.strike_note", at=moment.at)
    _check(note.task, authority, "tasks.strike_note", by=by, moment=moment)
    if note.struck_at is not None:
        raise TaskRefusal("note_struck")
    note.struck_reason = rules.check_text(reason, "reason_missing")
    note.struck_at, note.struck_by = moment.at, by
    note.save()
    fact = NoteStruck(task_id=str(note.task_id), note_id=str(note.id), reason=note.struck_reason)
    record([(fact, note)], by=by, moment=moment)


def _check(row: Task, authority: agencies.Authority, action: str, *, by: By, moment: Moment) -> None:
    if authority.organization_code not in (row.from_organization, row.to_organization):
        agencies.require(by, action, at=moment.at, place=row.place)
