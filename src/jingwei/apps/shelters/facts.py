"""What can be said to have happened in shelters. Ids and figures, never names or telephones. Pure."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from jingwei.kernel.facts import Fact

#: For how long a shelter is opened; each has its area per head in the table of standards.
STAGES = ("emergency", "temporary", "short", "medium", "long")
#: Whether somebody may be told to those who seek them: not asked, agreed, refused, decided for them.
CONSENTS = ("", "yes", "no", "decided")
#: Where people went.
WENT = ("home", "shelter", "hospital", "relatives", "elsewhere", "unknown", "died")
SEEKING_STATES = ("open", "answered", "ended")


class NewOpening(msgspec.Struct, frozen=True, kw_only=True):
    """Which site of the register is opened, for which incident, for how long, for which kind of event.

    `room`: how many people at most, as the person who opens it says; None: what register and standard give.
    """

    shelter_id: uuid.UUID
    incident_id: uuid.UUID | None = None
    stage: str = "temporary"
    kind: str = ""
    room: int | None = None
    words: str = ""


class NewGuest(msgspec.Struct, frozen=True, kw_only=True):
    """One person as registered. `name` empty: not known. `age` None: not given, years. `needs`: codes."""

    name: str = ""
    sex: str = ""
    age: int | None = None
    id_last4: str = ""
    phone: str = ""
    needs: tuple[str, ...] = ()
    words: str = ""


class NewFamily(msgspec.Struct, frozen=True, kw_only=True):
    """People who came together. `agreed`: they may be told to those who seek them. `came_at` None: now."""

    guests: tuple[NewGuest, ...]
    came_from: str = ""
    phone: str = ""
    agreed: bool | None = None
    came_at: datetime | None = None
    key: str = ""


class NewSeeking(msgspec.Struct, frozen=True, kw_only=True):
    """Who seeks whom. Both are said: nobody asks without a name and a telephone."""

    seeker: str
    seeker_phone: str
    relation: str
    name: str
    age: int | None = None
    id_last4: str = ""
    words: str = ""
    key: str = ""


class Shown(msgspec.Struct, frozen=True):
    """A person of a shelter as one recorded look shows them."""

    id: uuid.UUID
    name: str
    sex: str
    age: int | None
    id_last4: str
    phone: str
    came_from: str
    words: str


class ShelterOpened(Fact, frozen=True, kw_only=True):
    """A person opened a shelter. `room`: how many people at most; `by_what`: register, area, person."""

    KIND: ClassVar[str] = "shelters.opened/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    shelter_id: str
    incident_id: str | None
    place: str
    stage: str
    room: int | None
    by_what: str
    rule_id: str


class OpeningChanged(Fact, frozen=True, kw_only=True):
    """For how long, for what, or for how many people a shelter is open was changed."""

    KIND: ClassVar[str] = "shelters.opening_changed/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    fields: tuple[str, ...]
    room: int | None
    before: int | None


class ShelterClosed(Fact, frozen=True, kw_only=True):
    """A shelter was closed; nobody was in it any more. `went`: where how many had gone."""

    KIND: ClassVar[str] = "shelters.closed/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    reason: str
    went: dict[str, int]


class ShelterReopened(Fact, frozen=True, kw_only=True):
    """It was closed by mistake, or is needed again."""

    KIND: ClassVar[str] = "shelters.reopened/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    reason: str


class FamilyRegistered(Fact, frozen=True, kw_only=True):
    """People who came together were registered. `over`: so many more than the shelter has room for."""

    KIND: ClassVar[str] = "shelters.family_registered/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    household_id: str
    heads: int
    needs: dict[str, int]
    over: int


class GuestChanged(Fact, frozen=True, kw_only=True):
    """What is known of a person was put right."""

    KIND: ClassVar[str] = "shelters.guest_changed/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    fields: tuple[str, ...]


class GuestsMoved(Fact, frozen=True, kw_only=True):
    """People went from one shelter to another."""

    KIND: ClassVar[str] = "shelters.guests_moved/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    to_id: str
    guests: tuple[str, ...]


class GuestsLeft(Fact, frozen=True, kw_only=True):
    """People left a shelter, and where to."""

    KIND: ClassVar[str] = "shelters.guests_left/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    guests: tuple[str, ...]
    went: str


class GuestsBack(Fact, frozen=True, kw_only=True):
    """That they left or moved was a mistake: they are where they were before."""

    KIND: ClassVar[str] = "shelters.guests_back/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    guests: tuple[str, ...]


class GuestStruck(Fact, frozen=True, kw_only=True):
    """A person was registered by mistake; the line stays to be seen and is not counted."""

    KIND: ClassVar[str] = "shelters.guest_struck/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    reason: str


class GuestRestored(Fact, frozen=True, kw_only=True):
    """A person struck through by mistake counts again."""

    KIND: ClassVar[str] = "shelters.guest_restored/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    reason: str


class GuestsJoined(Fact, frozen=True, kw_only=True):
    """A person says that two lines are one person; the first is not counted any more."""

    KIND: ClassVar[str] = "shelters.guests_joined/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    into_id: str


class GuestsParted(Fact, frozen=True, kw_only=True):
    """Two lines that were joined are two people again."""

    KIND: ClassVar[str] = "shelters.guests_parted/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    from_id: str


class GuestRevealed(Fact, frozen=True, kw_only=True):
    """Somebody looked at who a person of a shelter is, and said why."""

    KIND: ClassVar[str] = "shelters.guest_revealed/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    reason: str


class GuestsSought(Fact, frozen=True, kw_only=True):
    """Somebody looked for a person by name in all shelters of an area; so many lines fitted."""

    KIND: ClassVar[str] = "shelters.guests_sought/1"

    found: int
    reason: str


class GuestListTaken(Fact, frozen=True, kw_only=True):
    """The names of all people in a shelter were taken out on paper, for a day without a machine."""

    KIND: ClassVar[str] = "shelters.list_taken/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    heads: int
    reason: str


class GuestErased(Fact, frozen=True, kw_only=True):
    """What a line told of a person was erased under a clause; the line and its times stay."""

    KIND: ClassVar[str] = "shelters.guest_erased/1"
    SUBJECT: ClassVar[str] = "guest_id"
    ERASES: ClassVar[bool] = True

    guest_id: str
    clause: str


class ConsentNoted(Fact, frozen=True, kw_only=True):
    """Somebody said whether they may be told to those who seek them."""

    KIND: ClassVar[str] = "shelters.consent_noted/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    consent: str


class ConsentDecided(Fact, frozen=True, kw_only=True):
    """A named person decided for one who cannot speak for themselves that they may be told, and why."""

    KIND: ClassVar[str] = "shelters.consent_decided/1"
    SUBJECT: ClassVar[str] = "guest_id"

    guest_id: str
    reason: str


class SeekingAsked(Fact, frozen=True, kw_only=True):
    """Somebody seeks a person. Nothing about whether the person is known."""

    KIND: ClassVar[str] = "shelters.seeking_asked/1"
    SUBJECT: ClassVar[str] = "seeking_id"

    seeking_id: str
    channel: str


class SeekingAnswered(Fact, frozen=True, kw_only=True):
    """A person decided that the one who seeks is told where the person is."""

    KIND: ClassVar[str] = "shelters.seeking_answered/1"
    SUBJECT: ClassVar[str] = "seeking_id"

    seeking_id: str
    guest_id: str
    consent: str


class SeekingEnded(Fact, frozen=True, kw_only=True):
    """Nobody looks into it any more; the one who seeks is told no more than before."""

    KIND: ClassVar[str] = "shelters.seeking_ended/1"
    SUBJECT: ClassVar[str] = "seeking_id"

    seeking_id: str
    reason: str


class SeekingReopened(Fact, frozen=True, kw_only=True):
    """An answer or an end was a mistake: it is looked into again, and what was told is told no more."""

    KIND: ClassVar[str] = "shelters.seeking_reopened/1"
    SUBJECT: ClassVar[str] = "seeking_id"

    seeking_id: str
    reason: str


class SeekingLookedUp(Fact, frozen=True, kw_only=True):
    """Somebody asked through the public's door what became of a number. `known`: number and telephone fit."""

    KIND: ClassVar[str] = "shelters.seeking_looked_up/1"
    SUBJECT: ClassVar[str] = "seeking_id"

    seeking_id: str
    known: bool
    told: bool


class SupplyCounted(Fact, frozen=True, kw_only=True):
    """So much of what a standard asks for is in the shelter."""

    KIND: ClassVar[str] = "shelters.supply_counted/1"
    SUBJECT: ClassVar[str] = "opening_id"

    opening_id: str
    rule_id: str
    quantity: int
    before: int | None


class HeadsAdopted(Fact, frozen=True, kw_only=True):
    """A person took the heads in the shelters of an incident as the count of people relocated there."""

    KIND: ClassVar[str] = "shelters.heads_adopted/1"
    SUBJECT: ClassVar[str] = "incident_id"

    incident_id: str
    area: str
    heads: int
    count_id: str
