"""What can be said to have happened to a duty to report and to a situation report. Pure."""

from datetime import datetime
from typing import ClassVar

from jingwei.kernel.facts import Fact


class ObligationArose(Fact, frozen=True, kw_only=True):
    """A body owes a report under a rule. No `due_at`: at once. `basis` is how the grade was known."""

    KIND: ClassVar[str] = "sitreps.obligation_arose/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    obligation_id: str
    rule_id: str
    stage: str
    from_role: str
    from_organization: str
    to_role: str
    to_organization: str
    mode: str
    trigger_at: datetime
    due_at: datetime | None
    grade: int | None
    basis: str


class ObligationVoided(Fact, frozen=True, kw_only=True):
    """What is known has changed: the rule no longer asks for this report."""

    KIND: ClassVar[str] = "sitreps.obligation_voided/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    obligation_id: str
    rule_id: str
    reason: str


class DeadlineForeseen(Fact, frozen=True, kw_only=True):
    """The last part of the limit has begun; `holding` is who is to act, None when nobody is on duty."""

    KIND: ClassVar[str] = "sitreps.deadline_foreseen/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    obligation_id: str
    rule_id: str
    due_at: datetime
    holding: str | None


class ObligationLapsed(Fact, frozen=True, kw_only=True):
    """The limit passed and the report had not gone. Said once."""

    KIND: ClassVar[str] = "sitreps.obligation_lapsed/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    obligation_id: str
    rule_id: str
    due_at: datetime


class ObligationMet(Fact, frozen=True, kw_only=True):
    """What was owed was done; `took_s` since its trigger, `late_s` past its limit, 0 when in time.

    The proof: a report, a release to the public, or words of who did it otherwise.
    """

    KIND: ClassVar[str] = "sitreps.obligation_met/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    obligation_id: str
    rule_id: str
    sitrep_id: str
    took_s: float
    late_s: float
    words: str
    release_id: str = ""


class SitrepDrafted(Fact, frozen=True, kw_only=True):
    """A report was drafted from the record; `machine_share` of its entries were typed by nobody."""

    KIND: ClassVar[str] = "sitreps.drafted/1"
    SUBJECT: ClassVar[str] = "sitrep_id"

    sitrep_id: str
    incident_id: str
    stage: str
    organization: str
    to_organization: str
    version: int
    machine_share: float
    gaps: tuple[str, ...]


class SitrepEdited(Fact, frozen=True, kw_only=True):
    """A person wrote in a draft, or marked figures as still to be checked."""

    KIND: ClassVar[str] = "sitreps.edited/1"
    SUBJECT: ClassVar[str] = "sitrep_id"

    sitrep_id: str
    version: int
    changed: tuple[str, ...]
    to_check: tuple[str, ...]


class SitrepSubmitted(Fact, frozen=True, kw_only=True):
    """A named person sent the report upward; `met` are the obligations it meets."""

    KIND: ClassVar[str] = "sitreps.submitted/1"
    SUBJECT: ClassVar[str] = "sitrep_id"

    sitrep_id: str
    incident_id: str
    stage: str
    version: int
    organization: str
    to_organization: str
    met: tuple[str, ...]
    to_check: tuple[str, ...]


class SitrepReceived(Fact, frozen=True, kw_only=True):
    """The body above has it."""

    KIND: ClassVar[str] = "sitreps.received/1"
    SUBJECT: ClassVar[str] = "sitrep_id"

    sitrep_id: str
    incident_id: str
    organization: str
    to_organization: str


class SitrepDiscarded(Fact, frozen=True, kw_only=True):
    """A draft was given up, with the reason; it stays readable and can be restored."""

    KIND: ClassVar[str] = "sitreps.discarded/1"
    SUBJECT: ClassVar[str] = "sitrep_id"

    sitrep_id: str
    incident_id: str
    reason: str


class SitrepRestored(Fact, frozen=True, kw_only=True):
    """A draft given up is a draft again."""

    KIND: ClassVar[str] = "sitreps.restored/1"
    SUBJECT: ClassVar[str] = "sitrep_id"

    sitrep_id: str
    incident_id: str
    reason: str
