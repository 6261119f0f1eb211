"""What tests of needs have in common: the chief asks, looks, and is refused."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from jingwei.apps.needs import actions, queries
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import Incoming, NewSupply
from jingwei.kernel.refusals import Refused
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told

HOUR = timedelta(hours=1)


def act(at=STORM, who: str = "hejing") -> dict:
    return {"by": holding_of(who), "moment": a_moment(at)}


def ask(quantity: int | None = 20, at=STORM, **changes) -> uuid.UUID:
    fields = {"words": "帐篷", "unit": "顶", "place": "410105", "item_class": "shelter"} | changes
    return actions.ask_need(NewNeed(quantity=quantity, **fields), **act(at))


def line(need: uuid.UUID) -> queries.NeedLine:
    found = queries.find_need(need, authority=authority_of("hejing"))
    assert found is not None
    return found


def refused(call) -> str:
    with pytest.raises(Refused) as no, transaction.atomic():
        call()
    return no.value.code


def totals(at=STORM) -> dict[tuple[str, str], queries.Total]:
    found = queries.list_totals(authority=authority_of("hejing"), on=at.date())
    return {(t.item_zh, t.place): t for t in found}


def tell(*texts: str, at=STORM, **more) -> None:
    fields = {"kind": "11A01", "place": "410182", "occurred_at": at} | more
    receive(*[told(text, **fields) for text in texts], by=holding_of("baishuyan"), at=at)
    settle(at)


def a_store(place: str = "410105") -> tuple[uuid.UUID, uuid.UUID]:
    """A store with a hundred tents in packages of ten: store, supply."""
    mine = act(who="zhongyu")
    store = registers.add_row("stores", {"name": "区级库", "place": place, "kind": "1000000"}, **mine)
    new = NewSupply(code="T-1", name_zh="帐篷", name_en="Tent", unit_zh="顶", unit_en="tent", pack=10)
    supply = stock.add_supply(new, **mine)
    stock.receive_stock(store, Incoming(supply_id=supply, quantity=100), **mine)
    return store, supply
