"""Dispatch in the demo: a first proposal, one order on its way, and the proposal that stands. Made up."""

from datetime import timedelta
from typing import Any

from jingwei.kernel.moments import Moment

from .demo_places import DemoPlace


def fill_dispatch(of: DemoPlace, *, moment: Moment) -> int:
    """Propose, accept one line, send it off, propose again. Returns how many orders there are."""
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.dispatch import actions, queries

    chief = agencies.find_holding_of_post(of.chief, at=moment.at)
    if chief is None:
        return 0
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
        keeper = _keeper(one.to_organization, moment) or chief
        actions.acknowledge_order(one.id, by=keeper, moment=moment)
        left = Moment(at=moment.at + timedelta(seconds=1), recorded_at=moment.recorded_at)
        actions.send_order(one.id, by=keeper, moment=left)
    _propose(place, act)
    return queries.count_orders(authority=authority)


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
