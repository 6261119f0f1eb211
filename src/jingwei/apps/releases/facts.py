"""What can be said to have happened to a release, from the first draft to its withdrawal."""

from datetime import datetime
from typing import ClassVar

from jingwei.kernel.facts import Fact


class ReleaseDrafted(Fact, frozen=True, kw_only=True):
    """A release was drafted from the record or from a plan's notice, or a correction was begun.

    `gaps`: what the record lacked; each stands in the text as a gap to fill or to strike out. `incident_id`
    '': a response to a warning. `notice`: which of the plan's texts, for which response.
    """

    KIND: ClassVar[str] = "releases.drafted/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    incident_id: str
    edition: int
    gaps: tuple[str, ...]
    activation_id: str = ""
    notice: str = ""


class ReleaseEdited(Fact, frozen=True, kw_only=True):
    """A person changed the text; `ready`: they put it forward for approval."""

    KIND: ClassVar[str] = "releases.edited/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    edition: int
    ready: bool
    valid_until: datetime | None


class ReleaseApproved(Fact, frozen=True, kw_only=True):
    """A second person, who wrote none of it, approved the text under a clause."""

    KIND: ClassVar[str] = "releases.approved/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    edition: int
    clause: str


class ReleasePublished(Fact, frozen=True, kw_only=True):
    """A named person told the public; `conference`: at a press conference too."""

    KIND: ClassVar[str] = "releases.published/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    edition: int
    valid_until: datetime
    clause: str
    conference: bool = False


class ReleaseCorrected(Fact, frozen=True, kw_only=True):
    """A published release got a new text; the old one stays visible, struck through, with the reason."""

    KIND: ClassVar[str] = "releases.corrected/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    edition: int
    reason: str
    valid_until: datetime


class ReleaseWithdrawn(Fact, frozen=True, kw_only=True):
    """A published release no longer stands; it stays visible as withdrawn, with the reason."""

    KIND: ClassVar[str] = "releases.withdrawn/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    reason: str


class ReleaseDiscarded(Fact, frozen=True, kw_only=True):
    """A text that was not published was given up, with the reason; it stays readable and can be restored."""

    KIND: ClassVar[str] = "releases.discarded/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    edition: int
    reason: str


class ReleaseRestored(Fact, frozen=True, kw_only=True):
    """A text given up is a draft again."""

    KIND: ClassVar[str] = "releases.restored/1"
    SUBJECT: ClassVar[str] = "release_id"

    release_id: str
    edition: int
    reason: str
