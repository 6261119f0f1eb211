"""What time alone brings about: what nobody answers is brought before the posts that should know."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.tasks import queries as tasks
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from ..facts import HelpOverdue, OrderOverdue
from ..models import HelpRequest, Order

Row = TypeVar("Row", Order, HelpRequest)

#: Orders or requests looked at in one round; the next round, a second later, takes the rest.
MOST = 200


def watch_orders(*, by: By, moment: Moment) -> int:
    """Tell who issued an order that it is not answered in time; a while later, the next higher post.

    Returns how many orders it concerned. One indexed query when there are none.
    """
    if not Order.objects.filter(next_at__lt=moment.at).exists():
        return 0
    with transaction.atomic():
        agencies.require(by, "dispatch.watch_orders", at=moment.at)
        return _bring_up(Order.objects.all(), _order_overdue, by=by, moment=moment)


def watch_help(*, by: By, moment: Moment) -> int:
    """Tell who asked for help that nobody answers in time; a while later, the next higher post.

    Returns how many requests it concerned. One indexed query when there are none.
    """
    if not HelpRequest.objects.filter(next_at__lt=moment.at).exists():
        return 0
    with transaction.atomic():
        agencies.require(by, "dispatch.watch_help", at=moment.at)
        return _bring_up(HelpRequest.objects.all(), _help_overdue, by=by, moment=moment)


def _bring_up(found: QuerySet[Row], overdue: Callable[[Row], Fact], *, by: By, moment: Moment) -> int:
    values = hazards.list_dispatch_values(on=localdate(moment.at))
    later = timedelta(minutes=values["raise_min"].value)
    due = found.select_for_update().filter(next_at__lt=moment.at).order_by("next_at", "id")
    rows, said = list(due[:MOST]), list[tuple[Fact, Recorded | None]]()
    for row in rows:
        first = row.escalation == 0
        to = row.from_post if first else tasks.find_post_above(row.from_post, row.from_organization)
        row.next_at = row.answer_by_at + later if first else None
        if not to:
            continue  # nobody stands above: who issued or asked knows already
        row.escalation, row.escalated_to = row.escalation + 1, to
        said.append((overdue(row), row))
    found.model._default_manager.bulk_update(rows, ["escalation", "escalated_to", "next_at"])
    record(said, by=by, moment=moment)
    return len(rows)


def _order_overdue(row: Order) -> Fact:
    return OrderOverdue(
        order_id=str(row.pk), step=row.escalation, to_post=row.escalated_to, answer_by_at=row.answer_by_at
    )


def _help_overdue(row: HelpRequest) -> Fact:
    return HelpOverdue(
        request_id=str(row.pk), step=row.escalation, to_post=row.escalated_to, answer_by_at=row.answer_by_at
    )
