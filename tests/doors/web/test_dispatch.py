"""Pages of dispatch: the board, what people decide on it, orders as teams answer them; as many questions for
many lines as for few."""

import re

import pytest

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions
from jingwei.apps.dispatch.models import Line, Order, Pair, Proposal
from jingwei.apps.needs import actions as needs
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.registers import actions as registers
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked
from tests.doors.web.test_stock import a_filled_store

pytestmark = pytest.mark.django_db
CHIEF, KEEPER = "hejing", "jinwangshu"


def the_chief() -> dict:
    return {"by": holding_of(CHIEF), "moment": this_moment()}


def a_need(supply, quantity: int = 20, **more):
    new = NewNeed(supply_id=supply, quantity=quantity, place="410105", item_class="shelter", **more)
    need = needs.ask_need(new, **the_chief())
    needs.confirm_need(need, **the_chief())
    return need


def computed() -> Proposal:
    assert actions.make_proposals(by=agencies.get_machine(), moment=this_moment(), wait_s=60) == 1
    return Proposal.objects.get(state="ready")


def a_proposal(*quantities: int) -> Proposal:
    _store, supply, _lot = a_filled_store(place="410105")
    for quantity in quantities:
        a_need(supply, quantity, asker="三中安置点")
    actions.ask_proposal("4101", **the_chief())
    return computed()


@pytest.mark.parametrize("path", ["/dispatch", "/dispatch/proposals", "/dispatch/orders"])
def test_nobody_sees_dispatch_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "待人接受"), ("en", "awaits decision")])
def test_from_nothing_to_receipt_by_the_pages(language, word):
    client = signed_in(CHIEF, language)
    assert client.get("/dispatch").status_code == 200
    _store, supply, _lot = a_filled_store(place="410105")
    a_need(supply, 30, asker="三中安置点")
    for _ in range(2):  # the button pressed twice
        assert client.post("/dispatch/propose")["location"] == "/dispatch"
    assert Proposal.objects.count() == 1
    assert "1" in client.get("/dispatch").content.decode()
    proposal = computed()
    page = client.get("/dispatch").content.decode()
    assert word in page and "三中安置点" in page and "DV001" in page and "1.33" in page
    sheet = client.get(f"/dispatch/proposals/{proposal.pk}/accept?all=1").content.decode()
    assert 'name="all"' in sheet and not Order.objects.exists()
    for _ in range(2):  # the form sent twice
        answer = client.post(f"/dispatch/proposals/{proposal.pk}/accept", {"all": "1"})
    assert answer.status_code == 409 and Order.objects.count() == 1
    order = Order.objects.get()
    path = f"/dispatch/orders/{order.pk}"
    assert f"/dispatch/orders/{order.pk}" in client.get("/dispatch").content.decode()
    for step, given, state in (
        ("acknowledge", {"version": "1"}, "acknowledged"),
        ("leave", {"version": "2"}, "under_way"),
        ("see", {"lon": "113.7", "lat": "34.8", "words": "绕行"}, "under_way"),
        ("arrive", {}, "arrived"),
    ):
        assert client.post(f"{path}/{step}", given)["location"] == path
        order.refresh_from_db()
        assert order.state == state
    short = client.post(f"{path}/receive", {"quantity": "29"})
    assert short.status_code == 422 and 'value="29"' in short.content.decode()
    assert client.post(f"{path}/receive", {"quantity": "29", "reason": "破损"}).status_code == 302
    assert client.post(f"{path}/use", {"quantity": "20"}).status_code == 302
    assert client.post(f"{path}/return", {"quantity": "9"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.arrived, order.used, order.returned) == ("received", 29, 20, 9)
    assert "破损" in client.get(path).content.decode()
    assert "绕行" in client.get(path).content.decode()
    assert client.post(f"{path}/see", {"lon": "ost", "lat": ""}).status_code == 409


def test_changed_and_refused_lines_bind_and_are_lifted():
    proposal, client = a_proposal(20, 30), signed_in(CHIEF)
    one, two = Line.objects.filter(proposal=proposal).order_by("number")
    form = client.get(f"/dispatch/lines/{one.pk}/change").content.decode()
    assert str(one.store_id) in form and f'value="{one.quantity}"' in form
    given = {"store": str(one.store_id), "quantity": "５", "reason": "先送一半"}
    assert client.post(f"/dispatch/lines/{one.pk}/change", given | {"quantity": "很多"}).status_code == 409
    assert client.post(f"/dispatch/lines/{one.pk}/change", given).status_code == 302
    assert client.post(f"/dispatch/lines/{two.pk}/refuse", {"reason": ""}).status_code == 422
    assert client.post(f"/dispatch/lines/{two.pk}/refuse", {"reason": "库门被淹"}).status_code == 302
    page = client.get("/dispatch").content.decode()
    assert "先送一半" in page and "库门被淹" in page
    for pair in Pair.objects.all():
        assert client.post(f"/dispatch/pairs/{pair.pk}/lift").status_code == 302
    assert client.post(f"/dispatch/pairs/{pair.pk}/lift").status_code == 409
    assert client.get("/dispatch/lines/999999/change").status_code == 404


def test_an_order_is_offered_to_the_body_that_keeps_the_store_and_answered_by_no_other():
    store, _supply, _lot = a_filled_store(place="410105")
    from jingwei.apps.resources.models import Store

    Store.objects.filter(pk=store).update(owner="410105-zbs")
    supply = _supply
    a_need(supply, 10)
    actions.ask_proposal("4101", **the_chief())
    actions.accept_lines(computed().pk, **the_chief())
    path = f"/dispatch/orders/{Order.objects.get().pk}"
    chief, keeper = signed_in(CHIEF), signed_in(KEEPER)
    assert "/acknowledge" not in chief.get(path).content.decode()
    assert chief.post(f"{path}/acknowledge").status_code == 409
    assert "/acknowledge" in keeper.get(path).content.decode()
    assert keeper.post(f"{path}/refuse", {"reason": "无车"}).status_code == 302
    assert "无车" in chief.get(path).content.decode()


def test_lines_are_sorted_narrowed_grouped_and_ticked():
    proposal, client = a_proposal(20, 30, 10), signed_in(CHIEF)
    path = f"/dispatch/proposals/{proposal.pk}"
    for question in ("?sort=cost", "?group=item", "?group=place&place=410105", "?group=store", "?late=1"):
        assert client.get(path + question).status_code == 200
    assert len(re.findall(r'name="line"', client.get(path).content.decode())) == 3
    assert len(re.findall(r'name="line"', client.get(path + "?late=1").content.decode())) == 0
    assert len(re.findall(r'name="line"', client.get(path + "?q=三中").content.decode())) == 3
    sheet = client.get(f"{path}/accept?line=1&line=3").content.decode()
    assert len(re.findall(r'name="line"', sheet)) == 2
    assert client.post(f"{path}/accept", {"line": ["1", "3"]}).status_code == 302
    assert set(Order.objects.values_list("line__number", flat=True)) == {1, 3}
    assert client.post(f"{path}/accept", {}).status_code == 422
    assert client.get("/dispatch/proposals").status_code == 200


COUNTED = ("/dispatch", "/dispatch/proposals", "/dispatch/orders", "/dispatch/help")


def test_the_board_asks_as_often_for_many_lines_as_for_few():
    proposal, client = a_proposal(1), signed_in(CHIEF)
    path = f"/dispatch/proposals/{proposal.pk}"
    actions.accept_lines(proposal.pk, **the_chief())
    supply = Line.objects.get().supply_id
    a_need(supply, 1)
    actions.ask_proposal("4101", **the_chief())
    path = f"/dispatch/proposals/{computed().pk}"
    few = {one: asked(client, one) for one in (*COUNTED, path)}
    for n in range(9):
        a_need(supply, 1 + n % 3, asker=f"第 {n} 处")
    actions.ask_proposal("4101", **the_chief())
    proposal = computed()
    actions.accept_lines(proposal.pk, [1, 2, 3, 4], **the_chief())
    many = {one: asked(client, one) for one in (*COUNTED, f"/dispatch/proposals/{proposal.pk}")}
    assert {k: v for k, v in many.items() if "proposals/" not in k} == {
        k: v for k, v in few.items() if "proposals/" not in k
    }
    assert many[f"/dispatch/proposals/{proposal.pk}"] == few[path]


@pytest.fixture
def lent():
    """Jinshui proposes: eighty wanted, none of its own, a neighbour by agreement has a hundred."""
    new = {"name": "金水荥阳互助协议", "place": "410105", "kind": "mutual", "other_party": "410182-zbs"}
    agreement = registers.add_row("agreements", new, by=holding_of("zhongyu"), moment=this_moment())
    _store, supply, _lot = a_filled_store(place="410182")
    a_need(supply, 30)
    actions.ask_proposal("410105", **the_chief())
    return agreement, computed()


@pytest.mark.parametrize(
    ("language", "ask", "who"), [("zh-hans", "须商请", "荥阳"), ("en", "ask them", "Xingyang")]
)
def test_a_line_of_others_says_whom_to_ask_under_what_and_cannot_be_accepted(lent, language, ask, who):
    agreement, found = lent
    line = Line.objects.get(proposal=found)
    assert line.tier == "agreement"
    client = signed_in(KEEPER, language)
    page = client.get("/dispatch").content.decode()
    assert ask in page and who in page and f'href="/registers/agreements/{agreement}"' in page
    assert f"/dispatch/proposals/{found.pk}/accept" not in page, "nothing here is theirs to order"
    whole = client.get(f"/dispatch/proposals/{found.pk}").content.decode()
    assert ask in whole and f'name="line" value="{line.number}"' not in whole
    refused = client.post(f"/dispatch/proposals/{found.pk}/accept", {"line": line.number})
    assert refused.status_code == 409 and not Order.objects.exists()


def test_canary_who_may_promise_there_accepts_it(lent):
    _, found = lent
    client = signed_in(CHIEF)
    assert 'name="line" value="1"' in client.get(f"/dispatch/proposals/{found.pk}").content.decode()
    assert client.post(f"/dispatch/proposals/{found.pk}/accept", {"line": 1}).status_code == 302
    assert Order.objects.get().line_id == Line.objects.get(proposal=found).pk
