"""Lists of needs as townships and shelters send them: matched, looked at, taken in, taken back."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.needs import actions
from jingwei.apps.needs.actions import asking
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.needs.models import Need
from jingwei.apps.registers.actions import carry_on_imports
from jingwei.apps.registers.queries import imports
from jingwei.apps.stock.facts import Wanted
from jingwei.doors.entry.moments import this_moment
from jingwei.engines.sheets.tables import read_text
from jingwei.engines.sheets.workbooks import read_workbook
from jingwei.engines.sheets.writing import write_xlsx
from tests.doors.web.test_needs import the_chief
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_stock import a_filled_store

pytestmark = pytest.mark.django_db
HOME = "/registers/needs/import"
ROWS = [
    ["金水区三中安置点物资需求表"],
    ["序号", "物资名称", "需求数量", "单位", "送达地点", "截止时间", "对象", "用途", "联系人", "联系电话"],
    ["1", "棉被", "５００", "床", "金水区", "2099-12-01", "老人、儿童", "夜间降温", "某甲", "13912345678"],
    ["2", "婴儿奶粉", "若干", "罐", "410105", "尽快", "婴幼儿", "", "", ""],
    ["3", "帐篷", "很多", "顶", "金水区", "", "", "", "", ""],
    ["4", "雨衣", "20", "件", "没有的镇", "", "", "", "", ""],
]  # fmt: skip
FIELDS = {"m_1": "name", "m_2": "quantity", "m_3": "unit", "m_4": "place", "m_5": "due", "m_6": "groups",
          "m_7": "why"}  # fmt: skip


def carry_on() -> None:
    while carry_on_imports(by=get_machine(), moment=this_moment()):
        pass


def handed_in(client, rows=ROWS, name: str = "需求.xlsx") -> str:
    body = rows if isinstance(rows, bytes) else write_xlsx(rows, name="x")
    answer = client.post(HOME, {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302, answer.content.decode()
    return answer["location"]


def taken_in(client, where: str, **fields) -> str:
    assert client.post(where, FIELDS | fields | {"do": "1"})["location"] == where
    carry_on()
    return client.get(where).content.decode()


@pytest.mark.parametrize(
    ("language", "why", "again"),
    [("zh-hans", "“很多”不是数字", "此前已导入"), ("en", "“很多” is no number", "taken in before")],
)
def test_a_list_goes_all_the_way_comes_again_and_back(language, why, again):
    client = signed_in("lisiyuan", language)
    assert HOME in client.get("/needs").content.decode()
    where = handed_in(client)
    match = client.get(where).content.decode()
    for column in ("name", "quantity", "unit", "place", "due", "groups", "why"):
        assert f'<option value="{column}" selected>' in match, column
    assert why in match and "没有的镇" in match and "500 床" in match and not Need.objects.exists()
    done = taken_in(client, where)
    quilts, milk = Need.objects.order_by("at", "pk")
    assert (quilts.item_zh, quilts.quantity, quilts.unit_zh, quilts.place) == ("棉被", 500, "床", "410105")
    assert (quilts.item_class, quilts.groups, quilts.state) == ("clothing", ["children", "elderly"], "open")
    assert quilts.due_at.isoformat() == "2099-12-01T15:59:00+00:00"
    assert (milk.quantity, milk.item_class, milk.why) == (None, "baby", "尽快")
    assert f"/needs/{quilts.pk}" in done and "13912345678" not in done
    table = read_workbook(client.get(f"{where}/wrong.xlsx").content)
    assert [cells[1] for _n, cells in table.lines] == ["帐篷", "雨衣"] and "很多" in table.lines[0][1][-1]
    assert len(read_text(client.get(f"{where}/wrong.csv").content).lines) == 2
    second = handed_in(client)
    assert again in client.get(second).content.decode()
    assert again in taken_in(client, second) and Need.objects.count() == 2
    actions.confirm_need(quilts.pk, **the_chief())
    assert client.post(f"{where}/undo").status_code == 302
    carry_on()
    states = dict(Need.objects.values_list("item_zh", "state"))
    assert states == {"棉被": "confirmed", "婴儿奶粉": "withdrawn"}
    third = handed_in(client)
    taken_in(client, third)
    assert Need.objects.count() == 3, "what was taken back may come again; what stayed is known"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_encoding_with_english_headings_is_read(encoding):
    client = signed_in("lisiyuan", "en")
    text = (
        "Item;Qty;Unit;Location;Deadline;Beneficiaries;Reason\n棉被;20;床;410105;2099-12-01 08:30;30;cold\n"
    )
    where = handed_in(client, text.encode(encoding), "needs.csv")
    client.post(where, {"m_0": "name", "m_1": "quantity", "m_2": "unit", "m_3": "place", "m_4": "due",
                        "m_5": "people", "m_6": "why", "do": "1"})  # fmt: skip
    carry_on()
    need = Need.objects.get()
    assert (need.quantity, need.people, need.why) == (20, 30, "cold")
    assert need.due_at.isoformat() == "2099-12-01T00:30:00+00:00"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_heading_of_the_empty_form_is_known_again(language, kind):
    client = signed_in("lisiyuan", language)
    body = client.get(f"/registers/needs/file.{kind}?template=1").content
    headings = (read_workbook(body) if kind == "xlsx" else read_text(body)).headings
    where = handed_in(client, write_xlsx([headings, ["帐篷"] * len(headings)], name="x"))
    page = client.get(where).content.decode()
    assert len(headings) == 11 and page.count(" selected>") >= 11
    assert '<option value="" selected>' not in page


def test_place_asker_and_deadline_may_be_said_once_for_all_lines():
    client = signed_in("lisiyuan")
    where = handed_in(client, "物资,数量,需求单位\n棉被,20,\n雨衣,30,街道\n".encode(), "x.csv")
    chosen = {"m_0": "name", "m_1": "quantity", "m_2": "asker"}
    refused = client.post(where, chosen | {"do": "1"})
    assert refused.status_code == 422, "no place at all"
    given = {
        "a_place": "金水区 [410105]",
        "a_asker": "三中安置点",
        "a_due": "2099-12-01",
        "a_class": "clothing",
    }
    looked = client.post(where, chosen | given).content.decode()
    assert 'value="三中安置点"' in looked and 'value="clothing" selected' in looked
    client.post(where, chosen | given | {"do": "1"})
    carry_on()
    rows = set(Need.objects.values_list("item_zh", "place", "asker", "item_class"))
    assert rows == {("棉被", "410105", "三中安置点", "clothing"), ("雨衣", "410105", "街道", "clothing")}
    assert Need.objects.exclude(due_at=None).count() == 2


def one_line(client, *cells: str, **more) -> str:
    """A list with one line: item, quantity, unit, place; what its page shows before."""
    head = "物资,数量,单位,地点\n"
    where = handed_in(client, (head + ",".join(cells) + "\n").encode(), "x.csv")
    return where


LINE = {"m_0": "name", "m_1": "quantity", "m_2": "unit", "m_3": "place"}


def lines_in(client, *cells: str) -> str:
    where = one_line(client, *cells)
    client.post(where, LINE | {"do": "1"})
    carry_on()
    return client.get(where).content.decode()


@pytest.mark.parametrize(("unit", "units"), [("顶", 3), ("", 3), ("tents", 3), ("箱", 30)])
def test_a_supply_is_counted_as_the_stock_counts_it(unit, units):
    _, supply, _ = a_filled_store()
    client = signed_in("lisiyuan")
    assert f"{units} 顶" in client.get(one_line(client, "帐篷", "３", unit, "410105")).content.decode()
    lines_in(client, "帐篷", "３", unit, "410105")
    need = Need.objects.get()
    assert (need.supply_id, need.quantity) == (supply, units)


def test_another_unit_than_the_stocks_is_refused_in_words():
    a_filled_store()
    client = signed_in("lisiyuan")
    page = client.get(one_line(client, "帐篷", "3", "公斤", "410105")).content.decode()
    assert "“公斤”不是该物资的库存计量单位：顶（tent）" in page
    assert "公斤" in lines_in(client, "帐篷", "3", "公斤", "410105") and not Need.objects.exists()


def test_what_is_no_supply_is_welcome_as_words_and_a_double_is_shown_before():
    client = signed_in("lisiyuan")
    actions.ask_need(
        NewNeed(words="牛饲料", unit="吨", quantity=2, place="410105", item_class="other"), **the_chief()
    )
    page = client.get(one_line(client, "牛饲料", "5", "吨", "金水区")).content.decode()
    assert "不在物资目录中" in page and "疑似与已有的 1 项需求相同" in page and "按“其他”登记" in page
    done = lines_in(client, "牛饲料", "5", "吨", "金水区")
    assert "疑似与另 1 项相同" in done and Need.objects.count() == 2


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("=1+1", "5", "吨", "410105"), "公式"),
        (("棉被", "=5", "床", "410105"), "公式"),
        (("", "5", "床", "410105"), "必填"),
        (("棉被", "5", "床", ""), "必填"),
        (("棉被", "0", "床", "410105"), "数量"),
        (("棉被", "5", "床", "410000000099"), "行政区划或点位"),
    ],
)
def test_what_cannot_be_taken_is_said_line_by_line(cells, words):
    client = signed_in("lisiyuan")
    assert words in lines_in(client, *cells) and not Need.objects.exists()


def test_the_same_line_twice_in_a_file_is_one():
    client = signed_in("lisiyuan")
    where = handed_in(client, "物资,地点\n棉被,410105\n棉被,金水区 \n棉 被,410105\n".encode(), "x.csv")
    chosen = {"m_0": "name", "m_1": "place"}
    assert "第 2 行" in client.post(where, chosen).content.decode()
    client.post(where, chosen | {"do": "1"})
    carry_on()
    assert Need.objects.filter(item_zh="棉被").count() == 1 and Need.objects.count() == 2


def test_a_line_that_was_met_meanwhile_is_not_asked_again_by_an_old_file():
    client = signed_in("lisiyuan")
    lines_in(client, "棉被", "20", "床", "410105")
    actions.meet_need(Need.objects.get().pk, reason="已送到", **the_chief())
    done = lines_in(client, "棉被", "20", "床", "410105")
    assert "如再次需要，请手工提出" in done and Need.objects.count() == 1


def test_what_stock_was_promised_for_is_not_taken_back():
    store, supply, _ = a_filled_store(place="410105")
    client = signed_in("lisiyuan")
    where = one_line(client, "帐篷", "3", "顶", "410105")
    client.post(where, LINE | {"do": "1"})
    carry_on()
    need = Need.objects.get()
    wanted = Wanted(supply_id=supply, quantity=3, for_whom="三中")
    actions.serve_need(need.pk, store, wanted, **the_chief())
    client.post(f"{where}/undo")
    carry_on()
    assert Need.objects.get().state == "open" and "<dd>1</dd>" in client.get(where).content.decode()


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"", "文件是空的"), (b"PK\x03\x04half", "文件无法读取"), ("物资,数量\n".encode(), "只有表头")],
)
def test_half_a_file_is_said_and_nothing_is_kept(body, words):
    file = {"file": SimpleUploadedFile("x.xlsx", body)} if body else {"lines": ""}
    answer = signed_in("lisiyuan").post(HOME, file)
    assert answer.status_code >= 400 and words in answer.content.decode()


def test_a_list_is_for_who_may_ask_and_taken_back_by_who_may_withdraw(client):
    assert client.get(HOME)["location"].startswith("/sign-in")
    watching = signed_in("jianzhiyao")
    assert HOME not in watching.get("/needs").content.decode()
    assert 'type="file"' not in watching.get(HOME).content.decode()
    assert watching.post(HOME, {"lines": "物资,地点\n棉被,410105\n"}).status_code == 403
    where = one_line(signed_in("lisiyuan"), "棉被", "1", "床", "410105")
    assert signed_in("xiqinglan").get(where).status_code == 404
    assert watching.post(where, LINE | {"do": "1"}).status_code == 403
    assert watching.post(f"{where}/undo").status_code == 403


def test_each_line_asks_for_its_own_place():
    client = signed_in("lisiyuan")
    assert "不在本岗位可办理的区域内" in lines_in(client, "棉被", "1", "床", "410200")
    assert not Need.objects.exists()


def test_canary_without_the_question_at_each_line_it_would_be_taken(monkeypatch):
    monkeypatch.setattr(asking, "agencies", SimpleNamespace(require=lambda *a, **k: None))
    lines_in(signed_in("lisiyuan"), "棉被", "1", "床", "410200")
    assert Need.objects.exists()


def test_there_is_no_register_of_needs_beside_their_own_pages():
    client = signed_in("lisiyuan")
    assert client.get("/registers/needs").status_code == 404
    assert "/registers/needs" not in client.get("/registers").content.decode()


def test_a_township_takes_in_its_own_lines_and_takes_nothing_back():
    client = signed_in("shanshiqing")
    text = "物资,地点\n棉被,410182109\n雨衣,410105\n"
    where = handed_in(client, text.encode(), "x.csv")
    client.post(where, {"m_0": "name", "m_1": "place", "do": "1"})
    carry_on()
    assert [n.item_zh for n in Need.objects.all()] == ["棉被"]
    done = client.get(where).content.decode()
    assert "不在本岗位可办理的区域内" in done and f"{where}/undo" not in done
    assert client.post(f"{where}/undo").status_code == 403
    carry_on()
    assert Need.objects.get().state == "open"


def test_odd_characters_in_what_is_said_for_all_lines_break_nothing():
    client = signed_in("lisiyuan")
    where = handed_in(client, "物资,数量\n棉被,0\n".encode(), "x.csv")
    fields = {"m_0": "name", "m_1": "quantity", "a_place": "4101\x0005", "a_asker": "\x00" + "三" * 90}
    assert "数量不合理" in client.post(where, fields).content.decode()
    client.post(where, fields | {"do": "1"})
    carry_on()
    assert not Need.objects.exists()


def test_canary_without_the_look_at_earlier_files_a_line_would_be_doubled(monkeypatch):
    client = signed_in("lisiyuan")
    lines_in(client, "棉被", "20", "床", "410105")
    lines_in(client, "棉被", "20", "床", "410105")
    assert Need.objects.count() == 1
    monkeypatch.setattr(imports, "_list_taken_before", lambda *a: {})
    lines_in(client, "棉被", "20", "床", "410105")
    assert Need.objects.count() == 2
