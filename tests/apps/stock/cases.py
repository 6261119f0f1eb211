"""How each action of stock is performed, for the questions about rights."""

import uuid

from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions
from jingwei.apps.stock.facts import Incoming, NewSupply, Wanted
from jingwei.apps.stock.models import Lot
from tests.rights import Act, Stage, action_case


def a_store(stage: Stage, name: str = "物资库") -> uuid.UUID:
    values = {"name": name, "place": stage.place, "kind": "1000000"}
    return registers.add_row("stores", values, by=stage.operator, moment=stage.moment)


def a_supply(stage: Stage) -> uuid.UUID:
    new = NewSupply(code=f"T-{uuid.uuid4().hex[:8]}", name_zh="帐篷", name_en="Tent")
    return actions.add_supply(new, by=stage.operator, moment=stage.moment)


def filled(stage: Stage) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """A store with a hundred of a supply: store, supply, lot."""
    store, supply = a_store(stage), a_supply(stage)
    incoming = Incoming(supply_id=supply, quantity=100)
    actions.receive_stock(store, incoming, by=stage.operator, moment=stage.moment)
    return store, supply, Lot.objects.get(store_id=store, supply_id=supply).pk


def promised(stage: Stage) -> uuid.UUID:
    store, supply, _ = filled(stage)
    wanted = Wanted(supply_id=supply, quantity=10, for_whom="三中安置点")
    return actions.promise_stock(store, wanted, by=stage.operator, moment=stage.moment)


@action_case("stock.add_supply", scoped=False)
def add_supply(stage: Stage) -> Act:
    new = NewSupply(code="", name_zh="冲锋舟", name_en="Assault boat")
    return lambda by, moment: actions.add_supply(new, by=by, moment=moment)


@action_case("stock.receive_stock")
def receive_stock(stage: Stage) -> Act:
    store, supply = a_store(stage), a_supply(stage)
    incoming = Incoming(supply_id=supply, quantity=5)
    return lambda by, moment: actions.receive_stock(store, incoming, by=by, moment=moment)


@action_case("stock.move_stock")
def move_stock(stage: Stage) -> Act:
    _, _, lot = filled(stage)
    other = a_store(stage, "另一库")
    return lambda by, moment: actions.move_stock(lot, to_store=other, quantity=5, by=by, moment=moment)


@action_case("stock.count_stock")
def count_stock(stage: Stage) -> Act:
    _, _, lot = filled(stage)
    return lambda by, moment: actions.count_stock(lot, counted=99, reason="破损", by=by, moment=moment)


@action_case("stock.write_off")
def write_off(stage: Stage) -> Act:
    _, _, lot = filled(stage)
    return lambda by, moment: actions.write_off(lot, quantity=1, why="broken", by=by, moment=moment)


@action_case("stock.set_floor")
def set_floor(stage: Stage) -> Act:
    store, supply, _ = filled(stage)
    return lambda by, moment: actions.set_floor(store, supply, least=20, reason="汛期", by=by, moment=moment)


@action_case("stock.promise_stock")
def promise_stock(stage: Stage) -> Act:
    store, supply, _ = filled(stage)
    wanted = Wanted(supply_id=supply, quantity=10, for_whom="三中安置点")
    return lambda by, moment: actions.promise_stock(store, wanted, by=by, moment=moment)


@action_case("stock.promise_into_floor")
def promise_into_floor(stage: Stage) -> Act:
    store, supply, _ = filled(stage)
    actions.set_floor(store, supply, least=95, reason="汛期", by=stage.operator, moment=stage.moment)
    wanted = Wanted(supply_id=supply, quantity=10, for_whom="三中安置点", reason="群众无处过夜")
    return lambda by, moment: actions.promise_into_floor(store, wanted, by=by, moment=moment)


@action_case("stock.cancel_promise")
def cancel_promise(stage: Stage) -> Act:
    promise = promised(stage)
    return lambda by, moment: actions.cancel_promise(promise, reason="不需要了", by=by, moment=moment)


@action_case("stock.ship_promise")
def ship_promise(stage: Stage) -> Act:
    promise = promised(stage)
    return lambda by, moment: actions.ship_promise(promise, by=by, moment=moment)


@action_case("stock.confirm_arrival")
def confirm_arrival(stage: Stage) -> Act:
    promise = promised(stage)
    actions.ship_promise(promise, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.confirm_arrival(promise, arrived=10, by=by, moment=moment)
