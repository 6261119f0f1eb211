"""Orders go out, are passed on downward, and are taken back. Only a person does any of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.kernel.codes import place_within
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import Receiver, TaskAcknowledged, TaskDraft, TaskKept
from ..models import Task
from ..rules import Seat, TaskRefusal


@transaction.atomic
def issue_tasks(drafts: Sequence[TaskDraft], *, by: By, moment: Moment) -> list[uuid.UUID]:
    """Issue orders to posts and organizations of the own place or below: all of them, or none."""
    authority = agencies.require(by, "tasks.issue_tasks", at=moment.at)
    if not drafts:
        return []
    known = writes.Addressed(drafts)
    writes.check_reach(drafts, known, "tasks.issue_tasks", authority, by=by, moment=moment)
    writes.check_incidents(drafts, authority)
    for due_at in {d.due_at for d in drafts}:
        rules.check_due(due_at, at=moment.at)
    return writes.make(drafts, known, authority, by=by, moment=moment)


@transaction.atomic
def cascade_task(
    task_id: uuid.UUID,
    receivers: Sequence[Receiver],
    *,
    version: int,
    due_at: datetime | None = None,
    words: str = "",
    by: By,
    moment: Moment,
) -> list[uuid.UUID]:
    """Pass an order on to posts and organizations below; who passes it on takes it on.

    `words` '': the order's own. `due_at` None: its limit.
    """
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.cascade_task", at=moment.at)
    writes.check_addressed(row, authority)
    rules.check_version(held=version, current=row.version)
    if row.state not in rules.OPEN:
        raise TaskRefusal("task_not_so_now", state=row.state, step="cascade")
    if not receivers:
        raise TaskRefusal("receiver_missing")
    if due_at is not None:
        rules.check_due(due_at, at=moment.at, order_due_at=row.due_at)
    place = row.place if place_within(row.place, authority.place) else ""
    drafts = [_passed_on(row, r, words, place, due_at or row.due_at) for r in receivers]
    known = writes.Addressed(drafts)
    writes.check_reach(drafts, known, "tasks.cascade_task", authority, by=by, moment=moment)
    if row.state in rules.UNANSWERED:
        writes.move(row, "acknowledge", by=by, moment=moment)
        writes.keep(row, TaskAcknowledged(task_id=str(row.id)), by=by, moment=moment)
    return writes.make(drafts, known, authority, parent=row, by=by, moment=moment)


def _passed_on(row: Task, to: Receiver, words: str, place: str, due_at: datetime | None) -> TaskDraft:
    return TaskDraft(
        title_zh=words.strip() or row.title_zh,
        title_en="" if words.strip() else row.title_en,
        to_post=to.post,
        to_organization=to.organization,
        place=place,
        due_at=due_at,
        incident_id=str(row.incident_id) if row.incident_id else None,
        activation_id=str(row.activation) if row.activation else None,
        clause=row.clause,
        source=row.source,
    )


@transaction.atomic
def withdraw_task(task_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Take an order back, and every open order passed on from it. The issuing post may, and those above."""
    row = writes.locked(task_id)
    authority = agencies.require(by, "tasks.withdraw_task", at=moment.at)
    if not _is_issuer([row], authority):
        raise TaskRefusal("task_not_yours")
    rules.check_version(held=version, current=row.version)
    why = rules.check_text(reason, "reason_missing")
    rows = [row, *(r for r in writes.list_under([row]) if r.state in rules.OPEN)]
    writes.withdraw(dict.fromkeys(rows, why), by=by, moment=moment)


@transaction.atomic
def settle_tasks(
    *, withdraw: Mapping[uuid.UUID, str], keep: Mapping[uuid.UUID, str], by: By, moment: Moment
) -> None:
    """When what called for them is over: take orders back with all passed on from them, or keep them open.

    Each with its reason: {task: reason}. One that was closed meanwhile stays as it is. The issuer may,
    those above it, and whoever may settle orders at their places.
    """
    authority = agencies.require(by, "tasks.settle_tasks", at=moment.at)
    found = Task.objects.select_for_update().filter(pk__in={*withdraw, *keep}, state__in=rules.OPEN)
    rows = {row.id: row for row in found.order_by("id")}
    places = [row.place for row in rows.values()]
    if places and not _is_issuer(list(rows.values()), authority):
        agencies.require(by, "tasks.settle_tasks", at=moment.at, place=rules.common_beginning(places))
    back = {rows[t]: rules.check_text(why, "reason_missing") for t, why in withdraw.items() if t in rows}
    why_of = {row.root: why for row, why in back.items()}
    for one in writes.list_under(list(back)):
        if one.state in rules.OPEN and one.id not in rows:
            back[one] = why_of[one.root]
    writes.withdraw(back, by=by, moment=moment)
    stay = [(rows[t], rules.check_text(why, "reason_missing")) for t, why in keep.items() if t in rows]
    said: list[tuple[Fact, Recorded | None]] = [
        (TaskKept(task_id=str(row.id), reason=why), row) for row, why in stay
    ]
    record(said, by=by, moment=moment)


def _is_issuer(rows: Sequence[Task], authority: agencies.Authority) -> bool:
    """The issuing post may take an order back, a desk of its organization, and organizations above."""
    seat = Seat(authority.post_code, authority.organization_code, authority.role)
    below = agencies.list_below(authority.organization_code)
    return all(
        rules.may_withdraw(from_post=post, from_organization=body, seat=seat, below=below)
        for post, body in {(row.from_post, row.from_organization) for row in rows}
    )
