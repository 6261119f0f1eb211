"""What time alone brings about: an order that nobody answers is brought before the posts that should know."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.tasks import queries as tasks
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from ..facts import OrderOverdue
from ..models import Order

#: Orders looked at in one round; the next round, a second later, takes the rest.
MOST = 200


def watch_orders(*, by: By, moment: Moment) -> int:
    """Tell who issued an order that it is not answered in time; a while later, the next higher post.

    Returns how many orders it concerned. One indexed query when there are none.
    """
    if not Order.objects.filter(next_at__lt=moment.at).exists():
        return 0
    with transaction.atomic():
        agencies.require(by, "dispatch.watch_orders", at=moment.at)
        values = hazards.list_dispatch_values(on=localdate(moment.at))
        later = timedelta(minutes=values["raise_min"].value)
        due = Order.objects.select_for_update().filter(next_at__lt=moment.at).order_by("next_at", "id")
        rows, said = list(due[:MOST]), list[tuple[Fact, Recorded | None]]()
        for row in rows:
            to = row.from_post if row.escalation == 0 else _above(row)
            row.next_at = row.answer_by_at + later if row.escalation == 0 else None
            if not to:
                continue  # nobody stands above: the issuer knows already
            row.escalation, row.escalated_to = row.escalation + 1, to
            fact = OrderOverdue(
                order_id=str(row.pk), step=row.escalation, to_post=to, answer_by_at=row.answer_by_at
            )
            said.append((fact, row))
        Order.objects.bulk_update(rows, ["escalation", "escalated_to", "next_at"])
        record(said, by=by, moment=moment)
    return len(rows)


def _above(row: Order) -> str:
    return tasks.find_post_above(row.from_post, row.from_organization)
