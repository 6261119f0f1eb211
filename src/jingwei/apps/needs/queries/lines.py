"""Lists of needs, and one need with what tells of it and what serves it."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from jingwei.apps.agencies.queries import Authority

from ..facts import STANDING
from ..models import Need, Serving, Telling
from .pairs import list_doubles


class Served(msgspec.Struct, frozen=True):
    """What stock gives towards a need, in units: promised and lying ready, on the road, arrived."""

    promised: int = 0
    sent: int = 0
    arrived: int = 0

    @property
    def all(self) -> int:
        return self.promised + self.sent + self.arrived


class SaidAmount(msgspec.Struct, frozen=True):
    """How much the words of a report say: `low` to `quantity`, by these characters of it.

    `rough`: about, least, most, '' as said.
    """

    report_id: uuid.UUID
    low: int
    quantity: int
    rough: str
    unit_zh: str
    unit_en: str
    begin: int
    end: int

    @property
    def is_range(self) -> bool:
        return self.low != self.quantity

    def says(self, other: "SaidAmount") -> bool:
        """Whether both say the same."""
        return all(getattr(self, n) == getattr(other, n) for n in ("low", "quantity", "rough", "unit_zh"))


class NeedLine(msgspec.Struct, frozen=True):
    """A need as lists show it. `told`: reports that ask for it; `joined`: needs that are this one.

    `said`: how much the first report with a number says; `newest`: the last one where it says another.
    """

    id: uuid.UUID
    supply_id: uuid.UUID | None
    item_zh: str
    item_en: str
    unit_zh: str
    unit_en: str
    item_key: str
    item_class: str
    priority: int
    quantity: int | None
    place: str
    site: str
    due_at: datetime | None
    people: int | None
    groups: tuple[str, ...]
    incident_id: uuid.UUID | None
    why: str
    asker: str
    origin: str
    state: str
    reason: str
    fresh_until_at: datetime
    fresh_rule: str
    joined_into_id: uuid.UUID | None
    report_id: uuid.UUID | None
    standard: str
    estimate: dict[str, Any] | None
    version: int
    by: uuid.UUID
    at: datetime
    confirmed_by: uuid.UUID | None
    confirmed_at: datetime | None
    told: int
    joined: int
    served: Served
    said: SaidAmount | None = None
    newest: SaidAmount | None = None

    @property
    def is_read(self) -> bool:
        """Its quantity is what the words of a report say, and nobody has confirmed it."""
        said = self.said
        return self.is_proposed and said is not None and said.quantity == self.quantity

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def is_proposed(self) -> bool:
        """The machine's, and nobody has confirmed it."""
        return self.origin != "asked" and self.state == "open"

    @property
    def still_open(self) -> int | None:
        """What nothing is promised for yet; None where how much was not said."""
        return None if self.quantity is None else max(0, self.quantity - self.served.all)

    def is_stale(self, at: datetime) -> bool:
        return self.stands and self.fresh_until_at <= at

    def is_late(self, at: datetime) -> bool:
        return self.stands and self.due_at is not None and self.due_at <= at


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of needs asks for; '' asks for nothing. `state` '': those that stand.

    `how`: fresh, stale, late, double (probably asked twice), unserved (nothing is promised for it).
    """

    text: str = ""
    state: str = ""
    origin: str = ""
    item_class: str = ""
    place: str = ""
    incident_id: uuid.UUID | None = None
    how: str = ""


ALL = Sought()
_MADE = ("groups", "told", "joined", "served", "said", "newest")
_PLAIN = [name for name in NeedLine.__struct_fields__ if name not in _MADE]


def visible(authority: Authority) -> QuerySet:
    rows = Need.objects.all()
    return rows.filter(place__startswith=authority.place) if authority.place else rows


def _filtered(sought: Sought, authority: Authority, at: datetime) -> QuerySet:
    rows = visible(authority)
    rows = rows.filter(state=sought.state) if sought.state else rows.filter(state__in=STANDING)
    for name in ("origin", "item_class", "incident_id"):
        if value := getattr(sought, name):
            rows = rows.filter(**{name: value})
    if sought.place:
        rows = rows.filter(place__startswith=sought.place)
    for word in sought.text.split():
        rows = rows.filter(
            Q(item_zh__icontains=word)
            | Q(item_en__icontains=word)
            | Q(why__icontains=word)
            | Q(asker__icontains=word)
            | Q(site__iexact=word)
        )
    if sought.how == "fresh":
        rows = rows.filter(fresh_until_at__gt=at)
    elif sought.how == "stale":
        rows = rows.filter(fresh_until_at__lte=at)
    elif sought.how == "late":
        rows = rows.filter(due_at__lte=at)
    elif sought.how == "double":
        rows = rows.filter(pk__in=list_doubles(rows))
    elif sought.how == "unserved":
        rows = rows.filter(servings=None)
    return rows


def list_needs(
    sought: Sought = ALL, *, authority: Authority, at: datetime, offset: int = 0, limit: int = 50
) -> list[NeedLine]:
    """A page of needs: what saves lives first, then what is due first."""
    rows = _filtered(sought, authority, at).order_by("priority", F("due_at").asc(nulls_last=True), "at", "pk")
    return lines_of(list(rows[offset : offset + limit]))


def count_needs(sought: Sought = ALL, *, authority: Authority, at: datetime) -> int:
    return _filtered(sought, authority, at).count()


def find_need(need_id: uuid.UUID, *, authority: Authority) -> NeedLine | None:
    found = lines_of(list(visible(authority).filter(pk=need_id)))
    return found[0] if found else None


def is_over(need_id: uuid.UUID) -> bool:
    """Whether a need was met or withdrawn, for who reads a list of needs again."""
    return not Need.objects.filter(pk=need_id, state__in=STANDING).exists()


def list_by_id(ids: Collection[uuid.UUID], *, authority: Authority) -> list[NeedLine]:
    """These needs, as far as the post may see them."""
    return lines_of(list(visible(authority).filter(pk__in=ids)))


def list_joined(need_id: uuid.UUID) -> list[NeedLine]:
    """The needs that are this one, for a page that has checked who may see it."""
    return lines_of(list(Need.objects.filter(joined_into_id=need_id).order_by("at", "pk")))


def list_of_incident(incident_id: uuid.UUID, *, authority: Authority) -> list[NeedLine]:
    """What stands of an incident, for its room."""
    rows = visible(authority).filter(incident_id=incident_id, state__in=STANDING, joined_into=None)
    return lines_of(list(rows.order_by("priority", "at", "pk")[:200]))


#: Needs looked at together for what stock cannot give. Source: our estimate, a province's worst day.
MOST_OPEN = 8_000


def list_open(*, authority: Authority, supply_id: uuid.UUID | None = None) -> list[NeedLine]:
    """Needs of supplies that stand and say how much: the confirmed first, then by urgency."""
    rows = visible(authority).filter(state__in=STANDING, joined_into=None).exclude(quantity=None)
    rows = rows.exclude(supply=None) if supply_id is None else rows.filter(supply_id=supply_id)
    confirmed = Case(When(state="confirmed", then=Value(0)), default=Value(1))
    ordered = rows.order_by(confirmed, "priority", F("due_at").asc(nulls_last=True), "at", "pk")
    return lines_of(list(ordered[:MOST_OPEN]))


def find_standing(need_id: uuid.UUID) -> NeedLine | None:
    """A need that is still one and counts for itself, for an action that asks for its right itself."""
    found = lines_of(list(Need.objects.filter(pk=need_id, state__in=STANDING, joined_into=None)))
    return found[0] if found else None


def lines_of(rows: list[Need]) -> list[NeedLine]:
    ids = [row.pk for row in rows]
    counted = Q(quantity__isnull=False)
    told = {
        need: (n, first, last)
        for need, n, first, last in Telling.objects.filter(need_id__in=ids)
        .values_list("need_id")
        .annotate(n=Count("pk"), first=Min("pk", filter=counted), last=Max("pk", filter=counted))
        .order_by()
    }
    said = _said({pk for _, first, last in told.values() for pk in (first, last) if pk is not None})
    joined = dict(
        Need.objects.filter(joined_into_id__in=ids)
        .values_list("joined_into_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    served = _served(Q(need_id__in=ids) | Q(need__joined_into_id__in=ids), root=set(ids))
    return [
        NeedLine(
            **{name: getattr(row, name) for name in _PLAIN},
            groups=tuple(row.groups),
            told=told.get(row.pk, _UNTOLD)[0],
            said=_first(told.get(row.pk, _UNTOLD), said),
            newest=_newest(told.get(row.pk, _UNTOLD), said),
            joined=joined.get(row.pk, 0),
            served=served.get(row.pk, Served()),
        )
        for row in rows
    ]


#: Of a need that no report tells of: how many do, and the first and the last with a number.
_UNTOLD: tuple[int, int | None, int | None] = (0, None, None)


def _said(tellings: Collection[int]) -> dict[int, SaidAmount]:
    rows = Telling.objects.filter(pk__in=tellings, quantity__isnull=False) if tellings else []
    return {
        row.pk: SaidAmount(
            row.report_id, row.low or 0, row.quantity or 0, row.rough, row.unit_zh, row.unit_en,
            row.quantity_begin or 0, row.quantity_end or 0,
        )
        for row in rows
    }  # fmt: skip


def _first(told: tuple[int, int | None, int | None], said: dict[int, SaidAmount]) -> SaidAmount | None:
    return said[told[1]] if told[1] is not None else None


def _newest(told: tuple[int, int | None, int | None], said: dict[int, SaidAmount]) -> SaidAmount | None:
    """The last number, where it is another than the first."""
    _, first, last = told
    if first is None or last is None or said[last].says(said[first]):
        return None
    return said[last]


def _served(which: Q, *, root: Collection[uuid.UUID]) -> dict[uuid.UUID, Served]:
    """What stock gives towards each need; what serves a joined need serves the one it was joined into."""
    sums: dict[uuid.UUID, dict[str, int]] = {}
    for need, into, state, quantity, arrived in (
        Serving.objects.filter(which)
        .values_list("need_id", "need__joined_into_id", "promise__state")
        .annotate(q=Sum("promise__quantity"), a=Coalesce(Sum("promise__arrived"), 0))
        .order_by()
    ):
        for of in {need, into} & set(root):
            known = sums.setdefault(of, {})
            known[state] = known.get(state, 0) + (arrived if state == "arrived" else quantity)
    return {
        of: Served(promised=s.get("open", 0), sent=s.get("sent", 0), arrived=s.get("arrived", 0))
        for of, s in sums.items()
    }


class ToldBy(msgspec.Struct, frozen=True):
    """A report that asks for a need, which characters of it say so, and which of them how much."""

    report_id: uuid.UUID
    begin: int
    end: int
    quantity_begin: int | None = None
    quantity_end: int | None = None


def list_tellings(need_id: uuid.UUID) -> list[ToldBy]:
    rows = Telling.objects.filter(need_id=need_id).order_by("pk")
    names = ToldBy.__struct_fields__
    return [ToldBy(*(getattr(row, name) for name in names)) for row in rows]


def list_promises(need_id: uuid.UUID) -> list[uuid.UUID]:
    """The promises of stock for a need and for those joined into it."""
    rows = Serving.objects.filter(Q(need_id=need_id) | Q(need__joined_into_id=need_id)).order_by("at", "pk")
    return [row.promise_id for row in rows]


def find_served(promise_id: uuid.UUID) -> uuid.UUID | None:
    """The need a promise of stock is for."""
    return Serving.objects.filter(promise_id=promise_id).values_list("need_id", flat=True).first()
