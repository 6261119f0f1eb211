"""Cells as people write them, read as what the column holds."""

from datetime import date

import pytest

from jingwei.apps.registers.facts import CellError, Choice, Column
from jingwei.apps.registers.rules import Known, initials, masked, read_cell

KIND = (Choice("PRO", "专业队伍", "Professional team"),)


def read(text: str, kind: str, **more: object) -> object:
    return read_cell(Column(name="c", zh="栏", en="Column", kind=kind, **more), text, Known())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " 甲\t乙\n丙 ", "甲 乙 丙"),
        ("text", "全角ＡＢ", "全角ＡＢ"),
        ("long", "一行\r\n二行", "一行\n二行"),
        ("whole", "１２３", 123),
        ("whole", "1,200", 1200),
        ("whole", "1，200", 1200),
        ("whole", "45.0", 45),
        ("whole", "－5", -5),
        ("number", "１２．５", 12.5),
        ("number", "3e2", 300.0),
        ("flag", "是", True),
        ("flag", "√", True),
        ("flag", "Ｎ", False),
        ("flag", "无", False),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("date", "2026/1/5", date(2026, 1, 5)),
        ("date", "２０２６年１月５日", date(2026, 1, 5)),
        ("date", "20260131", date(2026, 1, 31)),
        ("date", "46053", date(2026, 1, 31)),
        ("date", "46053.0", date(2026, 1, 31)),
        ("date", "2026-01-31 00:00:00", date(2026, 1, 31)),
        ("phone", "０３７１－６７１８", "0371-6718"),
        ("choice", "ＰＲＯ", "PRO"),
        ("choice", "专业队伍", "PRO"),
        ("choice", "professional team", "PRO"),
        ("text", "—", ""),
        ("whole", "", None),
        ("date", "-", None),
    ],
)
def test_a_cell_is_read_as_it_is_meant(kind, text, value):
    assert read(text, kind, choices=KIND) == value


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("text", "=1+1", "cell_formula"),
        ("whole", " =SUM(A1:A9)", "cell_formula"),
        ("text", "长" * 201, "cell_too_long"),
        ("whole", "十二", "cell_no_number"),
        ("whole", "1.5", "cell_not_whole"),
        ("whole", "nan", "cell_no_number"),
        ("number", "inf", "cell_no_number"),
        ("number", "1e30", "cell_no_number"),
        ("flag", "也许", "cell_no_flag"),
        ("date", "2026-02-30", "cell_no_date"),
        ("date", "三月", "cell_no_date"),
        ("date", "99999999", "cell_no_date"),
        ("phone", "王小明", "cell_no_phone"),
        ("choice", "别的", "cell_no_choice"),
        ("place", "没有的县", "cell_no_place"),
        ("organization", "没有的单位", "cell_no_organization"),
    ],
)
def test_what_cannot_be_read_says_why(kind, text, code):
    found = read(text, kind, choices=KIND)
    assert isinstance(found, CellError) and found.code == code


def test_limits_hold_on_both_sides_and_name_their_clause():
    limits = {"least": 0, "most": 10, "limit_clause": "条例第一条"}
    assert [read(t, "whole", **limits) for t in ("0", "10")] == [0, 10]
    below, above = read("-1", "whole", **limits), read("11", "whole", **limits)
    assert (below.code, above.code) == ("cell_below", "cell_above")
    assert above.facts == {"most": "10", "clause": "条例第一条"}


def test_an_empty_required_cell_is_missing():
    assert read(" ", "text", required=True).code == "cell_missing"


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [("phone", "13612342071", "136****71"), ("phone", "110", "****"), ("name", "王小明", "王**"),
     ("name", "王", "王"), ("all", "x", "****"), ("", "x", "x"), ("phone", "", "")],
)  # fmt: skip
def test_masks_show_enough_to_tell_apart_and_no_more(mask, value, shown):
    assert masked(mask, value) == shown


def test_first_letters_follow_the_word():
    assert initials("郑州市重庆路重型救援队") == "zzscqlzxjyd"
    assert initials("Team 7") == ""


def test_first_letters_are_those_of_the_words_also_where_no_word_has_to_choose():
    from pypinyin import Style, lazy_pinyin

    for word in (
        "荥阳市医院",
        "重庆路小学",
        "银行广场",
        "长葛市长江路",
        "东关",
        "乐山音乐厅",
        "A座2号楼",
        "（旧）",
    ):
        letters = lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore")
        assert initials(word) == "".join(letters).lower(), word
