"""What follows for an incident. Decides, never fetches. Pure."""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from jingwei.engines import matching
from jingwei.engines.fusion import Link, Part
from jingwei.kernel.grades import Grade
from jingwei.kernel.refusals import Refused

#: Types of reports that may open an incident by themselves; the others speak of something known.
OPENING_TYPES = ("occurrence", "observation", "warning")

#: What one unit is in another, where tables and reports use different ones.
#: Source: definitions (1 亿 = 10,000 万; CNY).
FACTORS: Mapping[tuple[str, str], float] = {
    ("100m_CNY", "10k_CNY"): 10_000.0,
    ("CNY", "10k_CNY"): 0.0001,
    ("10k_person", "person"): 10_000.0,
}


class IncidentRefused(Refused):
    """`incident_unknown`, `incident_closed`, `incident_open`, `changed_meanwhile`, `grade_reason_missing`,

    `grade_impossible`, `report_elsewhere`, `report_unknown`, `report_not_in_incident`, `reason_missing`,
    `title_missing`, `kind_missing`, `place_missing`, `incident_merged`, `merge_source_missing`,
    `split_reports_missing`, `split_takes_all`, `change_unknown`, `already_undone`, `undo_overtaken`,
    `question_unknown`, `question_answered`.
    """


class Stated(msgspec.Struct, frozen=True):
    """A figure as known for grading: the newest of its chain."""

    measure: str
    area: str
    value: float
    unit: str
    as_of_at: datetime
    report_id: str


def may_open(*, type: str, kind_known: bool, has_place: bool, flags: Sequence[str]) -> str:
    """'' when a report may open an incident by itself, else why not."""
    if type not in OPENING_TYPES:
        return "speaks_of_something_known"
    if not kind_known:
        return "kind_unknown"
    return "" if has_place else "place_unknown"


#: From this share on, a kind read from the words may open an incident; it is shown as read.
#: Source: our estimate, the likeliest kind must be twice as likely as the next, 2026-11-29.
KIND_READ = 0.67


def readable(link: matching.Link, *, incident_id: str, next_best_id: str | None) -> Link:
    """The matcher's link as people read it: chances from 0 to 1, each part as if it decided alone.

    0.5 says nothing either way; `times` in a part's detail is how much likelier it makes the join.
    """
    return Link(
        incident_id=incident_id,
        score=link.chance,
        threshold=link.least,
        parts=readable_parts(link.parts),
        next_best_id=next_best_id,
        next_best_score=link.other_chance if next_best_id else 0.0,
    )


def readable_parts(parts: Sequence[matching.Part]) -> tuple[Part, ...]:
    """Each part from 0 to 1; those that compared nothing are left out."""
    return tuple(
        Part(p.name, round(1 / (1 + math.exp(-p.value)), 4), {**p.detail, "times": _times(p.value)})
        for p in parts
        if p.value or p.detail
    )


def _times(weight: float) -> float:
    """How much likelier, to two figures; below 1 it speaks against."""
    return float(f"{math.exp(max(-20.0, min(20.0, weight))):.2g}")


def figures_for_grading(
    stated: Sequence[Stated], *, place: str, site: str, units: Mapping[str, str]
) -> dict[str, float]:
    """The newest figure of each measure for the incident's own area, in the table's unit.

    Only chains of exactly this area count: a part is not the whole, a province is not its city.
    """
    area = site or place
    newest: dict[str, Stated] = {}
    for one in stated:
        if one.area != area:
            continue
        before = newest.get(one.measure)
        if before is None or one.as_of_at >= before.as_of_at:
            newest[one.measure] = one
    return {m: in_unit(one.value, one.unit, units.get(m, one.unit)) for m, one in newest.items()}


def in_unit(value: float, unit: str, wanted: str) -> float:
    """The value in the unit wanted. Raises ValueError when no factor is known."""
    if unit == wanted or not unit or not wanted:
        return value
    if (unit, wanted) in FACTORS:
        return value * FACTORS[unit, wanted]
    if (wanted, unit) in FACTORS:
        return value / FACTORS[wanted, unit]
    raise ValueError(f"no factor from {unit} to {wanted}")


def widened(place: str, by: str) -> str:
    """The incident's area once a report speaks of a wider one that contains it."""
    return by if by and place.startswith(by) else place


def common_place(place: str, other: str) -> str:
    """The smallest division that holds both places; '' when they share none."""
    for digits in (12, 9, 6, 4, 2):
        if len(place) >= digits and place[:digits] == other[:digits]:
            return place[:digits]
    return ""


def check_version(*, held: int, current: int) -> None:
    """Two people on one record: the second is told what changed and decides again."""
    if held != current:
        raise IncidentRefused("changed_meanwhile", held=held, current=current)


def check_grade(*, grade: int, proposed: int | None, reason: str) -> None:
    """A grade other than the proposed one, or without a proposal, carries its reason."""
    if grade not in [g.value for g in Grade]:
        raise IncidentRefused("grade_impossible", grade=grade)
    if grade != proposed and not reason.strip():
        raise IncidentRefused("grade_reason_missing")


def check_open(state: str) -> None:
    """Reports move only between open incidents."""
    if state == "merged":
        raise IncidentRefused("incident_merged")
    if state != "open":
        raise IncidentRefused("incident_closed")


def check_split(*, chosen: Collection[object], standing: Collection[object]) -> None:
    """A split takes some of the incident's reports, and leaves some."""
    if not chosen:
        raise IncidentRefused("split_reports_missing")
    if set(chosen) - set(standing):
        raise IncidentRefused("report_not_in_incident")
    if set(chosen) == set(standing):
        raise IncidentRefused("split_takes_all")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise IncidentRefused("reason_missing")
