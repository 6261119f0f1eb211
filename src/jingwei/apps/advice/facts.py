"""What can be said to have happened when experts are asked. The words stand in the rows. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

STATES = ("asked", "answered")
#: What advice may have been given for.
DECISIONS = ("incident", "response", "release")


class NewQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What one expert is asked at an incident."""

    incident_id: uuid.UUID
    expert_id: uuid.UUID
    question: str
    key: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the advice was given for, by its kind and id."""

    kind: str
    id: uuid.UUID


class ExpertAsked(Fact, frozen=True, kw_only=True):
    """An expert of the register was asked something."""

    KIND: ClassVar[str] = "advice.asked/1"
    SUBJECT: ClassVar[str] = "consultation_id"

    consultation_id: str
    incident_id: str
    expert_id: str


class AdviceRecorded(Fact, frozen=True, kw_only=True):
    """What the expert said was written down. `answered_at`: when it was said."""

    KIND: ClassVar[str] = "advice.recorded/1"
    SUBJECT: ClassVar[str] = "consultation_id"

    consultation_id: str
    incident_id: str
    expert_id: str
    answered_at: datetime
    decision_kind: str
    decision_id: str


class AdviceLinked(Fact, frozen=True, kw_only=True):
    """Advice was set beside another decision than before."""

    KIND: ClassVar[str] = "advice.linked/1"
    SUBJECT: ClassVar[str] = "consultation_id"

    consultation_id: str
    incident_id: str
    decision_kind: str
    decision_id: str
    before_kind: str
    before_id: str
