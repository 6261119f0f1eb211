"""What cells of a list of needs say: how much, by when, for whom. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import msgspec

from jingwei.engines.reading import parse_number
from jingwei.kernel.refusals import Refused


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words for a quantity, or a time, that nobody said.
_OPEN = _words("若干 待定 不详 未知 适量 不限 多多益善 ? ?? some tbd tba unknown any unspecified open")
#: Words for a time that is now: no deadline that can be kept, and not to be lost either.
_NOW = _words("尽快 立即 马上 紧急 急 急需 速 asap now urgent immediately")
#: What people call a package of a supply, whatever the packages really are.
#: Source: our estimate, measure words of delivery notes, 2026-11-30.
PACKS = _words(
    "箱 包 袋 件 盒 捆 提 打 托 box boxes carton cartons case cases pack packs package packages bag bags "
    "bundle bundles pallet pallets"
)
_ABOUT = re.compile(r"^(?:大约|约|近|至少|不少于|about|approx\.?|at least|ca\.?|~|≈|>=|≥)\s*", re.I)
#: 200多顶 is at least 200, as 至少 before it is; a second number behind the first is no unit.
_UNIT = r"\s*[多余]?\s*([^\d零〇一二两三四五六七八九十百千万几至到~-]{0,24})"
_AMOUNT = re.compile(r"(\d[\d, ]*(?:\.\d+)?)\s*([万千百]?)" + _UNIT)
_NUMERAL = re.compile(r"([零〇一二两三四五六七八九十百千万]+)" + _UNIT)
#: Most units of one need. Source: our estimate, as for a need written down by hand, 2026-11-29.
MOST = 1_000_000_000
#: What stands behind a figure and multiplies it. Source: the meaning of the words.
_TIMES = {"": 1, "百": 100, "千": 1_000, "万": 10_000}
_DAY = re.compile(r"(?:(\d{4})[-/.年](\d{1,2})[-/.月]|(\d{1,2})月)(\d{1,2})[日号]?(?:前|之前|以前)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(
    r"(上午|下午|晚上?|中午)?\s*(\d{1,2})(?:[:时点]|(?= ?[ap]m))(\d{1,2})?(?:[:分]\d{0,2})?秒?\s*(am|pm)?"
    r"(?:前|之前|以前)?"
)
_SERIAL = re.compile(r"([34567]\d{4})(\.\d+)?")
#: The day before the first that a spreadsheet counts. Source: ECMA-376 part 1, 18.17.4.1.
_SPREADSHEET_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - what a cell says, no moment yet
#: A day without a year lies at most so far back, else it is next year's.
#: Source: our estimate, half a year, 2026-11-30.
_BACK = timedelta(days=183)
#: What the groups of people are called in lists. Source: [SRC-ERL2024] art. 11 for the groups.
GROUP_WORDS = {
    "infants": "婴幼儿 婴儿 幼儿 infants infant babies baby",
    "children": "儿童 小孩 未成年人 学生 children child minors",
    "elderly": "老人 老年人 elderly old aged",
    "disabled": "残疾人 残障人士 disabled",
    "pregnant": "孕产妇 孕妇 产妇 pregnant",
    "ill": "伤病员 病人 伤员 患者 ill sick injured wounded patients",
}
_GROUP_OF: Mapping[str, str] = {w: g for g, words in GROUP_WORDS.items() for w in words.split()}


class CellOdd(Refused):
    """A cell says nothing that can be taken: `cell_no_number`, `cell_not_whole`, `cell_no_time`,
    `need_quantity_impossible`."""


class Amount(msgspec.Struct, frozen=True):
    """So many; None: not said. `unit`: what stood behind the figure."""

    number: int | None
    unit: str = ""


def fold(text: str) -> str:
    """One form for full-width letters and figures."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def read_amount(text: str) -> Amount:
    """500, ５００, "1,200", "1.5万", "30 顶", "约 20", "三百床"; "若干" and nothing say no number."""
    word = _ABOUT.sub("", fold(text))
    if not word or word.lower() in _OPEN:
        return Amount(None)
    if (numeral := _read_numeral(word)) is not None:
        return numeral
    found = _AMOUNT.fullmatch(word)
    if found is None:
        raise CellOdd("cell_no_number", given=text[:40])
    number = float(re.sub(r"[, ]", "", found[1])) * _TIMES[found[2]]
    if number != int(number):
        raise CellOdd("cell_not_whole", given=text[:40])
    if not 1 <= number <= MOST:
        raise CellOdd("need_quantity_impossible")
    return Amount(int(number), found[3].strip())


def _read_numeral(word: str) -> Amount | None:
    """三百床, 一千五百: a number in Chinese that means just one; 几百 and 两三百 mean none."""
    found = _NUMERAL.fullmatch(word)
    span = parse_number(found[1]) if found else None
    if found is None or span is None or span.low != span.high:
        return None
    number = span.low
    return Amount(int(number), found[2].strip()) if number == int(number) and 1 <= number <= MOST else None


def read_deadline(text: str, *, today: date) -> datetime | None:
    """A day and a time as people write them, or the number a spreadsheet keeps; a day alone is its end.

    Without time zone: as clocks on the wall go. None: not said. "尽快" is none either; see `is_now`.
    """
    word = fold(text)
    if not word or word.lower() in _OPEN or is_now(word):
        return None
    try:
        if serial := _SERIAL.fullmatch(word):
            return _of_serial(int(serial[1]), float(serial[2] or 0))
        at = _written(word, today)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise CellOdd("cell_no_time", given=text[:40])
    return at


def _of_serial(days: int, rest: float) -> datetime:
    at = _SPREADSHEET_ZERO + timedelta(days=days, minutes=round(rest * 24 * 60))
    return at if rest else datetime.combine(at.date(), _LAST)


#: A day alone is meant to its end. Source: our estimate, the last minute that people write, 2026-11-30.
_LAST = time(23, 59)
#: Hours of the clock that begins anew at noon, and of a day. Source: the clock itself.
_NOON, _DAY_H = 12, 24


def _written(word: str, today: date) -> datetime | None:
    if found := _DAY.match(word):
        day = date(int(found[1] or today.year), int(found[2] or found[3]), int(found[4]))
    elif found := _EIGHT.match(word):
        day = date(int(found[1]), int(found[2]), int(found[3]))
    else:
        return None
    rest = word[found.end() :].lstrip("T, ").strip()
    if found[1] is None and day < today - _BACK:
        day = day.replace(year=day.year + 1)
    if not rest:
        return datetime.combine(day, _LAST)
    clock = _CLOCK.fullmatch(rest.lower())
    if clock is None:
        return None
    hour, late = int(clock[2]), clock[1] in ("下午", "晚", "晚上") or clock[4] == "pm"
    if clock[4] and hour == _NOON:
        hour = 0
    hour += _NOON if late and hour < _NOON else 0
    if hour == _DAY_H and not int(clock[3] or 0):
        return datetime.combine(day, time()) + timedelta(days=1)
    return datetime.combine(day, time(hour, int(clock[3] or 0)))


def is_now(text: str) -> bool:
    """Whether a deadline says "as soon as can be"."""
    return fold(text).lower().rstrip("!。.") in _NOW


def read_groups(text: str) -> tuple[tuple[str, ...], str]:
    """The groups of people that words name, and the words that name none."""
    words = [w for w in re.split(r"[、,;/，；和及&]|\band\b", fold(text)) if w.strip()]
    found = [_GROUP_OF.get(w.strip().lower(), "") for w in words]
    rest = [w.strip() for w, group in zip(words, found, strict=True) if not group]
    return tuple(dict.fromkeys(group for group in found if group)), "、".join(rest)
