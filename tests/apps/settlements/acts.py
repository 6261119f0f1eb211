"""What tests of settlements have in common: help of Xingyang that came to Jinshui and was counted."""

import uuid

from jingwei.apps.dispatch import actions as dispatch
from jingwei.apps.dispatch.models import Line, Order
from jingwei.apps.settlements import actions, queries
from jingwei.apps.settlements.models import Charge
from tests.apps.dispatch.acts import HOUR, a_need, a_supply, act, made
from tests.apps.dispatch.test_aid import HERE, OURS, PARTY, an_agreement, theirs
from tests.builders import STORM, authority_of

KEEPER, THEM, US = "xingyantian", PARTY, "410105-zbs"
#: When all of it had come.
AFTER = STORM + 3 * HOUR


def ours(at=AFTER) -> dict:
    return act(at, who=OURS)


def keeper(at=AFTER) -> dict:
    return act(at, who=KEEPER)


def helped(*quantities: int, arrived: int | None = None, returned: int = 0, **more: object) -> list[Order]:
    """Each quantity asked of the neighbour, given, sent and counted; of the first so much came back."""
    tent = a_supply()
    theirs(tent, 500)
    an_agreement()
    for quantity in quantities:
        a_need(tent, quantity, **more)
    found = []
    for line in Line.objects.filter(proposal=made(HERE)).order_by("number"):
        request = dispatch.ask_help(line.pk, quantity=line.quantity, **act(who=OURS))
        order = dispatch.accept_help(request, **act(who=KEEPER))
        dispatch.send_order(order, **act(STORM + HOUR, who=KEEPER))
        came = line.quantity if arrived is None else arrived
        dispatch.report_receipt(order, arrived=came, reason="清点", **act(STORM + 2 * HOUR, who=OURS))
        if returned and not found:
            dispatch.return_rest(order, quantity=returned, **act(STORM + 2 * HOUR, who=KEEPER))
        found.append(Order.objects.get(pk=order))
    return found


def opened(**more: object) -> uuid.UUID:
    return actions.open_statement(THEM, US, **(ours() | more))


def charges(of: uuid.UUID) -> list[Charge]:
    return list(Charge.objects.filter(statement_id=of).order_by("number"))


def seen(of: uuid.UUID, who: str = OURS) -> queries.StatementView:
    found = queries.find_statement(of, authority=authority_of(who, AFTER))
    assert found is not None
    return found


def presented(*quantities: int, unit_fen: int = 120_000) -> uuid.UUID:
    helped(*quantities)
    of = opened()
    for one in charges(of):
        actions.price_charge(one.pk, unit_fen=unit_fen, basis="采购价", **keeper())
    actions.present_statement(of, **keeper())
    return of
