"""What one line of the desk says of a person: name, age, sex, number, telephone, needs. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

import msgspec

from ..facts import NewGuest

#: Infants: under three. Source: our estimate, as policies on the care of infants count, 2026-11-29.
INFANT_YEARS = 3
#: Minors: under eighteen. Source: law on the protection of minors, art. 2 (recalled, to be checked).
ADULT_YEARS = 18
#: The old: from sixty. Source: law on the rights of the elderly, art. 2 (recalled, to be checked).
OLD_YEARS = 60
#: The greatest age taken as one, years. Source: our estimate, nobody on record was older, 2026-11-29.
OLDEST = 130
#: Most people of one registration. Source: our estimate, a bus comes together, 2026-11-29.
MOST_TOGETHER = 80
#: Longest name. Source: our estimate, longer is a sentence, 2026-11-29.
LONGEST_NAME = 50
#: Weights and check digits of the identity number. Source: GB 11643-1999, ISO 7064 MOD 11-2.
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"

#: Words that name a need, in both languages; the longest is tried first.
#: Source: our estimate, what is written on lists of shelters, 2026-11-29.
NEED_WORDS = {
    "infant": ("婴儿", "婴幼儿", "新生儿", "宝宝", "infant", "baby"),
    "pregnant": ("孕妇", "怀孕", "产妇", "哺乳", "孕", "pregnant", "nursing"),
    "alone": ("独居", "独自", "空巢", "孤寡", "无人陪", "alone"),
    "wheelchair": ("轮椅", "行动不便", "卧床", "瘫痪", "担架", "wheelchair", "bedridden"),
    "disabled": ("残疾", "失明", "盲人", "聋哑", "聋人", "智力障碍", "disabled", "blind", "deaf"),
    "dialysis": ("血透", "透析", "dialysis"),
    "oxygen": ("吸氧", "氧气", "呼吸机", "oxygen", "ventilator"),
    "medicine": ("长期用药", "用药", "胰岛素", "断药", "吃药", "降压药", "medicine", "insulin"),
    "injured": ("受伤", "骨折", "外伤", "injured"),
    "fever": ("发热", "发烧", "传染", "fever"),
    "psychiatric": ("精神障碍", "精神病", "精神科", "psychiatric"),
    "unconscious": ("昏迷", "神志不清", "失智", "痴呆", "unconscious", "dementia"),
    "diet": ("清真", "素食", "halal", "vegetarian"),
    "language": ("不懂汉语", "外国人", "手语", "foreigner"),
    "pet": ("宠物", "导盲犬", "pet"),
}
_NEEDS = sorted(((w, code) for code, ws in NEED_WORDS.items() for w in ws), key=lambda p: -len(p[0]))
_SEXES = {"男": "m", "m": "m", "male": "m", "女": "f", "f": "f", "female": "f"}
_ID, _PHONE = re.compile(r"\d{17}[\dXx]"), re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_LAST4 = re.compile(r"尾号\s*(\d{3}[\dXx])|#(\d{3}[\dXx])")
_MONTHS, _AGE = (
    re.compile(r"(\d{1,2})\s*(?:个月|月龄|mo\b)"),
    re.compile(r"(?<!\d)(\d{1,3})(?:\s*(?:岁|y))?(?!\d)"),
)
_APART = re.compile(r"[\n\r;；]+")
_UNKNOWN = {"?", "约", "大约", "不详", "无名", "未知", "unknown"}


class LineWrong(msgspec.Struct, frozen=True):
    """A line that could not be read, counted from 1, and why."""

    line: int
    code: str


def read_family(text: str, *, on: date) -> tuple[list[NewGuest], list[LineWrong]]:
    """The people a text names, one to a line or between semicolons, and the lines that name none.

    Of an identity number only sex, age on that day and its last four digits are kept.
    """
    plain = unicodedata.normalize("NFKC", text)
    guests: list[NewGuest] = []
    wrong: list[LineWrong] = []
    for number, line in enumerate((p for p in _APART.split(plain) if p.strip()), 1):
        found = read_line(line, on=on)
        if isinstance(found, str):
            wrong.append(LineWrong(line=number, code=found))
        else:
            guests.append(found)
    return guests, wrong


def read_line(line: str, *, on: date) -> NewGuest | str:
    """One person, or the code of what is wrong."""
    rest, sex, age, last4, phone = f" {line} ", "", None, "", ""
    if (found := _ID.search(rest)) is not None:
        said = _identity(found[0].upper(), on)
        if said is None:
            return "identity_wrong"
        (sex, age, last4), rest = said, rest.replace(found[0], " ", 1)
    if (tail := _LAST4.search(rest)) is not None:
        last4, rest = (tail[1] or tail[2]).upper(), rest.replace(tail[0], " ", 1)
    if (called := _PHONE.search(rest)) is not None:
        phone, rest = called[0], rest.replace(called[0], " ", 1)
    if (months := _MONTHS.search(rest)) is not None:
        age, rest = int(months[1]) // 12, rest.replace(months[0], " ", 1)
    needs, rest = _needs(rest)
    if (years := _AGE.search(rest)) is not None:
        age, rest = int(years[1]), rest.replace(years[0], " ", 1)
    if re.search(r"\d", rest) or (age is not None and age > OLDEST):
        return "number_unreadable"
    words = [w for w in re.split(r"[\s,，、:：/]+", rest) if w]
    sexes = [w for w in words if w.lower() in _SEXES]
    names = [w for w in words if w.lower() not in _SEXES and w.lower() not in _UNKNOWN]
    sex = _SEXES[sexes[0].lower()] if sexes else sex
    name = _name(names)
    if len(name) > LONGEST_NAME:
        return "name_too_long"
    if not name and not needs and age is None and not sex and not any(w.lower() in _UNKNOWN for w in words):
        return "nobody_named"
    return NewGuest(
        name=name, sex=sex, age=age, id_last4=last4, phone=phone, needs=needs_with_age(needs, age)
    )


def _name(words: Sequence[str]) -> str:
    """Chinese names stand together, others with their spaces."""
    return (" " if any(w.isascii() for w in words) else "").join(words)


def _needs(rest: str) -> tuple[tuple[str, ...], str]:
    found = []
    for word, code in _NEEDS:
        pattern = rf"\b{word}\b" if word.isascii() else word
        if re.search(pattern, rest, re.IGNORECASE):
            found.append(code)
            rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
    return tuple(found), rest


def _identity(number: str, on: date) -> tuple[str, int, str] | None:
    """Sex, age on that day, last four; None where the check digit or the date is impossible."""
    total = sum(int(d) * w for d, w in zip(number[:17], WEIGHTS, strict=True))
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    if CHECKS[total % 11] != number[17] or born > on:
        return None
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return "m" if int(number[16]) % 2 else "f", age, number[-4:]


def needs_with_age(needs: Sequence[str], age: int | None) -> tuple[str, ...]:
    """What is said, and what the age says: infants, children, the old. In the order of the list."""
    found = set(needs)
    if age is not None:
        found |= {"infant"} if age < INFANT_YEARS else {"child"} if age < ADULT_YEARS else set()
        found |= {"old"} if age >= OLD_YEARS else set()
    return tuple(sorted(found))


def name_key(name: str) -> str:
    """By which the same name is found: no spaces, no case, no width."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
