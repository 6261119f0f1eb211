"""A file taken in from the page: matched, looked at, carried out, its wrong lines handed back, taken back."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.registers.actions import carry_on_imports
from jingwei.apps.resources.models import Team
from jingwei.doors.entry.moments import this_moment
from jingwei.engines.sheets.tables import read_text
from jingwei.engines.sheets.workbooks import read_workbook
from jingwei.engines.sheets.writing import write_xlsx
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

HOME = "/registers/teams/import"
ROWS = [
    ["队伍一览表"],
    ["名称", "行政区划", "队伍类别", "人数"],
    ["甲队", "金水区", "抗洪抢险队伍", 12],
    ["乙队", "没有的县", "抗洪抢险队伍", 3],
]
FIELDS = {"m_0": "name", "m_1": "place", "m_2": "kind", "m_3": "members"}


def carry_on() -> None:
    while carry_on_imports(by=get_machine(), moment=this_moment()):
        pass


def a_file(body: bytes, name: str = "队伍.xlsx") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, body)}


def test_a_workbook_goes_all_the_way_and_back():
    client = signed_in("lisiyuan")
    assert client.get(HOME).status_code == 200
    where = client.post(HOME, a_file(write_xlsx(ROWS, name="队伍")))["location"]
    match = client.get(where).content.decode()
    assert '<option value="place" selected>' in match and "“没有的县”不是已知的行政区划" in match
    assert not Team.objects.exists()
    again = client.post(where, FIELDS | {"m_3": ""}).content.decode()
    assert '<option value="members" selected>' not in again
    assert client.post(where, FIELDS | {"do": "1"})["location"] == where
    running = client.get(where).content.decode()
    assert "正在导入" in running and 'http-equiv="refresh"' in running and "0 / 2" in running
    carry_on()
    done = client.get(where).content.decode()
    assert "2 / 2" in done and 'http-equiv="refresh"' not in done
    assert Team.objects.get().name == "甲队"
    table = read_workbook(client.get(f"{where}/wrong.xlsx").content)
    assert table.headings == ("名称", "行政区划", "队伍类别", "人数", "未导入的原因")
    assert table.lines[0][1][:2] == ("乙队", "没有的县") and "没有的县" in table.lines[0][1][4]
    assert read_text(client.get(f"{where}/wrong.csv").content).lines[0][1][0] == "乙队"
    assert client.post(f"{where}/undo").status_code == 302
    carry_on()
    assert "已撤销" in client.get(where).content.decode()
    assert not Team.objects.filter(removed_at=None).exists()
    assert "队伍.xlsx" in client.get(HOME).content.decode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_encoding_is_matched(encoding):
    client = signed_in("lisiyuan")
    text = "名称,行政区划,队伍类别\n甲队,410105,抗洪抢险队伍\n"
    where = client.post(HOME, a_file(text.encode(encoding), "队伍.csv"))["location"]
    client.post(where, FIELDS | {"m_3": "", "do": "1"})
    carry_on()
    assert Team.objects.get().place == "410105"


def test_pasted_lines_are_a_file_too():
    client = signed_in("lisiyuan", "en")
    where = client.post(HOME, {"lines": "name\tplace\n甲队\t410105\n"})["location"]
    shown = client.get(where).content.decode()
    assert "Kind of team must be filled in" not in shown and "1 line" in shown
    refused = client.post(where, {"m_0": "name", "do": "1"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"", "文件是空的"), (b"PK\x03\x04half", "文件无法读取"), ("名称,行政区划\n".encode(), "只有表头")],
)
def test_what_is_no_table_is_said_and_nothing_is_kept(body, words):
    answer = signed_in("lisiyuan").post(HOME, a_file(body) if body else {"lines": ""})
    assert answer.status_code >= 400 and words in answer.content.decode()


def test_another_organization_does_not_find_the_import():
    where = signed_in("lisiyuan").post(HOME, a_file(write_xlsx(ROWS, name="队伍")))["location"]
    other = signed_in("xiqinglan")
    assert other.get(where).status_code == 404
    assert other.get(f"{where}/wrong.xlsx").status_code == 404
    assert other.post(HOME, a_file(write_xlsx(ROWS, name="队伍"))).status_code == 403


def test_canary_a_workbook_of_ours_is_a_workbook():
    with zipfile.ZipFile(io.BytesIO(write_xlsx(ROWS, name="x"))) as book:
        assert "xl/worksheets/sheet1.xml" in book.namelist()
