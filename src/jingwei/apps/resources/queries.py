"""Reads of means for other apps; pages read registers through the kit."""

import uuid
from collections.abc import Collection
from datetime import date

import msgspec
from django.db.models import Q, QuerySet

from .models import Agreement, Expert, Hospital, Producer, Shelter, Store


class StoreCard(msgspec.Struct, frozen=True):
    """A store of supplies that stands: its name, its division, and of which body it is."""

    id: uuid.UUID
    name: str
    place: str
    owner: str = ""
    lon: float | None = None
    lat: float | None = None
    load_h: float | None = None


_CARD = StoreCard.__struct_fields__


class AgreementCard(msgspec.Struct, frozen=True):
    """An agreement on help that holds: of which area, with whom as written, its last day if it has one."""

    id: uuid.UUID
    name: str
    kind: str
    place: str
    other_party: str
    valid_to: date | None


class Keeper(msgspec.Struct, frozen=True):
    """Whose stores are meant: those that these bodies own, and those of nobody named in the place.

    `inside`: what lies in the place counts too, not only what stands at the place itself.
    """

    bodies: frozenset[str]
    place: str
    inside: bool


class ShelterCard(msgspec.Struct, frozen=True):
    """A site of the register of shelters that stands; `capacity` people and `area_m2` as registered."""

    id: uuid.UUID
    name: str
    place: str
    lon: float | None
    lat: float | None
    kind: str
    space: str
    capacity: int | None
    area_m2: float | None
    accessible: bool | None


class HospitalCard(msgspec.Struct, frozen=True):
    """A health body that stands: its name, its division, its point, its beds as registered."""

    id: uuid.UUID
    name: str
    place: str
    lon: float | None
    lat: float | None
    kind: str
    beds: int | None
    icu_beds: int | None


class ProducerCard(msgspec.Struct, frozen=True):
    """A producer that stands. `supply`: the one that units a day, lead time and price (yuan) speak of."""

    id: uuid.UUID
    name: str
    place: str
    lon: float | None
    lat: float | None
    kind: str
    makes: str
    daily_output: str
    promised: bool | None
    supply: str
    per_day: int | None
    lead_h: float | None
    unit_price: float | None


class ExpertCard(msgspec.Struct, frozen=True):
    """An expert that stands: the name is public, the telephone stays in the register."""

    id: uuid.UUID
    name: str
    place: str
    kind: str
    specialty: str
    employer: str


def find_expert(expert_id: uuid.UUID) -> ExpertCard | None:
    fields = ("pk", *ExpertCard.__struct_fields__[1:])
    row = Expert.objects.filter(pk=expert_id, removed_at=None).values_list(*fields).first()
    return ExpertCard(*row) if row else None


def find_store(store_id: uuid.UUID) -> StoreCard | None:
    row = _standing().filter(pk=store_id).values_list("pk", *_CARD[1:]).first()
    return StoreCard(*row) if row else None


def list_stores_by_id(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, StoreCard]:
    """The stores with these ids that stand; unknown ones are left out."""
    rows = _standing().filter(pk__in=set(ids)).values_list("pk", *_CARD[1:])
    return {row[0]: StoreCard(*row) for row in rows}


def list_stores(*, within: str, most: int) -> list[StoreCard]:
    """Stores of an area that stand, by division and name."""
    rows = _standing().filter(place__startswith=within).order_by("place", "name", "pk")
    return [StoreCard(*row) for row in rows.values_list("pk", *_CARD[1:])[:most]]


def list_agreements(place: str, *, kinds: Collection[str], on: date) -> list[AgreementCard]:
    """Agreements of these kinds that hold on the day: of the place, of what lies in it, of what it lies in.

    One without a first or last day holds from ever, or until it is struck out.
    """
    above = [place[:n] for n in range(len(place))]
    rows = _holding(on).filter(Q(place__startswith=place) | Q(place__in=above))
    found = rows.filter(kind__in=list(kinds)).order_by("name", "pk")
    return [AgreementCard(*one) for one in found.values_list("pk", *AgreementCard.__struct_fields__[1:])]


def find_agreement(agreement_id: uuid.UUID, *, on: date) -> AgreementCard | None:
    """The agreement, if it stands and holds on the day."""
    rows = _holding(on).filter(pk=agreement_id).values_list("pk", *AgreementCard.__struct_fields__[1:])
    found = rows.first()
    return AgreementCard(*found) if found else None


def _holding(on: date) -> QuerySet[Agreement]:
    rows = Agreement.objects.filter(Q(valid_from=None) | Q(valid_from__lte=on), removed_at=None)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on))


def list_stores_of(keepers: Collection[Keeper], *, but_in: str) -> list[StoreCard]:
    """Stores that any of these keeps, outside a place."""
    wanted = Q()
    for one in keepers:
        if one.bodies:
            wanted |= Q(owner__in=sorted(one.bodies))
        if one.place:
            wanted |= Q(owner="", **{"place__startswith" if one.inside else "place": one.place})
    if not wanted:
        return []
    rows = _standing().filter(wanted).exclude(place__startswith=but_in)
    return [StoreCard(*row) for row in rows.order_by("pk").values_list("pk", *_CARD[1:])]


def _standing() -> QuerySet:
    return Store.objects.filter(removed_at=None)


_SHELTER = ("pk", "name", "place", "lon", "lat", "kind", "space", "capacity", "area_m2", "accessible")
_HOSPITAL = ("pk", "name", "place", "lon", "lat", "kind", "beds", "icu_beds")


def find_shelter(shelter_id: uuid.UUID) -> ShelterCard | None:
    row = Shelter.objects.filter(pk=shelter_id, removed_at=None).values_list(*_SHELTER).first()
    return ShelterCard(*row) if row else None


def list_shelters(*, within: str, most: int, but: Collection[uuid.UUID] = ()) -> list[ShelterCard]:
    """Sites of an area that stand, by division and name; those in `but` left out."""
    rows = Shelter.objects.filter(place__startswith=within, removed_at=None).exclude(pk__in=but)
    return [ShelterCard(*row) for row in rows.order_by("place", "name", "pk").values_list(*_SHELTER)[:most]]


def find_hospital(hospital_id: uuid.UUID) -> HospitalCard | None:
    row = Hospital.objects.filter(pk=hospital_id, removed_at=None).values_list(*_HOSPITAL).first()
    return HospitalCard(*row) if row else None


def list_hospitals(*, within: str, most: int) -> list[HospitalCard]:
    """Health bodies of an area that stand, by division and name."""
    rows = Hospital.objects.filter(place__startswith=within, removed_at=None)
    return [HospitalCard(*row) for row in rows.order_by("place", "name", "pk").values_list(*_HOSPITAL)[:most]]


def list_hospitals_by_id(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, HospitalCard]:
    """Also those that were struck through meanwhile."""
    rows = Hospital.objects.filter(pk__in=set(ids)).values_list(*_HOSPITAL)
    return {row[0]: HospitalCard(*row) for row in rows}


_PRODUCER = ("pk", *ProducerCard.__struct_fields__[1:])
#: Producers read at once. Source: our estimate, a province lists some thousands, 2026-11-30.
MOST_PRODUCERS = 5_000


def find_producer(producer_id: uuid.UUID) -> ProducerCard | None:
    row = Producer.objects.filter(pk=producer_id, removed_at=None).values_list(*_PRODUCER).first()
    return ProducerCard(*row) if row else None


def list_producers() -> list[ProducerCard]:
    """Producers that stand, by name, for an app that asks what the post sees."""
    rows = Producer.objects.filter(removed_at=None).order_by("name", "pk").values_list(*_PRODUCER)
    return [ProducerCard(*row) for row in rows[:MOST_PRODUCERS]]
