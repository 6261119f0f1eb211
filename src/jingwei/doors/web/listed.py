"""A list of persons from a file: any encoding, comma, semicolon or tab, headers in Chinese or English."""

import csv

import msgspec

from jingwei.apps.people.facts import Listed
from jingwei.doors.entry.intake import decode
from jingwei.kernel.refusals import Refused

#: What the columns are called in lists as they come.
HEADERS = {
    "number": ("编号", "序号", "number", "no", "no."),
    "name": ("姓名", "名字", "name"),
    "sex": ("性别", "sex", "gender"),
    "age": ("年龄", "age"),
    "id_last4": ("身份证后四位", "身份证号后四位", "身份证号", "身份证", "证件号", "id_last4", "id"),
    "place_words": ("地点", "住址", "地址", "失联地点", "place", "address"),
    "status": ("状况", "状态", "情况", "备注", "status"),
}
_FIELD_OF = {word: field for field, words in HEADERS.items() for word in words}


class Table(msgspec.Struct, frozen=True):
    """Lines with their number in the file, and flags about its encoding."""

    lines: tuple[tuple[int, Listed], ...]
    flags: tuple[str, ...]


def read_table(body: bytes) -> Table:
    """The lines of a list; refused when no column is a name."""
    text, flags = decode(body)
    rows = [r for r in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if r.strip()]
    if not rows:
        raise Refused("list_empty")
    mark = max(",;\t，", key=rows[0].count)
    found = list(csv.reader([r.replace("，", ",") if mark == "，" else r for r in rows],
                            delimiter="," if mark == "，" else mark))  # fmt: skip
    columns = [_FIELD_OF.get(head.strip().lower(), "") for head in found[0]]
    if "name" not in columns:
        raise Refused("list_unreadable")
    return Table(
        lines=tuple(_line(n, columns, row) for n, row in enumerate(found[1:], 2)), flags=tuple(flags)
    )


def _line(number: int, columns: list[str], row: list[str]) -> tuple[int, Listed]:
    fields: dict[str, str] = {}
    for column, value in zip(columns, row, strict=False):
        if column and not fields.get(column):
            fields[column] = value.replace("\x00", "").strip()
    return number, Listed(**fields)
