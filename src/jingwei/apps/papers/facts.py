"""A slip as a door hands it in, and what can be said to have happened to it. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.apps.plans.facts import Order
from jingwei.apps.reports.facts import Told
from jingwei.apps.tasks.facts import TaskDraft
from jingwei.kernel.facts import Fact

#: Letters and figures of a serial that nobody confuses in handwriting.
#: Source: Crockford's base 32, without I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The head of every form. `taken_at`: when it was told, or decided; `reason`: why on paper.

    `decided_by` None: the clerk's own. It is a holding, never a name.
    """

    serial: str
    taken_at: datetime
    reason: str
    decided_by: uuid.UUID | None = None


class ReportSlip(msgspec.Struct, frozen=True, kw_only=True, tag="report"):
    """A call, or a sheet of people counted, as it was written down."""

    told: Told


class ActivationSlip(msgspec.Struct, frozen=True, kw_only=True, tag="activation"):
    """A plan was activated by hand. `version` of the plan as it was printed."""

    plan_id: uuid.UUID
    version: str
    order: Order


class OrderSlip(msgspec.Struct, frozen=True, kw_only=True, tag="order"):
    """Orders given by messenger, telephone or radio."""

    drafts: tuple[TaskDraft, ...]


class SubmissionSlip(msgspec.Struct, frozen=True, kw_only=True, tag="sitrep"):
    """A report that went upward by other means: it meets what was owed."""

    obligation_id: uuid.UUID
    words: str


class ReleaseSlip(msgspec.Struct, frozen=True, kw_only=True, tag="release"):
    """A text read out or posted up. `written_by` wrote it; who decided approved it and let it go out."""

    incident_id: uuid.UUID
    written_by: uuid.UUID
    title_zh: str
    text_zh: str
    valid_until: datetime
    title_en: str = ""
    text_en: str = ""


Slip = ReportSlip | ActivationSlip | OrderSlip | SubmissionSlip | ReleaseSlip


class Entered(msgspec.Struct, frozen=True):
    """What became of a slip. `known`: it was entered before, and nothing was done; `same`: word for word."""

    slip_id: uuid.UUID
    subject: str
    known: bool = False
    same: bool = True


class SlipEntered(Fact, frozen=True, kw_only=True):
    """A form filled in by hand was entered, under its own time.

    `entries` are those it brought about, whose `at` is the paper's time.
    """

    KIND: ClassVar[str] = "papers.slip_entered/1"
    SUBJECT: ClassVar[str] = "slip_id"

    slip_id: str
    serial: str
    form: str
    taken_at: datetime
    decided_by: str
    subject_id: str
    reason: str
    entries: tuple[str, ...]


class SlipRepeated(Fact, frozen=True, kw_only=True):
    """A slip that was entered already was entered again; nothing else was done."""

    KIND: ClassVar[str] = "papers.slip_repeated/1"
    SUBJECT: ClassVar[str] = "slip_id"

    slip_id: str
    serial: str
    same: bool


class CallListPrinted(Fact, frozen=True, kw_only=True):
    """Somebody printed the call list: so many people's telephone numbers left the machine."""

    KIND: ClassVar[str] = "papers.call_list_printed/1"
    SUBJECT: ClassVar[str] = "organization"

    organization: str
    people: int
