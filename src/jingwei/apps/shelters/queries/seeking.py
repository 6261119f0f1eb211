"""Who seeks whom, masked; who may be the one; and the one thing that who seeks is ever told."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from jingwei.apps.agencies.queries import Authority

from .. import rules
from ..models import Guest, Seeking, Stay
from .persons import GuestLine, lines_of, mask_name

#: Most lines that are offered as the one sought. Source: our estimate, a common name in a city, 2026-11-29.
MOST_MATCHES = 20


class SeekingLine(msgspec.Struct, frozen=True):
    """Who seeks whom, as lists show it: both masked."""

    id: uuid.UUID
    number: str
    seeker: str
    seeker_phone: str
    relation: str
    name: str
    age: int | None
    words: str
    place: str
    channel: str
    state: str
    guest_id: uuid.UUID | None
    reason: str
    decided_by: uuid.UUID | None
    decided_at: datetime | None
    by: uuid.UUID
    at: datetime


class Answer(msgspec.Struct, frozen=True):
    """What who seeks is told: the shelter, as long as the person is there and may be told. '' : moved on."""

    shelter: str
    place: str
    answered_at: datetime | None


def answer_of(row: Seeking) -> Answer | None:
    """None unless a person answered, and the one who was found may be told still."""
    if row.state != "answered" or row.guest is None:
        return None
    guest = row.guest
    if not rules.told(guest.consent) or guest.struck_at is not None:
        return None
    stay = Stay.objects.filter(guest=guest, until_at=None, undone_at=None).select_related("opening").first()
    if stay is None:
        return Answer("", "", row.decided_at)
    return Answer(stay.opening.name, stay.opening.place, row.decided_at)


def _mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-2:]}" if len(phone) > 5 else "****"


def _line(row: Seeking) -> SeekingLine:
    plain = {n: getattr(row, n) for n in SeekingLine.__struct_fields__}
    masked = {
        "seeker": mask_name(row.seeker),
        "seeker_phone": _mask_phone(row.seeker_phone),
        "name": mask_name(row.name),
    }
    return SeekingLine(**plain | masked)


def _visible(authority: Authority) -> QuerySet:
    """Of one's area, and of the areas above it: who is sought in the city may be in the county's shelter."""
    place = authority.place
    above = ["", *(place[:n] for n in (2, 4, 6, 9) if n < len(place))]
    return Seeking.objects.filter(Q(place__startswith=place) | Q(place__in=above))


def list_seekings(
    *, authority: Authority, state: str = "open", offset: int = 0, limit: int = 50
) -> list[SeekingLine]:
    """A page of who seeks whom, the oldest open question first."""
    rows = _visible(authority).filter(state=state).order_by("at" if state == "open" else "-at", "pk")
    return [_line(row) for row in rows[offset : offset + limit]]


def count_seekings(*, authority: Authority, state: str = "open") -> int:
    return _visible(authority).filter(state=state).count()


def find_seeking(seeking_id: uuid.UUID, *, authority: Authority) -> SeekingLine | None:
    row = _visible(authority).filter(pk=seeking_id).first()
    return _line(row) if row else None


def list_matches(seeking_id: uuid.UUID, *, authority: Authority) -> list[GuestLine]:
    """People of one's own shelters who may be the one, masked: for a person to look into, never an answer."""
    row = _visible(authority).filter(pk=seeking_id).first()
    if row is None:
        return []
    rows = Guest.objects.filter(name_key=row.name_key, struck_at=None, joined_into=None)
    found = _fitting(rows.select_related("household").order_by("pk")[: 10 * MOST_MATCHES], row)
    mine = [g for g in lines_of(found) if g.place.startswith(authority.place)]
    return mine[:MOST_MATCHES]


def _fitting(guests: Iterable[Guest], row: Seeking) -> list[Guest]:
    def line(g: Guest) -> rules.Line:
        return rules.Line(g.pk, g.name_key, g.age, g.sex, g.id_last4, g.phone)

    wanted: dict[str, Any] = {"name_key": row.name_key, "age": row.age, "id_last4": row.id_last4}
    return [g for g in guests if rules.fits_sought(line(g), **wanted)]
