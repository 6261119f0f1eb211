"""Pages of what help cost: both sides settle by the pages, the file, rights, constant queries."""

import pytest

from jingwei.apps.settlements.models import Charge, Statement
from tests.apps.settlements.acts import THEM, US, helped, presented
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_query_counts import asked

pytestmark = pytest.mark.django_db
ASKER, KEEPER = "jinwangshu", "xingyantian"
OPEN = {"keeper": THEM, "receiver": US, "incident": "", "keeper_place": ""}
COUNTED = ("/settlements",)


def test_nobody_sees_costs_without_signing_in(client):
    assert client.get("/settlements")["location"].startswith("/sign-in")


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "有异议"), ("en", "disputed")])
def test_both_sides_settle_by_the_pages(language, word):
    helped(30, 20)
    asker, keeper = signed_in(ASKER, language), signed_in(KEEPER, language)
    assert 'action="/settlements/open"' in keeper.get("/settlements").content.decode()
    path = asker.post("/settlements/open", OPEN)["location"]
    assert asker.post("/settlements/open", OPEN).status_code == 409
    of = Statement.objects.get()
    assert path == f"/settlements/{of.pk}" and path in keeper.get("/settlements").content.decode()
    one, two = Charge.objects.order_by("number")
    form = f"{path}/charges/{one.pk}/price"
    assert form in keeper.get(path).content.decode() and form not in asker.get(path).content.decode()
    assert keeper.get(form).status_code == 200
    for given, status in (
        ({"unit": "", "basis": "采购价"}, 409), ({"unit": "abc", "basis": "采购价"}, 409),
        ({"unit": "1200.50", "basis": ""}, 422),
        ({"unit": "1200.50", "basis": "采购价", "costs": "350", "costs_for": "运费"}, 302),
    ):  # fmt: skip
        assert keeper.post(form, given).status_code == status
    assert keeper.post(f"{path}/present").status_code == 409
    keeper.post(f"{path}/charges/{two.pk}/price", {"unit": "0", "basis": "无偿调拨"})
    assert asker.post(f"{path}/present").status_code == 403
    assert keeper.post(f"{path}/present")["location"] == path
    one.refresh_from_db()
    amount = f"{one.arrived * 120_050 + 35_000:,}"
    assert f"{amount[:-3].replace(',', '')}" and "运费" in asker.get(path).content.decode()
    doubt = f"{path}/charges/{two.pk}/dispute"
    assert asker.get(doubt).status_code == 200
    assert asker.post(doubt, {"words": ""}).status_code == 422
    assert asker.post(doubt, {"words": "有协议价"}).status_code == 302
    assert asker.post(f"{path}/agree")["location"] == path
    page = keeper.get(path).content.decode()
    assert word in page and "有协议价" in page
    assert asker.post(f"{path}/agree", {"charge": str(two.pk)}).status_code == 302
    of.refresh_from_db()
    assert of.state == "agreed"
    assert asker.post(f"{path}/agree").status_code == 409


def test_the_file_has_a_line_for_each_charge_and_no_formula():
    of = presented(30, 20)
    Charge.objects.filter(statement_id=of, number=1).update(basis="=1+1")
    answer = signed_in(ASKER).get(f"/settlements/{of}/file.csv")
    text = answer.content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 3 and "1200.00" in text and "36000.00" in text
    assert ",=1+1" not in text and "金水荥阳互助协议" in text


def test_what_others_settle_is_not_known_here():
    of = presented(30)
    other, charge = signed_in("shanshiqing"), Charge.objects.get()
    for path in (f"/settlements/{of}", f"/settlements/{of}/file.csv",
                 f"/settlements/{of}/charges/{charge.pk}/price",
                 f"/settlements/{of}/charges/{charge.pk}/dispute"):  # fmt: skip
        assert other.get(path).status_code == 404
    assert other.post(f"/settlements/{of}/agree").status_code == 404
    assert other.post("/settlements/open", OPEN).status_code == 403


def test_pages_ask_as_often_for_many_charges_as_for_few():
    of, client = presented(3, 4, 5, 6), signed_in(ASKER)
    many = [asked(client, path) for path in (f"/settlements/{of}", *COUNTED)]
    Charge.objects.filter(number__gt=1).delete()
    assert [asked(client, path) for path in (f"/settlements/{of}", *COUNTED)] == many
