"""How each action of dispatch is performed, for the questions about rights."""

import uuid

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions
from jingwei.apps.dispatch.models import HelpRequest, Line, Order, Pair
from jingwei.apps.needs import actions as needs
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import Incoming
from jingwei.kernel.moments import By
from tests.apps.stock.cases import a_supply, filled
from tests.rights import NEXT_DOOR, NOW, Act, Stage, a_holding, action_case, moment


def proposed(stage: Stage) -> Line:
    """A proposal with one line of ten out of a store of a hundred."""
    _, supply, _ = filled(stage)
    new = NewNeed(supply_id=supply, quantity=10, place=stage.place, item_class="shelter")
    mine = {"by": stage.operator, "moment": stage.moment}
    need = needs.ask_need(new, **mine)
    needs.confirm_need(need, **mine)
    of = actions.ask_proposal(stage.place, **mine)
    actions.make_proposals(by=agencies.get_machine(), moment=stage.moment, wait_s=60)
    return Line.objects.get(proposal_id=of)


def an_order(stage: Stage, *, sent: bool = False, counted: bool = False, who: By | None = None) -> uuid.UUID:
    line = proposed(stage)
    mine = {"by": who or stage.operator, "moment": stage.moment}
    actions.accept_lines(line.proposal_id, **mine)
    order = Order.objects.get(line=line).pk
    if sent or counted:
        actions.send_order(order, **mine)
    if counted:
        actions.report_receipt(order, arrived=10, **mine)
    return order


@action_case("dispatch.ask_proposal")
def ask_proposal(stage: Stage) -> Act:
    return lambda by, moment: actions.ask_proposal(stage.place, by=by, moment=moment)


@action_case("dispatch.make_proposals", scoped=False)
def make_proposals(stage: Stage) -> Act:
    actions.ask_proposal(stage.place, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.make_proposals(by=by, moment=moment, wait_s=60)


@action_case("dispatch.accept_lines")
def accept_lines(stage: Stage) -> Act:
    line = proposed(stage)
    return lambda by, moment: actions.accept_lines(line.proposal_id, [line.number], by=by, moment=moment)


@action_case("dispatch.carry_out_lines", scoped=False)
def carry_out_lines(stage: Stage) -> Act:
    line = proposed(stage)
    most, actions.deciding.AT_ONCE = actions.deciding.AT_ONCE, 0
    try:
        actions.accept_lines(line.proposal_id, by=stage.operator, moment=stage.moment)
    finally:
        actions.deciding.AT_ONCE = most
    return lambda by, moment: actions.carry_out_lines(by=by, moment=moment)


@action_case("dispatch.change_line")
def change_line(stage: Stage) -> Act:
    line = proposed(stage)
    return lambda by, moment: actions.change_line(
        line.pk, line.store_id, quantity=5, reason="只派一半", by=by, moment=moment
    )


@action_case("dispatch.refuse_line")
def refuse_line(stage: Stage) -> Act:
    line = proposed(stage)
    return lambda by, moment: actions.refuse_line(line.pk, reason="路断", by=by, moment=moment)


@action_case("dispatch.lift_pair")
def lift_pair(stage: Stage) -> Act:
    line = proposed(stage)
    pair = actions.refuse_line(line.pk, reason="路断", by=stage.operator, moment=stage.moment)
    assert Pair.objects.filter(pk=pair).exists()
    return lambda by, moment: actions.lift_pair(pair, by=by, moment=moment)


@action_case("dispatch.acknowledge_order")
def acknowledge_order(stage: Stage) -> Act:
    order = an_order(stage)
    return lambda by, moment: actions.acknowledge_order(order, by=by, moment=moment)


@action_case("dispatch.refuse_order")
def refuse_order(stage: Stage) -> Act:
    order = an_order(stage)
    return lambda by, moment: actions.refuse_order(order, reason="无车", by=by, moment=moment)


@action_case("dispatch.withdraw_order")
def withdraw_order(stage: Stage) -> Act:
    order = an_order(stage, who=a_holding("duty_chief", place=stage.place))
    return lambda by, moment: actions.withdraw_order(order, reason="已有", by=by, moment=moment)


@action_case("dispatch.send_order")
def send_order(stage: Stage) -> Act:
    order = an_order(stage)
    return lambda by, moment: actions.send_order(order, by=by, moment=moment)


@action_case("dispatch.report_position")
def report_position(stage: Stage) -> Act:
    order = an_order(stage, sent=True)
    return lambda by, moment: actions.report_position(order, 113.6, 34.7, by=by, moment=moment)


@action_case("dispatch.report_arrival")
def report_arrival(stage: Stage) -> Act:
    order = an_order(stage, sent=True)
    return lambda by, moment: actions.report_arrival(order, by=by, moment=moment)


@action_case("dispatch.report_receipt")
def report_receipt(stage: Stage) -> Act:
    order = an_order(stage, sent=True)
    return lambda by, moment: actions.report_receipt(order, arrived=10, by=by, moment=moment)


@action_case("dispatch.return_rest")
def return_rest(stage: Stage) -> Act:
    order = an_order(stage, counted=True)
    return lambda by, moment: actions.return_rest(order, quantity=2, by=by, moment=moment)


@action_case("dispatch.report_use")
def report_use(stage: Stage) -> Act:
    order = an_order(stage, counted=True)
    return lambda by, moment: actions.report_use(order, quantity=2, by=by, moment=moment)


@action_case("dispatch.watch_orders", scoped=False)
def watch_orders(stage: Stage) -> Act:
    order = an_order(stage)
    Order.objects.filter(pk=order).update(next_at=NOW.replace(year=NOW.year - 1))
    assert moment().at == NOW
    return lambda by, moment: actions.watch_orders(by=by, moment=moment)


def a_line_of_others(stage: Stage, *, store_at: str, place: str) -> Line:
    """Ten out of a store that others keep, proposed to a place under an agreement with them."""
    mine = {"by": stage.operator, "moment": stage.moment}
    row = {"name": "他库", "place": store_at, "kind": "1000000", "owner": f"{store_at}-zbs"}
    store, supply = registers.add_row("stores", row, **mine), a_supply(stage)
    stock.receive_stock(store, Incoming(supply_id=supply, quantity=100), **mine)
    agreed = {"name": "互助协议", "place": place, "kind": "mutual", "other_party": f"{store_at}-zbs"}
    registers.add_row("agreements", agreed, **mine)
    new = NewNeed(supply_id=supply, quantity=10, place=place, item_class="shelter")
    needs.confirm_need(needs.ask_need(new, **mine), **mine)
    of = actions.ask_proposal(place, **mine)
    actions.make_proposals(by=agencies.get_machine(), moment=stage.moment, wait_s=60)
    return Line.objects.get(proposal_id=of)


def a_request(stage: Stage, who: By | None = None, **where: str) -> uuid.UUID:
    line = a_line_of_others(stage, **where)
    return actions.ask_help(line.pk, quantity=10, by=who or stage.operator, moment=stage.moment)


@action_case("dispatch.ask_help")
def ask_help(stage: Stage) -> Act:
    line = a_line_of_others(stage, store_at=NEXT_DOOR, place=stage.place)
    return lambda by, moment: actions.ask_help(line.pk, quantity=10, by=by, moment=moment)


@action_case("dispatch.accept_help")
def accept_help(stage: Stage) -> Act:
    request = a_request(stage, store_at=stage.place, place=NEXT_DOOR)
    return lambda by, moment: actions.accept_help(request, by=by, moment=moment)


@action_case("dispatch.refuse_help")
def refuse_help(stage: Stage) -> Act:
    request = a_request(stage, store_at=stage.place, place=NEXT_DOOR)
    return lambda by, moment: actions.refuse_help(request, reason="告急", by=by, moment=moment)


@action_case("dispatch.withdraw_help")
def withdraw_help(stage: Stage) -> Act:
    who = a_holding("duty_chief", place=stage.place)
    request = a_request(stage, who, store_at=NEXT_DOOR, place=stage.place)
    return lambda by, moment: actions.withdraw_help(request, reason="已有", by=by, moment=moment)


@action_case("dispatch.watch_help", scoped=False)
def watch_help(stage: Stage) -> Act:
    request = a_request(stage, store_at=NEXT_DOOR, place=stage.place)
    HelpRequest.objects.filter(pk=request).update(next_at=NOW.replace(year=NOW.year - 1))
    return lambda by, moment: actions.watch_help(by=by, moment=moment)
