"""What tests of purchases have in common: a producer, a need beyond the stock, an order."""

import uuid
from datetime import timedelta

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.needs import actions as needs
from jingwei.apps.needs import queries as need_queries
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.purchases import actions, queries
from jingwei.apps.purchases.facts import NewPurchase
from jingwei.apps.purchases.queries import Shortage
from jingwei.apps.registers import actions as registers
from tests.apps.needs.acts import a_store, act
from tests.builders import STORM, authority_of

HOUR = timedelta(hours=1)
#: A point of the county where these needs are, so that nobody is on the way for long.
HERE = {"lon": 113.66, "lat": 34.80}


def a_producer(name: str = "帐篷厂", place: str = "4101", **given) -> uuid.UUID:
    values = {"name": name, "place": place, "kind": "1000000", "supply": "T-1", "per_day": 240,
              "lead_h": 6.0, "unit_price": 1250.5, **HERE} | given  # fmt: skip
    return registers.add_row("producers", values, **act(who="zhongyu"))


def a_need(supply: uuid.UUID, quantity: int = 160, **changes) -> uuid.UUID:
    fields = {"supply_id": supply, "place": "410105", "item_class": "shelter"} | changes
    need = needs.ask_need(NewNeed(quantity=quantity, **fields), **act())
    needs.confirm_need(need, **act())
    return need


def short(need: uuid.UUID, at=STORM, authority: Authority | None = None) -> Shortage | None:
    whose = authority or authority_of("hejing")
    line = need_queries.find_need(need, authority=whose)
    assert line is not None
    return queries.find_shortage(line, authority=whose, at=at)


def order(need: uuid.UUID | None, producer: uuid.UUID, quantity: int = 60, **changes) -> uuid.UUID:
    fields = {"price_fen": 125_050, "expected_at": STORM + 12 * HOUR} | changes
    new = NewPurchase(producer_id=producer, need_id=need, quantity=quantity, **fields)
    return actions.order_supplies(new, **act())


def a_shortage() -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, uuid.UUID]:
    """A hundred tents in one store, a need of 160, one producer: store, supply, need, producer."""
    store, supply = a_store()
    return store, supply, a_need(supply), a_producer()
