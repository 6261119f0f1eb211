"""What can be said to have happened to an incident. Pure."""

from datetime import datetime
from typing import ClassVar

from jingwei.kernel.facts import Fact


class IncidentOpened(Fact, frozen=True, kw_only=True):
    """We hold that something happened: an incident was opened from a report."""

    KIND: ClassVar[str] = "incidents.opened/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    report_id: str
    kind: str
    place: str
    site: str
    occurred_at: datetime


class ReportFused(Fact, frozen=True, kw_only=True):
    """A report was taken to speak of this incident; `why` are the parts of the score, from 0 to 1."""

    KIND: ClassVar[str] = "incidents.report_fused/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    report_id: str
    score: float
    threshold: float
    why: dict[str, float]


class ReportsMoved(Fact, frozen=True, kw_only=True):
    """The machine looked again, with more known: these reports were taken to speak of this incident.

    `from_id` is where they stood; `what`: moved, merged, split or shared. A person can undo it.
    """

    KIND: ClassVar[str] = "incidents.reports_moved/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    from_id: str
    incident_ids: tuple[str, ...]
    report_ids: tuple[str, ...]
    what: str
    score: float
    why: dict[str, float]


class QuestionAsked(Fact, frozen=True, kw_only=True):
    """Whether this report speaks of that incident is doubtful enough to ask a person.

    `chance` is the matcher's, `value` what an answer is worth, `life` whether a life may depend on it.
    """

    KIND: ClassVar[str] = "incidents.question_asked/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    report_id: str
    chance: float
    value: float
    life: bool


class QuestionAnswered(Fact, frozen=True, kw_only=True):
    """A person said whether the report speaks of the incident; the machine keeps to it."""

    KIND: ClassVar[str] = "incidents.question_answered/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    report_id: str
    same: bool
    incident_ids: tuple[str, ...]


class ReportUnplaced(Fact, frozen=True, kw_only=True):
    """A report belongs to no open incident and cannot open one by itself: a person decides."""

    KIND: ClassVar[str] = "incidents.report_unplaced/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    reason: str


class ReportSeparated(Fact, frozen=True, kw_only=True):
    """A person took a report out of an incident; the two stay apart."""

    KIND: ClassVar[str] = "incidents.report_separated/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    report_id: str
    reason: str


class ReportJoined(Fact, frozen=True, kw_only=True):
    """A person put a report into an incident."""

    KIND: ClassVar[str] = "incidents.report_joined/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    report_id: str
    reason: str


class GradeProposed(Fact, frozen=True, kw_only=True):
    """The tables give this grade by the figures known; no grade: what is missing."""

    KIND: ClassVar[str] = "incidents.grade_proposed/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    grade: int | None
    state: str
    clauses: tuple[str, ...]
    missing: tuple[str, ...]
    figures: dict[str, float]
    could_be: int | None = None


class GradeConfirmed(Fact, frozen=True, kw_only=True):
    """A named person confirmed the grade of an incident, under these clauses."""

    KIND: ClassVar[str] = "incidents.grade_confirmed/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    grade: int
    proposed_grade: int | None
    clauses: tuple[str, ...]
    reason: str


class GradeJudged(Fact, frozen=True, kw_only=True):
    """A named person gave a preliminary grade before the figures were known."""

    KIND: ClassVar[str] = "incidents.grade_judged/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    grade: int
    reason: str


class IncidentRenamed(Fact, frozen=True, kw_only=True):
    KIND: ClassVar[str] = "incidents.renamed/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    title_zh: str
    title_en: str


class IncidentClosed(Fact, frozen=True, kw_only=True):
    KIND: ClassVar[str] = "incidents.closed/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    reason: str


class IncidentReopened(Fact, frozen=True, kw_only=True):
    KIND: ClassVar[str] = "incidents.reopened/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    reason: str


class IncidentsMerged(Fact, frozen=True, kw_only=True):
    """A person held several incidents to be one: the reports of the sources stand in this one now."""

    KIND: ClassVar[str] = "incidents.merged/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    incident_ids: tuple[str, ...]
    report_ids: tuple[str, ...]
    reason: str


class IncidentSplit(Fact, frozen=True, kw_only=True):
    """A person held one incident to be two: these reports stand in a new one; the two stay apart."""

    KIND: ClassVar[str] = "incidents.split/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    incident_ids: tuple[str, ...]
    report_ids: tuple[str, ...]
    reason: str


class ChangeUndone(Fact, frozen=True, kw_only=True):
    """A person undid an act: `undoes` is its entry, `what` its sort; all stands as before it."""

    KIND: ClassVar[str] = "incidents.change_undone/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    undoes: str
    what: str
    incident_ids: tuple[str, ...]
    report_ids: tuple[str, ...]
    reason: str
