"""Reads of beds, surge steps and patients on the way, within one's area."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.resources import queries as resources
from jingwei.apps.resources.queries import HospitalCard

from .facts import HOLDING
from .models import Beds, SurgeStep, Transfer
from .rules import FRESH_H

#: Hospitals of one page. Source: our estimate, a city's, 2026-11-29.
MOST_HOSPITALS = 500


class BedsLine(msgspec.Struct, frozen=True):
    """Beds of one kind: `held` for patients on the way; `could`: what surge steps not running would add."""

    hospital_id: uuid.UUID
    kind: str
    usable: int
    taken: int
    surged: int
    held: int
    could: int
    by: uuid.UUID
    at: datetime

    @property
    def free(self) -> int:
        return max(0, self.usable - self.taken - self.held)

    @property
    def over(self) -> int:
        return max(0, self.taken + self.held - self.usable)

    def is_stale(self, at: datetime) -> bool:
        return at - self.at > timedelta(hours=FRESH_H)


class StepLine(msgspec.Struct, frozen=True):
    """A step of a surge plan."""

    id: uuid.UUID
    hospital_id: uuid.UUID
    number: int
    kind: str
    adds: int
    within_h: float
    how: str
    state: str
    started_at: datetime | None
    reason: str
    by: uuid.UUID
    at: datetime


class TransferLine(msgspec.Struct, frozen=True):
    """A patient on the way, by the number of their tag. `from_place` '' : not from a hospital."""

    id: uuid.UUID
    to_id: uuid.UUID
    to: str
    to_place: str
    from_id: uuid.UUID | None
    source: str
    from_place: str
    kind: str
    patient: str
    why: str
    state: str
    reason: str
    carrier: str
    condition: str
    by: uuid.UUID
    at: datetime
    answered_at: datetime | None
    sent_at: datetime | None
    arrived_by: uuid.UUID | None
    arrived_at: datetime | None


class HospitalLine(msgspec.Struct, frozen=True):
    """A hospital with what was said of its beds. `beds` empty: nobody said anything yet."""

    card: HospitalCard
    beds: tuple[BedsLine, ...]

    def free(self, kind: str) -> int | None:
        return next((b.free for b in self.beds if b.kind == kind), None)


def list_hospitals(*, authority: Authority, text: str = "") -> list[HospitalLine]:
    """The hospitals of one's area, by division and name; those that said anything first."""
    cards = resources.list_hospitals(within=authority.place, most=MOST_HOSPITALS)
    words = text.split()
    cards = [c for c in cards if all(w.casefold() in c.name.casefold() for w in words)]
    beds = _beds({c.id for c in cards})
    found = [HospitalLine(c, tuple(beds.get(c.id, ()))) for c in cards]
    return sorted(found, key=lambda one: not one.beds)


def find_hospital(hospital_id: uuid.UUID, *, authority: Authority) -> HospitalLine | None:
    card = resources.find_hospital(hospital_id)
    if card is None or not card.place.startswith(authority.place):
        return None
    return HospitalLine(card, tuple(_beds({card.id}).get(card.id, ())))


def list_goals() -> list[HospitalCard]:
    """Hospitals a patient may be sent to: any of the node's, for the next county's may be the nearest."""
    return resources.list_hospitals(within="", most=MOST_HOSPITALS)


def _beds(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[BedsLine]]:
    on_way = Transfer.objects.filter(to_id__in=ids, state__in=HOLDING)
    held = {
        (to, kind): n
        for to, kind, n in on_way.values_list("to_id", "kind").annotate(n=Count("pk")).order_by()
    }
    could: dict[tuple[uuid.UUID, str], int] = defaultdict(int)
    steps = SurgeStep.objects.filter(hospital_id__in=ids).exclude(state="started")
    for hospital_id, kind, adds in steps.values_list("hospital_id", "kind", "adds"):
        could[hospital_id, kind] += adds
    found: dict[uuid.UUID, list[BedsLine]] = defaultdict(list)
    for row in Beds.objects.filter(hospital_id__in=ids).order_by("kind"):
        key = (row.hospital_id, row.kind)
        found[row.hospital_id].append(
            BedsLine(
                row.hospital_id, row.kind, row.usable, row.taken, row.surged, held.get(key, 0), could[key],
                row.by, row.at,
            )
        )  # fmt: skip
    return found


class KindTotal(msgspec.Struct, frozen=True):
    """Beds of one kind in all hospitals of an area."""

    kind: str
    hospitals: int
    usable: int
    taken: int
    held: int
    free: int
    could: int


def list_totals(found: Collection[HospitalLine]) -> list[KindTotal]:
    """The same beds by kind, added up."""
    kinds: dict[str, list[BedsLine]] = defaultdict(list)
    for hospital in found:
        for one in hospital.beds:
            kinds[one.kind].append(one)
    return [
        KindTotal(
            kind, len(b), sum(x.usable for x in b), sum(x.taken for x in b), sum(x.held for x in b),
            sum(x.free for x in b), sum(x.could for x in b),
        )
        for kind, b in sorted(kinds.items())
    ]  # fmt: skip


def list_steps(hospital_id: uuid.UUID) -> list[StepLine]:
    """The surge plan of a hospital, for a page that has checked who may see it."""
    rows = SurgeStep.objects.filter(hospital_id=hospital_id).order_by("number")
    return [StepLine(**{n: getattr(row, n) for n in StepLine.__struct_fields__}) for row in rows]


def find_step(step_id: uuid.UUID) -> StepLine | None:
    row = SurgeStep.objects.filter(pk=step_id).first()
    return StepLine(**{n: getattr(row, n) for n in StepLine.__struct_fields__}) if row else None


def _visible(authority: Authority) -> QuerySet:
    rows = Transfer.objects.select_related("to", "source")
    place = authority.place
    return rows.filter(Q(to__place__startswith=place) | Q(source__place__startswith=place))


def list_transfers(
    *, authority: Authority, state: str = "", hospital_id: uuid.UUID | None = None, offset: int = 0,
    limit: int = 50,
) -> list[TransferLine]:  # fmt: skip
    """A page of transfers from or to one's area, the newest first; `state` '' : all."""
    rows = _sought(authority, state, hospital_id).order_by("-at", "-pk")
    return [_transfer(row) for row in rows[offset : offset + limit]]


def count_transfers(*, authority: Authority, state: str = "", hospital_id: uuid.UUID | None = None) -> int:
    return _sought(authority, state, hospital_id).count()


def _sought(authority: Authority, state: str, hospital_id: uuid.UUID | None) -> QuerySet:
    rows = _visible(authority)
    if state:
        rows = rows.filter(state=state)
    if hospital_id is not None:
        rows = rows.filter(Q(to_id=hospital_id) | Q(source_id=hospital_id))
    return rows


def find_transfer(transfer_id: uuid.UUID, *, authority: Authority) -> TransferLine | None:
    row = _visible(authority).filter(pk=transfer_id).first()
    return _transfer(row) if row else None


def _transfer(row: Transfer) -> TransferLine:
    made: dict[str, Any] = {
        "to": row.to.name, "to_place": row.to.place, "from_id": row.source_id,
        "source": row.source.name if row.source else row.from_words,
        "from_place": row.source.place if row.source else "",
    }  # fmt: skip
    plain: dict[str, Any] = {n: getattr(row, n) for n in TransferLine.__struct_fields__ if n not in made}
    return TransferLine(**plain | made)
