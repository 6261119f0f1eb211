"""Which open incident a report speaks of: by kind, place and time, explained.

Plain on purpose, and behind one function: a better matcher takes the same values and gives the same `Link`.
Heuristic, unproven: it says its score and why, and people can undo it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from jingwei.kernel.codes import kind_prefix, kind_within, place_within
from jingwei.kernel.lonlat import distance_m

#: A report joins from this score on.
#: Source: our estimate, kind and place or time must agree well, 2026-11-22.
THRESHOLD = 0.5
#: Two points of one local incident lie within this distance, metres.
#: Source: our estimate, the span of a tunnel or a plant, 2026-11-22.
NEAR_M = 300.0
#: Beyond this distance two points are not one local incident, metres.
#: Source: our estimate, a caller's idea of where, 2026-11-22.
FAR_M = 3_000.0
#: A local incident is followed for this long after its last report.
#: Source: our estimate, 2026-11-22.
LOCAL_WINDOW = timedelta(hours=6)
#: A regional process (storm, drought, earthquake sequence) is followed for this long.
#: Source: our estimate, a weather process pauses for up to three days, 2026-11-22.
REGIONAL_WINDOW = timedelta(hours=72)
#: Kinds that cover a region: meteorological, earthquake, marine.
#: Source: [SRC-CODES] third level of the event codes; the choice is our estimate, 2026-11-22.
REGIONAL_KINDS = ("11B00", "11C00", "11E00")


class Seen(msgspec.Struct, frozen=True):
    """What of a report or an incident the matcher compares."""

    id: str
    kind: str
    place: str
    site: str = ""
    lon: float | None = None
    lat: float | None = None
    from_at: datetime | None = None
    last_at: datetime | None = None
    event_ref: str = ""
    exact: bool = False


class Part(msgspec.Struct, frozen=True):
    """One reason: its name, its share from 0 to 1, and figures a person can check."""

    name: str
    value: float
    detail: dict[str, str | float] = {}


class Link(msgspec.Struct, frozen=True):
    """The best match: `incident_id` None when no candidate reaches the threshold."""

    incident_id: str | None
    score: float
    threshold: float
    parts: tuple[Part, ...]
    next_best_id: str | None = None
    next_best_score: float = 0.0


@lru_cache(maxsize=4_096)
def is_regional(kind: str) -> bool:
    return bool(kind) and any(kind_within(kind, regional) for regional in REGIONAL_KINDS)


def place_report(report: Seen, candidates: Sequence[Seen], *, apart: Collection[str] = ()) -> Link:
    """The open incident the report speaks of, with the reasons; `apart` are incidents it was taken out of.

    Of many open incidents `candidates.Candidates` finds those that matter.
    """
    scored = [
        (_score(parts), parts, one.id)
        for one in candidates
        if one.id not in apart and (parts := _parts(report, one)) is not None
    ]
    scored.sort(key=lambda s: (-s[0], s[2]))
    if not scored:
        return Link(incident_id=None, score=0.0, threshold=THRESHOLD, parts=())
    score, parts, found = scored[0]
    second = scored[1] if len(scored) > 1 else (0.0, (), None)
    return Link(
        incident_id=found if score >= THRESHOLD else None,
        score=score,
        threshold=THRESHOLD,
        parts=parts,
        next_best_id=second[2],
        next_best_score=second[0],
    )


def _score(parts: tuple[Part, ...]) -> float:
    product = 1.0
    for part in parts:
        product *= part.value
    return round(product, 4)


def _parts(report: Seen, one: Seen) -> tuple[Part, ...] | None:
    if report.event_ref and report.event_ref in (one.event_ref, one.id):
        return (Part("event_ref", 1.0, {"ref": report.event_ref}),)
    kind = _kind_part(report, one)
    if kind is None:
        return None
    place = _regional_place(report, one) if is_regional(one.kind) else _local_place(report, one)
    time = _time_part(report, one)
    return (kind, place, time) if place is not None and time is not None else None


@lru_cache(maxsize=65_536)
def _kind_agrees(report: str, one: str) -> Part | None:
    detail: dict[str, str | float] = {"report": report, "incident": one}
    if report == one:
        return Part("kind", 1.0, detail)
    if kind_within(report, one) or kind_within(one, report):
        return Part("kind", 0.8, detail)
    same_family = kind_prefix(report)[:3] == kind_prefix(one)[:3]
    return Part("kind", 0.6, detail) if same_family else None


def _kind_part(report: Seen, one: Seen) -> Part | None:
    if not report.kind or not one.kind:
        return None
    return _kind_agrees(report.kind, one.kind)


def _regional_place(report: Seen, one: Seen) -> Part | None:
    if not report.place:
        return None
    inside = place_within(report.place, one.place) or place_within(one.place, report.place)
    if inside:
        return Part("place", 1.0, {"report": report.place, "incident": one.place})
    # counties of one prefecture, prefectures of one province: the same process reaches both
    shared = 4 if report.place[:4] == one.place[:4] else 2
    if report.place[:shared] != one.place[:shared]:
        return None
    return Part("place", 0.9 if shared == 4 else 0.7, {"report": report.place, "incident": one.place})


def _local_place(report: Seen, one: Seen) -> Part | None:
    if report.site and one.site:
        return Part("place", 1.0, {"site": report.site}) if report.site == one.site else None
    if None not in (report.lon, report.lat, one.lon, one.lat):
        metres = distance_m(report.lon, report.lat, one.lon, one.lat)  # type: ignore[arg-type]
        if metres > FAR_M:
            return None
        near = 1.0 if metres <= NEAR_M else 1.0 - 0.7 * (metres - NEAR_M) / (FAR_M - NEAR_M)
        return Part("place", round(near, 4), {"distance_m": round(metres)})
    return _local_division(report, one)


def _local_division(report: Seen, one: Seen) -> Part | None:
    """Without points: the same village or township is near, the same county is not enough by itself."""
    detail: dict[str, str | float] = {"report": report.place, "incident": one.place}
    for digits, value in ((12, 1.0), (9, 0.8), (6, 0.4)):
        if len(report.place) >= digits and report.place[:digits] == one.place[:digits]:
            return Part("place", value, detail)
    return None


def _time_part(report: Seen, one: Seen) -> Part | None:
    if report.from_at is None or one.from_at is None or one.last_at is None:
        return None
    window = REGIONAL_WINDOW if is_regional(one.kind) else LOCAL_WINDOW
    gap = max(report.from_at - one.last_at, one.from_at - report.from_at, timedelta(0))
    if gap > window:
        return None
    value = 1.0 - 0.4 * (gap / window)
    return Part("time", round(value, 4), {"gap_min": round(gap / timedelta(minutes=1))})
