"""What can be said to have happened to counts and lists of people. Ids and figures, never names. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as a person gives it: the one a report tells, or a value with who says so.

    `as_of_at` None: as of now.
    """

    report_id: uuid.UUID | None = None
    value: float | None = None
    source: str = ""
    as_of_at: datetime | None = None


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list as it came, all as written; `number` is the sender's own."""

    number: str = ""
    name: str = ""
    sex: str = ""
    age: str = ""
    id_last4: str = ""
    place_words: str = ""
    status: str = ""


class RowError(msgspec.Struct, frozen=True):
    """A line that was not taken, counted from 1, and why."""

    row: int
    code: str


class Imported(msgspec.Struct, frozen=True):
    """What became of a list: how many lines were new, changed, as before; which were not taken."""

    added: int
    updated: int
    unchanged: int
    errors: tuple[RowError, ...]


class Revealed(msgspec.Struct, frozen=True):
    """A listed person as one look shows them."""

    id: uuid.UUID
    name: str
    sex: str
    age: int | None
    id_last4: str
    place_words: str


class FigureAdopted(Fact, frozen=True, kw_only=True):
    """A person took a figure as the count we stand by, the first of its measure and area."""

    KIND: ClassVar[str] = "people.figure_adopted/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    count_id: str
    measure: str
    area: str
    value: int
    unit: str
    as_of_at: datetime
    report_id: str | None
    from_list: bool


class FigureRevised(Fact, frozen=True, kw_only=True):
    """A person put another value in the place of the count we stood by; the old one stays to be seen."""

    KIND: ClassVar[str] = "people.figure_revised/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    count_id: str
    replaces: str
    measure: str
    area: str
    value: int
    before: int
    unit: str
    as_of_at: datetime
    report_id: str | None
    from_list: bool
    reason: str


class ListImported(Fact, frozen=True, kw_only=True):
    """A list of persons was taken in: how many lines were new, changed, as before, not taken."""

    KIND: ClassVar[str] = "people.list_imported/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    measure: str
    added: int
    updated: int
    unchanged: int
    not_taken: int


class PersonStruck(Fact, frozen=True, kw_only=True):
    """A line of a list was struck through; it stays to be seen and is not counted."""

    KIND: ClassVar[str] = "people.person_struck/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    person_id: str
    reason: str


class PersonRestored(Fact, frozen=True, kw_only=True):
    """A line struck through is counted again."""

    KIND: ClassVar[str] = "people.person_restored/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    person_id: str
    reason: str


class PersonRevealed(Fact, frozen=True, kw_only=True):
    """Somebody looked at who a listed person is, and said why."""

    KIND: ClassVar[str] = "people.person_revealed/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    person_id: str
    reason: str


class PersonErased(Fact, frozen=True, kw_only=True):
    """What a line told of a person was erased under a clause; the line, its measure and its times stay."""

    KIND: ClassVar[str] = "people.person_erased/1"
    SUBJECT: ClassVar[str] = "incident_id"
    ERASES: ClassVar[bool] = True

    incident_id: str
    person_id: str
    clause: str
