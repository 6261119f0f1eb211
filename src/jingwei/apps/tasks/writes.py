"""Steps that several actions share: finding an order for a decision, making orders, moving one on."""

import uuid
from collections.abc import Mapping, Sequence

from django.utils.timezone import localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority, OrganizationCard, PostCard
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.journal.queries import get_node
from jingwei.kernel.codes import normal_place
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import TaskDraft, TaskIssued, TaskWithdrawn
from .models import OrderBook, Task
from .rules import TaskRefusal


def locked(task_id: uuid.UUID) -> Task:
    """The order, locked for this transaction, so that its facts are in order."""
    row = Task.objects.select_for_update().filter(pk=task_id).first()
    if row is None:
        raise TaskRefusal("task_unknown")
    return row


def check_addressed(row: Task, authority: Authority) -> None:
    """Only those the order is for answer it."""
    if not rules.is_addressed(
        to_post=row.to_post,
        to_organization=row.to_organization,
        post=authority.post_code,
        organization=authority.organization_code,
    ):
        raise TaskRefusal("task_not_addressed")


class Addressed:
    """The receivers of a list of orders, each looked up once."""

    def __init__(self, drafts: Sequence[TaskDraft]) -> None:
        for one in drafts:
            rules.check_draft(
                title_zh=one.title_zh,
                title_en=one.title_en,
                post=one.to_post,
                organization=one.to_organization,
            )
        self.posts: Mapping[str, PostCard] = agencies.list_posts_by_code(
            {d.to_post for d in drafts if d.to_post}
        )
        self.bodies: Mapping[str, OrganizationCard] = agencies.list_organizations_by_code(
            {d.to_organization for d in drafts if d.to_organization}
        )

    def body_and_place(self, draft: TaskDraft) -> tuple[str, str]:
        """The receiver's organization and place. Refused when the register does not know it."""
        if draft.to_post and draft.to_post in self.posts:
            post = self.posts[draft.to_post]
            return post.organization_code, post.place
        if draft.to_organization and draft.to_organization in self.bodies:
            body = self.bodies[draft.to_organization]
            return body.code, body.place
        raise TaskRefusal("receiver_unknown", given=(draft.to_post or draft.to_organization or "")[:64])


def check_reach(
    drafts: Sequence[TaskDraft],
    known: Addressed,
    action: str,
    authority: Authority,
    *,
    by: By,
    moment: Moment,
) -> None:
    """Orders reach the own place, and organizations that answer to the own one. One question for all."""
    below = agencies.list_below(authority.organization_code) | {authority.organization_code}
    asked = [normal_place(d.place) for d in drafts if d.place]
    for draft in drafts:
        body, place = known.body_and_place(draft)
        if body not in below:
            asked.append(place)
    if asked:
        agencies.require(by, action, at=moment.at, place=rules.common_beginning(asked))


def check_incidents(drafts: Sequence[TaskDraft], authority: Authority) -> None:
    for one in {d.incident_id for d in drafts if d.incident_id}:
        if incidents.find_incident(uuid.UUID(one), authority=authority) is None:
            raise TaskRefusal("incident_unknown")


def make(
    drafts: Sequence[TaskDraft],
    known: Addressed,
    authority: Authority,
    *,
    parent: Task | None = None,
    by: By,
    moment: Moment,
) -> list[uuid.UUID]:
    """Write the orders and say so. The same few statements whatever their number."""
    rows = [_new(d, known.body_and_place(d)[0], authority, parent, by=by, moment=moment) for d in drafts]
    _number(rows, authority.organization_code, moment)
    Task.objects.bulk_create(rows)
    record([(issued(row), row) for row in rows], by=by, moment=moment)
    return [row.id for row in rows]


def _new(
    draft: TaskDraft, body: str, authority: Authority, parent: Task | None, *, by: By, moment: Moment
) -> Task:
    row = Task(
        home=get_node(),
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        title_zh=(draft.title_zh.strip() or draft.title_en.strip())[:500],
        title_en=draft.title_en.strip()[:500],
        to_post=draft.to_post or "",
        to_organization=body,
        from_post=authority.post_code,
        from_organization=authority.organization_code,
        place=normal_place(draft.place) or authority.place,
        incident_id=uuid.UUID(draft.incident_id) if draft.incident_id else None,
        activation=uuid.UUID(draft.activation_id) if draft.activation_id else None,
        clause=draft.clause[:300],
        source=draft.source[:100],
        issued_at=moment.at,
        issued_by=by,
        due_at=draft.due_at,
        next_at=draft.due_at,
        state_at=moment.at,
        state_by=by,
    )
    row.root = parent.root if parent else row.id
    return row


def _number(rows: Sequence[Task], organization: str, moment: Moment) -> None:
    """Give the orders the next numbers 文号 of the organization in this year, without a gap."""
    year = localtime(moment.at).year
    OrderBook.objects.bulk_create([OrderBook(organization=organization, year=year)], ignore_conflicts=True)
    book = OrderBook.objects.select_for_update().get(organization=organization, year=year)
    for number, row in enumerate(rows, book.last + 1):
        row.year, row.number = year, number
    book.last += len(rows)
    book.save()


def issued(row: Task) -> TaskIssued:
    return TaskIssued(
        task_id=str(row.id),
        root_id=str(row.root),
        parent_id=str(row.parent_id) if row.parent_id else None,
        title_zh=row.title_zh,
        title_en=row.title_en,
        to_post=row.to_post,
        to_organization=row.to_organization,
        from_post=row.from_post,
        from_organization=row.from_organization,
        place=row.place,
        due_at=row.due_at,
        incident_id=str(row.incident_id) if row.incident_id else None,
        activation_id=str(row.activation) if row.activation else None,
        clause=row.clause,
        source=row.source,
        year=row.year,
        number=row.number,
    )


def move(row: Task, step: str, *, words: str = "", by: By, moment: Moment) -> None:
    """Carry the order on by one step, in memory: state, who, when; a closed order waits for no time."""
    row.state = rules.step_from(row.state, step)
    row.state_at, row.state_by = moment.at, by
    if step == "acknowledge":
        row.acknowledged_at = moment.at
    if row.state not in rules.OPEN:
        row.closed_at, row.next_at = moment.at, None
        row.words = words
    if step != "read":
        row.version += 1


def keep(row: Task, fact: Fact, *, by: By, moment: Moment) -> None:
    row.save()
    record([(fact, row)], by=by, moment=moment)


def withdraw(rows: Mapping[Task, str], *, by: By, moment: Moment) -> None:
    """Take these orders back, each with its reason, in the same few statements whatever their number."""
    said: list[tuple[Fact, Recorded | None]] = []
    for row, why in rows.items():
        move(row, "withdraw", words=why, by=by, moment=moment)
        said.append((TaskWithdrawn(task_id=str(row.id), reason=why), row))
    changed = ["state", "state_at", "state_by", "closed_at", "next_at", "words", "version"]
    Task.objects.bulk_update(rows, changed)
    record(said, by=by, moment=moment)


def list_under(rows: Sequence[Task]) -> list[Task]:
    """Every order passed on from these, at any depth, locked."""
    family = Task.objects.select_for_update().filter(root__in={row.root for row in rows})
    above, found = {row.pk for row in rows}, []
    for one in family.exclude(pk__in=list(above)).order_by("depth", "id"):
        if one.parent_id in above:
            above.add(one.pk)
            found.append(one)
    return found
