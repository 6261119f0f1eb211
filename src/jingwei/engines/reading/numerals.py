"""Numbers as people say them: digits of both widths, Chinese numerals, ranges and rough counts.

Source: [SRC-GBT15835] GB/T 15835-2011 for Chinese numerals; rough counts are common usage.
"""

import re
from typing import NamedTuple

#: Values of the digits. Source: [SRC-GBT15835].
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
#: Values of the places. Source: [SRC-GBT15835].
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = "万"
#: Full-width digits and marks beside their usual forms; the length of a text stays.
NARROW = str.maketrans("０１２３４５６７８９．，：；！？（）", "0123456789.,:;!?()")
_CHINESE = "零〇一二两三四五六七八九十百千万"
#: English numerals. Source: the language.
_WORDS = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
         "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "a hundred": 100, "hundred": 100}  # fmt: skip
#: What rough counts span. Source: our estimate, common usage in both languages, 2026-11-22.
_ROUGH: dict[str, tuple[float, float]] = {
    "好几十": (30, 99), "好几百": (300, 999), "几十": (20, 99), "几百": (200, 999), "上百": (100, 300),
    "上千": (1000, 3000), "好几": (3, 9), "十几": (11, 19), "十来": (9, 12), "十多": (11, 19), "几": (2, 9),
    "dozens of": (20, 99), "dozens": (20, 99), "hundreds of": (200, 999), "hundreds": (200, 999),
    "over a hundred": (100, 300), "about a dozen": (10, 14), "a dozen": (12, 12), "several": (3, 9),
    "a couple of": (2, 3), "a couple": (2, 3), "a few": (2, 6), "some": (2, 9),
}  # fmt: skip
_ENGLISH = "|".join(sorted((re.escape(w) for w in _WORDS), key=len, reverse=True))
_ONE = rf"(?:\d+(?:\.\d+)?|[{_CHINESE}]+|\b(?:{_ENGLISH})\b)"
_PAIR = re.compile(r"[一二两三四五六七八九]{2}")
#: A number in words or digits, with an optional second one that makes it a range.
NUMBER = (
    rf"(?:\b(?:dozens of|hundreds of|over a hundred|about a dozen|a couple of|a dozen|several|a few)\b"
    rf"|[一二三四五六七八九]?十?(?:好几|上|几)[十百千]?|十(?:几|来|多)|{_ONE}(?:\s*(?:到|至|~|～|-|–|to|or)\s*{_ONE})?)"
)
_RANGE = re.compile(rf"({_ONE})\s*(?:到|至|~|～|-|–|to|or)\s*({_ONE})")


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
    """The whole number of a Chinese numeral, None if it is none: 二十三 is 23, 两千零五 is 2005."""
    high, found, low = text.rpartition(_MYRIAD)
    if found:
        myriads, rest = parse_chinese(high) if high else None, parse_chinese(low) if low else 0
        return None if myriads is None or rest is None else myriads * 10_000 + rest
    if text and all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, -1
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            total += (1 if digit < 0 else digit) * _UNITS[c]
            digit = -1
        else:
            return None
    return total + max(digit, 0) if text else None


def parse_number(text: str) -> Span | None:
    """What a number in words may mean; None where it is no number."""
    text = text.translate(NARROW).strip().lower()
    if text in _ROUGH:
        return Span(*_ROUGH[text])
    pair = _RANGE.fullmatch(text)
    if pair:
        low, high = _single(pair.group(1)), _single(pair.group(2))
        return None if low is None or high is None else Span(min(low, high), max(low, high))
    rough = _rough_chinese(text)
    if rough:
        return rough
    one = _single(text)
    return None if one is None else Span(one, one)


def _rough_chinese(text: str) -> Span | None:
    """Two numerals in a row are a range: 两三 is 2 to 3, 二三十 is 20 to 39, 十五六 is 15 to 16."""
    for unit, value in (("十", 10), ("百", 100), ("千", 1000), ("", 1)):
        if text.endswith(unit):
            bare = text[: len(text) - len(unit)] if unit else text
            if _PAIR.fullmatch(bare) and _DIGITS[bare[1]] == _DIGITS[bare[0]] + 1:
                return Span(_DIGITS[bare[0]] * value, _DIGITS[bare[1]] * value + max(0, value - 1))
    return None


def _single(text: str) -> float | None:
    if text in _WORDS:
        return float(_WORDS[text])
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    whole = parse_chinese(text)
    return None if whole is None else float(whole)
