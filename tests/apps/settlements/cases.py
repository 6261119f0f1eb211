"""How each action of settlements is performed, for the questions about rights."""

from jingwei.apps.dispatch import actions as dispatch
from jingwei.apps.settlements import actions
from jingwei.apps.settlements.models import Charge
from tests.apps.dispatch.cases import a_request
from tests.rights import Act, Stage, a_holding, action_case

#: A county that is neither the one that acts nor the one next door, which is refused.
FAR = "410184"


def help_came(stage: Stage, *, keeper: str, receiver: str) -> dict:
    """Ten that were asked for and given: the order, who received and who kept."""
    mine = {"by": stage.operator, "moment": stage.moment}
    who = a_holding("duty_chief", place=receiver)
    request = a_request(stage, who, store_at=keeper, place=receiver)
    order = dispatch.accept_help(request, **mine)
    keeps = a_holding("duty_chief", place=keeper)
    return {"order": order, "who": who, "keeps": keeps}


def a_statement(stage: Stage, *, keeper: str, receiver: str, presented: bool = False) -> Charge:
    from jingwei.apps.dispatch.models import Order

    mine = {"by": stage.operator, "moment": stage.moment}
    order = help_came(stage, keeper=keeper, receiver=receiver)["order"]
    row = Order.objects.get(pk=order)
    Order.objects.filter(pk=order).update(
        state="received", arrived=10, received_at=stage.moment.at, arrived_at=stage.moment.at
    )
    of = actions.open_statement(row.to_organization, row.from_organization, **mine)
    charge = Charge.objects.get(statement_id=of)
    if presented:
        actions.price_charge(charge.pk, unit_fen=100, basis="采购价", **mine)
        actions.present_statement(of, **mine)
    return charge


@action_case("settlements.open_statement")
def open_statement(stage: Stage) -> Act:
    from jingwei.apps.dispatch.models import Order

    order = help_came(stage, keeper=stage.place, receiver=FAR)["order"]
    Order.objects.filter(pk=order).update(state="received", arrived=10, received_at=stage.moment.at)
    row = Order.objects.get(pk=order)
    return lambda by, moment: actions.open_statement(
        row.to_organization, row.from_organization, by=by, moment=moment
    )


@action_case("settlements.price_charge")
def price_charge(stage: Stage) -> Act:
    charge = a_statement(stage, keeper=stage.place, receiver=FAR)
    return lambda by, moment: actions.price_charge(
        charge.pk, unit_fen=100, basis="采购价", by=by, moment=moment
    )


@action_case("settlements.present_statement")
def present_statement(stage: Stage) -> Act:
    charge = a_statement(stage, keeper=stage.place, receiver=FAR)
    mine = {"by": stage.operator, "moment": stage.moment}
    actions.price_charge(charge.pk, unit_fen=100, basis="采购价", **mine)
    return lambda by, moment: actions.present_statement(charge.statement_id, by=by, moment=moment)


@action_case("settlements.agree_charges")
def agree_charges(stage: Stage) -> Act:
    charge = a_statement(stage, keeper=FAR, receiver=stage.place, presented=True)
    return lambda by, moment: actions.agree_charges(charge.statement_id, by=by, moment=moment)


@action_case("settlements.dispute_charge")
def dispute_charge(stage: Stage) -> Act:
    charge = a_statement(stage, keeper=FAR, receiver=stage.place, presented=True)
    return lambda by, moment: actions.dispute_charge(charge.pk, words="价格偏高", by=by, moment=moment)
