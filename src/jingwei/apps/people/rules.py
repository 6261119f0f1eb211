"""How people are counted: one chain per measure and area, lowered only with a reason. Pure."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import msgspec

from jingwei.kernel.refusals import Refused

from .facts import Listed

#: What is counted here, all in persons. Source: data/measures.csv, groups casualty and people.
COUNTED = (
    "deaths", "missing", "dead_or_missing", "injured", "serious_injuries", "trapped", "evacuated",
    "emergency_relocation", "affected_population",
)  # fmt: skip
#: Of these a lower count needs its reason. Source: our estimate, a lowered figure of casualties is
#: either a correction or a concealment and only the reason tells which, 2026-11-22.
CASUALTIES = ("deaths", "missing", "dead_or_missing", "injured", "serious_injuries")
#: The largest number of people taken as a count. Source: our estimate, the people of the country, 2026-11-22.
MOST_PEOPLE = 1_500_000_000
#: The greatest age taken as one, years. Source: our estimate, nobody on record was older, 2026-11-22.
OLDEST = 130
#: Longest name and words of a line. Source: our estimate, longer is another column, 2026-11-22.
LONGEST = 200

_SEXES = {"男": "m", "m": "m", "male": "m", "女": "f", "f": "f", "female": "f", "": ""}


class PeopleRefused(Refused):
    """`measure_not_counted`, `count_stands`, `count_revised_meanwhile`, `count_unknown`, `value_impossible`,

    `count_source_missing`, `lowering_needs_reason`, `figure_not_told`, `area_missing`, `list_empty`,
    `person_unknown`, `person_struck`, `person_not_struck`, `reason_missing`, `clause_missing`,
    `incident_unknown`, `incident_merged`.
    """


class Person(msgspec.Struct, frozen=True):
    """A line of a list once read; `age` None: not given."""

    number: str
    name: str
    sex: str
    age: int | None
    id_last4: str
    place_words: str
    status: str


def check_measure(measure: str) -> None:
    if measure not in COUNTED:
        raise PeopleRefused("measure_not_counted")


def check_value(value: float | None) -> int:
    """A count of people is a whole number from 0."""
    if value is None or not 0 <= value <= MOST_PEOPLE or value != int(value):
        raise PeopleRefused("value_impossible")
    return int(value)


def in_persons(value: float, unit: str) -> float:
    """Source: definition (1 万人 = 10,000 persons)."""
    return value * 10_000 if unit == "10k_person" else value


def check_lowering(*, measure: str, before: int, value: int, reason: str) -> None:
    """Fewer dead, missing or injured than we stood by: only with the reason."""
    if measure in CASUALTIES and value < before and not reason.strip():
        raise PeopleRefused("lowering_needs_reason")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise PeopleRefused("reason_missing")


def read_line(line: Listed) -> Person | str:
    """The line as a person, or the code of what is wrong with it."""
    name, age = "".join(line.name.split()), line.age.strip().removesuffix("岁")
    if not name:
        return "name_missing"
    if max(len(name), len(line.place_words), len(line.status), len(line.number)) > LONGEST:
        return "too_long"
    if age and not (age.isdecimal() and len(age) <= len(str(OLDEST)) and int(age) <= OLDEST):
        return "age_unreadable"
    sex = _SEXES.get(line.sex.strip().lower())
    if sex is None:
        return "sex_unreadable"
    last4 = line.id_last4.strip().upper()[-4:]
    if last4 and not (len(last4) == 4 and last4[:3].isdigit() and (last4[3].isdigit() or last4[3] == "X")):
        return "id_unreadable"
    return Person(
        number=line.number.strip(),
        name=name,
        sex=sex,
        age=int(age) if age else None,
        id_last4=last4,
        place_words=line.place_words.strip(),
        status=line.status.strip(),
    )


def keys_of(persons: Sequence[Person]) -> list[tuple[object, ...]]:
    """By what a line is known again when the list comes a second time, in order.

    The sender's number, else name and end of the identity number, else all that is said; equal lines
    are told apart by their order.
    """
    seen: dict[tuple[object, ...], int] = defaultdict(int)
    keys = []
    for one in persons:
        if one.number:
            key: tuple[object, ...] = ("number", one.number)
        elif one.id_last4:
            key = ("id", one.name, one.id_last4)
        else:
            key = ("words", one.name, one.sex, one.age, one.place_words)
        seen[key] += 1
        keys.append((*key, seen[key]))
    return keys


def list_doubles(persons: Sequence[tuple[str, int | None]]) -> Collection[tuple[str, int | None]]:
    """Names and ages that stand more than once among the lines not struck through."""
    times: dict[tuple[str, int | None], int] = defaultdict(int)
    for one in persons:
        times[one] += 1
    return {one for one, n in times.items() if n > 1}


def count_distinct(persons: Sequence[Person]) -> int:
    """How many people the lines are: the same name and age is one person, unless the identity ends differ.

    A line without an age is a person of its own.
    """
    ids: dict[tuple[str, int], set[str]] = defaultdict(set)
    alone = 0
    for one in persons:
        if one.age is None:
            alone += 1
        else:
            ids[one.name, one.age].add(one.id_last4)
    return alone + sum(max(1, len(found - {""})) for found in ids.values())


def mask_name(name: str) -> str:
    """王小明 → 王**: enough to speak about a line, not to know the person."""
    return f"{name[:1]}**" if name else ""
