"""What tests of shelters have in common: the chief opens, the desk registers, and both are refused."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from jingwei.apps.registers import actions as registers
from jingwei.apps.shelters import actions, queries
from jingwei.apps.shelters.facts import NewFamily, NewGuest, NewOpening
from jingwei.apps.shelters.models import Guest
from jingwei.kernel.refusals import Refused
from tests.builders import STORM, a_moment, authority_of, holding_of

HOUR = timedelta(hours=1)
PLACE = "410105"


def act(at=STORM, who: str = "hejing") -> dict:
    return {"by": holding_of(who), "moment": a_moment(at)}


def a_site(name: str = "三中体育馆", **changes) -> uuid.UUID:
    values = {"name": name, "place": PLACE, "kind": "S", "capacity": 200, "area_m2": 150.0} | changes
    return registers.add_row("shelters", values, **act(who="zhongyu"))


def opened(name: str = "三中体育馆", at=STORM, *, site: dict | None = None, **changes) -> uuid.UUID:
    new = NewOpening(shelter_id=a_site(name, **(site or {})), **changes)
    return actions.open_shelter(new, **act(at))


def family(opening, *guests, at=STORM, agreed: bool | None = None, **more) -> list[uuid.UUID]:
    """Guests of a new household, in order; a text is read as the desk reads it."""
    found = []
    for one in guests or ("王小明 40 男",):
        found += queries.read_words(one, on=at.date()).guests if isinstance(one, str) else [one]
    new = NewFamily(guests=tuple(found), agreed=agreed, **more)
    household = actions.register_family(opening, new, **act(at))
    return list(Guest.objects.filter(household=household).order_by("number").values_list("pk", flat=True))


def line(opening) -> queries.OpeningLine:
    found = queries.find_opening(opening, authority=authority_of("hejing"))
    assert found is not None
    return found


def guest(guest_id) -> queries.GuestLine:
    found = queries.find_guest(guest_id, authority=authority_of("hejing"))
    assert found is not None
    return found


def refused(call) -> str:
    with pytest.raises(Refused) as no, transaction.atomic():
        call()
    return no.value.code


__all__ = ["NewGuest"]
