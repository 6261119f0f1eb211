"""Lists of orders: those one answers, those one issued, what is overdue, what belongs to an incident."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal.queries import count_many

from .. import rules
from ..models import Task
from ..rules import Summary


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """An order as lists and its own page show it. `below`: what comes up from the orders passed on."""

    id: uuid.UUID
    year: int | None
    number: int | None
    root: uuid.UUID
    parent: uuid.UUID | None
    depth: int
    title_zh: str
    title_en: str
    to_post: str
    to_organization: str
    from_post: str
    from_organization: str
    place: str
    incident: uuid.UUID | None
    activation: uuid.UUID | None
    clause: str
    source: str
    issued_at: datetime
    issued_by: uuid.UUID
    due_at: datetime | None
    state: str
    state_at: datetime
    state_by: uuid.UUID
    acknowledged_at: datetime | None
    closed_at: datetime | None
    words: str
    overdue: bool
    late: bool
    escalation: int
    escalated_to: str
    version: int
    below: Summary

    @property
    def open(self) -> bool:
        return self.state in rules.OPEN


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for. `view`: mine, to, from, overdue, all."""

    view: str = "all"
    state: str = ""
    incident: uuid.UUID | None = None
    search: str = ""


def line_of(row: Task, *, at: datetime, below: Summary | None = None) -> TaskLine:
    return TaskLine(
        id=row.id,
        year=row.year,
        number=row.number,
        root=row.root,
        parent=row.parent_id,
        depth=row.depth,
        title_zh=row.title_zh,
        title_en=row.title_en,
        to_post=row.to_post,
        to_organization=row.to_organization,
        from_post=row.from_post,
        from_organization=row.from_organization,
        place=row.place,
        incident=row.incident_id,
        activation=row.activation,
        clause=row.clause,
        source=row.source,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        due_at=row.due_at,
        state=row.state,
        state_at=row.state_at,
        state_by=row.state_by,
        acknowledged_at=row.acknowledged_at,
        closed_at=row.closed_at,
        words=row.words,
        overdue=rules.is_overdue(state=row.state, due_at=row.due_at, at=at),
        late=row.state == "done" and rules.is_late(due_at=row.due_at, done_at=row.closed_at),
        escalation=row.escalation,
        escalated_to=row.escalated_to,
        version=row.version,
        below=below or Summary(),
    )


def visible(authority: Authority) -> QuerySet[Task]:
    """Orders in this post's area, and those its organization issued or received."""
    if not authority.place:
        return Task.objects.all()
    own = authority.organization_code
    return Task.objects.filter(
        Q(place__startswith=authority.place) | Q(to_organization=own) | Q(from_organization=own)
    )


def _to_me(authority: Authority) -> Q:
    """Said so that one index alone answers it."""
    own = Q(to_post=authority.post_code) | Q(to_organization=authority.organization_code)
    return Q(to_post__in=[authority.post_code, ""]) & own


def _views(authority: Authority, at: datetime) -> dict[str, Q]:
    return {
        "mine": _to_me(authority) & Q(state__in=rules.OPEN),
        "to": _to_me(authority),
        "from": Q(from_organization=authority.organization_code),
        "overdue": Q(due_at__lt=at, state__in=rules.OPEN),
    }


def _filtered(asked: Asked, authority: Authority, at: datetime) -> QuerySet[Task]:
    # orders to one's own post are one's own to see, wherever they are about
    seen = Task.objects.all() if asked.view in ("mine", "to") else visible(authority)
    rows = seen.filter(_views(authority, at).get(asked.view, Q()))
    if asked.state in rules.STATES:
        rows = rows.filter(state=asked.state)
    elif asked.state == "open":
        rows = rows.filter(state__in=rules.OPEN)
    if asked.incident:
        rows = rows.filter(incident=asked.incident)
    if asked.search:
        text = asked.search.replace("\0", "")
        rows = rows.filter(Q(title_zh__icontains=text) | Q(title_en__icontains=text) | _numbered(text))
    return rows


_NUMBER = re.compile(r"(?:.*?(\d{4})\D+)?(\d{1,6})\s*号?")


def _numbered(text: str) -> Q:
    """Orders with this number 文号: 12, 2021-12 or 〔2021〕12号."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return Q(pk=None)
    year = Q(year=int(found[1])) if found[1] else Q()
    return Q(number=int(found[2])) & year


#: What waits for an answer first, then what is open, then the rest; the nearest limit first.
_ORDER = (
    Case(
        When(state__in=rules.UNANSWERED, then=Value(0)), When(state__in=rules.OPEN, then=Value(1)),
        default=Value(2),
    ),
    F("due_at").asc(nulls_last=True),
    F("issued_at").desc(),
    "id",
)  # fmt: skip


def list_tasks(
    asked: Asked, *, authority: Authority, at: datetime, offset: int = 0, limit: int = 50
) -> list[TaskLine]:
    """Orders, unanswered first, then by their limit."""
    # numbers first: only those of the page are read whole
    rows = _filtered(asked, authority, at)
    ids = _unanswered(rows, offset + limit)[offset:] if offset + limit <= FEW else []
    if len(ids) < limit:
        ids = list(rows.order_by(*_ORDER).values_list("pk", flat=True)[offset : offset + limit])
    found = Task.objects.in_bulk(ids)
    return with_summaries([found[one] for one in ids if one in found], at=at)


#: So many are looked for among the unanswered alone. Source: our estimate, a desk and a half.
FEW = 50


def _unanswered(rows: QuerySet[Task], most: int) -> list[uuid.UUID]:
    """The first of those that wait for an answer, which stand before all others."""
    first = rows.filter(state__in=rules.UNANSWERED).order_by(*_ORDER[1:])
    return list(first.values_list("pk", flat=True)[:most])


def count_tasks(asked: Asked, *, authority: Authority, at: datetime) -> int:
    return _filtered(asked, authority, at).count()


def count_views(*, authority: Authority, at: datetime, incident: uuid.UUID | None = None) -> dict[str, int]:
    """How many orders each view has, all counted in one go; of one incident when it is given."""
    rows = visible(authority)
    rows = rows.filter(incident=incident) if incident else rows
    views = {name: Count("pk", filter=wanted) for name, wanted in _views(authority, at).items()}
    return rows.aggregate(all=Count("pk"), **views)


def count_waiting(*, authority: Authority) -> int:
    """Orders for this post that nobody has taken on yet."""
    rows = Task.objects.filter(_to_me(authority), state__in=rules.UNANSWERED)
    return count_many(rows.count, "waiting", authority.post_code)


def count_overdue_from(*, authority: Authority, at: datetime) -> int:
    """Open orders of this organization, or escalated to this post, whose time is over."""
    mine = Q(from_organization=authority.organization_code) | Q(escalated_to=authority.post_code)
    rows = Task.objects.filter(mine, due_at__lt=at, state__in=rules.OPEN)
    return count_many(rows.count, "overdue", authority.organization_code, authority.post_code)


def list_overdue_from(*, authority: Authority, at: datetime, limit: int = 5) -> list[TaskLine]:
    mine = Q(from_organization=authority.organization_code) | Q(escalated_to=authority.post_code)
    rows = Task.objects.filter(mine, due_at__lt=at, state__in=rules.OPEN).order_by("due_at", "id")
    return [line_of(row, at=at) for row in rows[:limit]]


def list_incident_tasks(
    incident_id: uuid.UUID, *, authority: Authority, at: datetime, limit: int = 50
) -> list[TaskLine]:
    """The orders of an incident, those passed on beneath theirs counted in the first."""
    rows = visible(authority).filter(incident=incident_id).order_by(*_ORDER)
    return with_summaries(list(rows[:limit]), at=at)


def list_of_activation(activation_id: uuid.UUID, *, at: datetime) -> list[TaskLine]:
    """The orders a plan's activation issued, without those passed on, in order of issue."""
    rows = Task.objects.filter(activation=activation_id, parent=None).order_by("issued_at", "id")
    return with_summaries(list(rows), at=at)


def find_next_watch() -> datetime | None:
    """When time alone next brings something about for an order; None when nothing is watched."""
    return Task.objects.filter(next_at__isnull=False).aggregate(next=Min("next_at"))["next"]


def list_open_of(activation_id: uuid.UUID) -> set[uuid.UUID]:
    """The orders a response issued, those passed on from them left out, that are still open."""
    rows = Task.objects.filter(activation=activation_id, parent=None, state__in=rules.OPEN)
    return set(rows.values_list("pk", flat=True))


def find_task(task_id: uuid.UUID, *, authority: Authority, at: datetime) -> TaskLine | None:
    row = visible(authority).filter(pk=task_id).first()
    return with_summaries([row], at=at)[0] if row else None


def with_summaries(rows: Sequence[Task], *, at: datetime) -> list[TaskLine]:
    """Lines with what comes up from below, all cascades in one query."""
    family = Task.objects.filter(root__in={r.root for r in rows}, depth__gt=0)
    under = summaries(family.values_list("id", "parent_id", "state", "due_at"), at=at)
    return [line_of(row, at=at, below=under.get(row.id)) for row in rows]


def summaries(
    family: Iterable[tuple[uuid.UUID, uuid.UUID | None, str, datetime | None]], *, at: datetime
) -> dict[uuid.UUID, Summary]:
    """Per order, the summary of all orders beneath it, at any depth."""
    parent: dict[uuid.UUID, uuid.UUID | None] = {}
    said: dict[uuid.UUID, tuple[str, datetime | None]] = {}
    for one, above, state, due_at in family:
        parent[one], said[one] = above, (state, due_at)
    beneath: dict[uuid.UUID, list[tuple[str, datetime | None]]] = defaultdict(list)
    for one, stands in said.items():
        upper = parent[one]
        while upper is not None:
            beneath[upper].append(stands)
            upper = parent.get(upper)
    return {one: rules.summarize(rows, at=at) for one, rows in beneath.items()}
