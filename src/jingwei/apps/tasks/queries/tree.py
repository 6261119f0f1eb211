"""One order with its cascade, its log and what happened to it."""

import uuid
from datetime import datetime

import msgspec

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal
from jingwei.kernel.facts import Fact

from .. import facts
from ..models import Task, TaskNote
from .lists import TaskLine, line_of, summaries, visible


class Branch(msgspec.Struct, frozen=True):
    """One order of a cascade, with how deep it hangs under the highest one shown."""

    task: TaskLine
    level: int


class Note(msgspec.Struct, frozen=True):
    """A line of an order's log."""

    id: uuid.UUID
    at: datetime
    by: uuid.UUID
    words: str
    struck_at: datetime | None
    struck_by: uuid.UUID | None
    struck_reason: str


class Step(msgspec.Struct, frozen=True):
    """One thing that happened to an order, as the journal has it."""

    at: datetime
    by: uuid.UUID | None
    fact: Fact


def get_tree(task: TaskLine, *, authority: Authority, at: datetime) -> list[Branch]:
    """The cascade the order stands in, each order above those passed on from it; what one may see of it."""
    rows = list(Task.objects.filter(root=task.root).order_by("depth", "to_organization", "to_post", "id"))
    seen = set(visible(authority).filter(root=task.root).values_list("pk", flat=True))
    below = summaries(((r.id, r.parent_id, r.state, r.due_at) for r in rows if r.parent_id), at=at)
    children: dict[uuid.UUID | None, list[Task]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    found: list[Branch] = []

    def walk(row: Task, level: int) -> None:
        if row.pk in seen:
            found.append(Branch(line_of(row, at=at, below=below.get(row.pk)), level))
            level += 1
        for child in children.get(row.pk, []):
            walk(child, level)

    for row in children.get(None, []):
        walk(row, 0)
    return found


def list_notes(task_id: uuid.UUID) -> list[Note]:
    """The order's log, newest first, struck lines too."""
    return [
        Note(n.id, n.at, n.by, n.words, n.struck_at, n.struck_by, n.struck_reason)
        for n in TaskNote.objects.filter(task=task_id).order_by("-at", "-id")
    ]


_TOLD = (
    facts.TaskIssued,
    facts.TaskRead,
    facts.TaskAcknowledged,
    facts.TaskBegun,
    facts.TaskDone,
    facts.TaskRefused,
    facts.TaskWithdrawn,
    facts.TaskKept,
    facts.TaskOverdue,
    facts.TaskEscalated,
    facts.NoteStruck,
)


def list_steps(task_id: uuid.UUID) -> list[Step]:
    """What happened to the order, newest first."""
    said = journal.list_entries(subjects=[str(task_id)], kinds=_TOLD)
    return [Step(s.at, s.by, s.fact) for s in reversed(said)]
