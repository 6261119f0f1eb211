"""Which open incidents a report could speak of at all, found without looking at every one.

`Candidates.near` leaves out only what `fusion.place_report` would score as nothing: another family of kinds,
a point too far away, another county. The answer is the same as over all incidents, only sooner.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from jingwei.engines.fusion import FAR_M, Seen, is_regional
from jingwei.kernel.codes import kind_prefix
from jingwei.kernel.lonlat import EARTH_RADIUS_M

#: Side of a cell, degrees. Source: our estimate, a report's circle touches few cells, and a cell holds few
#: incidents, 2026-11-29.
CELL_DEG = 0.05
#: Cells round the Earth. Source: 360 degrees.
_AROUND = round(360 / CELL_DEG)
#: `fusion.FAR_M` in degrees of latitude. Source: the mean radius of the Earth; a thousandth for rounding.
_FAR_DEG = math.degrees(FAR_M / EARTH_RADIUS_M) * 1.001
#: Degrees of latitude. Source: our estimate, towards a pole a circle holds ever more cells, and what lies
#: there is one heap, 2026-11-29.
_POLAR_DEG, _HEAP_DEG = 85.0, 84.0


class Candidates:
    """Open incidents by what a report shares with them. Not thread-safe."""

    def __init__(self, incidents: Iterable[Seen] = ()) -> None:
        self._held: dict[str, Seen] = {}
        #: Family of kinds, then a key of that incident, then the ids under it.
        self._families: dict[str, dict[Hashable, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._refs: dict[str, set[str]] = defaultdict(set)
        for one in incidents:
            self.put(one)

    def put(self, incident: Seen) -> None:
        """Hold the incident, in place of what was held under its id."""
        self.drop(incident.id)
        self._held[incident.id] = incident
        if incident.event_ref:
            self._refs[incident.event_ref].add(incident.id)
        family = self._families[_family(incident.kind)]
        for key in _keys(incident):
            family[key].add(incident.id)

    def drop(self, incident_id: str) -> None:
        """Hold it no longer; nothing when it is not held."""
        before = self._held.pop(incident_id, None)
        if before is None:
            return
        self._refs[before.event_ref].discard(incident_id)
        family = self._families[_family(before.kind)]
        for key in _keys(before):
            family[key].discard(incident_id)

    def near(self, report: Seen) -> list[Seen]:
        """The incidents that may score for this report, in no order."""
        found = set(self._refs.get(report.event_ref, ())) if report.event_ref else set()
        if report.event_ref in self._held:
            found.add(report.event_ref)
        if report.kind:
            own, asked = _family(report.kind), list(_asked(report))
            for name, family in self._families.items():
                if name and (name.startswith(own) or own.startswith(name)):
                    found.update(*(family[key] for key in asked if key in family))
        return [self._held[one] for one in found]


def _family(kind: str) -> str:
    """Kinds match within these; a kind above several of them is a family that holds them."""
    return kind_prefix(kind)[:3]


def _keys(incident: Seen) -> Iterator[Hashable]:
    """Under what an incident is held: each way in which a report may come near it."""
    if is_regional(incident.kind):
        yield "region", incident.place[:2]
        return
    if incident.site:
        yield "site", incident.site
    if incident.lon is None or incident.lat is None:
        yield "pointless", incident.place[:6]
    else:
        yield "polar" if abs(incident.lat) > _HEAP_DEG else _cell(incident.lon, incident.lat)
    yield "county", incident.place[:6]


def _asked(report: Seen) -> Iterator[Hashable]:
    """Under what to look for a report."""
    if report.place:
        yield "region", report.place[:2]
        yield "region", ""
    if report.site:
        yield "site", report.site
    if report.lon is None or report.lat is None:
        yield "county", report.place[:6]
        return
    yield "pointless", report.place[:6]
    if abs(report.lat) > _HEAP_DEG - _FAR_DEG:
        yield "polar"
    if abs(report.lat) < _POLAR_DEG:
        yield from _cells(report.lon, report.lat)


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return math.floor(lon / CELL_DEG) % _AROUND, math.floor(lat / CELL_DEG)


def _cells(lon: float, lat: float) -> Iterator[tuple[int, int]]:
    """The cells within reach of a point; they go round the Earth."""
    wide = _FAR_DEG / math.cos(math.radians(abs(lat) + _FAR_DEG))
    rows = range(math.floor((lat - _FAR_DEG) / CELL_DEG), math.floor((lat + _FAR_DEG) / CELL_DEG) + 1)
    columns = range(math.floor((lon - wide) / CELL_DEG), math.floor((lon + wide) / CELL_DEG) + 1)
    for row in rows:
        for column in columns:
            yield column % _AROUND, row
