"""What time alone brings about: a check-in that did not come is brought before the posts that should know."""

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import writes
from ..models import Watch

#: Watches looked at in one round; the next round, a second later, takes the rest.
MOST = 200


def escalate_missed(*, by: By, moment: Moment) -> int:
    """Tell the named post that a check-in was missed; an interval later, the second one.

    Returns how many watches it concerned. One indexed query when there are none. It ends nothing, and
    changes nothing but who was told: what is done about it, people decide.
    """
    if not Watch.objects.filter(next_at__lt=moment.at).exists():
        return 0
    with transaction.atomic():
        agencies.require(by, "checkins.escalate_missed", at=moment.at)
        due = Watch.objects.select_for_update().filter(next_at__lt=moment.at, ended_at=None)
        rows = list(due.order_by("next_at", "id")[:MOST])
        said = [one for row in rows for one in writes.settle(row, moment)]
        Watch.objects.bulk_update(rows, ["level", "told_post", "told_at", "next_at"])
        record(said, by=by, moment=moment)
    return len(rows)
