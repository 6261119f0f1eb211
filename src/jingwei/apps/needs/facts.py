"""What can be said to have happened to needs. Who asked and why stands in the rows. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

ORIGINS = ("asked", "found", "estimated")
#: A need that is still one; the others are over.
STANDING = ("open", "confirmed")
STATES = (*STANDING, "met", "withdrawn")
#: Groups that come first. Source: [SRC-ERL2024] art. 11 (minors, the old, the disabled, women around
#: birth, the sick and injured); infants apart, for what they need is another thing.
GROUPS = ("infants", "children", "elderly", "disabled", "pregnant", "ill")


class NewNeed(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody needs, as told. The item is a supply, or words for what is in no list.

    `quantity` None: how much was not said. In units, or in packages with `in_packs`. `asker`: who asks.
    """

    supply_id: uuid.UUID | None = None
    words: str = ""
    unit: str = ""
    item_class: str = "other"
    quantity: int | None = None
    in_packs: bool = False
    place: str = ""
    site: str = ""
    due_at: datetime | None = None
    people: int | None = None
    groups: tuple[str, ...] = ()
    incident_id: uuid.UUID | None = None
    why: str = ""
    asker: str = ""
    key: str = ""


class NewAdvice(msgspec.Struct, frozen=True, kw_only=True):
    """What is not to be brought to a place, why, and until when; the public reads all of it."""

    supply_id: uuid.UUID | None = None
    words_zh: str = ""
    words_en: str = ""
    place: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    valid_until: datetime


class NeedAsked(Fact, frozen=True, kw_only=True):
    """Somebody needs something, and a person wrote it down."""

    KIND: ClassVar[str] = "needs.asked/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    item: str
    item_class: str
    priority: int
    quantity: int | None
    place: str
    site: str
    incident_id: str | None


class NeedFound(Fact, frozen=True, kw_only=True):
    """The words of a report ask for something: these characters of it. A proposal."""

    KIND: ClassVar[str] = "needs.found/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    report_id: str
    incident_id: str
    item_class: str
    priority: int
    place: str
    site: str
    begin: int
    end: int


class NeedToldAgain(Fact, frozen=True, kw_only=True):
    """Another report asks for what is known to be needed there; it is one need."""

    KIND: ClassVar[str] = "needs.told_again/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    report_id: str
    begin: int
    end: int


class NeedQuantityRead(Fact, frozen=True, kw_only=True):
    """The words of a report say how much: these characters of it. A proposal.

    `low` to `quantity`, in the unit of the need; `rough`: about, least, most, '' as said. `taken`: the need
    proposes it now; without it the need keeps what it had, and this stands beside.
    """

    KIND: ClassVar[str] = "needs.quantity_read/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    report_id: str
    item: str
    low: int
    quantity: int
    rough: str
    unit: str
    begin: int
    end: int
    taken: bool


class NeedEstimated(Fact, frozen=True, kw_only=True):
    """So many people need so much by a standard. `before`: what was estimated, None the first time.

    `held`: a person has confirmed or changed the need; its quantity stays and the estimate stands beside it.
    """

    KIND: ClassVar[str] = "needs.estimated/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    incident_id: str
    rule_id: str
    measure: str
    area: str
    count_id: str
    people: int
    quantity: int
    before: int | None
    held: bool


class EstimateLapsed(Fact, frozen=True, kw_only=True):
    """The counts no longer give this estimate, and nobody had confirmed it."""

    KIND: ClassVar[str] = "needs.estimate_lapsed/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    incident_id: str
    rule_id: str


class NeedChanged(Fact, frozen=True, kw_only=True):
    """A person changed what is needed; what had been confirmed is to be confirmed anew."""

    KIND: ClassVar[str] = "needs.changed/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    fields: tuple[str, ...]
    quantity: int | None
    before: int | None


class NeedConfirmed(Fact, frozen=True, kw_only=True):
    """A person says that it is needed, for the first time or anew. `fresh_until_at`: stale from then."""

    KIND: ClassVar[str] = "needs.confirmed/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    again: bool
    quantity: int | None
    fresh_until_at: datetime
    rule_id: str


class NeedMet(Fact, frozen=True, kw_only=True):
    """A person says that what was needed is there."""

    KIND: ClassVar[str] = "needs.met/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    reason: str


class NeedWithdrawn(Fact, frozen=True, kw_only=True):
    """It is not needed, or no longer."""

    KIND: ClassVar[str] = "needs.withdrawn/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    reason: str


class NeedRestored(Fact, frozen=True, kw_only=True):
    """It was met or withdrawn by mistake, and is needed as before."""

    KIND: ClassVar[str] = "needs.restored/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    from_state: str
    to_state: str
    reason: str


class NeedsJoined(Fact, frozen=True, kw_only=True):
    """A person says that two needs are one; the first is not counted any more."""

    KIND: ClassVar[str] = "needs.joined/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    into_id: str


class NeedParted(Fact, frozen=True, kw_only=True):
    """Two needs that were joined are two again."""

    KIND: ClassVar[str] = "needs.parted/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    from_id: str


class NeedServed(Fact, frozen=True, kw_only=True):
    """So much stock is promised for the need."""

    KIND: ClassVar[str] = "needs.served/1"
    SUBJECT: ClassVar[str] = "need_id"

    need_id: str
    promise_id: str
    store_id: str
    quantity: int


class AdvisedAgainst(Fact, frozen=True, kw_only=True):
    """The public is asked not to bring something to a place until then."""

    KIND: ClassVar[str] = "needs.advised_against/1"
    SUBJECT: ClassVar[str] = "advice_id"

    advice_id: str
    item: str
    place: str
    valid_until: datetime


class AdviceEnded(Fact, frozen=True, kw_only=True):
    """It may be brought again."""

    KIND: ClassVar[str] = "needs.advice_ended/1"
    SUBJECT: ClassVar[str] = "advice_id"

    advice_id: str
    reason: str
