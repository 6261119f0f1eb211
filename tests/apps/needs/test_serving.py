"""What serves needs, what lists show, and what the public reads."""

import pytest
from django.test.utils import CaptureQueriesContext

from jingwei.apps.journal import queries as journal
from jingwei.apps.needs import actions, queries
from jingwei.apps.needs.facts import (
    NeedFound,
    NewAdvice,
    NewNeed,
)
from jingwei.apps.needs.models import Need, Serving
from jingwei.apps.needs.queries import Sought, public
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import Wanted
from tests.builders import STORM, a_moment, authority_of, holding_of

from .acts import HOUR, a_store, act, ask, line, refused, tell, totals

pytestmark = pytest.mark.django_db


# --- served ---


def test_stock_promised_sent_and_arrived_counts_towards_the_need():
    store, supply = a_store()
    need = ask(6, supply_id=supply, in_packs=True, words="", unit="")
    assert (line(need).quantity, line(need).item_zh) == (60, "帐篷")
    wanted = Wanted(supply_id=supply, quantity=40, for_whom="三中安置点", key="p1")
    promise = actions.serve_need(need, store, wanted, **act())
    assert actions.serve_need(need, store, wanted, **act()) == promise and Serving.objects.count() == 1
    assert (line(need).served.promised, line(need).still_open) == (40, 20)
    stock.ship_promise(promise, **act())
    assert line(need).served.sent == 40
    stock.confirm_arrival(promise, arrived=38, reason="破损", **act())
    assert (line(need).served.arrived, line(need).still_open) == (38, 22)
    actions.confirm_need(need, **act())
    total = totals()["帐篷", "410105"]
    assert (total.confirmed, total.still_open, total.stock.on_hand, total.stock.free) == (60, 22, 60, 60)
    assert queries.find_served(promise) == need and queries.list_promises(need) == [promise]
    assert queries.count_needs(Sought(how="unserved"), authority=authority_of("hejing"), at=STORM) == 0


def test_a_cancelled_promise_serves_nothing_and_what_serves_a_joined_need_serves_the_other():
    store, supply = a_store()
    one, other = ask(60, supply_id=supply), ask(60, supply_id=supply)
    wanted = Wanted(supply_id=supply, quantity=10, for_whom="三中")
    kept = actions.serve_need(one, store, wanted, **act())
    gone = actions.serve_need(one, store, wanted, **act())
    stock.cancel_promise(gone, reason="改派", **act())
    actions.join_needs(one, other, **act())
    assert line(other).served.all == 10 and totals()["帐篷", "410105"].served.all == 10
    assert set(queries.list_promises(other)) == {kept, gone}


def test_only_the_supply_that_is_needed_serves_and_a_refused_promise_leaves_nothing():
    store, supply = a_store()
    words, need = ask(5), ask(500, supply_id=supply)
    wanted = Wanted(supply_id=supply, quantity=101, for_whom="三中")
    assert refused(lambda: actions.serve_need(words, store, wanted, **act())) == "need_without_supply"
    assert refused(lambda: actions.serve_need(need, store, wanted, **act())) == "not_enough_free"
    assert not Serving.objects.exists()


# --- lists and the public ---


def test_lists_put_lives_first_and_keep_to_ones_area():
    ask(5, words="雨伞", item_class="other")
    ask(5, words="胰岛素", item_class="medicine", unit="支")
    chief, everywhere = authority_of("hejing"), holding_of("zhongyu")
    new = NewNeed(words="洛阳的水", place="410305", item_class="water", quantity=1)
    actions.ask_need(new, by=everywhere, moment=a_moment())
    found = queries.list_needs(authority=chief, at=STORM)
    assert [one.item_zh for one in found] == ["胰岛素", "雨伞"]
    far = Need.objects.get(item_zh="洛阳的水")
    assert queries.find_need(far.pk, authority=chief) is None


def test_a_page_of_needs_costs_the_same_however_long(django_assert_max_num_queries):
    from django.db import connection

    authority = authority_of("hejing")
    for _ in range(3):
        ask()
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.list_needs(authority=authority, at=STORM)
    for n in range(12):
        ask(words=f"物资{n}")
    with CaptureQueriesContext(connection) as many:
        queries.list_needs(authority=authority, at=STORM)
    assert len(many) == len(few) <= 5


def test_the_public_reads_only_what_a_person_confirmed_and_is_fresh():
    need = ask(60, asker="张三 13612342071", why="家里老人生病", site="")
    ask(500, words="没人确认的")
    assert queries.list_public_needs(at=STORM) == []
    actions.confirm_need(need, **act())
    other = ask(40, words="帐篷", asker="别人")
    actions.confirm_need(other, **act())
    (shown,) = queries.list_public_needs(at=STORM + HOUR)
    assert (shown.item_zh, shown.place, shown.quantity) == ("帐篷", "410105", 100)
    assert "13612342071" not in repr(shown) and "老人" not in repr(shown)
    assert queries.list_public_needs(at=STORM + 25 * HOUR) == []


def test_the_public_page_reads_no_more_than_it_may_the_most_urgent_first(monkeypatch):
    monkeypatch.setattr(public, "MOST_READ", 2)
    for words, item_class in (("旗帜", "other"), ("饮用水", "water"), ("帐篷", "shelter")):
        actions.confirm_need(ask(words=words, item_class=item_class), **act())
    shown = [one.item_zh for one in queries.list_public_needs(at=STORM + HOUR)]
    assert len(shown) == 2 and "饮用水" in shown and "旗帜" not in shown


def test_what_is_not_to_be_brought_holds_until_its_time_or_until_it_is_ended():
    new = NewAdvice(words_zh="旧衣服", place="410105", reason_zh="已满", valid_until=STORM + 48 * HOUR)
    advice = actions.advise_against(new, **act())
    (shown,) = queries.list_public_advice(at=STORM)
    assert (shown.item_zh, shown.item_en, shown.reason_zh) == ("旧衣服", "旧衣服", "已满")
    assert queries.list_public_advice(at=STORM + 48 * HOUR) == []
    actions.end_advice(advice, reason="又缺了", **act())
    assert queries.list_public_advice(at=STORM) == []
    assert refused(lambda: actions.end_advice(advice, reason="x", **act())) == "advice_over"
    over = NewAdvice(words_zh="旧衣服", place="410105", reason_zh="已满", valid_until=STORM)
    assert refused(lambda: actions.advise_against(over, **act())) == "advice_until_missing"


def test_a_row_changed_without_a_fact_is_found_by_its_digest():
    need = ask()
    row = Need.objects.get(pk=need)
    said = journal.list_entries(subjects=[str(need)])
    assert said and row.digest()[1] != (Need.objects.filter(pk=need).update(quantity=1) and
                                        Need.objects.get(pk=need).digest()[1])  # fmt: skip


def test_a_found_fact_names_the_characters():
    tell("村里被洪水围住，急需饮用水")
    (entry,) = journal.list_entries(kinds=[NeedFound])
    assert entry.fact.end - entry.fact.begin == len("急需饮用水")
