"""Room, what may be said of whom, who is probably the same, who was there at which hour. Pure."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

import msgspec

from jingwei.apps.hazards.facts import DemandStandard
from jingwei.kernel.refusals import Refused

from ..facts import STAGES, WENT
from .families import ADULT_YEARS, MOST_TOGETHER

#: The standard of area per head by how long a shelter is open: a code of the table of standards.
STANDARD_OF = {
    "emergency": "SHELTER_EMERG_CN",
    "temporary": "SHELTER_TEMP_CN",
    "short": "SHELTER_SHORT_CN",
    "medium": "SHELTER_MEDIUM_CN",
    "long": "SHELTER_LONG_CN",
}
#: Most people of one shelter. Source: our estimate, the largest stadiums, 2026-11-29.
MOST_ROOM = 1_000_000
#: Most units counted at once. Source: our estimate, as for one move of stock, 2026-11-29.
MOST_UNITS = 1_000_000_000
#: How long before it was sent a registration may have been written. Source: our estimate, a week cut off.
OLDEST_WRITING = timedelta(days=7)
#: Most questions from one address and about one telephone within the window; the window.
#: Source: our estimate, a family seeks a few people, a list of names is no family, 2026-11-29.
MOST_TRIES, TRY_WINDOW = 12, timedelta(minutes=60)
#: How far an age as told by who seeks may be off, years. Source: our estimate, 2026-11-29.
AGE_OFF = 2


class ShelterRefused(Refused):
    """`shelter_unknown`, `shelter_open_already`, `shelter_stage_unknown`, `shelter_room_impossible`,

    `opening_unknown`, `opening_over`, `opening_not_over`, `opening_changed_meanwhile`, `opening_has_people`,
    `family_empty`, `family_too_large`, `family_key_reused`, `family_unreadable`, `household_unknown`,
    `guest_unknown`, `guest_need_unknown`, `guest_age_impossible`, `guest_changed_meanwhile`,
    `guests_missing`, `guest_not_here`, `guest_went_unknown`, `guest_not_gone`, `guest_struck`,
    `guest_not_struck`, `guest_joined`, `guest_not_joined`, `guest_same`, `guest_has_joined`,
    `guest_reason_missing`, `guest_clause_missing`, `consent_unknown`, `consent_not_theirs`,
    `consent_their_own`, `consent_refused`, `guest_has_not_agreed`, `seeking_unknown`, `seeking_incomplete`,
    `seeking_over`, `seeking_not_over`, `too_many_seekings`, `shelter_standard_unknown`,
    `shelter_quantity_impossible`, `opening_without_incident`.
    """


def check_stage(stage: str) -> str:
    if stage not in STAGES:
        raise ShelterRefused("shelter_stage_unknown")
    return stage


def check_room(room: int | None) -> int | None:
    if room is not None and not 1 <= room <= MOST_ROOM:
        raise ShelterRefused("shelter_room_impossible")
    return room


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise ShelterRefused("guest_reason_missing")
    return reason.strip()[:300]


def check_went(went: str) -> str:
    if went not in WENT:
        raise ShelterRefused("guest_went_unknown")
    return went


def check_quantity(quantity: int) -> int:
    if not 0 <= quantity <= MOST_UNITS:
        raise ShelterRefused("shelter_quantity_impossible")
    return quantity


def check_heads(heads: int) -> None:
    if heads < 1:
        raise ShelterRefused("family_empty")
    if heads > MOST_TOGETHER:
        raise ShelterRefused("family_too_large", most=MOST_TOGETHER)


class Room(msgspec.Struct, frozen=True):
    """How many people at most, and what says so: person, register, area (m² over m² a head)."""

    people: int | None
    by_what: str
    rule_id: str


def room_of(
    *, said: int | None, registered: int | None, area_m2: float | None, standard: DemandStandard | None
) -> Room:
    """The person's word; else the smaller of what the register says and what the area gives."""
    rule = standard.rule_id if standard else ""
    if said is not None:
        return Room(said, "person", rule)
    fits = None
    if area_m2 and standard and standard.quantity > 0:
        fits = math.floor(Fraction(str(area_m2)) / Fraction(str(standard.quantity)))
    known = [(n, w) for n, w in ((registered, "register"), (fits, "area")) if n is not None]
    if not known:
        return Room(None, "", rule)
    people, by_what = min(known)
    return Room(people, by_what, rule)


def came_at(written: datetime | None, *, opened_at: datetime, now: datetime) -> datetime:
    """When they came: as written on the phone, where that can be; else now."""
    if written is None or not max(opened_at, now - OLDEST_WRITING) <= written <= now:
        return now
    return written


class Speaker(msgspec.Struct, frozen=True):
    """What is asked about when somebody is to agree: age, needs."""

    age: int | None
    needs: tuple[str, ...]

    @property
    def speaks(self) -> bool:
        """Of age, as far as is known, and conscious."""
        return (self.age is None or self.age >= ADULT_YEARS) and "unconscious" not in self.needs


def may_agree(guest: Speaker, family: Iterable[Speaker]) -> bool:
    """Whether consent is theirs to give: who speaks for themselves, and a child with a grown-up there."""
    if guest.speaks:
        return True
    return "unconscious" not in guest.needs and any(one.speaks and one.age is not None for one in family)


def told(consent: str) -> bool:
    """Whether somebody may be told to those who seek them."""
    return consent in ("yes", "decided")


class Line(msgspec.Struct, frozen=True):
    """What lines are compared by."""

    id: object
    name_key: str
    age: int | None
    sex: str
    id_last4: str
    phone: str


def is_same(one: Line, other: Line) -> bool:
    """Probably one person: the same name, and nothing that speaks against it, and one thing for it."""
    if not one.name_key or one.name_key != other.name_key:
        return False
    if one.id_last4 and other.id_last4:
        return one.id_last4 == other.id_last4
    if one.sex and other.sex and one.sex != other.sex:
        return False
    if one.age is not None and other.age is not None:
        return abs(one.age - other.age) <= 1
    return bool(one.phone) and one.phone == other.phone


def list_same(lines: Sequence[Line]) -> list[tuple[object, object]]:
    """Pairs that are probably one person; the earlier first."""
    by_name: dict[str, list[Line]] = defaultdict(list)
    found = []
    for line in lines:
        if not line.name_key:
            continue
        found += [(known.id, line.id) for known in by_name[line.name_key] if is_same(known, line)]
        by_name[line.name_key].append(line)
    return found


def fits_sought(line: Line, *, name_key: str, age: int | None, id_last4: str) -> bool:
    """Whether a person may be the one who is sought: a question for a person, never an answer."""
    if line.name_key != name_key:
        return False
    if line.id_last4 and id_last4:
        return line.id_last4 == id_last4
    return age is None or line.age is None or abs(line.age - age) <= AGE_OFF


class Presence(msgspec.Struct, frozen=True):
    """That somebody with these needs was there from then until then; None: still is."""

    from_at: datetime
    until_at: datetime | None
    needs: tuple[str, ...]


class Hour(msgspec.Struct, frozen=True):
    """Who was there at the full hour, who came and who left in the hour after it."""

    at: datetime
    heads: int
    came: int
    left: int
    needs: Mapping[str, int]


def list_hours(stays: Sequence[Presence], *, until: datetime, hours: int) -> list[Hour]:
    """Heads at each full hour up to now, the oldest first; what is not over yet ends now."""
    last = until.replace(minute=0, second=0, microsecond=0)
    found = []
    for back in range(hours - 1, -1, -1):
        at = last - timedelta(hours=back)
        to = min(at + timedelta(hours=1), until)
        there = [s for s in stays if s.from_at <= at and (s.until_at is None or s.until_at > at)]
        needs = count_needs(s.needs for s in there)
        came = sum(at < s.from_at <= to for s in stays)
        left = sum(s.until_at is not None and at < s.until_at <= to for s in stays)
        found.append(Hour(at, len(there), came, left, needs))
    return found


def count_needs(needs: Iterable[Collection[str]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in needs:
        for code in set(one):
            found[code] += 1
    return dict(sorted(found.items()))


class PerHead(msgspec.Struct, frozen=True):
    """What a standard asks for so many heads, beside what was counted. `needed` over the standard's days.

    `has`: per head and day (or per head); None: not counted.
    """

    standard: DemandStandard
    heads: int
    needed: int
    on_hand: int | None
    counted_at: datetime | None

    @property
    def has(self) -> float | None:
        if self.on_hand is None or not self.heads:
            return None
        days = self.standard.days if self.standard.basis == "per_person_day" and self.standard.days else 1
        if self.standard.basis == "ratio":
            return round(self.heads / self.on_hand, 2) if self.on_hand else None
        return round(self.on_hand / self.heads / days, 2)

    @property
    def short(self) -> int | None:
        return None if self.on_hand is None else max(0, self.needed - self.on_hand)
