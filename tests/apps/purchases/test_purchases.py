"""What stock cannot meet, who could make it by when, and orders from the first word to the store."""

import uuid
from datetime import timedelta

import pytest
from msgspec.structs import replace

from jingwei.apps.journal import queries as journal
from jingwei.apps.needs import actions as needs
from jingwei.apps.purchases import actions, queries, rules
from jingwei.apps.purchases.actions import coming, ordering
from jingwei.apps.purchases.facts import (
    Delivery,
    PurchaseCancelled,
    PurchaseConfirmed,
    PurchaseDelivered,
    SuppliesOrdered,
)
from jingwei.apps.purchases.models import Purchase
from jingwei.apps.purchases.queries import SoughtPurchases
from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock import queries as stock_queries
from jingwei.apps.stock.models import Lot, Move, Supply
from tests.apps.needs.acts import act, line, refused
from tests.builders import STORM, an_incident, authority_of, unseen_once

from .acts import HOUR, a_need, a_producer, a_shortage, order, short

pytestmark = pytest.mark.django_db


# --- what stock cannot meet ---


def test_a_need_within_the_stock_is_no_shortage_and_one_beyond_says_how_much():
    _, supply, need, _ = a_shortage()
    found = short(need)
    assert found is not None
    assert (found.open, found.free, found.lacking, found.expected, found.to_buy) == (160, 100, 60, 0, 60)
    needs.withdraw_need(need, reason="不需要了", **act())
    assert short(need) is None and short(a_need(supply, 100)) is None


def test_what_must_stay_is_not_counted_and_needs_share_the_stock_in_their_order():
    store, supply, first, _ = a_shortage()
    stock.set_floor(store, supply, least=30, reason="汛期", **act())
    second = a_need(supply, 50)
    one, other = short(first), short(second)
    assert one is not None and other is not None
    assert (one.free, one.lacking) == (70, 90)
    assert (other.free, other.lacking) == (0, 50), "the first took what was free"
    found, count = queries.list_shortages(authority=authority_of("hejing"), at=STORM)
    assert [s.need.id for s in found] == [first, second] and sum(s.lacking for s in found) == 210 - 70
    page, same = queries.list_shortages(authority=authority_of("hejing"), at=STORM, offset=1, limit=1)
    assert [s.need.id for s in page] == [second] and page[0].free == 0 and same == count == 2


def test_makers_are_sorted_by_when_all_of_it_could_be_there_and_say_who_cannot_by_the_deadline():
    _, supply, _, _ = a_shortage()
    Supply.objects.filter(pk=supply).update(category="1010000")
    a_producer("快厂", per_day=2_400, lead_h=1.0)
    a_producer("慢厂", per_day=10, lead_h=48.0)
    a_producer("同类厂", supply="", per_day=9_999)
    a_producer("没说", per_day=None, lead_h=None)
    a_producer("水泵厂", kind="2000000", supply="")
    a_producer("别的品目", supply="T-9")
    need = a_need(supply, 160, due_at=STORM + 10 * HOUR)
    found = short(need)
    assert found is not None and found.to_buy == 60, "due first, it takes the hundred before the other need"
    assert [m.card.name for m in found.makers] == ["快厂", "帐篷厂", "慢厂", "没说", "同类厂"]
    fast, plain, slow, silent, alike = found.makers
    way = timedelta(seconds=600)  # nearer than the least time on the way
    assert fast.travel_s == 600 and fast.travel_min == 10
    assert fast.whole_at == STORM + timedelta(hours=1, minutes=36) + way  # 60 at 100 an hour
    assert plain.whole_at == STORM + 12 * HOUR + way and plain.late and plain.by_due == 38
    assert slow.late and slow.by_due == 0 and not fast.late and fast.by_due == 60
    assert plain.cost_fen == 60 * 125_050
    assert (silent.whole_at, silent.is_known, alike.whole_at, alike.exact) == (None, False, None, False)
    assert alike.cost_fen is None, "its price is not of this supply"
    assert found.first == fast


def test_a_far_producer_is_longer_on_the_way():
    _, _, need, _ = a_shortage()
    a_producer("洛阳厂", lon=112.45, lat=34.62)
    found = short(need)
    assert found is not None
    far = next(m for m in found.makers if m.card.name == "洛阳厂")
    assert far.travel_s is not None and 3 * 3_600 < far.travel_s < 5 * 3_600  # 113 km × 1.33 at 40 km/h


def test_dependence_on_one_source_is_said_until_there_is_a_second():
    _, supply, need, _ = a_shortage()
    chief = authority_of("hejing")
    found = queries.find_sources(supply, authority=chief, at=STORM)
    assert found is not None and (found.alone, found.stores, found.producers) == (
        "one_each", ("区级库",), ("帐篷厂",),
    )  # fmt: skip
    shortage = short(need)
    assert shortage is not None and shortage.sources == found
    a_producer("第二厂")
    again = queries.find_sources(supply, authority=chief, at=STORM)
    assert again is not None and again.alone == ""


def test_producers_of_another_area_are_not_shown_and_not_ordered_from():
    _, _, need, _ = a_shortage()
    far = a_producer("洛阳厂", place="4103")
    assert authority_of("hejing").place == "4101"
    found = short(need)
    assert found is not None and "洛阳厂" not in [m.card.name for m in found.makers]
    assert refused(lambda: order(need, far)) == "producer_unknown"


# --- orders ---


def test_what_is_ordered_is_expected_at_the_need_and_is_no_stock_and_no_promise():
    store, supply, need, producer = a_shortage()
    purchase = order(need, producer, 45)
    found = short(need)
    assert found is not None and (found.expected, found.to_buy, found.lacking) == (45, 15, 60)
    assert line(need).served.all == 0
    totals = stock_queries.list_supply_totals([supply], authority=authority_of("hejing"), on=STORM.date())
    assert (totals[supply].on_hand, totals[supply].promised) == (100, 0)
    actions.confirm_purchase(purchase, expected_at=STORM + 20 * HOUR, **act())
    again = short(need)
    assert again is not None and again.expected == 45
    one = queries.find_purchase(purchase, authority=authority_of("hejing"))
    assert one is not None and one.state == "confirmed" and one.expected_at == STORM + 20 * HOUR
    assert one.is_late(STORM + 20 * HOUR) and not one.is_late(STORM + 19 * HOUR)
    came = Delivery(store_id=store, arrived=40, reason="五顶破损", batch="2021-07")
    actions.receive_purchase(purchase, came, **act())
    late = short(need)
    assert late is not None and (late.expected, late.free, late.lacking) == (0, 140, 20)
    kinds = {type(e.fact) for e in journal.list_entries(subjects=[str(purchase)])}
    assert kinds == {SuppliesOrdered, PurchaseConfirmed, PurchaseDelivered}


def test_the_same_order_sent_twice_is_one_and_another_under_its_key_is_refused():
    _, _, need, producer = a_shortage()
    one = order(need, producer, key="k1")
    assert order(need, producer, key="k1") == one and Purchase.objects.count() == 1
    assert refused(lambda: order(need, producer, 61, key="k1")) == "purchase_key_reused"


def test_an_order_can_be_for_a_store_and_has_to_be_for_something():
    store, supply, need, producer = a_shortage()
    kept = order(None, producer, store_id=store, supply_id=supply)
    assert Purchase.objects.get(pk=kept).place == "410105"
    assert refused(lambda: order(None, producer)) == "purchase_for_nothing"
    assert refused(lambda: order(None, producer, store_id=store)) == "purchase_for_nothing"
    needs.withdraw_need(need, reason="不需要了", **act())
    assert refused(lambda: order(need, producer)) == "purchase_for_nothing"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": 0}, "purchase_quantity_impossible"),
        ({"price_fen": -1}, "purchase_price_impossible"),
        ({"quantity": 900_000_000, "price_fen": 900_000_000}, "purchase_price_impossible"),
        ({"expected_at": STORM}, "purchase_expected_missing"),
    ],
)
def test_what_cannot_be_is_refused(changes, code):
    _, _, need, producer = a_shortage()
    assert refused(lambda: order(need, producer, **changes)) == code
    assert refused(lambda: order(need, uuid.uuid4())) == "producer_unknown"
    assert not Purchase.objects.exists()


def test_a_cancelled_order_is_not_expected_and_needs_its_reason_and_stays_over():
    store, _, need, producer = a_shortage()
    purchase = order(need, producer)
    assert (
        refused(lambda: actions.cancel_purchase(purchase, reason=" ", **act())) == "purchase_reason_missing"
    )
    actions.cancel_purchase(purchase, reason="停产", **act())
    found = short(need)
    assert found is not None and found.expected == 0
    came = Delivery(store_id=store, arrived=60)
    assert refused(lambda: actions.receive_purchase(purchase, came, **act())) == "purchase_over"
    assert refused(lambda: actions.confirm_purchase(purchase, **act())) == "purchase_over"
    (entry,) = journal.list_entries(subjects=[str(purchase)], kinds=[PurchaseCancelled])
    assert entry.fact.reason == "停产"


def test_who_has_seen_an_older_version_is_refused():
    store, _, need, producer = a_shortage()
    purchase = order(need, producer)
    actions.confirm_purchase(purchase, version=1, **act())
    came = Delivery(store_id=store, arrived=60)
    for do in (
        lambda: actions.confirm_purchase(purchase, version=1, **act()),
        lambda: actions.cancel_purchase(purchase, reason="停产", version=1, **act()),
        lambda: actions.receive_purchase(purchase, came, version=1, **act()),
    ):
        assert refused(do) == "purchase_changed_meanwhile"
    assert refused(lambda: actions.confirm_purchase(uuid.uuid4(), **act())) == "purchase_unknown"


def test_a_difference_needs_its_reason():
    store, _, need, producer = a_shortage()
    purchase = order(need, producer)
    for arrived, code in ((59, "purchase_reason_missing"), (0, "purchase_quantity_impossible")):
        came = Delivery(store_id=store, arrived=arrived)
        assert refused(lambda c=came: actions.receive_purchase(purchase, c, **act())) == code
    more = Delivery(store_id=store, arrived=61, reason="多送一顶")
    actions.receive_purchase(purchase, more, **act())
    assert Purchase.objects.get().arrived == 61


def test_the_store_keeps_its_own_right_and_nothing_is_left_of_a_refused_delivery():
    _, _, need, producer = a_shortage()
    purchase = order(need, producer)
    values = {"name": "洛阳库", "place": "4103", "kind": "1000000"}
    far = registers.add_row("stores", values, **act(who="zhongyu"))
    came = Delivery(store_id=far, arrived=60)
    assert refused(lambda: actions.receive_purchase(purchase, came, **act())) == "not_allowed"
    assert Purchase.objects.get().state == "ordered"


# --- one delivery, once ---


def in_stores() -> int:
    return sum(Lot.objects.values_list("on_hand", flat=True))


def deliver_twice(purchase: uuid.UUID, store: uuid.UUID, before: int = 100) -> None:
    """The form sent twice, then a colleague who saw it late: sixty come, whatever is pressed."""
    came = Delivery(store_id=store, arrived=60, key="came")
    moves = {actions.receive_purchase(purchase, came, **act()) for _ in range(2)}
    other = act(who="zhongyu")
    try:
        actions.receive_purchase(purchase, Delivery(store_id=store, arrived=60), **other)
    except rules.PurchaseRefused as no:
        assert no.code == "purchase_over"
    assert len(moves) == 1 and in_stores() == before + 60
    assert Move.objects.filter(kind="receive", key__startswith="purchase:").count() == 1
    assert stock_queries.list_disagreeing() == [] and stock_queries.list_unbalanced() == []


def test_one_purchase_delivered_twice_never_doubles_stock():
    store, _, need, producer = a_shortage()
    deliver_twice(order(need, producer), store)


def test_canary_a_delivery_that_does_not_look_at_the_state_doubles_stock_and_is_caught(monkeypatch):
    store, _, need, producer = a_shortage()
    purchase = order(need, producer)
    monkeypatch.setattr(coming.rules, "check_waited_for", lambda state: None)
    with pytest.raises(AssertionError):
        deliver_twice(purchase, store)


def test_the_same_order_twice_at_one_moment_is_one(monkeypatch):
    _, _, need, producer = a_shortage()
    one = order(need, producer, key="k1")
    unseen_once(monkeypatch, ordering.writes, "find_repeat")
    assert order(need, producer, key="k1") == one
    assert [p.id for p in queries.list_of_need(need, authority=authority_of("hejing"))] == [one]


# --- cost ---


def test_the_cost_of_an_incident_counts_what_is_ordered_and_what_came():
    store, supply, need, producer = a_shortage()
    incident = an_incident()
    other = a_need(supply, 500, incident_id=incident.pk)
    one, two = order(other, producer, 10, price_fen=200), order(other, producer, 20, price_fen=300)
    order(other, producer, 5, price_fen=None)
    gone = order(other, producer, 1_000, price_fen=9_999)
    order(need, producer, 7, price_fen=1_000)
    actions.cancel_purchase(gone, reason="停产", **act())
    came = Delivery(store_id=store, arrived=18, reason="少两顶")
    actions.receive_purchase(two, came, **act())
    chief = authority_of("hejing")
    cost = queries.total_cost(SoughtPurchases(incident_id=incident.pk), authority=chief)
    assert (cost.to_come_fen, cost.come_fen, cost.all_fen) == (2_000, 18 * 300, 2_000 + 5_400)
    assert (cost.orders, cost.unpriced) == (3, 1)
    assert queries.total_cost(SoughtPurchases(), authority=chief).all_fen == 7_400 + 7_000
    found = queries.list_purchases(SoughtPurchases(incident_id=incident.pk), authority=chief)
    assert {line.id for line in found} >= {one, two, gone} and len(found) == 4
    assert queries.count_purchases(SoughtPurchases(state="delivered"), authority=chief) == 1


def test_orders_of_a_joined_need_are_expected_at_the_one_it_was_joined_into():
    _, supply, need, producer = a_shortage()
    twin = a_need(supply, 160)
    order(twin, producer, 25)
    needs.join_needs(twin, need, **act())
    found = short(need)
    assert found is not None and found.expected == 25
    assert [p.quantity for p in queries.list_of_need(need, authority=authority_of("hejing"))] == [25]
    assert short(twin) is None


def test_another_area_does_not_see_the_order():
    _, _, need, producer = a_shortage()
    purchase = order(need, producer)
    everywhere = authority_of("zhongyu")
    assert queries.find_purchase(purchase, authority=everywhere) is not None
    elsewhere = replace(authority_of("hejing"), place="4103")
    assert queries.find_purchase(purchase, authority=elsewhere) is None
    assert queries.list_purchases(SoughtPurchases(), authority=elsewhere) == []
