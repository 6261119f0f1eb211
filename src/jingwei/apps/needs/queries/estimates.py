"""What the people counted of an incident need by standards; and what another value of one would change."""

import uuid
from collections.abc import Sequence

import msgspec
from django.utils.timezone import localdate

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import DemandStandard, Laid, Overlay
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.people import queries as people
from jingwei.apps.people.queries import CountLine
from jingwei.apps.places import queries as places

from .. import rules
from ..rules import Arithmetic

#: Open incidents that are tried at once. Source: our estimate, as many as with grades and clocks, 2026-11-29.
MOST = 400


class EstimateChange(msgspec.Struct, frozen=True):
    """An estimate of an open incident that would change. None: there was none, or would be none."""

    incident: IncidentLine
    standard: DemandStandard
    area: str
    people: int
    before: int | None
    after: int | None


def standards_at(line: IncidentLine, laid: Laid) -> list[DemandStandard]:
    """The standards of the event's day that are estimated by, as they hold at its place."""
    on = localdate(line.opened_at)
    return laid.over([s for s in hazards.list_standards(on=on) if s.measures], line.place, on)


def list_estimates(
    incident_id: uuid.UUID, standards: Sequence[DemandStandard]
) -> list[tuple[tuple[DemandStandard, str], Arithmetic]]:
    """Of each standard its arithmetic in each area, by the first of its measures that is counted."""
    counted: dict[str, dict[str, CountLine]] = {}
    for measure, area, count in people.list_counts(incident_id):
        if count.value > 0:
            counted.setdefault(measure, {})[area] = count
    found = []
    for standard in standards:
        measure = next((m for m in standard.measures.split() if m in counted), "")
        divisions = {area: _division(area) for area in counted.get(measure, {})}
        for area in rules.widest({a: d for a, d in divisions.items() if d}):
            count = counted[measure][area]
            sum_ = rules.estimate(count.value, standard, measure=measure, area=area, count_id=str(count.id))
            found.append(((standard, divisions[area]), sum_))
    return found


def _division(area: str) -> str:
    """The division an area is or lies in; '' when it is not known here."""
    if area.isdigit():
        return area
    site = places.find_site(area)
    return site.place if site else ""


def try_standard(
    place: str, *, draft: Overlay | None, without: str = "", authority: Authority
) -> list[EstimateChange]:
    """What would change of the estimates of an area's open incidents; nothing is written."""
    now = hazards.get_laid()
    tried = now.without(without, *([draft] if draft else []))
    ids = incidents.list_open_in(place)[:MOST]
    found: list[EstimateChange] = []
    for line in incidents.list_incidents_by_id(ids, authority=authority).values():
        before, after = (_by_key(line, laid) for laid in (now, tried))
        for key in sorted({*before, *after}):
            old, new = before.get(key), after.get(key)
            of = new or old
            if of is not None and (old is None or new is None or old[1].quantity != new[1].quantity):
                ends = (old[1].quantity if old else None, new[1].quantity if new else None)
                found.append(EstimateChange(line, of[0], key[1], of[1].people, *ends))
    return found


def _by_key(line: IncidentLine, laid: Laid) -> dict[tuple[str, str], tuple[DemandStandard, Arithmetic]]:
    given = list_estimates(line.id, standards_at(line, laid))
    return {(sum_.rule_id, sum_.area): (standard, sum_) for (standard, _), sum_ in given}
