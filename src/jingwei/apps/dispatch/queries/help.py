"""Requests for help as the board, lists and their own page show them, to who asks and to who keeps."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db.models import Count, Q, QuerySet

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority

from ..models import HelpRequest
from .orders import ABOUT, about


class HelpView(msgspec.Struct, frozen=True):
    """A request as pages show it. `number`: of its proposal and line, as people say it."""

    id: uuid.UUID
    number: str
    proposal_id: uuid.UUID
    line: int
    need_id: uuid.UUID
    asker: str
    why: str
    site: str
    people: int | None
    priority: int
    incident_id: uuid.UUID | None
    place: str
    store_id: uuid.UUID
    store: str
    from_place: str
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    quantity: int
    tier: str
    agreement_id: uuid.UUID | None
    agreed: str
    to_organization: str
    from_organization: str
    from_post: str
    asked_by: uuid.UUID
    asked_at: datetime
    words: str
    due_at: datetime | None
    answer_by_at: datetime
    state: str
    state_by: uuid.UUID
    state_at: datetime
    reason: str
    given: int | None
    order_id: uuid.UUID | None
    escalation: int
    escalated_to: str
    version: int

    @property
    def waits(self) -> bool:
        return self.state == "asked"

    def is_unanswered(self, at: datetime) -> bool:
        return self.waits and self.answer_by_at < at


_FROM_ROW = (
    "id", "need_id", "place", "store_id", "from_place", "quantity", "tier", "agreement_id", "agreed",
    "to_organization", "from_organization", "from_post", "asked_by", "asked_at", "words", "due_at",
    "answer_by_at", "state", "state_by", "state_at", "reason", "given", "order_id", "escalation",
    "escalated_to", "version",
)  # fmt: skip
#: What a list may show: all that one sees, what this post may answer, what its area asks of others.
SIDES = ("all", "ours", "theirs")


def _visible(authority: Authority, side: str = "all") -> QuerySet[HelpRequest]:
    """From or to one's area, for or from one's organization.

    `ours`: of stores whose stock this post may promise; `theirs`: for needs of one's area, out of stores
    whose stock it may not.
    """
    rows = HelpRequest.objects.all()
    place, body = authority.place, authority.organization_code
    here = Q(from_place__startswith=place)
    if not agencies.may_with(authority, "dispatch.accept_help", place=place):
        here = Q(pk=None)
    if side == "ours":
        return rows.filter(here)
    if side == "theirs":
        return rows.filter(Q(place__startswith=place) | Q(from_organization=body)).exclude(here)
    if not place:
        return rows
    return rows.filter(
        Q(place__startswith=place)
        | Q(from_place__startswith=place)
        | Q(to_organization=body)
        | Q(from_organization=body)
    )


def list_help(
    *, authority: Authority, side: str = "all", states: Sequence[str] = ("asked",), offset: int = 0,
    limit: int = 50,
) -> list[HelpView]:  # fmt: skip
    """Requests that wait, the next deadline first; what is over, the newest first."""
    rows = _visible(authority, side).filter(state__in=states)
    ordered = rows.order_by("answer_by_at", "pk") if "asked" in states else rows.order_by("-state_at", "pk")
    return _views(ordered[offset : offset + limit])


def count_help(*, authority: Authority, side: str = "all", states: Sequence[str] = ("asked",)) -> int:
    return _visible(authority, side).filter(state__in=states).count()


def count_help_by_state(*, authority: Authority) -> dict[str, int]:
    rows = _visible(authority).values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by())


def find_help(request_id: uuid.UUID, *, authority: Authority) -> HelpView | None:
    found = _views(_visible(authority).filter(pk=request_id))
    return found[0] if found else None


def list_help_of_lines(lines: Sequence[int]) -> dict[int, uuid.UUID]:
    """The newest request of each of these lines."""
    rows = HelpRequest.objects.filter(line_id__in=lines).order_by("asked_at", "pk")
    return dict(rows.values_list("line_id", "pk"))


def _views(rows: QuerySet[HelpRequest]) -> list[HelpView]:
    return [
        HelpView(
            **{name: getattr(row, name) for name in _FROM_ROW},
            **about(row),
            line=row.line.number,
        )
        for row in rows.select_related(*ABOUT)
    ]
