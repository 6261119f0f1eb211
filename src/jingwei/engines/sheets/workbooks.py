"""Workbooks (ECMA-376, .xlsx) read with care: no entities, no bombs, formulas by what they came to."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from xml.parsers import expat

from .tables import MOST_COLUMNS, Table, TableRefused, table_of

#: Most bytes of a part once unpacked, and how many times its packed size it may have. Source: our estimate,
#: 500,000 rows of 20 cells are 400 MB; tables pack to a tenth, bombs to a thousandth, 2026-11-29.
MOST_BYTES, MOST_TIMES = 512 * 1024 * 1024, 200
#: Parts below this may be packed tighter: a sheet of equal cells is no bomb. Source: the same.
SMALL = 4 * 1024 * 1024
#: What is unpacked at once, bytes. Source: our estimate, little beside a sheet, 2026-11-29.
_PIECE = 64 * 1024
#: Formats of numbers that are days and times by their number. Source: ECMA-376 part 1, section 18.8.30.
_DAY_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_DAY_LETTERS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
#: The days that spreadsheets count from. Source: ECMA-376 part 1, section 18.17.4.1.
_ZERO, _ZERO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a day, no moment

Found = dict[str, str]


def read_workbook(body: bytes) -> Table:
    """The first sheet of a workbook. Refused when it is none, is locked, or unpacks to far too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return _read(book)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        KeyError,
        ValueError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise TableRefused("table_unreadable") from error
    except RuntimeError as error:  # a part of the archive is encrypted
        raise TableRefused("table_locked") from error


def _read(book: zipfile.ZipFile) -> Table:
    names = set(book.namelist())
    if "xl/workbook.xml" not in names:
        raise TableRefused("table_unreadable")
    sheet, old_days = _first_sheet(book)
    texts = _texts(book) if "xl/sharedStrings.xml" in names else []
    days = _day_styles(book) if "xl/styles.xml" in names else set()
    reading = _Sheet(texts, days, _ZERO_1904 if old_days else _ZERO)
    _parse(book, sheet, reading)
    notes = []
    if reading.merged:
        notes.append("cells_merged")
    if reading.formulas:
        notes.append("cells_formulas")
    return table_of(iter(reading.filled()), notes)


def _parse(book: zipfile.ZipFile, name: str, reader: "_Reader") -> None:
    """Read one part in pieces: never more than allowed in memory, and no entity is ever expanded."""
    info = book.getinfo(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda tag, found: reader.start(tag.rpartition(" ")[2], found)
    parser.EndElementHandler = lambda tag: reader.end(tag.rpartition(" ")[2])
    parser.CharacterDataHandler = reader.text
    parser.buffer_text = True
    most = min(MOST_BYTES, max(SMALL, info.compress_size * MOST_TIMES))
    size = 0
    with book.open(info) as part:
        while piece := part.read(_PIECE):
            size += len(piece)
            if size > most:
                raise TableRefused("table_bomb")
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise TableRefused("table_unreadable")


class _Reader:
    """What is done with the elements of a part; `text` gathers what stands between them."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._keeping = False

    def start(self, tag: str, found: Found) -> None: ...
    def end(self, tag: str) -> None: ...

    def text(self, data: str) -> None:
        if self._keeping:
            self._kept.append(data)

    def keep(self) -> None:
        self._kept, self._keeping = [], True

    def kept(self) -> str:
        self._keeping = False
        return "".join(self._kept)


class _Elements(_Reader):
    """Hands every element to a function."""

    def __init__(self, see: Callable[[str, Found], None]) -> None:
        super().__init__()
        self._see = see

    def start(self, tag: str, found: Found) -> None:
        self._see(tag, found)


def _attribute(found: Found, name: str) -> str:
    """An attribute whatever its namespace."""
    return next((value for key, value in found.items() if key.rpartition(" ")[2] == name), "")


def _first_sheet(book: zipfile.ZipFile) -> tuple[str, bool]:
    """The part of the first sheet that is not hidden, and whether days are counted from 1904."""
    sheets: list[tuple[str, str]] = []
    old: list[bool] = []

    def see(tag: str, found: Found) -> None:
        if tag == "sheet":
            relation = next((v for k, v in found.items() if k.endswith("relationships id")), "")
            sheets.append((relation or _attribute(found, "id"), _attribute(found, "state")))
        if tag == "workbookPr":
            old.append(_attribute(found, "date1904") in ("1", "true"))

    _parse(book, "xl/workbook.xml", _Elements(see))
    targets: dict[str, str] = {}
    _parse(
        book,
        "xl/_rels/workbook.xml.rels",
        _Elements(lambda tag, found: targets.update({found.get("Id", ""): found.get("Target", "")})),
    )
    shown = [relation for relation, state in sheets if state not in ("hidden", "veryHidden")]
    target = targets[(shown or [relation for relation, _ in sheets])[0]]
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return path, any(old)


class _Strings(_Reader):
    """The table of texts; what is written above characters to say how they are read is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._parts: list[str] = []
        self._ruby = 0

    def start(self, tag: str, found: Found) -> None:
        if tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._ruby += 1
        elif tag == "t" and not self._ruby:
            self.keep()

    def end(self, tag: str) -> None:
        if tag == "t" and not self._ruby:
            self._parts.append(self.kept())
        elif tag == "rPh":
            self._ruby -= 1
        elif tag == "si":
            self.found.append("".join(self._parts))


def _texts(book: zipfile.ZipFile) -> list[str]:
    strings = _Strings()
    _parse(book, "xl/sharedStrings.xml", strings)
    return strings.found


def _day_styles(book: zipfile.ZipFile) -> set[int]:
    """Which styles of cells show a number as a day."""
    formats: dict[int, bool] = {}
    days: set[int] = set()
    inside, count = False, 0

    def see(tag: str, found: Found) -> None:
        nonlocal inside, count
        if tag == "numFmt":
            code = _QUOTED.sub("", found.get("formatCode", ""))
            formats[int(found["numFmtId"])] = bool(_DAY_LETTERS.search(code)) and "General" not in code
        elif tag in ("cellXfs", "cellStyleXfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            number = int(found.get("numFmtId", "0"))
            if formats.get(number, number in _DAY_FORMATS):
                days.add(count)
            count += 1

    _parse(book, "xl/styles.xml", _Elements(see))
    return days


class _Sheet(_Reader):
    """The cells of a sheet. A merged cell's value stands in each row it covers."""

    def __init__(self, texts: list[str], days: set[int], zero: datetime) -> None:
        super().__init__()
        self._texts, self._days, self._zero = texts, days, zero
        self.rows: dict[int, dict[int, str]] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.formulas = 0
        self._row = self._column = 0
        self._cell: Found = {}
        self._formula, self._value = False, ""

    def start(self, tag: str, found: Found) -> None:
        if tag == "row":
            self._row = int(found.get("r") or self._row + 1)
            self._column = 0
        elif tag == "c":
            self._cell, self._value, self._formula = found, "", False
            place = _REFERENCE.fullmatch(found.get("r", ""))
            self._column = _column_of(place[1]) if place else self._column + 1
        elif tag == "f":
            self._formula = True
        elif tag in ("v", "t"):
            self.keep()
        elif tag == "mergeCell":
            self._merge(found.get("ref", ""))

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._value += self.kept()
        elif tag == "c":
            text = self._said()
            if self._formula:
                self.formulas += 1
                # a formula that was never worked out has no value: say so at its row
                text = text or "="
            if text:
                if self._column > MOST_COLUMNS:
                    raise TableRefused("table_too_wide", most=MOST_COLUMNS)
                self.rows.setdefault(self._row, {})[self._column] = text

    def _said(self) -> str:
        kind, value = self._cell.get("t", "n"), self._value
        if kind == "s":
            return self._texts[int(value)] if value else ""
        if kind == "b":
            return "1" if value == "1" else "0"
        if kind == "e":
            return "=" + value
        if kind != "n" or not value:
            return value
        if int(self._cell.get("s", "0")) in self._days:
            return _day(float(value), self._zero)
        return _number(value)

    def _merge(self, reference: str) -> None:
        ends = [_REFERENCE.fullmatch(one) for one in reference.split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            top, bottom = int(ends[0][2]), int(ends[1][2])
            self.merged.append(
                (top, min(bottom, top + 100_000), _column_of(ends[0][1]), _column_of(ends[1][1]))
            )

    def filled(self) -> list[tuple[int, list[str]]]:
        """Rows in order. What is merged down stands in every row that has anything else; across, once."""
        for top, bottom, left, _ in self.merged:
            value = self.rows.get(top, {}).get(left, "")
            for row in range(top + 1, bottom + 1) if value else ():
                if row in self.rows:
                    self.rows[row].setdefault(left, value)
        found = []
        for number in sorted(self.rows):
            cells = self.rows[number]
            found.append((number, [cells.get(n, "") for n in range(1, max(cells) + 1)]))
        return found


def _column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _day(value: float, zero: datetime) -> str:
    """A day, with its time when it has one."""
    try:
        at = zero + timedelta(seconds=round(value * 86_400))
    except OverflowError:
        return str(value)
    return at.date().isoformat() if value == int(value) else at.strftime("%Y-%m-%d %H:%M:%S")


def _number(value: str) -> str:
    """A number as people write it: no 1.0 for 1, no 0.30000000000000004 for 0.3; a long one whole."""
    if re.fullmatch(r"-?\d+", value):
        return value
    number = float(value)
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.15g}"
