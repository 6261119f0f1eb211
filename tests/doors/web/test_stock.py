"""Pages of the stock: received, promised, sent, arrived, counted, moved, written off; refused in words."""

import re
import uuid

import pytest

from jingwei.apps.registers import actions as registers
from jingwei.apps.stock import actions
from jingwei.apps.stock.facts import Incoming, NewSupply, Wanted
from jingwei.apps.stock.models import Floor, Lot, Promise, Supply
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
CHIEF = "hejing"


def the_chief() -> dict:
    return {"by": holding_of(CHIEF), "moment": this_moment()}


def a_store(name: str = "市级库", place: str = "4101") -> uuid.UUID:
    act = the_chief() | {"by": holding_of("zhongyu")}
    return registers.add_row("stores", {"name": name, "place": place, "kind": "1000000"}, **act)


def a_filled_store(
    name: str = "市级库", place: str = "4101", code: str = "T-1"
) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """A store with a hundred tents: store, supply, lot."""
    act = the_chief() | {"by": holding_of("zhongyu")}
    store = a_store(name, place)
    new = NewSupply(code=code, name_zh="帐篷", name_en="Tent", unit_zh="顶", unit_en="tent", pack=10)
    supply = actions.add_supply(new, **act)
    incoming = Incoming(supply_id=supply, quantity=100, expires_on="2030-01-01")
    actions.receive_stock(store, incoming, **act)
    return store, supply, Lot.objects.get(store_id=store).pk


def a_promise(store: uuid.UUID, supply: uuid.UUID, quantity: int = 30) -> uuid.UUID:
    wanted = Wanted(supply_id=supply, quantity=quantity, for_whom="三中安置点")
    return actions.promise_stock(store, wanted, **the_chief())


@pytest.mark.parametrize(
    "path", ["/stock", "/stock/promises", "/stock/receive", "/stock/file.csv", "/stock/supplies/new"]
)
def test_nobody_sees_the_stock_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_nothing_to_arrival_by_the_pages(language):
    client, store = signed_in(CHIEF, language), a_store()
    assert client.get("/stock").status_code == 200
    answer = client.post(
        "/stock/supplies/new", {"name_zh": "帐篷", "name_en": "Tent", "unit_zh": "顶", "pack": "10"}
    )
    supply = Supply.objects.get()
    assert answer["location"] == f"/stock/receive?supply={supply.pk}"
    form = client.get(answer["location"]).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    given = {"store": store, "supply": supply.pk, "quantity": "１０", "in_packs": "1", "origin": "allotted",
             "expires_on": "2030-01-01", "batch": "A1", "key": key}  # fmt: skip
    for _ in range(2):  # the form sent twice
        answer = client.post("/stock/receive", given)
        assert answer["location"] == f"/stock/{store}/{supply.pk}"
    assert Lot.objects.get().on_hand == 100
    held = client.get(answer["location"]).content.decode()
    assert "A1" in held and "2030-01-01" in held
    answer = client.post(f"/stock/{store}/{supply.pk}/promise", {"quantity": "30", "for_whom": "三中安置点"})
    promise = Promise.objects.get()
    assert answer["location"] == f"/stock/promises/{promise.pk}"
    assert "三中安置点" in client.get("/stock/promises").content.decode()
    assert client.post(f"/stock/promises/{promise.pk}/ship").status_code == 302
    refused = client.post(f"/stock/promises/{promise.pk}/arrive", {"arrived": "29"})
    assert refused.status_code == 422 and 'value="29"' in refused.content.decode()
    client.post(f"/stock/promises/{promise.pk}/arrive", {"arrived": "29", "reason": "一顶破损"})
    promise.refresh_from_db()
    assert (promise.state, promise.arrived) == ("arrived", 29)
    assert "三中安置点" in client.get("/stock/promises?view=done").content.decode()
    assert Lot.objects.get().on_hand == 70


def test_what_is_refused_is_said_and_what_was_typed_is_kept():
    store, supply, _ = a_filled_store()
    client = signed_in(CHIEF)
    answer = client.post(f"/stock/{store}/{supply}/promise", {"quantity": "101", "for_whom": "三中安置点"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "可调用只有 100，所需为 101" in text
    assert 'value="101"' in text and 'value="三中安置点"' in text and not Promise.objects.exists()
    answer = client.post("/stock/receive", {"store": store, "supply": supply, "quantity": "很多"})
    assert answer.status_code == 409 and "请填整数" in answer.content.decode()
    answer = client.post(
        f"/stock/{store}/{supply}/promise", {"quantity": "1", "for_whom": "x", "due": "soon"}
    )
    assert answer.status_code == 422


def test_a_lot_is_counted_moved_and_written_off_and_its_book_shows_it():
    store, supply, lot = a_filled_store()
    other, client = a_store("另一库"), signed_in(CHIEF)
    assert client.post(f"/stock/lots/{lot}/count", {"quantity": "98", "reason": "破损"}).status_code == 302
    assert client.post(f"/stock/lots/{lot}/move", {"quantity": "8", "store": other}).status_code == 302
    assert client.post(f"/stock/lots/{lot}/write-off", {"quantity": "5", "why": "expired"}).status_code == 302
    assert Lot.objects.get(pk=lot).on_hand == 85
    book = client.get(f"/stock/lots/{lot}").content.decode()
    for word in ("采购", "盘点差异", "另一库", "已过期", "-8", "+100", "85"):
        assert word in book, word
    for what in ("count", "move", "write-off"):
        assert client.get(f"/stock/lots/{lot}/{what}").status_code == 200
    assert client.post(f"/stock/lots/{lot}/move", {"quantity": "8"}).status_code == 404
    client.post(f"/stock/{store}/{supply}/floor", {"least": "90", "reason": "汛期"})
    assert Floor.objects.get().least == 90
    assert "低于保底" in client.get("/stock").content.decode()


def test_what_lies_in_another_area_is_not_shown():
    store, supply, lot = a_filled_store(name="洛阳库", place="4103")
    client = signed_in(CHIEF)
    assert "洛阳库" not in client.get("/stock").content.decode()
    for path in (f"/stock/{store}/{supply}", f"/stock/lots/{lot}", f"/stock/lots/{lot}/count",
                 f"/stock/{store}/{supply}/promise", f"/stock/promises/{uuid.uuid4()}"):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_one_who_may_only_look_is_offered_nothing():
    a_filled_store()
    text = signed_in("jianzhiyao").get("/stock").content.decode()
    assert "帐篷" in text and "/stock/receive" not in text and "/stock/supplies/new" not in text


def test_the_stock_as_a_file_without_formulas():
    store, supply, _ = a_filled_store(name="=SUM(A1)")
    a_promise(store, supply)
    client = signed_in(CHIEF)
    text = client.get("/stock/file.csv").content.decode("utf-8-sig")
    assert "帐篷" in text and ",100,30," in text and ",=SUM" not in text
    assert client.get("/stock/file.xlsx").content[:2] == b"PK"
    assert client.get("/stock/file.exe").status_code == 404


def test_a_search_by_name_code_or_store_and_its_pages(monkeypatch):
    a_filled_store()
    a_filled_store(name="登封库", place="410185", code="B-1")
    client = signed_in(CHIEF)
    assert "登封库" not in client.get("/stock?q=t-1").content.decode()
    assert "市级库" not in client.get("/stock?q=登封").content.decode()
    assert "没有符合条件" in client.get("/stock?q=zzz").content.decode()
    monkeypatch.setattr("jingwei.doors.web.views.stock.PAGE", 1)
    first = client.get("/stock").content.decode()
    assert "市级库" in first and "登封库" not in first and "from=1" in first
    assert "登封库" in client.get("/stock?from=1").content.decode()
