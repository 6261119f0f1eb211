"""Workbooks read with care: dates, formulas, merged cells, and what somebody hid in the archive."""

import io
import zipfile

import pytest

from jingwei.engines.sheets.tables import TableRefused
from jingwei.engines.sheets.workbooks import read_workbook
from jingwei.engines.sheets.writing import write_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def a_book(
    sheet: str, *, strings: str = "", styles: str = "", book: str = "", main: str = MAIN, **more: bytes
) -> bytes:
    """A workbook of one sheet from its parts, as other programs write them."""
    out = io.BytesIO()
    book = book or '<sheets><sheet name="A" sheetId="1" r:id="rId7"/></sheets>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{REL}">{book}</workbook>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="x"><Relationship Id="rId7" Target="worksheets/s.xml"/>'
            '<Relationship Id="rId8" Target="/xl/worksheets/t.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/s.xml", f'<worksheet xmlns="{main}">{sheet}</worksheet>')
        archive.writestr(
            "xl/worksheets/t.xml",
            f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>8</v></c>'
            '</row><row r="2"><c r="A2"><v>9</v></c></row></sheetData></worksheet>',
        )
        if strings:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{strings}</sst>')
        if styles:
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{main}">{styles}</styleSheet>')
        for name, content in more.items():
            archive.writestr(name, content)
    return out.getvalue()


def rows(*lines: str) -> str:
    return "<sheetData>" + "".join(f'<row r="{n}">{x}</row>' for n, x in enumerate(lines, 1)) + "</sheetData>"


HEAD = '<c r="A1" t="inlineStr"><is><t>名称</t></is></c><c r="B1" t="inlineStr"><is><t>值</t></is></c>'


def value(cell: str, **more: str) -> str:
    """What the second cell of the second row is read as."""
    table = read_workbook(a_book(rows(HEAD, f'<c r="A2"><v>1</v></c>{cell}'), **more))
    ((_, cells),) = table.lines
    return cells[1] if len(cells) > 1 else ""


def test_what_we_write_we_read_again():
    lines = [["名称", "人数", "备注"], ["荥阳队", 12, "一\n二"], ["=1+1", 2.5, None]]
    table = read_workbook(write_xlsx(lines, name="队伍"))
    assert table.headings == ("名称", "人数", "备注")
    assert [cells for _, cells in table.lines] == [("荥阳队", "12", "一\n二"), ("'=1+1", "2.5")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2"><v>12</v></c>', "12"),
        ('<c r="B2"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="B2"><v>1.3612342071E10</v></c>', "13612342071"),
        ('<c r="B2"><v>410182109211</v></c>', "410182109211"),
        ('<c r="B2" t="b"><v>1</v></c>', "1"),
        ('<c r="B2" t="str"><f>A1</f><v>算出</v></c>', "算出"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B2"><f>1+1</f></c>', "="),
        ('<c r="B2" t="e"><v>#REF!</v></c>', "=#REF!"),
        ('<c r="B2"/>', ""),
    ],
)
def test_cells_are_read_by_what_they_came_to(cell, text):
    assert value(cell) == text


def test_texts_of_the_shared_table_without_their_readings():
    strings = (
        "<si><t>甲</t></si><si><r><t>重</t></r><r><t>庆</t></r><rPh sb='0' eb='1'><t>chong</t></rPh></si>"
    )
    assert value('<c r="B2" t="s"><v>1</v></c>', strings=strings) == "重庆"


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [
        ("1", "46053", "2026-01-31"),
        ("2", "46053", "2026-01-31"),
        ("0", "46053", "46053"),
        ("3", "46053", "46053"),
        ("1", "46053.5", "2026-01-31 12:00:00"),
    ],
)
def test_days_that_spreadsheets_keep_as_numbers(style, number, text):
    styles = (
        '<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
        '<numFmt numFmtId="177" formatCode="0.00&quot;day&quot;;[Red]0"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs>'
    )
    assert value(f'<c r="B2" s="{style}"><v>{number}</v></c>', styles=styles) == text


def test_days_counted_from_1904():
    book = '<workbookPr date1904="1"/><sheets><sheet name="A" sheetId="1" r:id="rId7"/></sheets>'
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    assert value('<c r="B2" s="0"><v>44591</v></c>', styles=styles, book=book) == "2026-01-31"


def test_merged_cells_stand_in_every_row_they_cover():
    sheet = rows(HEAD, '<c r="A2"><v>1</v></c><c r="B2"><v>5</v></c>', '<c r="A3"><v>2</v></c>')
    table = read_workbook(a_book(sheet + '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'))
    assert [cells for _, cells in table.lines] == [("1", "5"), ("2", "5")]
    assert table.notes == ("cells_merged",)


def test_a_merged_title_is_passed_over():
    title = '<c r="A1" t="inlineStr"><is><t>一览表</t></is></c>'
    sheet = rows(title, HEAD.replace("1", "2"), '<c r="A3"><v>1</v></c>')
    table = read_workbook(a_book(sheet + '<mergeCells><mergeCell ref="A1:F1"/></mergeCells>'))
    assert table.headings == ("名称", "值")


def test_a_hidden_sheet_is_not_the_first():
    book = (
        '<sheets><sheet name="A" sheetId="1" state="hidden" r:id="rId7"/>'
        '<sheet name="B" sheetId="2" r:id="rId8"/></sheets>'
    )
    assert read_workbook(a_book(rows(HEAD), book=book)).headings == ("7", "8")


def test_the_strict_form_of_the_standard_is_read():
    assert read_workbook(a_book(rows(HEAD, '<c r="A2"><v>1</v></c>'), main=STRICT)).lines[0][1] == ("1",)


def test_three_hundred_columns_are_read():
    cells = "".join(f"<c><v>{n}</v></c>" for n in range(300))
    table = read_workbook(a_book(rows(cells, cells)))
    assert len(table.headings) == 300 and table.lines[0][1][299] == "299"


def refused(body: bytes) -> str:
    with pytest.raises(TableRefused) as found:
        read_workbook(body)
    return found.value.code


def test_half_a_workbook_is_refused():
    body = a_book(rows(HEAD, '<c r="A2"><v>1</v></c>'))
    assert refused(body[: len(body) // 2]) == "table_unreadable"
    assert refused(b"PK\x03\x04") == "table_unreadable"
    assert refused(a_book("<sheetData><row>")) == "table_unreadable"


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    from jingwei.engines.sheets import workbooks

    monkeypatch.setattr(workbooks, "SMALL", 1024 * 1024)
    bomb = "<sheetData>" + " " * 30_000_000 + "</sheetData>"
    assert refused(a_book(bomb)) == "table_bomb"
    monkeypatch.setattr(workbooks, "MOST_TIMES", 10**9)
    assert refused(a_book(bomb)) == "table_empty", "canary: without the limit it is unpacked"


@pytest.mark.parametrize(
    "evil",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_no_entity_is_ever_expanded(evil):
    out = io.BytesIO()
    body = a_book(rows(HEAD))
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            new.writestr(name, evil + content if name.endswith("s.xml") else content)
    assert refused(out.getvalue()) == "table_unreadable"
