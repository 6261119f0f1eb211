"""Two officers at one store at the same moment, with real processes' threads and a real database."""

import threading
import uuid

from django.db import connection

from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions, queries
from jingwei.apps.stock.facts import Incoming, NewSupply, Wanted
from jingwei.apps.stock.models import Lot, Promise
from jingwei.apps.stock.rules import StockRefused
from tests.builders import a_moment, holding_of
from tests.nodes import LiveDatabase

OFFICERS, EACH, THERE = 4, 12, 30


def a_filled_store() -> tuple[uuid.UUID, uuid.UUID]:
    act = {"by": holding_of("hejing"), "moment": a_moment()}
    values = {"name": "市级库", "place": "4101", "kind": "1000000"}
    store = registers.add_row("stores", values, **act)
    supply = actions.add_supply(NewSupply(code="T-1", name_zh="帐篷"), **act)
    for expires_on in ("2021-08-01", "2022-01-01", ""):
        incoming = Incoming(supply_id=supply, quantity=THERE // 3, expires_on=expires_on)
        actions.receive_stock(store, incoming, **act)
    return store, supply


def at_once(work) -> None:
    """Four threads, each with a connection of its own."""
    start, broken = threading.Barrier(OFFICERS), []

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except Exception as error:  # noqa: BLE001 - asserted on below
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(OFFICERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert broken == []


def test_four_officers_promise_the_last_tents_and_none_twice(live_db: LiveDatabase) -> None:
    store, supply = a_filled_store()
    by = holding_of("hejing")

    def promise(number: int) -> None:
        for n in range(EACH):
            wanted = Wanted(supply_id=supply, quantity=1, for_whom=f"{number}号点", key=f"{number}-{n}")
            for _ in range(2):  # each order comes twice, as when an answer is lost
                try:
                    actions.promise_stock(store, wanted, by=by, moment=a_moment())
                except StockRefused as no:
                    assert no.code == "not_enough_free"

    at_once(promise)
    assert Promise.objects.count() == THERE < OFFICERS * EACH
    assert [(lot.on_hand, lot.promised) for lot in Lot.objects.all()] == [(10, 10)] * 3
    assert queries.list_disagreeing() == [] and queries.list_unbalanced() == []


def test_two_ways_across_at_once_lock_nobody_out(live_db: LiveDatabase) -> None:
    one, _ = a_filled_store()
    act = {"by": holding_of("hejing"), "moment": a_moment()}
    other = registers.add_row("stores", {"name": "另一库", "place": "4101", "kind": "1000000"}, **act)
    lot = Lot.objects.get(store_id=one, expires_on="").pk
    actions.move_stock(lot, to_store=other, quantity=5, **act)
    back = Lot.objects.get(store_id=other).pk

    def across(number: int) -> None:
        for _ in range(10):
            lot_id, target = (lot, other) if number % 2 else (back, one)
            try:
                actions.move_stock(lot_id, to_store=target, quantity=1, **act)
            except StockRefused as no:
                assert no.code == "not_enough_free"

    at_once(across)
    assert sum(Lot.objects.filter(pk__in=[lot, back]).values_list("on_hand", flat=True)) == 10
    assert queries.list_disagreeing() == [] and queries.list_unbalanced() == []


def test_one_order_that_comes_four_times_at_once_is_one_order(live_db: LiveDatabase) -> None:
    store, supply = a_filled_store()
    act = {"by": holding_of("hejing"), "moment": a_moment()}
    given: list[uuid.UUID] = []

    def same(number: int) -> None:
        for n in range(8):
            wanted = Wanted(supply_id=supply, quantity=1, for_whom="三中", key=f"same-{n}")
            given.append(actions.promise_stock(store, wanted, **act))
            incoming = Incoming(supply_id=supply, quantity=2, key=f"in-{n}")
            actions.receive_stock(store, incoming, **act)

    at_once(same)
    assert Promise.objects.count() == len(set(given)) == 8
    assert sum(Lot.objects.values_list("on_hand", flat=True)) == THERE + 16
    assert queries.list_disagreeing() == [] and queries.list_unbalanced() == []
