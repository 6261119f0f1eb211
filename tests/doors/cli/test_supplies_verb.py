"""A catalogue of supplies is taken in at the machine: an excerpt of the Red Cross's, as Sahana Eden has it.

The excerpt (one item in 350) ships under Sahana Eden's MIT licence; the whole is read where it is at hand.
"""

from pathlib import Path

import pytest

from jingwei.apps.journal.models import Entry
from jingwei.apps.stock.models import Supply
from jingwei.doors.cli import supplies
from jingwei.engines.sheets.tables import read_text
from jingwei.engines.sheets.writing import write_xlsx
from jingwei.wiring.__main__ import main
from tests.conftest import REFERENCE

pytestmark = pytest.mark.django_db
EXCERPT = Path(__file__).with_name("sahana_items.csv")
WHOLE = REFERENCE / "data" / "facilities" / "sahana" / "supply_item_ifrc_standard.csv"


def test_the_excerpt_is_taken_in_once_and_recorded(capsys):
    before = Supply.objects.count()
    assert main(["supplies", str(EXCERPT)]) == 0
    beans = Supply.objects.get(code="AFODBEAN01")
    assert (beans.name_en, beans.unit_en) == ("BEANS, french, extra thin, tin, per kg", "kg")
    added = Supply.objects.count() - before
    assert added == len(read_text(EXCERPT.read_bytes()).lines) > 30
    assert Entry.objects.filter(kind="stock.supply_added/1").count() >= added
    assert main(["supplies", str(EXCERPT)]) == 0
    assert Supply.objects.count() == before + added, "what is listed stays"
    assert f"{added} added" in capsys.readouterr().out


def test_a_workbook_with_chinese_headings_is_one_too(tmp_path):
    file = tmp_path / "物资.xlsx"
    file.write_bytes(
        write_xlsx([["编码", "名称", "单位", "每包数量"], ["TEST-1", "救灾帐篷", "顶", "10"]], name="物资")
    )
    assert main(["supplies", str(file)]) == 0
    row = Supply.objects.get(code="TEST-1")
    assert (row.name_zh, row.unit_zh, row.pack) == ("救灾帐篷", "顶", 10)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "code,unit\nX,kg\n"])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path, content):
    file, before = tmp_path / "x.csv", Supply.objects.count()
    file.write_text(content)
    assert main(["supplies", str(file)]) == 2 and main(["supplies", str(tmp_path / "none")]) == 2
    assert Supply.objects.count() == before


def test_a_line_without_code_or_name_is_named_and_the_others_are_taken(tmp_path, capsys):
    file = tmp_path / "x.csv"
    file.write_text("code,name\n,tent\nTEST-2,\nTEST-3,bucket\n")
    assert main(["supplies", str(file)]) == 1
    assert "line 2" in capsys.readouterr().err and Supply.objects.get(code="TEST-3").name_zh == "bucket"
    assert not Supply.objects.filter(code="TEST-2").exists()


@pytest.mark.shared
def test_the_whole_catalogue_is_read():
    table = read_text(WHOLE.read_bytes())
    columns = supplies.columns_of(table.headings)
    read = [supplies.supply_of(columns, cells) for _, cells in table.lines if cells and cells[0]]
    assert len(read) > 11_000 and all(one.code and one.name_en for one in read)
    assert {"kg", "piece"} <= {one.unit_en for one in read}
    assert len({one.code for one in read}) > 11_000
