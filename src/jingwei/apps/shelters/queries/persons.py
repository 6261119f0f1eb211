"""People in shelters, masked; only a recorded look shows one."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db.models import Q

from jingwei.apps.agencies.queries import Authority

from .. import rules
from ..models import Guest, Household, Stay
from ..rules import Line
from .openings import visible

#: How many lines of a shelter are compared for doubles on one page. Source: our estimate, 2026-11-29.
MOST_COMPARED = 5_000


class GuestLine(msgspec.Struct, frozen=True):
    """A person of a shelter as everybody sees them: masked. `here`: in the shelter that is looked at."""

    id: uuid.UUID
    household_id: uuid.UUID
    household: str
    number: int
    name: str
    sex: str
    age: int | None
    needs: tuple[str, ...]
    consent: str
    consent_reason: str
    opening_id: uuid.UUID
    opening: str
    place: str
    from_at: datetime
    until_at: datetime | None
    went: str
    went_words: str
    joined_into_id: uuid.UUID | None
    struck_at: datetime | None
    struck_reason: str
    by: uuid.UUID
    version: int
    speaks: bool

    @property
    def here(self) -> bool:
        return self.until_at is None

    @property
    def counts(self) -> bool:
        return self.struck_at is None and self.joined_into_id is None


class HouseholdLine(msgspec.Struct, frozen=True):
    """Who came together, as lists show them."""

    id: uuid.UUID
    number: str
    opening_id: uuid.UUID
    at: datetime
    by: uuid.UUID
    guests: tuple[GuestLine, ...]


def mask_name(name: str) -> str:
    """王小明 → 王**: enough to speak about a line, not to know the person."""
    return f"{name[:1]}**" if name else "?"


def _guest_line(row: Guest, stay: Stay) -> GuestLine:
    return GuestLine(
        id=row.pk, household_id=row.household_id, household=row.household.number, number=row.number,
        name=mask_name(row.name), sex=row.sex, age=row.age, needs=tuple(row.needs), consent=row.consent,
        consent_reason=row.consent_reason, opening_id=stay.opening_id, opening=stay.opening.name,
        place=stay.opening.place, from_at=stay.from_at, until_at=stay.until_at, went=stay.went,
        went_words=stay.went_words, joined_into_id=row.joined_into_id, struck_at=row.struck_at,
        struck_reason=row.struck_reason, by=row.by, version=row.version,
        speaks=rules.Speaker(row.age, tuple(row.needs)).speaks,
    )  # fmt: skip


def _last_stays(guests: Collection[uuid.UUID]) -> dict[uuid.UUID, Stay]:
    rows = Stay.objects.filter(guest_id__in=guests, undone_at=None).select_related("opening")
    return {stay.guest_id: stay for stay in rows.order_by("from_at", "pk")}


def lines_of(rows: list[Guest]) -> list[GuestLine]:
    stays = _last_stays([row.pk for row in rows])
    return [_guest_line(row, stays[row.pk]) for row in rows if row.pk in stays]


class Asked(msgspec.Struct, frozen=True):
    """What the list of a shelter is narrowed to. `text`: number of a card, or the whole name of a person.

    `state`: here, gone, '' for both. `need`: one need.
    """

    text: str = ""
    state: str = "here"
    need: str = ""


def list_households(
    opening_id: uuid.UUID, asked: Asked, *, offset: int = 0, limit: int = 50
) -> tuple[list[HouseholdLine], int]:
    """A page of the families of a shelter, the newest first, and how many there are."""
    stays = Stay.objects.filter(opening_id=opening_id, undone_at=None)
    if asked.state == "here":
        stays = stays.filter(until_at=None)
    elif asked.state == "gone":
        stays = stays.exclude(until_at=None)
    rows = Household.objects.filter(guests__stays__in=stays)
    text = asked.text.strip()
    if text:
        key = rules.name_key(text)
        rows = rows.filter(
            Q(number=text.upper()) | Q(guests__name_key=key) if key else Q(number=text.upper())
        )
    if asked.need:
        wanted = [g for g, needs in stays.values_list("guest_id", "guest__needs") if asked.need in needs]
        rows = rows.filter(guests__in=wanted)
    rows = rows.distinct().order_by("-at", "-pk")
    return households_of(list(rows[offset : offset + limit])), rows.count()


def households_of(rows: list[Household]) -> list[HouseholdLine]:
    guests: dict[uuid.UUID, list[GuestLine]] = defaultdict(list)
    found = Guest.objects.filter(household__in=rows).select_related("household").order_by("number")
    for line in lines_of(list(found)):
        guests[line.household_id].append(line)
    return [
        HouseholdLine(row.pk, row.number, row.opening_id, row.at, row.by, tuple(guests[row.pk]))
        for row in rows
    ]


def find_household(household_id: uuid.UUID, *, authority: Authority) -> HouseholdLine | None:
    """A family one of whom is, or was last, in a shelter of one's area."""
    row = Household.objects.filter(pk=household_id).first()
    found = households_of([row])[0] if row else None
    if found is None or not any(g.place.startswith(authority.place) for g in found.guests):
        return None
    return found


def find_by_number(number: str) -> HouseholdLine | None:
    """The family whose card says so; whoever holds the card may be received anywhere."""
    row = Household.objects.filter(number=number.strip().upper()[:9]).first()
    return households_of([row])[0] if row else None


def find_guest(guest_id: uuid.UUID, *, authority: Authority) -> GuestLine | None:
    row = Guest.objects.filter(pk=guest_id).select_related("household").first()
    found = lines_of([row]) if row else []
    return found[0] if found and found[0].place.startswith(authority.place) else None


def list_guests(ids: Collection[uuid.UUID], *, authority: Authority) -> list[GuestLine]:
    """These people, masked, as far as they are in shelters of one's area."""
    rows = Guest.objects.filter(pk__in=ids).select_related("household").order_by("pk")
    return [line for line in lines_of(list(rows)) if line.place.startswith(authority.place)]


class Same(msgspec.Struct, frozen=True):
    """Two lines that are probably one person; the earlier first."""

    one: GuestLine
    other: GuestLine


def list_same(opening_id: uuid.UUID, *, authority: Authority, most: int = 20) -> list[Same]:
    """Who in this shelter is probably registered a second time, here or in another one of one's area."""
    own = list(
        Guest.objects.filter(
            stays__opening_id=opening_id, stays__until_at=None, stays__undone_at=None, struck_at=None,
            joined_into=None,
        ).exclude(name_key="").values_list("pk", "name_key")[:MOST_COMPARED]
    )  # fmt: skip
    names, mine = {name for _, name in own}, {pk for pk, _ in own}
    rows = Guest.objects.filter(
        name_key__in=names, struck_at=None, joined_into=None, stays__until_at=None, stays__undone_at=None,
        stays__opening__in=visible(authority).filter(closed_at=None),
    )  # fmt: skip
    lines = [
        Line(g.pk, g.name_key, g.age, g.sex, g.id_last4, g.phone or g.household.phone)
        for g in rows.select_related("household").distinct().order_by("at", "pk")[: 2 * MOST_COMPARED]
    ]
    pairs = [(a, b) for a, b in rules.list_same(lines) if a in mine or b in mine][:most]
    shown = {g.id: g for g in list_guests({i for p in pairs for i in p}, authority=authority)}  # type: ignore[misc]
    return [Same(shown[a], shown[b]) for a, b in pairs if a in shown and b in shown]  # type: ignore[index]


def list_joined(guests: Collection[uuid.UUID]) -> list[GuestLine]:
    """The lines that were joined to these people."""
    rows = Guest.objects.filter(joined_into_id__in=guests).select_related("household").order_by("pk")
    return lines_of(list(rows))


def list_went(opening_id: uuid.UUID) -> dict[str, int]:
    """Where how many of a shelter's people went."""
    found: dict[str, int] = defaultdict(int)
    rows = Stay.objects.filter(
        opening_id=opening_id, undone_at=None, guest__struck_at=None, guest__joined_into=None
    ).exclude(until_at=None)
    for went in rows.values_list("went", flat=True):
        found[went] += 1
    return dict(sorted(found.items()))
