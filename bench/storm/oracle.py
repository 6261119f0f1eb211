"""The best a matcher could do: the posterior under the generator's own likelihood, its greatest taken.

The oracle knows every source of reports (true incidents and spoofed ones) with kind, site, point, start,
size, pace and facts; every parameter; each gateway's clock. Of a report it knows what was drawn to make
it: what its words are about, how its place is told and by which name, the figures, the point, the times,
the number it came from, whose words it passes on. It does not know from which source a report stems.
Reports of one number, and a post with those who pass it on, are taken together.

Facts are taken as independent and some mixtures are simplified, so it is nearly, not strictly, the Bayes
optimum; and the most probable source of each report is nearly, not strictly, the best partition.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import datetime

from bench.storm.city import City, Site
from bench.storm.geometry import to_gcj02, to_metres
from bench.storm.incidents import Incident
from bench.storm.likelihood import Clue, Likelihood, Source
from bench.storm.parameters import Parameters, kinds
from bench.storm.storm import Item, Storm

#: Side of the squares in which points are looked up.
_CELL_M = 1000.0


def partition(storm: Storm, items: Iterable[Item] | None = None) -> list[Hashable | None]:
    """The oracle's cluster for every report in line; None for what its words show to be no incident."""
    return Oracle(storm).assign(storm if items is None else items)


class Oracle:
    """Posterior over sources for each report of one storm."""

    def __init__(self, storm: Storm) -> None:
        self.p: Parameters = storm.parameters
        self.city: City = storm.city
        self.end_s = self.p["volume.hours"] * 3600
        self.begins = storm.reporter.begins
        self.skew = storm.reporter.gateway_skew
        self.sources = [_true(i, self.end_s) for i in storm.incidents]
        minutes = self.p["spoof.minutes"] * 60
        self.sources += [
            Source(
                ("spoof", r.id),
                r.kind,
                r.site,
                1,
                r.site.x,
                r.site.y,
                r.start_s,
                minutes,
                r.size,
                True,
                (),
                None,
            )
            for r in storm.rumours
            if r.spoof
        ]
        self.codes = {k.code for k in kinds()} | {k.group for k in kinds()} | {"any", "sensor"}
        self.likelihood = Likelihood(self.p, self.city)
        self._index()

    def _index(self) -> None:
        self.by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_cell: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.by_group: dict[str, list[int]] = defaultdict(list)
        for n, source in enumerate(self.sources):
            keys = {key for site in (source.site, *source.around) for key in self._keys(site)}
            for key in sorted(keys):
                self.by_key[key].append(n)
            self.by_cell[int(source.x // _CELL_M), int(source.y // _CELL_M)].append(n)
            self.by_group[source.kind.group].append(n)

    def _keys(self, site: Site) -> set[tuple[str, str]]:
        street = self.city.streets[site.street].name[0]
        keys = {("exact", site.name[0]), ("site", site.name[0]), ("address", f"{street}{site.number}")}
        keys |= {("street", street), ("district", self.city.districts[site.district][0])}
        keys |= {("alias", a[0]) for a in site.aliases}
        return keys | {("beside", s.name[0]) for s in self.city.nearest(site)}

    def assign(self, items: Iterable[Item]) -> list[Hashable | None]:
        """Join reports that surely belong together, then give each group its most probable source."""
        answers: list[Hashable | None] = []
        copies: list[tuple[int, int]] = []
        bonds: list[Hashable] = []
        clues: list[tuple[Clue, int | None]] = []
        for item in items:
            answers.append(None)
            bonds.append(_bond(item))
            if item.truth["duplicate_of"] is not None:
                copies.append((item.n, item.truth["duplicate_of"]))
            elif item.truth["seen"]["about"] in self.codes:
                clues.append((self.reduce(item), item.truth["relay_of"]))
        groups: dict[Hashable, list[Clue]] = defaultdict(list)
        for clue, root in clues:
            groups[bonds[clue.n if root is None else root]].append(clue)
        for group in groups.values():
            best = self._most_probable(group)
            for clue in group:
                answers[clue.n] = self.sources[best].label
        for copy, original in copies:
            answers[copy] = answers[original]
        return answers

    def reduce(self, item: Item) -> Clue:
        report, seen = item.report, item.truth["seen"]
        points: tuple[tuple[float, float, float], ...] = ()
        if "lon" in report and not seen["relayed"]:
            points = self._points(report["lon"], report["lat"], report.get("datum", ""), report["channel"])
        skew = self.skew[report["channel"]]
        return Clue(
            n=item.n,
            about=seen["about"],
            style=seen["style"],
            level=seen["level"],
            ref=seen["ref"],
            building=seen["building"],
            points=points,
            channel=report["channel"],
            kind=report.get("kind", ""),
            sent_s=self._seconds(report.get("sent_at"), skew),
            arrived_s=item.truth["arrived_s"],
            occurred_s=self._seconds(report.get("occurred_at"), skew),
            facts=tuple(item.truth["facts"]),
        )

    def _seconds(self, moment: str | None, skew: float) -> float | None:
        if moment is None:
            return None
        return (datetime.fromisoformat(moment) - self.begins).total_seconds() - skew

    def _points(
        self, lon: float, lat: float, datum: str, channel: str
    ) -> tuple[tuple[float, float, float], ...]:
        """The points it may mean, with their weights: shifted or not."""
        plain = to_metres(lon, lat, self.city.middle)
        east, north = to_gcj02(lon, lat)
        back = to_metres(2 * lon - east, 2 * lat - north, self.city.middle)
        if datum == "gcj02":
            return ((*back, 1.0),)
        if datum or channel == "sensor":
            return ((*plain, 1.0),)
        hidden = self.p["place.gcj_unlabelled"]
        unmarked = (1 - self.p["place.gcj_labelled"] - hidden) * 0.5
        share = hidden / (hidden + unmarked) if hidden else 0.0
        return ((*plain, 1 - share), (*back, share))

    def _candidates(self, clue: Clue) -> set[int]:
        found = set(self.by_key.get((clue.level, clue.ref), ()))
        for x, y, weight in clue.points:
            cx, cy = int(x // _CELL_M), int(y // _CELL_M)
            for i in (cx - 1, cx, cx + 1):
                for j in (cy - 1, cy, cy + 1):
                    if weight:
                        found.update(self.by_cell.get((i, j), ()))
        return found

    def _most_probable(self, clues: list[Clue]) -> int:
        wanted = set().union(*(self._candidates(c) for c in clues))
        if not wanted:
            group = next((k.group for k in kinds() if clues[0].about in (k.code, k.group)), "")
            wanted = set(self.by_group.get(group, ())) or set(range(len(self.sources)))
        best = max(sorted(wanted), key=lambda n: self._weigh(n, clues))
        return best

    def _weigh(self, n: int, clues: list[Clue]) -> float:
        """Logarithm of prior times likelihood; a group of one voice has one prior."""
        source = self.sources[n]
        total = math.log(source.size)
        for clue in clues:
            total += self.likelihood.log_all(source, clue)
        return total


def _bond(item: Item) -> Hashable:
    """What ties reports together: the number they came from, unless it is an office's."""
    phone = item.report.get("caller_phone", "")
    return ("phone", phone) if phone and not item.report.get("organization") else ("alone", item.n)


def _true(incident: Incident, end_s: float) -> Source:
    i = incident
    tau = min(i.tau_s, (end_s - i.start_s) / 2)
    return Source(i.id, i.kind, i.site, i.building, i.x, i.y, i.start_s, tau, i.size, i.life, i.around, i)
