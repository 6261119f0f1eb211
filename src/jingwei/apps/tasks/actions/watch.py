"""What time alone brings about: an order is overdue, and is brought before the posts that should know."""

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import TaskEscalated, TaskOverdue
from ..models import Task
from ..queries.above import find_seat_above

#: Orders looked at in one round; the next round, a second later, takes the rest.
MOST = 200

_Facts = list[tuple[Fact, Recorded | None]]


def mark_overdue(*, by: By, moment: Moment) -> int:
    """Say once that an order is overdue and tell its issuer; a while later, the next higher post.

    Returns how many orders it concerned. One indexed query when there are none.
    """
    if not Task.objects.filter(next_at__lt=moment.at).exists():
        return 0
    with transaction.atomic():
        agencies.require(by, "tasks.mark_overdue", at=moment.at)
        due = Task.objects.select_for_update().filter(next_at__lt=moment.at).order_by("next_at", "id")
        rows, said = list(due[:MOST]), _Facts()
        above: dict[str, tuple[str, str]] = {}
        for row in rows:
            said += _overdue(row, moment) if row.escalation == 0 else _higher(row, above)
        Task.objects.bulk_update(rows, ["overdue_at", "escalation", "escalated_to", "next_at"])
        record(said, by=by, moment=moment)
    return len(rows)


def _overdue(row: Task, moment: Moment) -> _Facts:
    assert row.due_at is not None  # noqa: S101 - only a limit sets next_at
    row.overdue_at, row.escalation, row.escalated_to = moment.at, 1, row.from_post
    row.next_at = row.due_at + rules.ESCALATE_AFTER
    return [
        (TaskOverdue(task_id=str(row.id), due_at=row.due_at, state=row.state), row),
        (_escalated(row, row.from_post, row.from_organization), row),
    ]


def _higher(row: Task, above: dict[str, tuple[str, str]]) -> _Facts:
    if row.from_post not in above:
        above[row.from_post] = _find_higher(row)
    post, organization = above[row.from_post]
    row.next_at = None
    if not post:
        return []  # nobody stands above: the issuer knows already
    row.escalation, row.escalated_to = row.escalation + 1, post
    return [(_escalated(row, post, organization), row)]


def _escalated(row: Task, post: str, organization: str) -> TaskEscalated:
    return TaskEscalated(task_id=str(row.id), step=row.escalation, to_post=post, to_organization=organization)


def _find_higher(row: Task) -> tuple[str, str]:
    """The post above the one that issued the order, with its organization; ('', '') where there is none."""
    higher = find_seat_above(row.from_post, row.from_organization)
    return (higher.code, higher.organization) if higher else ("", "")
