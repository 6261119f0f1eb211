"""Which site suits whom, what a line says of people who need one, and how long a way takes. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

import msgspec

from jingwei.kernel.codes import kind_within
from jingwei.kernel.lonlat import distance_m

from .families import NEED_WORDS, LineWrong

#: Road distance over straight distance. Source: [SRC-CIRCUITY2002] 1.33 for China (recalled, to be checked).
DETOUR = 1.33
#: Speeds on foot and by vehicle, km/h. Source: our estimate, a family with luggage; streets in a storm.
FOOT_KM_H, WHEELS_KM_H = 4.0, 25.0
#: Most people of one line. Source: our estimate, a city quarter, 2026-11-29.
MOST_IN_GROUP = 1_000_000
_WHOLE = ("整体", "一起", "不分开", "together")


class Suits(msgspec.Struct, frozen=True):
    """For this kind of event ('' any) and need ('' any), sites whose column says `refused` are unsuitable."""

    rule_id: str
    kind: str
    need: str
    column: str
    refused: str
    zh: str
    en: str
    valid_from: str
    valid_to: str
    source: str
    evidence: str

    def holds(self, on: date) -> bool:
        day = on.isoformat()
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day < self.valid_to)


class SiteTraits(msgspec.Struct, frozen=True):
    """What suitability asks of a site; None: not known, which refuses nobody."""

    space: str
    kind: str
    accessible: bool | None


class GroupLine(msgspec.Struct, frozen=True):
    """People at a place, as a line says."""

    where: str
    people: int
    whole: bool
    needs: tuple[str, ...]


def find_refusal(
    site: SiteTraits, *, kind: str, needs: Iterable[str], table: Iterable[Suits], on: date
) -> Suits | None:
    """The first rule by which the site is unsuitable for them, or None."""
    known, wanted = {"space": site.space, "kind": site.kind, "accessible": _flag(site.accessible)}, set(needs)
    for rule in table:
        fits = (not rule.kind or (kind and kind_within(kind, rule.kind))) and (
            not rule.need or rule.need in wanted
        )
        if fits and rule.holds(on) and known[rule.column] == rule.refused:
            return rule
    return None


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def read_groups(text: str) -> tuple[list[GroupLine], list[LineWrong]]:
    """People to be shared out, one group to a line: place, number, needs; `整体` keeps them together."""
    found: list[GroupLine] = []
    wrong: list[LineWrong] = []
    lines = [one for one in unicodedata.normalize("NFKC", text).splitlines() if one.strip()]
    for number, line in enumerate(lines, 1):
        whole = any(word in line for word in _WHOLE)
        needs = tuple(
            sorted(c for c, ws in NEED_WORDS.items() if any(w in line for w in ws if not w.isascii()))
        )
        rest = line
        for word in (*_WHOLE, *sorted((w for ws in NEED_WORDS.values() for w in ws), key=len, reverse=True)):
            rest = rest.replace(word, " ") if not word.isascii() else re.sub(rf"\b{word}\b", " ", rest)
        numbers = re.findall(r"(?<![\d.])(\d{1,7})\s*人?(?![\d.])", rest)
        where = " ".join(re.sub(r"\d{1,7}\s*人?", " ", rest).replace(",", " ").replace("，", " ").split())
        if len(numbers) != 1 or not where or not 1 <= int(numbers[0]) <= MOST_IN_GROUP:
            wrong.append(LineWrong(line=number, code="group_unreadable"))
        else:
            found.append(GroupLine(where, int(numbers[0]), whole, needs))
    return found, wrong


def way_s(one: tuple[float, float], other: tuple[float, float], *, on_foot: bool) -> float:
    """Seconds: straight distance times a detour factor, at one speed. Without road data; the page says so."""
    return distance_m(*one, *other) * DETOUR / ((FOOT_KM_H if on_foot else WHEELS_KM_H) / 3.6)
