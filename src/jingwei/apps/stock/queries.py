"""Reads of the ledger: what there is, where, until when, what is promised; and whether the books agree."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

import msgspec
from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from jingwei.apps.agencies.queries import Authority

from . import rules
from .models import Floor, Lot, Move, Posting, Promise, Supply


class SupplyLine(msgspec.Struct, frozen=True):
    """A supply as lists show it."""

    id: uuid.UUID
    code: str
    name_zh: str
    name_en: str
    category: str
    unit_zh: str
    unit_en: str
    pack: int | None


class Balance(msgspec.Struct, frozen=True):
    """One supply in one store, in units. `free`: what may be promised; `expires_on`: the first to expire."""

    store_id: uuid.UUID
    store: str
    place: str
    supply: SupplyLine
    on_hand: int
    promised: int
    expired: int
    floor: int
    expires_on: str
    lots: int

    @property
    def free(self) -> int:
        return max(0, self.on_hand - self.promised - self.expired - self.floor)

    @property
    def is_short(self) -> bool:
        """Less is left than must stay."""
        return self.on_hand - self.promised - self.expired < self.floor


class SupplyTotal(msgspec.Struct, frozen=True):
    """One supply in all stores of an area, in units. `free`: what may be promised, above every floor."""

    on_hand: int
    promised: int
    free: int


class LotLine(msgspec.Struct, frozen=True):
    """A lot, and whether it may no longer be given out."""

    id: uuid.UUID
    store_id: uuid.UUID
    store: str
    place: str
    supply: SupplyLine
    batch: str
    expires_on: str
    on_hand: int
    promised: int
    is_expired: bool


class PostingLine(msgspec.Struct, frozen=True):
    """One line of a lot's book: when, what kind of move, how many units, and the balance after it."""

    at: datetime
    kind: str
    quantity: int
    balance: int
    reason: str
    source: str
    by: uuid.UUID
    accounts: tuple[str, ...]
    promise_id: uuid.UUID | None


class PromiseView(msgspec.Struct, frozen=True):
    """A promise as lists show it."""

    id: uuid.UUID
    store_id: uuid.UUID
    store: str
    at_place: str
    supply: SupplyLine
    quantity: int
    for_whom: str
    place: str
    due_at: datetime | None
    reason: str
    state: str
    arrived: int | None
    by: uuid.UUID
    at: datetime


class Disagreement(msgspec.Struct, frozen=True):
    """A lot whose row is not what its postings and promises give."""

    lot_id: uuid.UUID
    on_hand: int
    posted: int
    promised: int
    held: int


def _supply(row: Supply) -> SupplyLine:
    return SupplyLine(*(getattr(row, name) for name in SupplyLine.__struct_fields__))


def _of_place(rows: QuerySet, authority: Authority, field: str) -> QuerySet:
    """What lies in the stores this post may see: those of its own area."""
    return rows.filter(**{f"{field}__startswith": authority.place}) if authority.place else rows


def _named(rows: QuerySet, text: str) -> QuerySet:
    for word in text.split():
        rows = rows.filter(
            Q(supply__name_zh__icontains=word)
            | Q(supply__name_en__icontains=word)
            | Q(supply__code__iexact=word)
            | Q(store__name__icontains=word)
        )
    return rows


def list_supplies(text: str = "") -> list[SupplyLine]:
    rows = Supply.objects.order_by("code")
    if text:
        rows = rows.filter(Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__iexact=text))
    return [_supply(row) for row in rows]


def find_supply(supply_id: uuid.UUID) -> SupplyLine | None:
    row = Supply.objects.filter(pk=supply_id).first()
    return _supply(row) if row else None


def list_balances(
    *, authority: Authority, on: date, text: str = "", store_id: uuid.UUID | None = None,
    supply_id: uuid.UUID | None = None, offset: int = 0, limit: int = 50,
) -> list[Balance]:  # fmt: skip
    """What each store holds of each supply, by place, store and supply; a page of it."""
    lots = _balances(authority, text, store_id)
    if supply_id is not None:
        lots = lots.filter(supply_id=supply_id)
    return _held(lots, on, slice(offset, offset + limit))


def list_held(supplies: Collection[uuid.UUID], *, authority: Authority, on: date) -> list[Balance]:
    """What every store of one's area holds of these supplies: all of it, for a plan."""
    lots = _balances(authority, "", None).filter(supply_id__in=set(supplies))
    return _held(lots, on, slice(None))


def list_held_at(
    stores: Collection[uuid.UUID], supplies: Collection[uuid.UUID], *, on: date
) -> list[Balance]:
    """What these stores hold of these supplies, whoever's they are: for a plan that may ask their keepers."""
    lots = Lot.objects.filter(store_id__in=set(stores), supply_id__in=set(supplies))
    rows = lots.values("store_id", "store__name", "store__place", "supply_id", "supply__code").distinct()
    return _held(rows, on, slice(None))


def _held(lots: QuerySet, on: date, page: slice) -> list[Balance]:
    rows = lots.annotate(
        held=Coalesce(Sum("on_hand"), 0),
        taken=Coalesce(Sum("promised"), 0),
        old=Coalesce(Sum(F("on_hand") - F("promised"), filter=_expired(on)), 0),
        first=Min("expires_on", filter=~Q(expires_on="") & Q(on_hand__gt=0) & ~_expired(on)),
        number=Count("pk", filter=Q(on_hand__gt=0)),
    )
    found = list(rows.order_by("store__place", "store__name", "store_id", "supply__code")[page])
    supplies = {s.pk: _supply(s) for s in Supply.objects.filter(pk__in={r["supply_id"] for r in found})}
    floors = {
        (f.store_id, f.supply_id): f.least
        for f in Floor.objects.filter(store_id__in={r["store_id"] for r in found})
    }
    return [
        Balance(
            store_id=r["store_id"],
            store=r["store__name"],
            place=r["store__place"],
            supply=supplies[r["supply_id"]],
            on_hand=r["held"],
            promised=r["taken"],
            expired=r["old"],
            floor=floors.get((r["store_id"], r["supply_id"]), 0),
            expires_on=r["first"] or "",
            lots=r["number"],
        )
        for r in found
    ]


def count_balances(*, authority: Authority, text: str = "", store_id: uuid.UUID | None = None) -> int:
    return _balances(authority, text, store_id).count()


def _balances(authority: Authority, text: str, store_id: uuid.UUID | None) -> QuerySet:
    rows = _named(_of_place(Lot.objects.all(), authority, "store__place"), text)
    if store_id is not None:
        rows = rows.filter(store_id=store_id)
    return rows.values("store_id", "store__name", "store__place", "supply_id", "supply__code").distinct()


def _expired(on: date) -> Q:
    return ~Q(expires_on="") & Q(expires_on__lt=on.isoformat())


def list_supply_totals(
    supplies: Collection[uuid.UUID], *, authority: Authority, on: date
) -> dict[uuid.UUID, SupplyTotal]:
    """What the stores one may see hold of each of these supplies, together."""
    if not supplies:
        return {}
    rows = _of_place(Lot.objects.filter(supply_id__in=supplies), authority, "store__place")
    floors = {(f.store_id, f.supply_id): f.least for f in Floor.objects.filter(supply_id__in=supplies)}
    found: dict[uuid.UUID, SupplyTotal] = {}
    for one in (
        rows.values("store_id", "supply_id")
        .annotate(
            held=Coalesce(Sum("on_hand"), 0),
            taken=Coalesce(Sum("promised"), 0),
            old=Coalesce(Sum(F("on_hand") - F("promised"), filter=_expired(on)), 0),
        )
        .order_by()
    ):
        known = found.get(one["supply_id"], SupplyTotal(0, 0, 0))
        floor = floors.get((one["store_id"], one["supply_id"]), 0)
        found[one["supply_id"]] = SupplyTotal(
            on_hand=known.on_hand + one["held"],
            promised=known.promised + one["taken"],
            free=known.free + max(0, one["held"] - one["taken"] - one["old"] - floor),
        )
    return found


def list_promises_by_id(ids: Collection[uuid.UUID]) -> list[PromiseView]:
    """These promises, for an app that has checked what the caller may see."""
    rows = Promise.objects.filter(pk__in=ids).select_related("store", "supply").order_by("at", "pk")
    return [_promise(row) for row in rows]


def list_lots(*, store_id: uuid.UUID, supply_id: uuid.UUID, authority: Authority, on: date) -> list[LotLine]:
    """The lots of a supply in a store, in the order in which they go out."""
    rows = _of_place(Lot.objects.all(), authority, "store__place").filter(
        store_id=store_id, supply_id=supply_id
    )
    found = [_lot(row, on) for row in rows.select_related("store", "supply")]
    return sorted(found, key=lambda lot: (lot.expires_on or "9999", lot.batch, lot.id))


def find_lot(lot_id: uuid.UUID, *, authority: Authority, on: date) -> LotLine | None:
    row = _of_place(Lot.objects.filter(pk=lot_id), authority, "store__place")
    found = row.select_related("store", "supply").first()
    return _lot(found, on) if found else None


def _lot(row: Lot, on: date) -> LotLine:
    return LotLine(
        id=row.pk,
        store_id=row.store_id,
        store=row.store.name,
        place=row.store.place,
        supply=_supply(row.supply),
        batch=row.batch,
        expires_on=row.expires_on,
        on_hand=row.on_hand,
        promised=row.promised,
        is_expired=rules.is_expired(row.expires_on, on=on),
    )


def list_postings(lot_id: uuid.UUID) -> list[PostingLine]:
    """The book of a lot, oldest first, for a page that has checked who may see it."""
    rows = Posting.objects.filter(lot_id=lot_id).select_related("move").order_by("pk")
    others: dict[uuid.UUID, list[str]] = {}
    for move_id, account in (
        Posting.objects.filter(move_id__in=[r.move_id for r in rows])
        .exclude(lot_id=lot_id)
        .order_by("pk")
        .values_list("move_id", "account")
    ):
        others.setdefault(move_id, []).append(account)
    found, balance = [], 0
    for row in rows:
        balance += row.quantity
        found.append(
            PostingLine(
                at=row.move.at,
                kind=row.move.kind,
                quantity=row.quantity,
                balance=balance,
                reason=row.move.reason,
                source=row.move.source,
                by=row.move.by,
                accounts=tuple(others.get(row.move_id, ())),
                promise_id=row.move.promise_id,
            )
        )
    return found


def list_promises(
    *, authority: Authority, states: Sequence[str] = ("open", "sent"), offset: int = 0, limit: int = 50
) -> list[PromiseView]:
    """Promises out of the stores this post may see, the most urgent first."""
    rows = _of_place(Promise.objects.filter(state__in=states), authority, "store__place")
    ordered = rows.select_related("store", "supply").order_by(F("due_at").asc(nulls_last=True), "at", "pk")
    return [_promise(row) for row in ordered[offset : offset + limit]]


def count_promises(*, authority: Authority, states: Sequence[str] = ("open", "sent")) -> int:
    return _of_place(Promise.objects.filter(state__in=states), authority, "store__place").count()


def find_promise(promise_id: uuid.UUID, *, authority: Authority) -> PromiseView | None:
    rows = _of_place(Promise.objects.filter(pk=promise_id), authority, "store__place")
    row = rows.select_related("store", "supply").first()
    return _promise(row) if row else None


def _promise(row: Promise) -> PromiseView:
    return PromiseView(
        id=row.pk,
        store_id=row.store_id,
        store=row.store.name,
        at_place=row.store.place,
        supply=_supply(row.supply),
        quantity=row.quantity,
        for_whom=row.for_whom,
        place=row.place,
        due_at=row.due_at,
        reason=row.reason,
        state=row.state,
        arrived=row.arrived,
        by=row.by,
        at=row.at,
    )


def list_disagreeing() -> list[Disagreement]:
    """Lots whose rows are not what their postings, and the open promises on them, give."""
    posted = dict(
        Posting.objects.filter(account="store")
        .values("lot_id")
        .annotate(n=Sum("quantity"))
        .values_list("lot_id", "n")
    )
    held = dict(
        Promise.objects.filter(state="open").values("lines__lot_id").annotate(n=Sum("lines__quantity"))
        .values_list("lines__lot_id", "n")
    )  # fmt: skip
    return [
        Disagreement(pk, on_hand, posted.get(pk, 0), promised, held.get(pk, 0))
        for pk, on_hand, promised in Lot.objects.values_list("pk", "on_hand", "promised").order_by("pk")
        if (on_hand, promised) != (posted.get(pk, 0), held.get(pk, 0))
    ]


def list_unbalanced() -> list[uuid.UUID]:
    """Moves whose postings do not sum to nothing, or are not those that were signed for."""
    found = []
    for move in Move.objects.prefetch_related("postings").order_by("pk").iterator(chunk_size=500):
        lines = [[p.account, str(p.lot_id or p.supply_id), p.quantity] for p in move.postings.all()]
        balanced = rules.is_balanced([(p.supply_id, p.quantity) for p in move.postings.all()])
        if sorted(lines) != sorted(move.lines) or not balanced:
            found.append(move.pk)
    return found
