"""How the node is."""

from django.http import HttpRequest
from ninja import Router

from jingwei.apps.clock.queries import get_clock
from jingwei.apps.journal import queries as journal
from jingwei.doors.entry.moments import this_moment

from .shapes import NodeOut

router = Router()


@router.get("", response=NodeOut, summary="The node's clock, and what is due or failed")
def get_node(request: HttpRequest):
    clock = get_clock()
    return NodeOut(
        node=journal.get_node(),
        at=this_moment().at,
        scenario=clock.scenario,
        speed=clock.speed,
        paused=clock.paused,
        entries=journal.count_entries(),
        due=journal.count_due(),
        failed=journal.count_failures(),
    )
