"""Dispatch in the demo: help asked and given, a proposal, an order on its way, a proposal that stands.

All of it is made up.
"""

from datetime import timedelta
from typing import Any

from jingwei.kernel.moments import Moment

from .demo_places import DemoPlace

#: Of what others are asked for, they keep so many. Source: our estimate, made up like all of the demo.
_SHORT = 10


def fill_dispatch(of: DemoPlace, *, moment: Moment) -> int:
    """Propose, accept one line, send it off, propose again. Returns how many orders there are."""
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.dispatch import actions, queries

    chief = agencies.find_holding_of_post(of.chief, at=moment.at)
    if chief is None:
        return 0
    if of.asker:
        _ask_others(of, moment)
    act: dict[str, Any] = {"by": chief, "moment": moment}
    place = agencies.get_authority(chief, at=moment.at).place
    _propose(place, act)
    ready = queries.find_ready(place)
    if ready is None:
        return 0
    lines = [one for one in queries.list_lines(ready.id, limit=50) if _is_first(one.supply_id, of.first)]
    if not lines:
        return 0
    actions.accept_lines(ready.id, [lines[0].number], **act)
    authority = agencies.get_authority(chief, at=moment.at)
    for one in queries.list_orders(authority=authority):
        if one.proposal_id != ready.id:
            continue
        keeper = _keeper(one.to_organization, moment) or chief
        actions.acknowledge_order(one.id, by=keeper, moment=moment)
        left = Moment(at=moment.at + timedelta(seconds=1), recorded_at=moment.recorded_at)
        actions.send_order(one.id, by=keeper, moment=left)
    _propose(place, act)
    return queries.count_orders(authority=authority)


def _ask_others(of: DemoPlace, moment: Moment) -> None:
    """A county asks its neighbour, who gives a part, and the city, which has not answered yet."""
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.dispatch import actions, queries

    asker = agencies.find_holding_of_post(of.asker, at=moment.at)
    if asker is None:
        return
    act: dict[str, Any] = {"by": asker, "moment": moment}
    place = agencies.get_authority(asker, at=moment.at).place
    _propose(place, act)
    ready = queries.find_ready(place)
    lines = queries.list_lines(ready.id, limit=50) if ready else []
    lines = [
        one for one in lines if not _is_first(one.supply_id, of.first)
    ]  # the city sends that one by itself
    for tier in ("agreement", "higher"):
        line = next((one for one in lines if one.tier == tier), None)
        if line is None:
            continue
        request = actions.ask_help(line.id, quantity=line.quantity, words="转移群众安置用（演示）", **act)
        asked = queries.find_help(request, authority=agencies.get_authority(asker, at=moment.at))
        keeper = _keeper(asked.to_organization, moment) if asked and tier == "agreement" else None
        if keeper is not None:
            later = Moment(at=moment.at + timedelta(seconds=1), recorded_at=moment.recorded_at)
            actions.accept_help(
                request, quantity=max(1, line.quantity - _SHORT), reason="留作本地备用（演示）", by=keeper,
                moment=later,
            )  # fmt: skip


def _propose(place: str, act: dict[str, Any]) -> None:
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.dispatch import actions

    actions.ask_proposal(place, **act)
    actions.make_proposals(by=agencies.get_machine(), moment=act["moment"], wait_s=90)


def _is_first(supply_id: Any, first: str) -> bool:
    from jingwei.apps.stock import queries as stock

    found = stock.find_supply(supply_id)
    return found is not None and found.code == first


def _keeper(organization: str, moment: Moment) -> Any:
    """Somebody on duty in the body that keeps the store."""
    from jingwei.apps.agencies import queries as agencies

    found = agencies.list_posts_on_duty(organization, at=moment.at) if organization else []
    return next((one.holding for one in found if one.role in ("duty_officer", "duty_chief")), None)
