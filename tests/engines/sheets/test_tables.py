"""Tables as people send them: every encoding in use, titles, odd quotes, and files cut off."""

import pytest

from jingwei.engines.sheets.tables import MOST_COLUMNS, TableRefused, read_text

TEXT = "名称,人数\r\n荥阳队,１２\r\n郑州队,30\r\n"


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("gb18030", ("encoding_gb18030",)),
        ("gbk", ("encoding_gb18030",)),
        ("utf-16", ("encoding_utf16",)),
        ("utf-16-le", ("encoding_utf16",)),
        ("utf-16-be", ("encoding_utf16",)),
    ],
)
def test_every_encoding_in_use_is_read(encoding, note):
    table = read_text(TEXT.encode(encoding))
    assert table.headings == ("名称", "人数")
    assert table.lines == ((2, ("荥阳队", "１２")), (3, ("郑州队", "30")))
    assert table.notes == note


def test_rare_characters_of_gb18030_are_kept():
    table = read_text("名称\n𠮷队\n".encode("gb18030"))
    assert table.lines[0][1] == ("𠮷队",)


@pytest.mark.parametrize("mark", [",", ";", "\t", "，"])
def test_columns_are_parted_by_what_parts_the_headings(mark):
    table = read_text(f"名称{mark}人数\n甲{mark}1\n".encode())
    assert table.headings == ("名称", "人数") and table.lines[0][1] == ("甲", "1")


def test_a_title_above_the_headings_and_blank_lines_are_passed_over():
    table = read_text("2026年队伍一览表,\n\n名称,人数\n,\n甲,1\n".encode())
    assert table.headings == ("名称", "人数") and table.lines == ((5, ("甲", "1")),)


def test_a_cell_may_hold_line_ends_and_quotes():
    table = read_text('名称,备注\n甲,"一行\n二行，""好"""\n乙,x\n'.encode())
    assert [cells[1] for _, cells in table.lines] == ['一行\n二行，"好"', "x"]
    assert [number for number, _ in table.lines] == [2, 4]


def test_half_a_file_is_read_as_far_as_it_goes_and_says_so():
    table = read_text('名称,备注\n甲,x\n乙,"没有完'.encode())
    assert table.notes == ("quotes_odd",) and len(table.lines) == 2
    cut = read_text("名称,人数\n甲,1\n乙".encode())
    assert cut.lines[1] == (3, ("乙",))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "table_empty"),
        (b"\n\n,,\n", "table_empty"),
        (",".join("x" * (MOST_COLUMNS + 1)).encode(), "table_too_wide"),
        (bytes([0xFF, 0x80, 0x81, 0xFF]) * 9, "table_encoding"),
    ],
)
def test_what_is_no_table_is_refused(body, code):
    with pytest.raises(TableRefused) as refused:
        read_text(body)
    assert refused.value.code == code


def test_a_file_is_only_so_long(monkeypatch):
    from jingwei.engines.sheets import tables

    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(TableRefused) as refused:
        read_text(b"a,b\n1,2\n3,4\n5,6\n")
    assert refused.value.code == "table_too_long"


def test_nothing_is_lost_for_a_nul():
    assert read_text("名称,x\n甲\x00乙,1\n".encode()).lines[0][1] == ("甲乙", "1")
