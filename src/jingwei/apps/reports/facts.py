"""What was told, as the doors hand it in, and what can be said to have happened to it. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

#: What a report is about. Warnings and response levels enter as reports of what was announced.
TYPES = ("occurrence", "observation", "warning", "response", "figures", "action", "finding")

#: How exactly the time of the event is known.
PRECISIONS = ("minute", "hour", "day", "approx")


class Claim(msgspec.Struct, frozen=True):
    """One figure as told: measure, value with unit, and the area it speaks of ('' = the report's own).

    Two measures or two areas are never one chain: deaths are not deaths and missing, a city is not
    its province.
    """

    measure: str
    value: float
    unit: str = ""
    area: str = ""
    words: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report as a door hands it in: read, decoded, its point in WGS 84, but not judged.

    Any field may be missing. `key` is the sender's own number, by which a repeat is known.
    `occurred_at` is the time in the world; `sent_at` the sender's clock when it was sent.
    `datum` says which datum the point came in, before it was converted. `raw` holds what could not be read.
    """

    key: str = ""
    type: str = "occurrence"
    channel: str = "api"
    source: str = ""
    evidence: str = ""
    words: str = ""
    lang: str = ""
    title: str = ""
    occurred_at: datetime | None = None
    precision: str = "minute"
    sent_at: datetime | None = None
    kind: str = ""
    place: str = ""
    place_words: str = ""
    site: str = ""
    lon: float | None = None
    lat: float | None = None
    datum: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    organization: str = ""
    event_ref: str = ""
    level: int | None = None
    from_level: int | None = None
    number: int | None = None
    rescue: bool = False
    figures: tuple[Claim, ...] = ()
    flags: tuple[str, ...] = ()
    raw: str = ""


class Received(msgspec.Struct, frozen=True):
    """What the sender is told: the report's number, what became of it, and what was noticed.

    `status`: accepted, quarantined, or known (the same report came before under the same key).
    """

    id: uuid.UUID
    status: str
    flags: tuple[str, ...] = ()


class ReportReceived(Fact, frozen=True, kw_only=True):
    """A report was taken in and can be read."""

    KIND: ClassVar[str] = "reports.received/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    type: str
    channel: str
    kind: str
    place: str
    occurred_at: datetime
    flags: tuple[str, ...]


class ReportQuarantined(Fact, frozen=True, kw_only=True):
    """A report was taken in but could not be read; its raw text is kept for a person."""

    KIND: ClassVar[str] = "reports.quarantined/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    channel: str
    flags: tuple[str, ...]


class ReportTranscribed(Fact, frozen=True, kw_only=True):
    """A person read a quarantined report and entered what it says as a report of its own."""

    KIND: ClassVar[str] = "reports.transcribed/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    as_report_id: str


class CallerRevealed(Fact, frozen=True, kw_only=True):
    """A person looked at a caller's name and number."""

    KIND: ClassVar[str] = "reports.caller_revealed/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    reason: str


class Photo(msgspec.Struct, frozen=True):
    """A photo as the door hands it in: type known by content, re-encoded, nothing but the picture left."""

    content: bytes
    mime: str
    width: int
    height: int


class PhotoAttached(Fact, frozen=True, kw_only=True):
    """A photo was kept with its report."""

    KIND: ClassVar[str] = "reports.photo_attached/1"
    SUBJECT: ClassVar[str] = "report_id"
    FILE: ClassVar = ("photos", "photo_id", "digest")

    report_id: str
    photo_id: str
    digest: str
    mime: str
    width: int
    height: int
    bytes: int


class PhotoSetAside(Fact, frozen=True, kw_only=True):
    """What came as a photo could not be used; the report itself is kept.

    `reason`: heic, type, broken, too_large, too_many_pixels, too_many, not_kept.
    """

    KIND: ClassVar[str] = "reports.photo_set_aside/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    reason: str


class PhotoSeen(Fact, frozen=True, kw_only=True):
    """A person looked at a photo of a report, which may show people."""

    KIND: ClassVar[str] = "reports.photo_seen/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    photo_id: str


class CallerErased(Fact, frozen=True, kw_only=True):
    """A caller's name and number were erased under a clause; the report itself stays."""

    KIND: ClassVar[str] = "reports.caller_erased/1"
    SUBJECT: ClassVar[str] = "report_id"

    report_id: str
    clause: str


class ReportFileHandedIn(Fact, frozen=True, kw_only=True):
    """A file of reports was handed in; it waits until somebody says which column is which."""

    KIND: ClassVar[str] = "reports.file_handed_in/1"
    SUBJECT: ClassVar[str] = "file_id"

    file_id: str
    lines: int


class ReportFileBegun(Fact, frozen=True, kw_only=True):
    """A file of reports is being taken in, in the name of who handed it in."""

    KIND: ClassVar[str] = "reports.file_begun/1"
    SUBJECT: ClassVar[str] = "file_id"

    file_id: str
    lines: int
    columns: dict[str, str]


class ReportFileEnded(Fact, frozen=True, kw_only=True):
    """A file of reports was taken in: new ones, ones known before, ones that could not be read.

    `stopped`: who handed it in may no longer take in reports; the rest was left.
    """

    KIND: ClassVar[str] = "reports.file_ended/1"
    SUBJECT: ClassVar[str] = "file_id"

    file_id: str
    taken: int
    known: int
    quarantined: int
    stopped: bool
