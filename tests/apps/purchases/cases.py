"""How each action of purchases is performed, for the questions about rights."""

import uuid
from datetime import timedelta

from jingwei.apps.purchases import actions
from jingwei.apps.purchases.facts import Delivery, NewPurchase
from jingwei.apps.registers import actions as registers
from tests.apps.needs.cases import a_need
from tests.apps.stock.cases import a_store, a_supply
from tests.rights import ABOVE, Act, Stage, action_case


def wanted(stage: Stage) -> NewPurchase:
    """For a need of the place; the producer stands with the city, which both counties see."""
    values = {"name": f"厂{uuid.uuid4().hex[:6]}", "place": ABOVE, "kind": "1000000"}
    producer = registers.add_row("producers", values, by=stage.operator, moment=stage.moment)
    return NewPurchase(
        producer_id=producer,
        need_id=a_need(stage, supply=a_supply(stage)),
        quantity=20,
        expected_at=stage.moment.at + timedelta(hours=9),
    )


def ordered(stage: Stage) -> uuid.UUID:
    return actions.order_supplies(wanted(stage), by=stage.operator, moment=stage.moment)


@action_case("purchases.order_supplies")
def order_supplies(stage: Stage) -> Act:
    new = wanted(stage)
    return lambda by, moment: actions.order_supplies(new, by=by, moment=moment)


@action_case("purchases.confirm_purchase")
def confirm_purchase(stage: Stage) -> Act:
    purchase = ordered(stage)
    return lambda by, moment: actions.confirm_purchase(purchase, by=by, moment=moment)


@action_case("purchases.receive_purchase")
def receive_purchase(stage: Stage) -> Act:
    purchase, store = ordered(stage), a_store(stage)
    came = Delivery(store_id=store, arrived=20)
    return lambda by, moment: actions.receive_purchase(purchase, came, by=by, moment=moment)


@action_case("purchases.cancel_purchase")
def cancel_purchase(stage: Stage) -> Act:
    purchase = ordered(stage)
    return lambda by, moment: actions.cancel_purchase(purchase, reason="停产", by=by, moment=moment)
