"""What can be said to have happened to an order, and the values a door or a plan hands in. Pure."""

from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an order goes to, by code: a post, or an organization and so any of its posts."""

    post: str | None = None
    organization: str | None = None


class TaskDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An order as a plan or a person gives it, before it is issued.

    `place` '': that of the post that issues it. `due_at` None: no limit. `clause`: under which paragraph
    of a plan or law; `source`: where that stands.
    """

    title_zh: str
    title_en: str = ""
    to_post: str | None = None
    to_organization: str | None = None
    place: str = ""
    due_at: datetime | None = None
    incident_id: str | None = None
    activation_id: str | None = None
    clause: str = ""
    source: str = ""


class TaskIssued(Fact, frozen=True, kw_only=True):
    """An order went out to a post or an organization; with a parent, it passes an order on downward."""

    KIND: ClassVar[str] = "tasks.issued/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    root_id: str
    parent_id: str | None
    title_zh: str
    title_en: str
    to_post: str
    to_organization: str
    from_post: str
    from_organization: str
    place: str
    due_at: datetime | None
    incident_id: str | None
    activation_id: str | None
    clause: str
    source: str
    year: int | None = None
    number: int | None = None


class TaskRead(Fact, frozen=True, kw_only=True):
    """A holder of the addressed post opened the order for the first time."""

    KIND: ClassVar[str] = "tasks.read/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str


class TaskAcknowledged(Fact, frozen=True, kw_only=True):
    """A holder of the addressed post took the order on."""

    KIND: ClassVar[str] = "tasks.acknowledged/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str


class TaskBegun(Fact, frozen=True, kw_only=True):
    """The addressed began to carry the order out."""

    KIND: ClassVar[str] = "tasks.begun/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str


class TaskDone(Fact, frozen=True, kw_only=True):
    """The addressed say that the order is carried out."""

    KIND: ClassVar[str] = "tasks.done/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    words: str
    late: bool


class TaskRefused(Fact, frozen=True, kw_only=True):
    """The addressed say that they cannot carry the order out, and why."""

    KIND: ClassVar[str] = "tasks.refused/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    reason: str


class TaskWithdrawn(Fact, frozen=True, kw_only=True):
    """The order was taken back by the post that issued it, or one above; all below it with it."""

    KIND: ClassVar[str] = "tasks.withdrawn/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    reason: str


class TaskKept(Fact, frozen=True, kw_only=True):
    """The response that called for the order ended; the order stays open, for this reason."""

    KIND: ClassVar[str] = "tasks.kept/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    reason: str


class TaskOverdue(Fact, frozen=True, kw_only=True):
    """The time given for the order passed and it was neither done nor refused. Said once."""

    KIND: ClassVar[str] = "tasks.overdue/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    due_at: datetime
    state: str


class TaskEscalated(Fact, frozen=True, kw_only=True):
    """An overdue order was brought before a post: first the one that issued it, then the next higher."""

    KIND: ClassVar[str] = "tasks.escalated/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    step: int
    to_post: str
    to_organization: str


class TaskNoted(Fact, frozen=True, kw_only=True):
    """A line was added to the order's log; its words stand in the row alone."""

    KIND: ClassVar[str] = "tasks.noted/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    note_id: str


class NoteStruck(Fact, frozen=True, kw_only=True):
    """A line of the order's log was struck through; it stays readable."""

    KIND: ClassVar[str] = "tasks.note_struck/1"
    SUBJECT: ClassVar[str] = "task_id"

    task_id: str
    note_id: str
    reason: str
