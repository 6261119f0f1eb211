"""Shelters and hospitals for programs: numbers within one's area, nobody's name; beds are reported."""

import uuid
from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hospitals import actions as hospitals
from jingwei.apps.hospitals import queries as beds
from jingwei.apps.hospitals.facts import NewBeds
from jingwei.apps.hospitals.queries import HospitalLine
from jingwei.apps.shelters import queries
from jingwei.apps.shelters.queries import OpeningLine, Sought
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.refusals import Refused

router = Router()
hospital_router = Router()


class OpeningOut(Schema):
    """A shelter that is or was open. `room` null: not known; `by_what`: person, register, area.

    `heads`: people in it now; `needs`: how many of them have which need. Nobody's name.
    """

    id: uuid.UUID
    shelter_id: uuid.UUID
    incident_id: uuid.UUID | None
    name: str
    place: str
    lon: float | None
    lat: float | None
    space: str
    accessible: bool | None
    stage: str
    room: int | None
    by_what: str
    rule_id: str
    heads: int
    free: int | None
    over: int
    needs: dict[str, int]
    opened_at: datetime
    closed_at: datetime | None


class OpeningsOut(Schema):
    total: int
    shelters: list[OpeningOut]


class HourOut(Schema):
    """Who was there at the full hour; who came and left in the hour after it."""

    at: datetime
    heads: int
    came: int
    left: int
    needs: dict[str, int]


class PerHeadOut(Schema):
    """What a standard asks for so many heads over its days, beside what was counted; null: not counted."""

    rule_id: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    quantity: float
    days: int | None
    needed: int
    on_hand: int | None
    short: int | None
    counted_at: datetime | None


class BedsOut(Schema):
    """Beds of one kind. `held` for patients on the way; `could`: what surge steps not running would add."""

    kind: str
    usable: int
    taken: int
    held: int
    free: int
    could: int
    is_stale: bool
    at: datetime


class HospitalOut(Schema):
    id: uuid.UUID
    name: str
    place: str
    lon: float | None
    lat: float | None
    beds: list[BedsOut]


class BedsIn(Schema):
    """Beds of one kind as they stand now: usable with staff, and taken."""

    kind: str = Field(max_length=20)
    usable: int
    taken: int


class ToldOut(Schema):
    error: str
    message: str


@router.get("", response=OpeningsOut, summary="Shelters with the heads in them, by division and name")
def list_shelters(
    request: HttpRequest,
    state: str = Query("open", max_length=8),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=1_000_000),  # type: ignore[type-arg]
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
):
    authority, sought = _authority(request), Sought(state=state if state in ("open", "closed") else "")
    found = queries.list_openings(sought, authority=authority, offset=offset, limit=limit)
    needs = queries.count_needs([one.id for one in found])
    total = queries.count_openings(sought, authority=authority)
    return OpeningsOut(total=total, shelters=[_opening(one, needs.get(one.id, {})) for one in found])


@router.get("/{opening_id}", response=OpeningOut, summary="One shelter")
def get_shelter(request: HttpRequest, opening_id: uuid.UUID):
    found = _found(request, opening_id)
    return _opening(found, queries.count_needs([found.id]).get(found.id, {}))


@router.get("/{opening_id}/hours", response=list[HourOut], summary="Heads by the hour, the last day")
def list_hours(request: HttpRequest, opening_id: uuid.UUID):
    found = queries.list_hours(_found(request, opening_id).id, at=this_moment().at)
    return [HourOut(at=h.at, heads=h.heads, came=h.came, left=h.left, needs=dict(h.needs)) for h in found]


@router.get("/{opening_id}/supplies", response=list[PerHeadOut], summary="Supplies beside the standards")
def list_supplies(request: HttpRequest, opening_id: uuid.UUID):
    found = queries.list_per_head(_found(request, opening_id), at=this_moment().at)
    return [
        PerHeadOut(
            rule_id=p.standard.rule_id,
            name_zh=p.standard.name_zh,
            name_en=p.standard.name_en,
            unit_zh=p.standard.unit_zh,
            unit_en=p.standard.unit_en,
            quantity=p.standard.quantity,
            days=p.standard.days,
            needed=p.needed,
            on_hand=p.on_hand,
            short=p.short,
            counted_at=p.counted_at,
        )
        for p in found
    ]


@hospital_router.get("", response=list[HospitalOut], summary="Hospitals with their beds by kind")
def list_hospitals(request: HttpRequest, search: str = Query("", max_length=100)):  # type: ignore[type-arg]
    at = this_moment().at
    return [_hospital(one, at) for one in beds.list_hospitals(authority=_authority(request), text=search)]


@hospital_router.get("/{hospital_id}", response=HospitalOut, summary="One hospital")
def get_hospital(request: HttpRequest, hospital_id: uuid.UUID):
    found = beds.find_hospital(hospital_id, authority=_authority(request))
    if found is None:
        raise Refused("not_found")
    return _hospital(found, this_moment().at)


@hospital_router.post(
    "/{hospital_id}/beds",
    response={200: HospitalOut, 403: ToldOut, 404: ToldOut, 409: ToldOut},
    summary="Report beds of one kind as they stand now",
)
def report_beds(request: HttpRequest, hospital_id: uuid.UUID, body: BedsIn):
    authority, moment = _authority(request), this_moment()
    new = NewBeds(hospital_id=hospital_id, kind=body.kind, usable=body.usable, taken=body.taken)
    hospitals.report_beds(new, by=authority.holding, moment=moment)
    found = beds.find_hospital(hospital_id, authority=authority)
    if found is None:
        raise Refused("not_found")
    return Status(200, _hospital(found, moment.at))


def _authority(request: HttpRequest) -> Authority:
    return request.auth  # type: ignore[attr-defined, no-any-return]


def _found(request: HttpRequest, opening_id: uuid.UUID) -> OpeningLine:
    found = queries.find_opening(opening_id, authority=_authority(request))
    if found is None:
        raise Refused("not_found")
    return found


def _opening(one: OpeningLine, needs: dict[str, int]) -> OpeningOut:
    plain = {name: getattr(one, name) for name in OpeningOut.model_fields if name != "needs"}
    return OpeningOut(**plain, needs=needs)


def _hospital(one: HospitalLine, at: datetime) -> HospitalOut:
    return HospitalOut(
        id=one.card.id,
        name=one.card.name,
        place=one.card.place,
        lon=one.card.lon,
        lat=one.card.lat,
        beds=[
            BedsOut(
                kind=b.kind,
                usable=b.usable,
                taken=b.taken,
                held=b.held,
                free=b.free,
                could=b.could,
                is_stale=b.is_stale(at),
                at=b.at,
            )
            for b in one.beds
        ],
    )
