"""What a need is, when it is stale, how much words or a standard say, which needs may be one. Pure."""

import math
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec

from jingwei.apps.hazards.facts import DemandStandard, NeedClass
from jingwei.engines.reading import Asked
from jingwei.engines.reading.quantities import Item, Unit, known_items, known_units
from jingwei.kernel.refusals import Refused

from .facts import GROUPS

#: Most units of one need. Source: our estimate, as for one move of stock, 2026-11-29.
MOST = 1_000_000_000
#: Most people one need is for. Source: our estimate, the people of the country, 2026-11-29.
MOST_PEOPLE = 1_500_000_000
#: Days of a month, for what is needed per month. Source: definition of the planning month, Sphere.
MONTH_DAYS = 30
#: Types of reports whose words are read for needs: what people tell of where they are.
#: Source: our estimate, warnings and orders tell what others are to do, 2026-11-29.
READ_TYPES = ("occurrence", "observation", "finding")


class NeedRefused(Refused):
    """`need_unknown`, `need_item_missing`, `need_class_unknown`, `need_quantity_impossible`,

    `need_pack_unknown`, `need_people_impossible`, `need_group_unknown`, `need_place_missing`,
    `need_changed_meanwhile`, `need_over`, `need_not_over`, `need_reason_missing`, `need_key_reused`,
    `need_joined`, `need_not_joined`, `need_same`, `need_items_differ`, `need_has_joined`,
    `need_without_supply`, `need_served_meanwhile`, `advice_unknown`, `advice_over`, `advice_until_missing`.
    """


class Arithmetic(msgspec.Struct, frozen=True, kw_only=True):
    """How an estimate comes about, line by line: people × per head × days = exact, rounded up to quantity.

    `basis` ratio: people ÷ per head. `days` None: once for all.
    """

    rule_id: str
    measure: str
    area: str
    count_id: str
    people: int
    basis: str
    per_head: float
    days: int | None
    exact: float
    quantity: int


def estimate(people: int, standard: DemandStandard, *, measure: str, area: str, count_id: str) -> Arithmetic:
    """How much so many people need by the standard, rounded up to whole units.

    Of a range the end by which people get more. Raises ValueError for what no count of people gives.
    """
    ends = [standard.quantity] + ([standard.quantity_to] if standard.quantity_to is not None else [])
    shared = standard.basis == "ratio"
    per_head = min(ends) if shared else max(ends)
    head, days = Fraction(str(per_head)), standard.days
    if standard.basis == "per_person_day" and days:
        exact = people * head * days
    elif standard.basis == "per_person_month" and days:
        exact = people * head * days / MONTH_DAYS
    elif standard.basis == "per_person":
        exact, days = people * head, None
    elif shared and head > 0:
        exact, days = people / head, None
    else:
        raise ValueError(f"no estimate by {standard.basis}")
    return Arithmetic(
        rule_id=standard.rule_id, measure=measure, area=area, count_id=count_id, people=people,
        basis=standard.basis, per_head=per_head, days=days, exact=round(float(exact), 3),
        quantity=math.ceil(exact),
    )  # fmt: skip


class Supply(msgspec.Struct, frozen=True):
    """A supply of the stock as the words of a report may mean it. `pack`: units to a package, if any."""

    id: uuid.UUID
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    pack: int | None


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what the words of a report propose: of a range the end by which people get more."""

    supply_id: uuid.UUID | None
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    low: int
    quantity: int
    rough: str


def propose(want: Asked, of: NeedClass, supplies: Iterable[Supply]) -> Proposed | None:
    """What a number in words comes to, in units of the stock where it knows the thing and the unit.

    So many packages are so many times a package; tonnes are kilograms. None where the words say no number
    that a need may have.
    """
    if want.low is None or want.high is None or not 0 < want.high <= MOST:
        return None
    item, unit = known_items().get(want.item), known_units().get(want.unit)
    if item is not None and unit is None:
        unit = known_units()[item.unit]
        unit = unit if unit.kind == "count" else None  # 500 of water are neither bottles nor litres
    supply = supply_of(item, supplies) if item else None
    times = _times(unit, supply) if supply else None
    told = {"low": want.low, "high": want.high, "rough": want.rough}
    if supply is not None and times is not None:
        return _proposed(
            told, times, supply_id=supply.id, zh=supply.name_zh, en=supply.name_en,
            unit_zh=supply.unit_zh, unit_en=supply.unit_en,
        )  # fmt: skip
    zh, en = (item.name_zh, item.name_en) if item else (of.name_zh, of.name_en)
    said = want.word if want.word and not want.word.isascii() else unit.name_zh if unit else ""
    return _proposed(
        told, Fraction(1), supply_id=None, zh=zh, en=en, unit_zh=said, unit_en=unit.name_en if unit else ""
    )


def _proposed(told: Mapping[str, Any], times: Fraction, **what: Any) -> Proposed | None:
    low, high = (math.ceil(Fraction(str(told[end])) * times) for end in ("low", "high"))
    return Proposed(low=low, quantity=high, rough=told["rough"], **what) if high <= MOST else None


def _times(unit: Unit | None, supply: Supply) -> Fraction | None:
    """How many units of the supply one said unit is; None where that is not known."""
    if unit is None:
        return None
    counted = {supply.unit_zh.casefold(), supply.unit_en.casefold()}
    if counted & {unit.name_zh.casefold(), unit.name_en.casefold(), *unit.said}:
        return Fraction(1)
    if unit.kind == "pack":
        return Fraction(supply.pack) if supply.pack else None
    for other in known_units().values():
        same = other.kind == unit.kind == "measure" and other.base == unit.base
        if same and counted & {other.name_zh.casefold(), other.name_en.casefold(), *other.said}:
            return Fraction(str(unit.factor)) / Fraction(str(other.factor))
    return None


def supply_of(item: Item, supplies: Iterable[Supply]) -> Supply | None:
    """The one supply that is this thing; None where there is none, or more than one."""
    mine = [one for one in supplies if _item_of(one.name_zh, one.name_en) == item.item]
    return mine[0] if len(mine) == 1 else None


@lru_cache(maxsize=8192)
def _item_of(zh: str, en: str) -> str:
    """Which thing a supply is: by the longest word of one that its name holds. '' none is known."""
    latin = " " + " ".join(re.findall(r"[a-z0-9']+", en.casefold())) + " "
    held = [
        (len(word) * (1 if word.isascii() else 3), item.item)
        for item in known_items().values()
        for word in item.said
        if (len(word) > 1 and word in zh and not word.isascii()) or (word.isascii() and f" {word} " in latin)
    ]
    return max(held, default=(0, ""))[1]


def widest(areas: Mapping[str, str]) -> list[str]:
    """Of areas with their divisions those that lie in no other: a wider figure contains the narrower."""

    def lies_in(area: str, other: str) -> bool:
        return area != other and areas[other] == other and areas[area].startswith(other)

    return sorted(a for a in areas if not any(lies_in(a, other) for other in areas))


def class_of(code: str, classes: Mapping[str, NeedClass]) -> NeedClass:
    found = classes.get(code)
    if found is None:
        raise NeedRefused("need_class_unknown")
    return found


def fresh_until(at: datetime, of: NeedClass) -> datetime:
    return at + timedelta(hours=of.fresh_hours)


def item_key(*, supply: str, words: str, unit: str) -> str:
    """What two needs share when they are for the same thing; other units are another thing."""
    if supply:
        return f"s:{supply}"
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return f"w:{plain}|{unicodedata.normalize('NFKC', unit).casefold().strip()}"[:160]


def check_quantity(quantity: int | None) -> int | None:
    if quantity is not None and not 1 <= quantity <= MOST:
        raise NeedRefused("need_quantity_impossible")
    return quantity


def check_people(people: int | None) -> int | None:
    if people is not None and not 1 <= people <= MOST_PEOPLE:
        raise NeedRefused("need_people_impossible")
    return people


def check_groups(groups: Iterable[str]) -> list[str]:
    found = set(groups)
    if not found <= set(GROUPS):
        raise NeedRefused("need_group_unknown")
    return [one for one in GROUPS if one in found]


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise NeedRefused("need_reason_missing")
    return reason.strip()[:300]
