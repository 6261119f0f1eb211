"""What an overlay would change before it is saved: grades and clocks of the open incidents of its area.

Computed by what grades and times them afterwards, on the incidents as they stand; nothing is written.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import Overlay
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine

from .. import rules
from ..models import Obligation
from ..rules import Owed
from .owed import Book, list_cases, list_owed, list_reached

#: Open incidents that are tried at once. Source: our estimate, a province in a storm; a second, 2026-11-29.
MOST = 400

Key = tuple[str, str, str, str, str]


class ClockChange(msgspec.Struct, frozen=True):
    """A duty to report that would change: `what` is sooner, later, new or gone. No due time: at once."""

    rule_id: str
    what: str
    from_role: str
    from_organization: str
    from_place: str
    to_role: str
    to_organization: str
    before: datetime | None
    after: datetime | None


class Effect(msgspec.Struct, frozen=True):
    """An open incident that would change: as it stands, as it would, and its clocks."""

    before: IncidentLine
    after: IncidentLine
    clocks: tuple[ClockChange, ...]

    @property
    def graded_anew(self) -> bool:
        return told(self.before) != told(self.after)


class Trial(msgspec.Struct, frozen=True):
    """Open incidents of the area that would change, of how many that were tried; `whole`: of all of them."""

    effects: tuple[Effect, ...]
    tried: int
    whole: bool


def told(line: IncidentLine) -> tuple[object, ...]:
    """What of a grade is told to people: the grade, the proposal, and by which clauses."""
    return line.grade, line.proposed_grade, line.proposed_state, line.clauses


def try_overlay(place: str, *, draft: Overlay | None, without: str = "", authority: Authority) -> Trial:
    """What would change in an area if the draft stood, and the overlay `without` did not."""
    now = hazards.get_laid()
    tried = now.without(without, *([draft] if draft else []))
    stand, fall = (
        [r.after for r in incidents.list_regraded(place, laid, authority=authority, most=MOST + 1)]
        for laid in (now, tried)
    )
    befores, afters = stand[:MOST], fall[:MOST]
    old, new = _owed(befores, Book(now)), _owed(afters, Book(tried))
    kept, series = _standing([line.id for line in befores])
    found = []
    for before, after in zip(befores, afters, strict=True):
        held, wanted = (_later(one[before.id], series.get(before.id, {})) for one in (old, new))
        clocks = _changes(held, wanted, kept.get(before.id, set()))
        if clocks or told(before) != told(after):
            found.append(Effect(before, after, clocks))
    return Trial(tuple(found), len(befores), len(stand) <= MOST)


def _owed(lines: Sequence[IncidentLine], book: Book) -> dict[uuid.UUID, dict[Key, Owed]]:
    cases = list_cases(lines, list_reached([line.id for line in lines]))
    return {
        line.id: {_key(one): one for one in list_owed(line, case, book)}
        for line, case in zip(lines, cases, strict=True)
    }


def _key(one: Owed | Obligation) -> Key:
    return (one.rule_id, one.from_organization, one.from_place, one.to_organization, one.to_role)


Kept = dict[uuid.UUID, set[Key]]
Series = dict[uuid.UUID, dict[Key, datetime]]


def _standing(ids: Sequence[uuid.UUID]) -> tuple[Kept, Series]:
    """What lapsed or was met and stays as it is; and since when the next of each series counts."""
    kept: Kept = {}
    series: Series = {}
    rows = Obligation.objects.filter(incident_id__in=ids).exclude(state="void")
    for row in rows.order_by("arose_at", "pk"):
        if row.state == "open" and row.trigger in rules.DAILY:
            series.setdefault(row.incident_id, {})[_key(row)] = row.trigger_at
        elif row.state != "open":
            kept.setdefault(row.incident_id, set()).add(_key(row))
    return {i: keys - series.get(i, {}).keys() for i, keys in kept.items()}, series


def _later(owed: Mapping[Key, Owed], since: Mapping[Key, datetime]) -> dict[Key, Owed]:
    return {key: rules.followed(one, since[key]) if key in since else one for key, one in owed.items()}


def _changes(old: Mapping[Key, Owed], new: Mapping[Key, Owed], kept: set[Key]) -> tuple[ClockChange, ...]:
    found = []
    for key in sorted({*old, *new} - kept):
        one, other = old.get(key), new.get(key)
        if one is None or other is None or one.due_at != other.due_at:
            found.append(_change(one, other))
    return tuple(found)


def _change(one: Owed | None, other: Owed | None) -> ClockChange:
    of = other or one
    if of is None:
        raise ValueError("a change is of something")
    before, after = one.due_at if one else None, other.due_at if other else None
    what = "gone" if other is None else "new" if one is None else _direction(before, after)
    return ClockChange(
        rule_id=of.rule_id, what=what, from_role=of.from_role, from_organization=of.from_organization,
        from_place=of.from_place, to_role=of.to_role, to_organization=of.to_organization,
        before=before, after=after,
    )  # fmt: skip


def _direction(before: datetime | None, after: datetime | None) -> str:
    """At once is sooner than any hour."""
    if before is None or after is None:
        return "later" if before is None else "sooner"
    return "later" if after > before else "sooner"
