"""A table from a file, whatever the spreadsheet or the encoding: rows of texts, and what was noticed."""

import csv
import io
from collections.abc import Iterator

import msgspec

from jingwei.kernel.refusals import Refused

#: Most rows and columns that are read. Source: our estimate, five times the largest list of shelters we
#: know (Japan, 115,402), and wider than any form we have seen, 2026-11-29.
MOST_ROWS, MOST_COLUMNS = 500_000, 512
#: Longest cell, characters. Source: the limit of spreadsheets, ECMA-376 part 1 annex, 32,767.
LONGEST_CELL = 32_767
#: How many characters are looked at to find what parts the columns. Source: our estimate, some lines.
_HEAD = 4096
#: What parts columns.
_BETWEEN = ",;\t，"
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class Table(msgspec.Struct, frozen=True):
    """The headings, and lines with their number in the file; blank ones are left out.

    `notes`: encoding, merged cells, columns beyond the headings; for a person to know.
    """

    headings: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...]


class TableRefused(Refused):
    """The file is no table that can be read."""


def table_of(rows: Iterator[tuple[int, list[str]]], notes: list[str]) -> Table:
    """The first row that is not blank is the headings; a title alone in the row above is passed over."""
    headings: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    lines: list[tuple[int, tuple[str, ...]]] = []
    for number, row in rows:
        cells = tuple(cell[:LONGEST_CELL].replace("\x00", "").strip() for cell in row)
        filled = sum(map(bool, cells))
        if not filled:
            continue
        if len(cells) > MOST_COLUMNS:
            raise TableRefused("table_too_wide", most=MOST_COLUMNS)
        if not headings:
            if filled == 1 and not title:
                title = cells
                continue
            headings = cells if filled > 1 else title
            if filled > 1:
                continue
        if len(lines) >= MOST_ROWS:
            raise TableRefused("table_too_long", most=MOST_ROWS)
        lines.append((number, cells))
    if not (headings or title):
        raise TableRefused("table_empty")
    return Table(headings=headings or title, lines=tuple(lines), notes=tuple(notes))


def decode(body: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark, UTF-8, GB 18030, or UTF-16 without a mark."""
    mark = next((name for sign, name in _MARKS.items() if body.startswith(sign)), "")
    # text in UTF-16 has a zero beside nearly every letter of commas, figures and line ends
    bare = (
        "" if mark or body.count(0) * 20 < len(body) else "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"
    )
    bare = bare if not bare or _ends_fit(body, bare) else "utf-16-le"
    for name in (mark, bare, "utf-8", "gb18030"):
        if not name:
            continue
        try:
            return body.decode(name), name
        except UnicodeDecodeError:
            continue
    raise TableRefused("table_encoding")


def _ends_fit(body: bytes, name: str) -> bool:
    """Whether line ends and commas are found where this order of bytes has them."""
    mine = body.count(",".encode(name)) + body.count("\n".encode(name))
    other = "utf-16-be" if name == "utf-16-le" else "utf-16-le"
    return mine >= body.count(",".encode(other)) + body.count("\n".encode(other))


def read_text(body: bytes) -> Table:
    """A table of text: comma, semicolon, tab or full-width comma between the columns."""
    text, name = decode(body)
    head = text.lstrip("\r\n")[:_HEAD].replace("\r", "\n").split("\n", 1)[0]
    mark = max(_BETWEEN, key=head.count)
    if not head.count(mark):
        mark = max(_BETWEEN, key=text[:_HEAD].count)
    notes = [] if name.startswith("utf-8") else [f"encoding_{name.split('-le')[0].split('-be')[0]}"]
    notes = [note.replace("-", "") for note in notes]
    try:
        return table_of(_lines(text, mark, strict=True), notes)
    except csv.Error:
        pass
    try:  # quotes that were never closed: the file may have been cut off
        return table_of(_lines(text, mark, strict=False), [*notes, "quotes_odd"])
    except csv.Error as error:
        raise TableRefused("table_unreadable") from error


def _lines(text: str, mark: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=strict)
    number = 1
    for row in reader:
        yield number, row
        number = reader.line_num + 1


def is_workbook(body: bytes) -> bool:
    return body.startswith(b"PK\x03\x04")
