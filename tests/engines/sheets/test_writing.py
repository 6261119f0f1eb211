"""What is written for spreadsheets runs nothing and loses nothing."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest

from jingwei.engines.sheets.safe import plain_again, plain_cell
from jingwei.engines.sheets.writing import write_csv, write_xlsx

TRAPS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "＝1+1", "-x"]


@pytest.mark.parametrize("text", TRAPS)
def test_what_a_spreadsheet_would_run_is_text(text):
    (line,) = csv.reader(io.StringIO(write_csv([[text]]).decode("utf-8-sig"), newline=""))
    assert line[0] == "'" + text and plain_again(line[0]) == text
    assert f"preserve\">'{text}</t>" in _sheet([[text]])


@pytest.mark.parametrize("text", ["-5", "+3.2", "普通", "a=b", "-1e3", "'", "'x"])
def test_numbers_and_plain_text_stay_as_they_are(text):
    assert plain_cell(text) == text and plain_again(text) == text


def test_canary_without_the_apostrophe_a_formula_would_stand_there(monkeypatch):
    from jingwei.engines.sheets import writing

    monkeypatch.setattr(writing, "plain_cell", lambda text: text)
    assert b"=1+1" in write_csv([["=1+1"]]) and b"'=1+1" not in write_csv([["=1+1"]])


def _sheet(rows):
    with zipfile.ZipFile(io.BytesIO(write_xlsx(rows, name="应急/队伍"))) as book:
        assert "应急 队伍" in book.read("xl/workbook.xml").decode()
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_a_workbook_is_well_formed_whatever_stands_in_a_cell():
    sheet = _sheet([['<b>&"', "\x00\x0b\ud800", None, 3, 2.5, True, ""]])
    root = ElementTree.fromstring(sheet)  # noqa: S314 - our own
    cells = root.findall(".//{*}c")
    assert [c.get("t") for c in cells] == ["inlineStr", "inlineStr", None, None, None, "inlineStr", None]
    assert "<f" not in sheet and cells[0].find(".//{*}t").text == '<b>&"'


def test_chinese_opens_readably_in_a_spreadsheet():
    assert write_csv([["队伍"]]).startswith(b"\xef\xbb\xbf")
