"""A cell as somebody wrote it, read as what the column holds: one reader for forms, files and programs."""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from ..facts import Cell, CellError, Column, Register

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_PHONE = re.compile(r"\+?[\d\- ()/;,]{3,60}")
_TRUE = {"是", "有", "√", "✓", "yes", "y", "true", "1", "对"}
_FALSE = {"否", "无", "没有", "×", "no", "n", "false", "0"}
#: The day before the first that a spreadsheet counts; it counts a 29 February 1900 that never was.
#: Source: ECMA-376 part 1, section 18.17.4.1, the 1900 date base.
_SPREADSHEET_ZERO = date(1899, 12, 30)
#: No count of people, beds, metres or yuan goes beyond. Source: the exact whole numbers of a double, 2^53.
_LARGEST = 2**53


class Known(msgspec.Struct, frozen=True):
    """What names in cells stand for: places and organizations by what was written, '' where nobody knows."""

    places: Mapping[str, str] = {}
    organizations: Mapping[str, str] = {}


def fold(text: str) -> str:
    """One form for full-width letters and figures, without white space at the ends, NUL or line noise."""
    return unicodedata.normalize("NFKC", text.replace("\x00", "")).strip()


def is_empty(text: str) -> bool:
    """Whether a cell holds nothing: also the dashes that people write for nothing."""
    return fold(text) in ("", "-", "—", "--", "/", "N/A", "n/a")


def read_cell(column: Column, text: str, known: Known) -> Cell | CellError:
    """What the cell holds, or why it cannot be taken."""
    if is_empty(text):
        if column.required:
            return CellError(column.name, "cell_missing")
        return "" if column.kind in ("text", "long", "choice", "phone", "place", "organization") else None
    if text.lstrip().startswith("=") and column.kind != "long":
        return CellError(column.name, "cell_formula")
    if column.kind in ("place", "organization"):
        return _named(column, text, known)
    value = _READ[column.kind](column, text)
    if isinstance(value, CellError):
        return value
    if isinstance(value, str) and len(value) > column.longest:
        return CellError(column.name, "cell_too_long", {"most": str(column.longest)})
    return _within(column, value)


def read_row(
    register: Register, texts: Mapping[str, str], known: Known
) -> tuple[dict[str, Cell], list[CellError]]:
    """The values of the columns that were given, and what could not be taken."""
    values: dict[str, Cell] = {}
    errors = []
    for column in register.columns:
        if column.name not in texts:
            continue
        read = read_cell(column, texts[column.name], known)
        if isinstance(read, CellError):
            errors.append(read)
        else:
            values[column.name] = read
    return values, errors


def plain(value: Cell) -> str | int | float | bool | None:
    """A value as the history keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def typed(column: Column, value: object) -> Cell:
    """A value of the history as the row holds it."""
    if column.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return value  # type: ignore[return-value]


def _within(column: Column, value: Cell) -> Cell | CellError:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    clause = {"clause": column.limit_clause}
    if column.least is not None and value < column.least:
        return CellError(column.name, "cell_below", {"least": f"{column.least:g}", **clause})
    if column.most is not None and value > column.most:
        return CellError(column.name, "cell_above", {"most": f"{column.most:g}", **clause})
    return value


def _text(column: Column, text: str) -> str:
    return re.sub(r"[\r\n\t]+", " ", text.replace("\x00", "")).strip()


def _long(column: Column, text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _number(column: Column, text: str) -> float | CellError:
    try:
        value = float(re.sub(r"[,\s，]", "", fold(text)))
    except ValueError:
        return CellError(column.name, "cell_no_number", {"given": text[:40]})
    if not math.isfinite(value) or abs(value) > _LARGEST:
        return CellError(column.name, "cell_no_number", {"given": text[:40]})
    return value


def _whole(column: Column, text: str) -> int | CellError:
    value = _number(column, text)
    if isinstance(value, CellError):
        return value
    if value != int(value):
        return CellError(column.name, "cell_not_whole", {"given": text[:40]})
    return int(value)


def _flag(column: Column, text: str) -> bool | CellError:
    word = fold(text).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    return CellError(column.name, "cell_no_flag", {"given": text[:40]})


def _choice(column: Column, text: str) -> str | CellError:
    word = fold(text).lower()
    for one in column.choices:
        if word in (one.code.lower(), fold(one.zh).lower(), fold(one.en).lower()):
            return one.code
    return CellError(column.name, "cell_no_choice", {"given": text[:40]})


def _date(column: Column, text: str) -> date | CellError:
    """A day: 2026-01-31, 2026/1/31, 2026年1月31日, 20260131, or the number a spreadsheet keeps for it."""
    word = fold(text)
    found = _DATE.fullmatch(word) or _EIGHT.fullmatch(word)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if _SERIAL.fullmatch(word):
            return _SPREADSHEET_ZERO + timedelta(days=int(float(word)))
    except (ValueError, OverflowError):
        pass
    return CellError(column.name, "cell_no_date", {"given": text[:40]})


def _phone(column: Column, text: str) -> str | CellError:
    word = fold(text)
    if not _PHONE.fullmatch(word):
        return CellError(column.name, "cell_no_phone")
    return word


def _named(column: Column, text: str, known: Known) -> str | CellError:
    found = (known.places if column.kind == "place" else known.organizations).get(fold(text), "")
    code = "cell_no_place" if column.kind == "place" else "cell_no_organization"
    return found or CellError(column.name, code, {"given": text[:40]})


_READ = {
    "text": _text,
    "long": _long,
    "whole": _whole,
    "number": _number,
    "choice": _choice,
    "flag": _flag,
    "date": _date,
    "phone": _phone,
}
