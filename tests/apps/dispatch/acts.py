"""What tests of dispatch have in common: stores and needs of a city, a proposal as the worker makes it."""

import uuid
from datetime import timedelta

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions
from jingwei.apps.dispatch.models import Line, Order, Proposal
from jingwei.apps.needs import actions as needs
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import Incoming, NewSupply
from tests.apps.needs.acts import act, refused
from tests.builders import STORM, a_moment

__all__ = ["a_need", "a_store", "a_supply", "act", "lines_of", "made", "ordered", "refused", "take_round"]

HOUR = timedelta(hours=1)


def a_supply(code: str = "T-1", name: str = "帐篷") -> uuid.UUID:
    new = NewSupply(code=code, name_zh=name, name_en="Tent", unit_zh="顶", unit_en="tent")
    return stock.add_supply(new, **act(who="zhongyu"))


def a_store(
    name: str, place: str, held: dict[uuid.UUID, int], *, floor: int = 0, **values: object
) -> uuid.UUID:
    """A store with so much of each supply, and a floor for each."""
    mine = act(who="zhongyu")
    row = {"name": name, "place": place, "kind": "1000000"} | values
    store = registers.add_row("stores", row, **mine)
    for supply, quantity in held.items():
        stock.receive_stock(store, Incoming(supply_id=supply, quantity=quantity), **mine)
        if floor:
            stock.set_floor(store, supply, least=floor, reason="汛期", **mine)
    return store


def a_need(supply: uuid.UUID | None, quantity: int | None, place: str = "410105", **more) -> uuid.UUID:
    fields = {"words": "" if supply else "帐篷", "item_class": "shelter", "place": place} | more
    confirmed = fields.pop("confirmed", True)
    need = needs.ask_need(NewNeed(supply_id=supply, quantity=quantity, **fields), **act())
    if confirmed:
        needs.confirm_need(need, **act())
    return need


def take_round(at=STORM) -> int:
    """One round of the worker that waits for the plan."""
    return actions.make_proposals(by=agencies.get_machine(), moment=a_moment(at), wait_s=60)


def made(place: str = "4101", at=STORM) -> Proposal:
    """A proposal asked for by the chief and made by the worker."""
    of = actions.ask_proposal(place, **act(at))
    assert take_round(at) == 1
    return Proposal.objects.get(pk=of)


def lines_of(proposal: Proposal) -> dict[tuple[uuid.UUID, uuid.UUID], int]:
    rows = Line.objects.filter(proposal=proposal)
    return {(one.need_id, one.store_id): one.quantity for one in rows}


def ordered(proposal: Proposal, *numbers: int, at=STORM) -> list[Order]:
    actions.accept_lines(proposal.pk, numbers or None, **act(at))
    return list(Order.objects.filter(line__proposal=proposal).order_by("line__number"))
