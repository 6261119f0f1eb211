"""Numbers as people say them, in figures and in words of both languages, with what a rough count may mean.

Source: [SRC-GBT15835] GB/T 15835-2011 for Chinese numerals; rough counts are common usage.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from jingwei.engines.reading.flat import NARROW, flatten

__all__ = ["NARROW", "NUMBER", "Span", "chinese_numeral", "parse_chinese", "parse_number", "parse_said",
           "said_bound"]  # fmt: skip

#: Values of the digits, plain and as written on cheques. Source: [SRC-GBT15835].
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    c: n for n, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
}
_DIGITS |= {"两": 2, "俩": 2, "仨": 3, "幺": 1}
#: Values of the places, and of 20 and 30 in one character. Source: [SRC-GBT15835]; 廿 and 卅 the language.
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "廿": 20, "卅": 30}
_MYRIAD = "万"
_CHINESE = "零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟廿卅俩仨"
#: English numerals. Source: the language.
_WORDS = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
         "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
} | {w: 10 * n for n, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)}  # fmt: skip
#: English words that multiply. Source: the language.
_TIMES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12, "k": 1000}
#: What counts without a figure span. Source: our estimate, common usage in both languages, 2026-11-29.
_ROUGH: dict[str, tuple[float, float]] = {
    "几": (2, 9), "好几": (3, 9), "数": (3, 9), "若干": (2, 9), "多": (3, 30), "十来": (9, 12),
    "十几": (11, 19),
    "十多": (11, 19), "十余": (11, 19), "几十": (20, 99), "好几十": (30, 99), "数十": (20, 99),
    "上十": (10, 19),
    "几百": (200, 999), "好几百": (300, 999), "数百": (200, 999), "上百": (100, 300), "百十来": (90, 130),
    "百来": (90, 130), "百余": (101, 199), "百多": (101, 199), "成百": (100, 900), "成百上千": (100, 3000),
    "上千": (1000, 3000), "千余": (1001, 1999), "千多": (1001, 1999), "几千": (2000, 9999),
    "数千": (2000, 9999),
    "好几千": (3000, 9999), "上万": (10_000, 30_000), "几万": (20_000, 99_999), "数万": (20_000, 99_999),
    "万余": (10_001, 19_999), "半百": (45, 55), "个把": (1, 2), "一两": (1, 2), "一些": (2, 9),
    "a couple": (2, 3), "a couple of": (2, 3), "couple of": (2, 3), "couple": (2, 3), "a few": (2, 6),
    "few": (2, 6),
    "several": (3, 9), "some": (2, 9), "a handful": (3, 6), "a handful of": (3, 6), "half a dozen": (5, 7),
    "a dozen": (11, 13), "a dozen or so": (10, 15), "dozens": (20, 99), "dozens of": (20, 99),
    "scores": (40, 99),
    "scores of": (40, 99), "hundreds": (200, 999), "hundreds of": (200, 999), "thousands": (2000, 9999),
    "thousands of": (2000, 9999), "tens of thousands": (20_000, 99_999),
    "tens of thousands of": (20_000, 99_999),
    "many": (3, 30), "multiple": (2, 9), "numerous": (5, 50), "both": (2, 2), "an entire family": (3, 6),
}  # fmt: skip
#: What a word before a number makes of it: factors of its ends. Source: our estimate, 2026-11-29.
_BEFORE: dict[str, tuple[float, float]] = {
    "至少|最少|不少于|不下|起码|少说|少说也有|少说有|超过|超|逾|多达|突破|不止|高于|"
    "at least|more than|over|upwards of|in excess of|no fewer than|no less than|minimum of|"
    "as many as": (1.0, 2.0),
    "不到|不足|少于|至多|最多|不超过|低于|up to|fewer than|less than|under|at most|no more than": (0.5, 1.0),
    "近|将近|接近|快|差不多|nearly|almost|close to": (0.8, 1.0),
    "约|大约|大概|估计|约莫|可能有|大致|about|around|roughly|approximately|approx|some|an estimated|"
    "estimated|maybe|"
    "probably": (0.8, 1.2),
}  # fmt: skip
_FACTORS = {word: ends for said, ends in _BEFORE.items() for word in said.split("|")}
_AFTER = r"多|余|来|几"
#: What follows a number and makes it rough: 左右, 上下, or so. Source: our estimate, as for 约, 2026-11-29.
_ABOUT = (0.8, 1.2)
_ABOUT_WORDS = r"左右|上下|出头| or so| or more|-ish"
#: What follows a number and makes it the least: 以上. Source: our estimate, common usage, 2026-11-30.
_LEAST_WORDS = r"以上|或更多| or more"
_UP_TO_UNIT = r"[^。,.、;!?\d]{0,3}?"

_FIGURE = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
_EN = "|".join(sorted(_WORDS, key=len, reverse=True))
_EN_NUMBER = (
    rf"(?:\b(?:{_EN})(?:[- ](?:{_EN}))?\b(?: (?:hundred|thousand|"
    rf"dozen)\b)?(?: and (?:{_EN})(?:[- ](?:{_EN}))?\b)?"
    r"|\ban? (?:hundred|thousand)\b)"
)
_ONE = (
    rf"(?:(?:{_FIGURE})(?:\s?(?:[千万百]|k\b|thousand\b|million\b|hundred\b|dozen\b))?"
    rf"|[{_CHINESE}]+|{_EN_NUMBER})"
)
_ROUGH_ONE = "|".join(
    (rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w))
    for w in sorted(_ROUGH, key=len, reverse=True)
    if w != "多"
)
_TO = r"\s*(?:到|至|~|-|、|或者?|或是|还是|to|or)\s*"
#: A number in words or figures, with a second one where it is a range, and what makes it rough.
NUMBER = (
    rf"(?:[一二两三四五六七八九]?十?(?:{_ROUGH_ONE})(?:十(?=[个人名位口]))?"
    rf"|{_ONE}(?:{_TO}{_ONE})?(?:{_AFTER})?)"
)
_RANGE = re.compile(rf"({_ONE}){_TO}({_ONE})")
_PAIR = re.compile(r"[一二两三四五六七八九]{2}")
_PAIR_OF = re.compile(r"[一二两三四五六七八九]([二两三四五六七八九])([十百千万])")
_BEFORE_WORDS = re.compile(
    "("
    + "|".join(re.escape(w) for w in sorted(_FACTORS, key=len, reverse=True))
    + r")\s*(?:有|是|达|了)?\s*$"
)
_SCALED = re.compile(rf"({_FIGURE})\s?(千|万|百|k|thousand|million|hundred|dozen)")


class Span(NamedTuple):
    """What a number may mean, both ends included."""

    low: float
    high: float


def chinese_numeral(number: int) -> str:
    """A whole number from 0 below 100 million as it is written in Chinese. Raises ValueError beyond."""
    if not 0 <= number < 100_000_000:
        raise ValueError(f"outside 0 to 99,999,999: {number}")
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        middle = "零" if 0 < low < 1000 else ""
        return _below_myriad(high) + _MYRIAD + middle + (_below_myriad(low, spoken=False) if low else "")
    return _below_myriad(number)


def _below_myriad(number: int, *, spoken: bool = True) -> str:
    if number < 10:
        return "零一二三四五六七八九"[number]
    text, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + sign
            gap = False
        else:
            gap = bool(text)
    return text.removeprefix("一") if spoken and text.startswith("一十") else text


def parse_chinese(text: str) -> int | None:
    """The whole number of a Chinese numeral, None if it is none: 二十三 is 23, 一百二 is 120."""
    high, found, low = text.rpartition(_MYRIAD)
    if found:
        myriads, rest = parse_chinese(high) if high else None, parse_chinese(low) if low else 0
        if myriads is None or rest is None:
            return None
        return myriads * 10_000 + (rest * 1000 if len(low) == 1 else rest)
    if text and all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit, unit, gap = 0, -1, 1, False
    for c in text:
        if c in _DIGITS:
            gap = gap or _DIGITS[c] == 0
            digit = _DIGITS[c]
        elif c in _UNITS:
            unit = _UNITS[c]
            total += unit if digit < 0 or unit in (20, 30) else digit * unit
            digit = -1
        else:
            return None
    if digit > 0 and unit >= 100 and not gap:
        return total + digit * unit // 10  # 一百二 is 120, 三千五 is 3500
    return total + max(digit, 0) if text else None


def parse_number(text: str, before: str = "", after: str = "") -> Span | None:
    """What a number in words may mean; None where it is no number.

    `before`, `after`: the words around it, where 至少, nearly or 左右 may stand.
    """
    span = _plain(flatten(text).strip())
    if span is None:
        return None
    told = _BEFORE_WORDS.search(before)
    ends = _FACTORS[told.group(1)] if told else None
    if ends is None and re.match(_ABOUT_WORDS, after):
        ends = _ABOUT
    if ends is None or span.low != span.high or span.low < 1:
        return span
    low, high = span.low * ends[0], span.high * ends[1]
    if ends[1] == 2.0:
        high -= 1
    return Span(round(low), max(round(low), round(high)))


def parse_said(text: str) -> Span | None:
    """What a number says by itself: 两三百 is 200 to 300 to one who orders, not up to 399."""
    flat = flatten(text).strip()
    span = _plain(flat)
    pair = _PAIR_OF.fullmatch(flat)
    if span is None or pair is None:
        return span
    return Span(span.low, _DIGITS[pair.group(1)] * (_UNITS | {_MYRIAD: 10_000})[pair.group(2)])


def said_bound(before: str, after: str = "") -> tuple[str, int]:
    """What the words round a number make of it: least, most, about, or ''; and how many stand before it."""
    told = _BEFORE_WORDS.search(before)
    if told is not None:
        low, high = _FACTORS[told.group(1)]
        taken = len(before) - told.start()
        return ("least" if high > 1.5 else "most" if low < 0.8 else "about"), taken
    if re.match(rf"{_UP_TO_UNIT}(?:{_LEAST_WORDS})", after):
        return "least", 0
    return ("about" if re.match(rf"{_UP_TO_UNIT}(?:{_ABOUT_WORDS})", after) else ""), 0


@lru_cache(maxsize=4096)
def _plain(text: str) -> Span | None:
    if text in _ROUGH:
        return Span(*_ROUGH[text])
    rough = _rough_chinese(text)
    if rough:
        return rough
    one = _single(text)
    if one is not None:
        return Span(one, one)
    pair = _RANGE.fullmatch(text)
    if pair:
        low, high = _single(pair.group(1)), _single(pair.group(2))
        return None if low is None or high is None else Span(min(low, high), max(low, high))
    if len(text) > 1 and text[-1] in "多余来几":
        return _and_more(text[:-1], text[-1])
    return None


def _and_more(text: str, sign: str) -> Span | None:
    """三十多 is 31 to 39, 100余 is 101 to 199, 二十来 is 18 to 23."""
    whole = _single(text)
    if whole is None or whole < 10:
        return None
    step = 10.0
    while whole % (step * 10) == 0:
        step *= 10
    if sign == "来":
        return Span(whole - step / 5, whole + step / 3 // 1)
    return Span(whole + 1, whole + step - 1)


def _rough_chinese(text: str) -> Span | None:
    """Two numerals in a row are a range: 两三 is 2 to 3, 二三十 is 20 to 39, 十五六 is 15 to 16."""
    for unit, value in (("十", 10), ("百", 100), ("千", 1000), ("万", 10_000), ("", 1)):
        if text.endswith(unit):
            bare = text[: len(text) - len(unit)] if unit else text
            tens, bare = (_tens(bare[:-2]), bare[-2:]) if value == 1 else (0, bare)
            if tens is not None and _PAIR.fullmatch(bare) and 0 < _DIGITS[bare[1]] - _DIGITS[bare[0]] <= 2:
                return Span(
                    tens + _DIGITS[bare[0]] * value, tens + _DIGITS[bare[1]] * value + max(0, value - 1)
                )
    return None


def _tens(text: str) -> int | None:
    """What stands before the last two numerals of 三十五六: nothing or whole tens."""
    if not text:
        return 0
    return parse_chinese(text) if text[-1] in "十百千" else None


def _single(text: str) -> float | None:
    scaled = _SCALED.fullmatch(text)
    if scaled:
        times = {"千": 1000, "万": 10_000, "百": 100} | _TIMES
        return float(scaled.group(1).replace(",", "")) * times[scaled.group(2)]
    if re.fullmatch(_FIGURE, text):
        return float(text.replace(",", ""))
    if text.isascii():
        return _english(text)
    whole = parse_chinese(text)
    return None if whole is None else float(whole)


def _english(text: str) -> float | None:
    """twenty-five, a hundred and ten, two dozen."""
    total, part, any_ = 0.0, 0.0, False
    for word in re.split(r"[ -]+", text):
        if word in _WORDS:
            part += _WORDS[word]
        elif word in _TIMES:
            total += (part or 1) * _TIMES[word]
            part = 0.0
        elif word not in ("and", "a", "an"):
            return None
        any_ = any_ or word in _WORDS or word in _TIMES
    return total + part if any_ else None
