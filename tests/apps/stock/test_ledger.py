"""The ledger: what each act does, what it refuses, and that no order of acts promises anything twice."""

import random
import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from jingwei.apps.journal import queries as journal
from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions, queries
from jingwei.apps.stock.facts import (
    Incoming,
    NewSupply,
    PromiseArrived,
    StockCounted,
    StockPromised,
    Wanted,
)
from jingwei.apps.stock.models import Lot, Move, Posting, Promise
from jingwei.apps.stock.rules import StockRefused
from tests.builders import STORM, a_moment, authority_of, holding_of

pytestmark = pytest.mark.django_db
ON = date(2021, 7, 20)


@pytest.fixture
def chief():
    return holding_of("hejing")


def a_store(by, name: str = "市级库", place: str = "4101") -> uuid.UUID:
    values = {"name": name, "place": place, "kind": "1000000"}
    return registers.add_row("stores", values, by=by, moment=a_moment())


@pytest.fixture
def store(chief) -> uuid.UUID:
    return a_store(chief)


@pytest.fixture
def tents(chief) -> uuid.UUID:
    new = NewSupply(code="T-1", name_zh="帐篷", name_en="Tent", unit_zh="顶", unit_en="tent", pack=10)
    return actions.add_supply(new, by=chief, moment=a_moment())


def receive(store, supply, by, quantity=100, **more) -> uuid.UUID:
    incoming = Incoming(supply_id=supply, quantity=quantity, **more)
    return actions.receive_stock(store, incoming, by=by, moment=a_moment())


def promise(store, supply, by, quantity=10, *, into_floor=False, **more) -> uuid.UUID:
    wanted = Wanted(supply_id=supply, quantity=quantity, **({"for_whom": "三中安置点"} | more))
    call = actions.promise_into_floor if into_floor else actions.promise_stock
    return call(store, wanted, by=by, moment=a_moment())


def refused(call, *given, **more) -> str:
    with pytest.raises(StockRefused) as no:
        call(*given, **more)
    return no.value.code


def lots(supply) -> dict[str, tuple[int, int]]:
    return {lot.expires_on: (lot.on_hand, lot.promised) for lot in Lot.objects.filter(supply_id=supply)}


def balance(store, by_name="hejing"):
    (one,) = queries.list_balances(authority=authority_of(by_name), on=ON, store_id=store)
    return one


def agree() -> None:
    """The check: books, lots and promises say the same, and each move sums to nothing."""
    assert queries.list_disagreeing() == []
    assert queries.list_unbalanced() == []


def test_in_packages_by_batch_and_expiry_and_out_first_expired_first(store, tents, chief):
    receive(store, tents, chief, 3, in_packs=True, expires_on="2022-01-01", batch="b1")
    receive(store, tents, chief, 5, expires_on="2021-08-01", batch="b0")
    receive(store, tents, chief, 9, expires_on="2021-07-01")
    assert lots(tents) == {"2022-01-01": (30, 0), "2021-08-01": (5, 0), "2021-07-01": (9, 0)}
    promise(store, tents, chief, 12)
    assert lots(tents) == {"2022-01-01": (30, 7), "2021-08-01": (5, 5), "2021-07-01": (9, 0)}
    one = balance(store)
    assert (one.on_hand, one.promised, one.expired, one.free) == (44, 12, 9, 23)
    assert one.expires_on == "2021-08-01" and one.lots == 3
    agree()


def test_from_promise_to_arrival_and_what_was_missing(store, tents, chief):
    receive(store, tents, chief)
    number = promise(store, tents, chief, 40)
    actions.ship_promise(number, by=chief, moment=a_moment())
    assert lots(tents) == {"": (60, 0)}
    assert refused(actions.ship_promise, number, by=chief, moment=a_moment()) == "promise_not_open"
    arrive = {"by": chief, "moment": a_moment()}
    assert refused(actions.confirm_arrival, number, arrived=38, **arrive) == "stock_reason_missing"
    actions.confirm_arrival(number, arrived=38, reason="两顶浸水", **arrive)
    by_account = {}
    for posting in Posting.objects.filter(supply_id=tents):
        by_account[posting.account] = by_account.get(posting.account, 0) + posting.quantity
    assert by_account == {"purchase": -100, "store": 60, "road": 0, "delivered": 38, "lost": 2}
    (said,) = journal.list_entries(kinds=[PromiseArrived])
    assert isinstance(said.fact, PromiseArrived) and (said.fact.sent, said.fact.arrived) == (40, 38)
    agree()


def test_what_is_promised_is_not_promised_again_moved_written_off_or_counted_away(store, tents, chief):
    receive(store, tents, chief, 50)
    number = promise(store, tents, chief, 45)
    lot = Lot.objects.get(supply_id=tents)
    act = {"by": chief, "moment": a_moment()}
    assert refused(promise, store, tents, chief, 6) == "not_enough_free"
    other = a_store(chief, "另一库")
    assert refused(actions.move_stock, lot.pk, to_store=other, quantity=6, **act) == "not_enough_free"
    assert refused(actions.write_off, lot.pk, quantity=6, why="broken", **act) == "not_enough_free"
    assert refused(actions.count_stock, lot.pk, counted=44, reason="少了", **act) == "promised_more"
    assert lots(tents) == {"": (50, 45)} and not Move.objects.exclude(kind="receive").exists()
    actions.cancel_promise(number, reason="改由区里送", **act)
    actions.move_stock(lot.pk, to_store=other, quantity=6, **act)
    actions.count_stock(lot.pk, counted=40, reason="盘亏", **act)
    (said,) = journal.list_entries(kinds=[StockCounted])
    assert isinstance(said.fact, StockCounted) and (said.fact.before, said.fact.counted) == (44, 40)
    assert refused(actions.cancel_promise, number, reason="再来", **act) == "promise_not_open"
    agree()


def test_the_floor_stays_and_going_into_it_is_a_right_with_a_reason(store, tents, chief):
    receive(store, tents, chief, 50)
    actions.set_floor(store, tents, least=30, reason="汛期", by=chief, moment=a_moment())
    duty = holding_of("lisiyuan")
    assert refused(promise, store, tents, duty, 21) == "below_floor"
    assert refused(promise, store, tents, chief, 21, into_floor=True) == "stock_reason_missing"
    promise(store, tents, chief, 21, into_floor=True, reason="群众无处过夜")
    (said,) = journal.list_entries(kinds=[StockPromised])
    assert isinstance(said.fact, StockPromised) and said.fact.into_floor == 1
    assert balance(store).is_short and balance(store).free == 0


def test_a_repeat_under_its_key_is_known_and_another_order_under_it_is_refused(store, tents, chief):
    first = receive(store, tents, chief, 50, key="in-1")
    assert receive(store, tents, chief, 50, key="in-1") == first
    assert refused(receive, store, tents, chief, 51, key="in-1") == "ledger_key_reused"
    number = promise(store, tents, chief, 5, key="p-1")
    assert promise(store, tents, chief, 5, key="p-1") == number
    assert refused(promise, store, tents, chief, 6, key="p-1") == "ledger_key_reused"
    assert lots(tents) == {"": (50, 5)}
    agree()


def test_what_it_refuses_in_words(store, tents, chief):
    act = {"by": chief, "moment": a_moment()}
    assert refused(receive, store, uuid.uuid4(), chief) == "supply_unknown"
    assert refused(receive, uuid.uuid4(), tents, chief) == "store_unknown"
    assert refused(receive, store, tents, chief, 0) == "quantity_impossible"
    assert refused(receive, store, tents, chief, origin="somewhere") == "origin_unknown"
    assert refused(receive, store, tents, chief, expires_on="bald") == "expiry_unreadable"
    boats = actions.add_supply(NewSupply(code="", name_zh="冲锋舟"), **act)
    assert refused(receive, store, boats, chief, 2, in_packs=True) == "pack_unknown"
    assert refused(actions.add_supply, NewSupply(code="T-1", name_zh="帐篷"), **act) == "supply_known"
    assert refused(actions.add_supply, NewSupply(code="", name_zh=" "), **act) == "supply_unnamed"
    assert refused(promise, store, tents, chief, for_whom=" ") == "receiver_missing"
    assert refused(actions.ship_promise, uuid.uuid4(), **act) == "promise_unknown"
    assert refused(actions.write_off, uuid.uuid4(), quantity=1, why="broken", **act) == "lot_unknown"
    receive(store, tents, chief)
    lot = Lot.objects.get(supply_id=tents).pk
    assert refused(actions.move_stock, lot, to_store=store, quantity=1, **act) == "same_store"
    assert refused(actions.write_off, lot, quantity=1, why="other", **act) == "stock_reason_missing"
    assert refused(actions.count_stock, lot, counted=99, **act) == "stock_reason_missing"
    assert refused(actions.set_floor, store, tents, least=1, reason="", **act) == "stock_reason_missing"
    number = promise(store, tents, chief)
    assert refused(actions.cancel_promise, number, reason=" ", **act) == "stock_reason_missing"
    assert refused(actions.confirm_arrival, number, arrived=10, **act) == "promise_not_sent"


def test_a_book_shows_each_move_with_its_balance(store, tents, chief):
    receive(store, tents, chief, 50, source="省库", origin="allotted")
    lot = Lot.objects.get(supply_id=tents)
    actions.write_off(lot.pk, quantity=3, why="broken", by=chief, moment=a_moment(STORM + timedelta(hours=1)))
    book = queries.list_postings(lot.pk)
    assert [(p.kind, p.quantity, p.balance) for p in book] == [("receive", 50, 50), ("write_off", -3, 47)]
    assert book[0].accounts == ("allotted",) and book[0].source == "省库"


def test_one_sees_the_stores_of_ones_own_area(store, tents, chief):
    county = a_store(chief, "区库", "410105")
    receive(store, tents, chief)
    receive(county, tents, chief, 5)
    assert [b.store for b in queries.list_balances(authority=authority_of("hejing"), on=ON)] == [
        "市级库",
        "区库",
    ]
    seen = queries.list_balances(authority=authority_of("chiqinghe"), on=ON)
    assert [b.store for b in seen] == ["区库"]
    lot = Lot.objects.get(store_id=store)
    assert queries.find_lot(lot.pk, authority=authority_of("chiqinghe"), on=ON) is None


# --- the database refuses by itself ----------------------------------------------------------------------


def test_the_database_takes_no_lot_promised_beyond_what_it_holds(store, tents, chief):
    """Whatever the code above it does: the canary of all the rest."""
    receive(store, tents, chief, 5)
    for broken in ({"promised": 6}, {"on_hand": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lot.objects.filter(supply_id=tents).update(**broken)


def test_canary_books_that_do_not_agree_are_seen(store, tents, chief):
    receive(store, tents, chief, 5)
    promise(store, tents, chief, 2)
    agree()
    with transaction.atomic():
        Lot.objects.filter(supply_id=tents).update(on_hand=6, promised=1)
    (one,) = queries.list_disagreeing()
    assert (one.on_hand, one.posted, one.promised, one.held) == (6, 5, 1, 2)
    with transaction.atomic():
        Posting.objects.filter(account="purchase").update(quantity=-6)
    assert len(queries.list_unbalanced()) == 1


# --- any order of acts -----------------------------------------------------------------------------------


def a_step(chance: random.Random, n: int, stores, supplies, by) -> None:
    """One act, whichever it is; most are near the edge, and some are repeats."""
    act = {"by": by, "moment": a_moment()}
    store, supply, amount = chance.choice(stores), chance.choice(supplies), chance.randint(1, 12)
    every = list(Lot.objects.filter(store_id=store, supply_id=supply).values_list("pk", flat=True))
    lot = chance.choice(every or [uuid.uuid4()])
    of = {
        state: chance.choice(
            list(Promise.objects.filter(state=state).values_list("pk", flat=True)) or [uuid.uuid4()]
        )
        for state in ("open", "sent")
    }
    expiry = chance.choice(["", "2021-07-19", "2021-07-25", "2022-01-01"])
    steps = (
        lambda: receive(store, supply, by, amount, expires_on=expiry, key=f"k{n % 90}"),
        lambda: promise(store, supply, by, amount, key=f"k{n % 70}"),
        lambda: promise(store, supply, by, amount),
        lambda: actions.move_stock(lot, to_store=chance.choice(stores), quantity=amount, **act),
        lambda: actions.count_stock(lot, counted=amount, reason="盘点", **act),
        lambda: actions.write_off(lot, quantity=amount, why="broken", **act),
        lambda: actions.set_floor(store, supply, least=amount, reason="汛期", **act),
        lambda: actions.cancel_promise(of["open"], reason="x", **act),
        lambda: actions.ship_promise(of["open"], **act),
        lambda: actions.confirm_arrival(of["sent"], arrived=amount, reason="x", **act),
    )
    chance.choice(steps)()


def wander(chance: random.Random, stores, supplies, by) -> int:
    """Two hundred acts in any order. Returns how many were done."""
    done = 0
    for n in range(200):
        try:
            with transaction.atomic():
                a_step(chance, n, stores, supplies, by)
            done += 1
        except StockRefused:
            pass
        if n % 20 == 0:
            agree()
    agree()
    return done


@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_acts_promises_twice_or_goes_below_nothing(seed, chief):
    stores = [a_store(chief, name) for name in ("一库", "二库")]
    supplies = [
        actions.add_supply(NewSupply(code=code, name_zh=code), by=chief, moment=a_moment())
        for code in ("A", "B")
    ]
    assert wander(random.Random(seed), stores, supplies, chief) > 60
    assert {p.state for p in Promise.objects.all()} >= {"arrived", "cancelled"}
    for lot in Lot.objects.all():
        assert 0 <= lot.promised <= lot.on_hand
