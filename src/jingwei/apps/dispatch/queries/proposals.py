"""Proposals and their lines as the board shows them: a page of two thousand costs as much as one of two."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, F, Q, QuerySet, Sum

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.kernel.codes import place_within

from ..models import Line, Pair, Proposal

#: Lines that come first on the board. Source: our estimate, what a person reads at one go, 2026-11-29.
FIRST = 10
#: By what lines may be ordered; the first is the board's own order.
SORTS = ("first", "arrives", "late", "cost", "quantity", "number")
#: By what lines are counted together.
GROUPS = ("priority", "item", "place", "store", "state")
_ORDER: dict[str, tuple[Any, ...]] = {
    "first": ("priority", "-late_s", "-cost", "number"),
    "arrives": ("arrives_at", "number"),
    "late": ("-late_s", "priority", "number"),
    "cost": ("-cost", "number"),
    "quantity": ("-quantity", "number"),
    "number": ("number",),
}
_GROUP = {
    "priority": ("priority",),
    "item": ("supply_id", "supply__name_zh", "supply__name_en"),
    "place": ("place",),
    "store": ("store_id", "store__name"),
    "state": ("state",),
}


class ProposalView(msgspec.Struct, frozen=True):
    """A proposal as pages show it. `before_number`: of the one it is compared with; None: it is the first."""

    id: uuid.UUID
    place: str
    number: int
    state: str
    asked_by: uuid.UUID
    asked_at: datetime
    made_at: datetime | None
    solver: str
    seconds: float | None
    fallback: bool
    given_up: str
    cost: float | None
    bound: float | None
    gap: float | None
    lines_made: int
    wanted: int
    met: int
    unmet: list[list[Any]]
    travel: str
    detour: float | None
    speed_km_h: float | None
    same: int
    added: int
    dropped: int
    trouble: str
    before_number: int | None


class LineView(msgspec.Struct, frozen=True):
    """A line as pages show it, with the words of its need, store and supply. `reason`: as planned."""

    id: int
    number: int
    proposal_id: uuid.UUID
    need_id: uuid.UUID
    asker: str
    why: str
    site: str
    place: str
    store_id: uuid.UUID
    store: str
    store_place: str
    supply_id: uuid.UUID
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    quantity: int
    priority: int
    tier: str
    due_at: datetime | None
    leaves_at: datetime
    arrives_at: datetime
    late_s: int
    cost: float
    reason: dict[str, Any]
    same: bool
    fixed: bool
    state: str
    trouble: str
    order_id: uuid.UUID | None

    @property
    def is_open(self) -> bool:
        return self.state == "proposed"


class SoughtLines(msgspec.Struct, frozen=True, kw_only=True):
    """What lines are narrowed to; '' and None ask for nothing."""

    text: str = ""
    state: str = ""
    priority: int | None = None
    supply_id: uuid.UUID | None = None
    store_id: uuid.UUID | None = None
    place: str = ""
    late: bool = False
    sort: str = "first"


class Group(msgspec.Struct, frozen=True):
    """Lines counted together. `key`: what the list is narrowed to by it; `open`: still to be decided."""

    key: str
    name_zh: str
    name_en: str
    lines: int
    open: int
    late: int
    cost: float


class PairView(msgspec.Struct, frozen=True):
    """What a person fixed or barred, in words."""

    id: uuid.UUID
    need_id: uuid.UUID
    item_zh: str
    item_en: str
    place: str
    site: str
    store: str
    kind: str
    quantity: int | None
    reason: str
    by: uuid.UUID
    at: datetime


_PLAIN = ProposalView.__struct_fields__[:-1]
_LINE = {
    "asker": F("need__asker"), "why": F("need__why"), "site": F("need__site"), "store_": F("store__name"),
    "store_place": F("store__place"), "item_zh": F("supply__name_zh"), "item_en": F("supply__name_en"),
    "unit_zh": F("supply__unit_zh"), "unit_en": F("supply__unit_en"), "order_id": F("order__id"),
}  # fmt: skip


def _view(row: Proposal | None) -> ProposalView | None:
    if row is None:
        return None
    before = row.before.number if row.before is not None else None
    return ProposalView(**{name: getattr(row, name) for name in _PLAIN}, before_number=before)


def find_ready(place: str) -> ProposalView | None:
    """The proposal that stands for a place."""
    return _view(Proposal.objects.select_related("before").filter(place=place, state="ready").first())


def find_newest(place: str) -> ProposalView | None:
    """The last proposal that was asked for, whatever became of it."""
    rows = Proposal.objects.select_related("before").filter(place=place)
    return _view(rows.order_by("-number").first())


def find_proposal(proposal_id: uuid.UUID, *, authority: Authority) -> ProposalView | None:
    row = Proposal.objects.select_related("before").filter(pk=proposal_id).first()
    return _view(row) if row is not None and place_within(row.place, authority.place) else None


def list_proposals(place: str, *, offset: int = 0, limit: int = 50) -> list[ProposalView]:
    """Every proposal of a place, the newest first."""
    rows = Proposal.objects.select_related("before").filter(place=place).order_by("-number")
    return [view for row in rows[offset : offset + limit] if (view := _view(row)) is not None]


def count_proposals(place: str) -> int:
    return Proposal.objects.filter(place=place).count()


def _sought(proposal_id: uuid.UUID, sought: SoughtLines) -> QuerySet[Line]:
    rows = Line.objects.filter(proposal_id=proposal_id)
    if sought.state:
        rows = rows.filter(state=sought.state)
    if sought.priority is not None:
        rows = rows.filter(priority=sought.priority)
    if sought.supply_id is not None:
        rows = rows.filter(supply_id=sought.supply_id)
    if sought.store_id is not None:
        rows = rows.filter(store_id=sought.store_id)
    if sought.place:
        rows = rows.filter(place__startswith=sought.place)
    if sought.late:
        rows = rows.filter(late_s__gt=0)
    for word in sought.text.split():
        rows = rows.filter(
            Q(supply__name_zh__icontains=word)
            | Q(supply__name_en__icontains=word)
            | Q(store__name__icontains=word)
            | Q(need__asker__icontains=word)
            | Q(need__why__icontains=word)
        )
    return rows


def list_lines(
    proposal_id: uuid.UUID, sought: SoughtLines | None = None, *, offset: int = 0, limit: int = FIRST
) -> list[LineView]:
    """A page of lines; without more said the ten that matter: lives, then the latest, then the dearest."""
    sought = sought or SoughtLines()
    rows = _sought(proposal_id, sought).order_by(*_ORDER[sought.sort])
    return [_line(row) for row in rows.annotate(**_LINE)[offset : offset + limit].values()]


def count_lines(proposal_id: uuid.UUID, sought: SoughtLines | None = None) -> int:
    return _sought(proposal_id, sought or SoughtLines()).count()


def find_line(line_id: int, *, authority: Authority) -> LineView | None:
    rows = Line.objects.filter(pk=line_id).annotate(**_LINE, of_place=F("proposal__place"))
    row = rows.values().first()
    return _line(row) if row is not None and place_within(row["of_place"], authority.place) else None


def _line(row: Any) -> LineView:
    made = {"store": row["store_"]}
    return LineView(**made, **{n: row[n] for n in LineView.__struct_fields__ if n not in made})


def list_groups(proposal_id: uuid.UUID, by: str) -> list[Group]:
    """How many lines each priority, item, place, store or state has, the most first; priorities in order."""
    fields = _GROUP[by]
    rows = (
        Line.objects.filter(proposal_id=proposal_id)
        .values(*fields)
        .annotate(
            n=Count("pk"),
            open_=Count("pk", filter=Q(state="proposed")),
            late_=Count("pk", filter=Q(late_s__gt=0)),
            cost_=Sum("cost"),
        )
        .order_by("priority" if by == "priority" else "-n", fields[0])
    )
    return [
        Group(
            key=str(row[fields[0]]),
            name_zh=str(row[fields[-2] if by == "item" else fields[-1]]),
            name_en=str(row[fields[-1]]),
            lines=row["n"],
            open=row["open_"],
            late=row["late_"],
            cost=row["cost_"],
        )
        for row in rows[:200]
    ]


def count_states(proposal_id: uuid.UUID) -> dict[str, int]:
    """How many lines are in which state."""
    rows = Line.objects.filter(proposal_id=proposal_id).values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by())


def may_order(line: LineView, *, authority: Authority) -> bool:
    """Whether this post may order it; out of a store of others only where it may promise their stock."""
    return line.tier == "own" or _may_promise(authority, line.store_place)


def count_for_others(proposal_id: uuid.UUID, *, authority: Authority) -> int:
    """Lines still proposed that this post can only ask others for."""
    rows = Line.objects.filter(proposal_id=proposal_id, state="proposed").exclude(tier="own")
    counted = rows.values_list("store__place").annotate(n=Count("pk")).order_by()
    return sum(n for place, n in counted if not _may_promise(authority, place))


def _may_promise(authority: Authority, place: str) -> bool:
    return agencies.may_with(authority, "stock.promise_stock", place=place)


def list_pairs(place: str, *, limit: int = 100) -> list[PairView]:
    """What people fixed and barred in a place and did not lift, the newest first."""
    rows = Pair.objects.filter(lifted_at=None, need__place__startswith=place)
    found = rows.select_related("need", "store").order_by("-at", "pk")[:limit]
    return [
        PairView(
            id=row.pk, need_id=row.need_id, item_zh=row.need.item_zh, item_en=row.need.item_en,
            place=row.need.place, site=row.need.site, store=row.store.name, kind=row.kind,
            quantity=row.quantity, reason=row.reason, by=row.by, at=row.at,
        )
        for row in found
    ]  # fmt: skip
