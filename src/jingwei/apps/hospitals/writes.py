"""Steps that the actions share: a hospital with the right, its beds of a kind locked, how many are free."""

import uuid

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.registers.queries import list_choices
from jingwei.apps.resources import queries as resources
from jingwei.apps.resources.queries import HospitalCard
from jingwei.kernel.moments import By, Moment

from .facts import HOLDING
from .models import Beds, Transfer
from .rules import HospitalRefused


def hospital_for(hospital_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> HospitalCard:
    found = resources.find_hospital(hospital_id)
    if found is None:
        raise HospitalRefused("hospital_unknown")
    agencies.require(by, right, at=moment.at, place=found.place)
    return found


def check_kind(kind: str) -> str:
    if kind not in {c.code for c in list_choices("bed_kind")}:
        raise HospitalRefused("bed_kind_unknown")
    return kind


def beds_of(hospital_id: uuid.UUID, kind: str) -> Beds | None:
    """The beds of one kind, locked."""
    return Beds.objects.select_for_update().filter(hospital_id=hospital_id, kind=kind).first()


def held(hospital_id: uuid.UUID, kind: str) -> int:
    """Beds held for patients who are accepted or on the road."""
    return Transfer.objects.filter(to_id=hospital_id, kind=kind, state__in=HOLDING).count()


def free(row: Beds) -> int:
    return max(0, row.usable - row.taken - held(row.hospital_id, row.kind))


def transfer_for(transfer_id: uuid.UUID, right: str, *, by: By, moment: Moment, to: bool) -> Transfer:
    """The transfer, locked; `to`: the right is asked for at the receiving hospital, else at either end."""
    row = (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("to", "source")
        .filter(pk=transfer_id)
        .first()
    )
    if row is None:
        raise HospitalRefused("transfer_unknown")
    mine = row.source is not None and not to
    ends = [row.source.place, row.to.place] if mine and row.source is not None else [row.to.place]
    if not any(agencies.may(by, right, at=moment.at, place=place) for place in ends):
        agencies.require(by, right, at=moment.at, place=ends[0])
    return row
