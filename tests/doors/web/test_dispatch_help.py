"""Pages of requests for help: asked from a line, answered by the keeper, seen by both; constant queries."""

import pytest

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.dispatch import actions
from jingwei.apps.dispatch.models import HelpRequest, Line, Order, Pair
from jingwei.apps.registers import actions as registers
from jingwei.apps.resources.models import Store
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.web.test_dispatch import a_need
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked
from tests.doors.web.test_stock import a_filled_store

pytestmark = pytest.mark.django_db
ASKER, KEEPER = "jinwangshu", "xingyantian"


def doing(who: str) -> dict:
    return {"by": holding_of(who), "moment": this_moment()}


def lines_of_the_neighbour(*quantities: int) -> list[Line]:
    """Jinshui needs what only Xingyang has, which it may ask under an agreement."""
    store, supply, _lot = a_filled_store(place="410182")
    Store.objects.filter(pk=store).update(owner="410182-zbs")
    agreed = {"name": "金水荥阳互助协议", "place": "410105", "kind": "mutual", "other_party": "410182-zbs"}
    registers.add_row("agreements", agreed, **doing("zhongyu"))
    for quantity in quantities:
        a_need(supply, quantity, asker="三中安置点")
    of = actions.ask_proposal("410105", **doing(ASKER))
    assert actions.make_proposals(by=agencies.get_machine(), moment=this_moment(), wait_s=60) == 1
    return list(Line.objects.filter(proposal_id=of).order_by("number"))


def asked_of_the_neighbour(quantity: int = 30) -> HelpRequest:
    (line,) = lines_of_the_neighbour(quantity)
    of = actions.ask_help(line.pk, quantity=quantity, **doing(ASKER))
    return HelpRequest.objects.get(pk=of)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "向我方请求"), ("en", "Asked of us")])
def test_from_the_line_to_the_keepers_yes_by_the_pages(language, word):
    (line,) = lines_of_the_neighbour(30)
    asker, keeper = signed_in(ASKER, language), signed_in(KEEPER, language)
    assert f"/dispatch/lines/{line.pk}/ask" in asker.get("/dispatch").content.decode()
    form = asker.get(f"/dispatch/lines/{line.pk}/ask").content.decode()
    assert 'value="30"' in form and "金水荥阳互助协议" in form and not HelpRequest.objects.exists()
    for given, status in (({"quantity": "31"}, 409), ({"quantity": "30", "words": "转移用"}, 302)):
        answer = asker.post(f"/dispatch/lines/{line.pk}/ask", given)
        assert answer.status_code == status
    request = HelpRequest.objects.get()
    path = f"/dispatch/help/{request.pk}"
    assert answer["location"] == path
    assert path in asker.get("/dispatch").content.decode()
    board = keeper.get("/dispatch").content.decode()
    assert path in board and word in board and "DV015" not in board
    assert "/dispatch/help?side=ours" in keeper.get("/").content.decode()
    page = keeper.get(path).content.decode()
    assert "转移用" in page and f"{path}/accept" in page
    assert f"{path}/accept" not in asker.get(path).content.decode()
    part = keeper.post(f"{path}/accept", {"quantity": "20", "version": "1"})
    assert part.status_code == 422 and 'value="20"' in part.content.decode()
    assert keeper.post(f"{path}/accept", {"quantity": "很多"}).status_code == 409
    done = keeper.post(f"{path}/accept", {"quantity": "20", "reason": "留一半", "version": "1"})
    assert done["location"] == path
    order = Order.objects.get()
    assert (
        f"/dispatch/orders/{order.pk}/withdraw" in asker.get(f"/dispatch/orders/{order.pk}").content.decode()
    )
    assert "/withdraw" not in keeper.get(f"/dispatch/orders/{order.pk}").content.decode()
    told = asker.get(path).content.decode()
    assert f"/dispatch/orders/{order.pk}" in told and "留一半" in told and "20 / 30" in told
    assert keeper.post(f"{path}/refuse", {"reason": "x"}).status_code == 409


def test_a_no_is_told_at_the_line_and_can_be_lifted():
    request = asked_of_the_neighbour()
    keeper, asker = signed_in(KEEPER), signed_in(ASKER)
    path = f"/dispatch/help/{request.pk}"
    assert keeper.post(f"{path}/refuse", {"reason": ""}).status_code == 422
    assert keeper.post(f"{path}/refuse", {"reason": "本地告急"})["location"] == path
    board = asker.get("/dispatch").content.decode()
    assert "本地告急" in board and "谢绝" in board
    assert asker.post(f"/dispatch/pairs/{Pair.objects.get().pk}/lift").status_code == 302


def test_taken_back_and_the_lists_by_state_and_side():
    request = asked_of_the_neighbour()
    asker, keeper = signed_in(ASKER), signed_in(KEEPER)
    path = f"/dispatch/help/{request.pk}"
    for client, side, there in (
        (asker, "theirs", True), (asker, "ours", False), (keeper, "ours", True), (keeper, "theirs", False),
        (keeper, "bad", True),
    ):  # fmt: skip
        assert (path in client.get(f"/dispatch/help?side={side}").content.decode()) is there
    assert keeper.post(f"{path}/withdraw", {"reason": "x"}).status_code == 403
    assert asker.post(f"{path}/withdraw", {"reason": "已满足"})["location"] == path
    assert path not in asker.get("/dispatch/help").content.decode()
    assert path in asker.get("/dispatch/help?state=withdrawn").content.decode()


def test_what_is_not_known_is_said():
    client = signed_in(ASKER)
    nowhere = "/dispatch/help/00000000-0000-7000-8000-000000000000"
    assert client.get(nowhere).status_code == 404
    assert client.post(f"{nowhere}/accept").status_code == 404
    assert client.get("/dispatch/lines/999999/ask").status_code == 404


def test_the_board_and_the_list_ask_as_often_for_many_requests_as_for_few():
    lines = lines_of_the_neighbour(3, 4, 5, 6)
    client = signed_in(ASKER)
    counted = []
    for one in (lines[:1], lines[1:3]):
        for line in one:
            actions.ask_help(line.pk, quantity=1, **doing(ASKER))
        counted.append([asked(client, path) for path in ("/dispatch", "/dispatch/help", "/")])
    assert counted[0] == counted[1]
