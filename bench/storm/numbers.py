"""How people say numbers: digits, Chinese numerals, full width, "two or three", a depth in five units."""

import random
from typing import NamedTuple

from bench.storm.parameters import Parameters

_DIGITS = "零一二三四五六七八九"
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
            "twelve")  # fmt: skip
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
#: Vague counts: words, from, to. Source: assumed.
_VAGUE = {
    "zh": (("两三", 2, 3), ("三四", 3, 4), ("五六", 5, 6), ("七八", 7, 8), ("好几", 3, 9), ("十几", 11, 19),
           ("二三十", 20, 39), ("几十", 20, 99), ("上百", 100, 300), ("几百", 200, 999)),
    "en": (("two or three", 2, 3), ("a couple of", 2, 3), ("several", 3, 9), ("five or six", 5, 6),
           ("about a dozen", 10, 14), ("fifteen or so", 13, 17), ("dozens of", 20, 99),
           ("over a hundred", 100, 300), ("hundreds of", 200, 999)),
}  # fmt: skip


class Said(NamedTuple):
    """A number in words, and what it may mean: `low` and `high` differ where it is vague."""

    words: str
    low: float
    high: float


def chinese(number: int) -> str:
    """A whole number below ten thousand in Chinese numerals."""
    if number < 10:
        return _DIGITS[number]
    if number < 20:
        return "十" + (_DIGITS[number - 10] if number > 10 else "")
    text, zero = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if zero else "") + _DIGITS[digit] + sign
            zero = False
        else:
            zero = bool(text)
    return text


def say_count(number: int, lang: str, rng: random.Random, p: Parameters) -> Said:
    """A count of people, told exactly, a little off, or vaguely."""
    draw = rng.random()
    if draw >= p["fact.count_exact"] + p["fact.count_near"]:
        fitting = [v for v in _VAGUE[lang] if v[1] <= number <= v[2]]
        if fitting:
            return Said(*rng.choice(fitting))
    elif draw >= p["fact.count_exact"]:
        off = max(1, round(number * 0.2))
        number = max(1, number + rng.randint(-off, off))
    return Said(_say_whole(number, lang, rng, p), number, number)


def _say_whole(number: int, lang: str, rng: random.Random, p: Parameters) -> str:
    if lang == "en":
        return _ENGLISH[number] if number < len(_ENGLISH) and rng.random() < 0.4 else str(number)
    if number < 10_000 and rng.random() < p["words.chinese_numeral"]:
        return "两" if number == 2 else chinese(number)
    if rng.random() < p["words.full_width"]:
        return str(number).translate(_FULL_WIDTH)
    return str(number)


def say_depth(metres: float, lang: str, rng: random.Random) -> Said:
    """A depth of water; `low` and `high` in metres, as the words say it after rounding."""
    cm = max(5, round(metres * 100 / 5) * 5)
    style = rng.randrange(4)
    if lang == "zh":
        if style == 0 and cm >= 100 and cm % 10 == 0:
            return Said(_chinese_metres(cm), cm / 100, cm / 100)
        if style == 1:
            return Said(f"{cm}公分", cm / 100, cm / 100)
        if style == 2:
            return Said(f"{cm / 100:g}米", cm / 100, cm / 100)
        return Said("半米" if cm == 50 else f"{cm}厘米", cm / 100, cm / 100)
    if style == 0:
        feet = max(1, round(cm / 30.48))
        return Said(
            f"{feet} feet" if feet > 1 else "one foot", round(feet * 0.3048, 2), round(feet * 0.3048, 2)
        )
    if style == 1:
        return Said("half a metre" if cm == 50 else f"{cm} cm", cm / 100, cm / 100)
    return Said(f"{cm / 100:g} m" if style == 2 else f"{cm / 100:g} metres", cm / 100, cm / 100)


def _chinese_metres(cm: int) -> str:
    whole, tenth = divmod(cm // 10, 10)
    first = "两" if whole == 2 else chinese(whole)
    return f"{first}米{chinese(tenth)}" if tenth else f"{first}米"
