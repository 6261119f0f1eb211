"""What can be said to have happened to beds and to patients on the way; never who they are. Pure."""

import uuid
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

STEP_STATES = ("planned", "started", "ended")
TRANSFER_STATES = ("asked", "accepted", "refused", "sent", "arrived", "cancelled")
#: On the way to being received: a bed is held.
HOLDING = ("accepted", "sent")


class NewBeds(msgspec.Struct, frozen=True, kw_only=True):
    """Beds of one kind in a hospital: staffed and usable, and how many are taken."""

    hospital_id: uuid.UUID
    kind: str
    usable: int
    taken: int


class NewStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a surge plan: so many beds of a kind more, within so many hours, and how."""

    hospital_id: uuid.UUID
    number: int
    kind: str
    adds: int
    within_h: float
    how: str


class NewTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """A patient who needs a bed elsewhere. `patient`: a triage tag or wristband number, never a name.

    `from_id` None: not from a hospital, `from_words` says from where.
    """

    to_id: uuid.UUID
    kind: str
    patient: str
    from_id: uuid.UUID | None = None
    from_words: str = ""
    why: str = ""
    key: str = ""


class BedsReported(Fact, frozen=True, kw_only=True):
    """So many beds of a kind are usable and taken. The figures before it stand beside."""

    KIND: ClassVar[str] = "hospitals.beds_reported/1"
    SUBJECT: ClassVar[str] = "hospital_id"

    hospital_id: str
    bed: str
    usable: int
    taken: int
    usable_before: int | None
    taken_before: int | None


class SurgePlanned(Fact, frozen=True, kw_only=True):
    """A step of a surge plan was written down, or written anew."""

    KIND: ClassVar[str] = "hospitals.surge_planned/1"
    SUBJECT: ClassVar[str] = "hospital_id"

    hospital_id: str
    number: int
    bed: str
    adds: int
    within_h: float


class SurgeStarted(Fact, frozen=True, kw_only=True):
    """A person set a step of the surge plan going: so many beds more."""

    KIND: ClassVar[str] = "hospitals.surge_started/1"
    SUBJECT: ClassVar[str] = "hospital_id"

    hospital_id: str
    number: int
    bed: str
    adds: int


class SurgeEnded(Fact, frozen=True, kw_only=True):
    """A step of the surge plan was ended: its beds are no longer usable."""

    KIND: ClassVar[str] = "hospitals.surge_ended/1"
    SUBJECT: ClassVar[str] = "hospital_id"

    hospital_id: str
    number: int
    bed: str
    adds: int
    reason: str


class TransferAsked(Fact, frozen=True, kw_only=True):
    """A bed is asked for, for a patient elsewhere."""

    KIND: ClassVar[str] = "hospitals.transfer_asked/1"
    SUBJECT: ClassVar[str] = "transfer_id"

    transfer_id: str
    to_id: str
    from_id: str | None
    bed: str


class TransferAccepted(Fact, frozen=True, kw_only=True):
    """The receiving hospital holds a bed."""

    KIND: ClassVar[str] = "hospitals.transfer_accepted/1"
    SUBJECT: ClassVar[str] = "transfer_id"

    transfer_id: str
    to_id: str
    bed: str
    free_after: int


class TransferRefused(Fact, frozen=True, kw_only=True):
    """The receiving hospital cannot take the patient, and why."""

    KIND: ClassVar[str] = "hospitals.transfer_refused/1"
    SUBJECT: ClassVar[str] = "transfer_id"

    transfer_id: str
    reason: str


class TransferSent(Fact, frozen=True, kw_only=True):
    """The patient is on the road."""

    KIND: ClassVar[str] = "hospitals.transfer_sent/1"
    SUBJECT: ClassVar[str] = "transfer_id"

    transfer_id: str
    carrier: str


class TransferArrived(Fact, frozen=True, kw_only=True):
    """The receiving hospital has the patient: the receipt."""

    KIND: ClassVar[str] = "hospitals.transfer_arrived/1"
    SUBJECT: ClassVar[str] = "transfer_id"

    transfer_id: str
    to_id: str
    bed: str
    condition: str


class TransferCancelled(Fact, frozen=True, kw_only=True):
    """It is not needed any more, or not possible; the bed is free again."""

    KIND: ClassVar[str] = "hospitals.transfer_cancelled/1"
    SUBJECT: ClassVar[str] = "transfer_id"

    transfer_id: str
    from_state: str
    reason: str
