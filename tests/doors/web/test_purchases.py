"""Pages of purchases: from a need that stock cannot meet to the store; lists, cost, rights, refusals."""

import re
import uuid
from datetime import timedelta

import pytest

from jingwei.apps.needs import actions as needs
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.purchases import actions
from jingwei.apps.purchases.facts import NewPurchase
from jingwei.apps.purchases.models import Purchase
from jingwei.apps.registers import actions as registers
from jingwei.apps.stock.models import Lot, Move
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.views import purchases, purchases_acts
from jingwei.kernel.refusals import Refused
from tests.builders import an_incident, holding_of
from tests.doors.web.test_needs import the_chief
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked
from tests.doors.web.test_stock import a_filled_store

pytestmark = pytest.mark.django_db
CHIEF = "hejing"


def a_producer(name: str = "帐篷厂", **given) -> uuid.UUID:
    values = {"name": name, "place": "4101", "kind": "1000000", "supply": "T-1", "per_day": 240,
              "lead_h": 6.0, "unit_price": 1250.5, "lon": 113.66, "lat": 34.8, "keeper": "卫演示",
              "phone": "13900000122"} | given  # fmt: skip
    return registers.add_row("producers", values, by=holding_of("zhongyu"), moment=this_moment())


def a_need(supply: uuid.UUID, quantity: int = 160, **given) -> uuid.UUID:
    fields = {"supply_id": supply, "place": "410105", "item_class": "shelter"} | given
    need = needs.ask_need(NewNeed(quantity=quantity, **fields), **the_chief())
    needs.confirm_need(need, **the_chief())
    return need


def an_order(need: uuid.UUID, producer: uuid.UUID, quantity: int = 60, **given) -> uuid.UUID:
    until = this_moment().at + timedelta(hours=12)
    new = NewPurchase(
        producer_id=producer, need_id=need, quantity=quantity, expected_at=until, price_fen=100, **given
    )
    return actions.order_supplies(new, **the_chief())


@pytest.mark.parametrize("path", ["/needs/short", "/purchases", "/purchases/new"])
def test_nobody_sees_purchases_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("库存不能满足", "尚需订购", "单一来源", "全部送到", "生产此物资", "75,030.00 元")),
        ("en", ("Stock cannot meet it", "Still to be ordered", "One source only", "all of it there by",
                "makes this supply", "75,030.00 yuan")),
    ],
)  # fmt: skip
def test_from_a_need_beyond_the_stock_to_the_store_by_the_pages(language, words):
    store, supply, _ = a_filled_store(place="410105")
    producer, need = a_producer(), a_need(supply, incident_id=an_incident().pk)
    client = signed_in(CHIEF, language)
    page = client.get(f"/needs/{need}").content.decode()
    for word in words:
        assert word in page, word
    assert f"/purchases/new?need={need}&amp;producer={producer}" in page
    assert "13900000122" not in page and "卫演示" not in page, "whom to call is masked in the register"
    assert "帐篷厂" in client.get("/needs/short").content.decode()
    form = client.get(f"/purchases/new?need={need}&producer={producer}").content.decode()
    assert 'value="60"' in form and 'value="1250.50"' in form
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    expected = re.search(r'name="expected" value="([^"]+)"', form)[1]
    given = {"need": need, "producer": producer, "quantity": "６０", "price": "1,200.50", "key": key,
             "expected": expected, "store": ""}  # fmt: skip
    for _ in range(2):  # the form sent twice
        answer = client.post("/purchases/new", given)
    order = Purchase.objects.get()
    assert answer["location"] == f"/purchases/{order.pk}"
    assert (order.quantity, order.price_fen, order.state) == (60, 120_050, "ordered")
    page = client.get(f"/purchases/{order.pk}").content.decode()
    assert "72,030.00" in page and f"came-{order.pk}-1" in page
    client.post(f"/purchases/{order.pk}/confirm", {"version": "1", "expected": ""})
    came = {"version": "2", "store": store, "arrived": "58", "key": f"came-{order.pk}-2"}
    refused = client.post(f"/purchases/{order.pk}/receive", came)
    assert refused.status_code == 422 and 'value="58"' in refused.content.decode()
    for _ in range(2):
        answer = client.post(f"/purchases/{order.pk}/receive", came | {"reason": "两顶破损"})
        assert answer.status_code == 302, answer.content.decode()
    assert sum(Lot.objects.values_list("on_hand", flat=True)) == 158
    assert Move.objects.filter(source="帐篷厂").count() == 1
    page = client.get(f"/purchases/{order.pk}").content.decode()
    assert f"/needs/{need}/serve" in page and "两顶破损" in page and "69,629.00" in page
    listed = client.get(f"/purchases?incident={order.incident_id}").content.decode()
    assert "69,629.00" in listed
    page = client.get(f"/needs/{need}").content.decode()
    assert f"/purchases/{order.pk}" in page


def test_a_need_that_stock_can_meet_shows_no_producers_but_its_one_source():
    _, supply, _ = a_filled_store(place="410105")
    need = a_need(supply, 100)
    page = signed_in(CHIEF).get(f"/needs/{need}").content.decode()
    assert 'id="surge"' not in page and 'id="source"' in page and "没有登记的生产企业" in page
    a_producer(), a_producer("第二厂")
    assert 'id="source"' not in signed_in(CHIEF).get(f"/needs/{need}").content.decode()


def test_what_is_typed_is_kept_when_it_is_refused_and_nothing_is_ordered():
    _, supply, _ = a_filled_store(place="410105")
    producer, need = a_producer(), a_need(supply)
    client = signed_in(CHIEF)
    given = {"need": need, "producer": producer, "quantity": "60", "expected": "2099-01-01 08:00"}
    for changed in (
        {"price": "12.345"},
        {"price": "贵"},
        {"expected": ""},
        {"producer": ""},
        {"quantity": "0"},
    ):
        answer = client.post("/purchases/new", given | changed)
        assert answer.status_code in (404, 409, 422), changed
        assert all(f'value="{v}"' in answer.content.decode() for v in changed.values() if v)
    assert not Purchase.objects.exists()


@pytest.mark.parametrize(
    ("text", "fen"), [("12", 1_200), ("１２．５", 1_250), ("1,234.56", 123_456), (" ", None), ("0", 0)]
)
def test_a_price_is_read_as_people_type_it(text, fen):
    assert purchases_acts.fen_of(text) == fen


@pytest.mark.parametrize("text", ["1.234", "x", "NaN", "inf", "1e11111", "1234567890123"])
def test_what_is_no_price_is_refused(text):
    with pytest.raises(Refused) as no:
        purchases_acts.fen_of(text)
    assert no.value.code == "purchase_price_impossible"


def test_who_may_not_order_is_offered_nothing_and_refused():
    _, supply, _ = a_filled_store(place="410105")
    producer, need = a_producer(), a_need(supply)
    order = an_order(need, producer)
    desk = signed_in("lisiyuan")
    page = desk.get(f"/needs/{need}").content.decode()
    assert "/purchases/new?" not in page and 'id="surge"' in page
    given = {"need": need, "producer": producer, "quantity": "5", "expected": "2099-01-01 08:00"}
    assert desk.post("/purchases/new", given).status_code == 403
    assert desk.post(f"/purchases/{order}/cancel", {"reason": "停产"}).status_code == 403
    assert Purchase.objects.get().state == "ordered"
    assert signed_in(CHIEF).get(f"/purchases/{uuid.uuid4()}").status_code == 404
    assert signed_in(CHIEF).post(f"/purchases/{uuid.uuid4()}/confirm").status_code == 404


def test_an_order_for_a_store_is_cancelled_with_its_reason():
    store, supply, _ = a_filled_store(place="410105")
    producer, client = a_producer(), signed_in(CHIEF)
    assert client.get("/purchases/new").status_code == 200
    given = {"supply": supply, "store": store, "producer": producer, "quantity": "5",
             "expected": "2099-01-01 08:00"}  # fmt: skip
    address = client.post("/purchases/new", given)["location"]
    refused = client.post(f"{address}/cancel", {"reason": "", "version": "1"})
    assert refused.status_code == 422
    assert client.post(f"{address}/cancel", {"reason": "停产", "version": "1"}).status_code == 302
    assert "停产" in client.get(address).content.decode()
    assert "0.00" in client.get("/purchases").content.decode()


COUNTED = ("/needs/short", "/purchases", "/purchases?state=ordered")


def test_pages_ask_as_often_for_many_purchases_as_for_few():
    def make(numbers) -> None:
        for n in numbers:
            _, supply, _ = a_filled_store(f"库{n}", "410105", f"T-{n}")
            need = a_need(supply, place=("410105", "410182")[n % 2])
            an_order(need, a_producer(f"厂{n}", supply=f"T-{n}"), 5)

    client = signed_in(CHIEF)
    make(range(2))
    few = {path: asked(client, path) for path in COUNTED}
    make(range(2, 8))
    assert {path: asked(client, path) for path in COUNTED} == few


def test_canary_a_query_for_each_purchase_is_seen(monkeypatch):
    plain = purchases.rows_of_orders

    def asking(request, found, names):
        assert all(Purchase.objects.filter(pk=one.id).exists() for one in found)
        return plain(request, found, names)

    monkeypatch.setattr(purchases, "rows_of_orders", asking)
    _, supply, _ = a_filled_store(place="410105")
    producer, need, client = a_producer(), a_need(supply), signed_in(CHIEF)
    an_order(need, producer)
    few = asked(client, "/purchases")
    an_order(need, producer)
    assert asked(client, "/purchases") > few
