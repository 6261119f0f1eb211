"""The storm: drawn whole from a seed, then told report by report in the order of arrival."""

import csv
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench.storm.city import City, build_city
from bench.storm.geometry import to_lonlat
from bench.storm.incidents import Incident, Planner
from bench.storm.parameters import BANKS, read_parameters
from bench.storm.reports import Reporter
from bench.storm.schedule import Schedule, Scheduler


class Item(NamedTuple):
    """One report in line: its number, when it reaches the door, what is seen, and the truth."""

    n: int
    at: str
    report: dict[str, Any]
    truth: dict[str, Any]


class Storm:
    """Iterate for items. `registry()` is what a system may know of the city; `incidents` is the truth."""

    def __init__(self, seed: int, regime: str, scale: float, p: dict[str, Any]) -> None:
        self.seed, self.regime, self.scale, self.parameters = seed, regime, scale, p
        bank = BANKS[regime]
        self.city: City = build_city(random.Random(f"{seed}:city:{bank}"), bank, p)
        total = max(1, round(p["volume.reports"] * p["volume.factor"] * scale))
        noise = round(total * p["volume.noise_share"])
        count = max(
            1, round(p["volume.incidents"] * p["volume.factor"] ** p["volume.incident_growth"] * scale)
        )
        planner = Planner(self.city, random.Random(f"{seed}:incidents"), p, scale)
        self.incidents: list[Incident] = planner.plan(min(count, total - noise), total - noise)
        scheduler = Scheduler(self.city, random.Random(f"{seed}:schedule"), p, self.incidents)
        self.schedule: Schedule = scheduler.lay_out(noise, scale, total)
        self.rumours = scheduler.rumours
        self.reporter = Reporter(f"{seed}:{regime}", self.city, bank, p, self.schedule)
        self.reporter.incidents, self.reporter.rumours = self.incidents, self.rumours

    def __len__(self) -> int:
        return len(self.schedule.order)

    def __iter__(self) -> Iterator[Item]:
        for n, number in enumerate(self.schedule.order):
            report, truth = self.reporter.write(number)
            yield Item(n, self.reporter.moment(self.schedule.arrival[number]), report, truth)

    def registry(self) -> list[dict[str, object]]:
        """Key sites a system may know beforehand: some sites, some of their informal names."""
        return self.city.registry()

    def incident_truth(self) -> Iterator[dict[str, Any]]:
        """Every incident as it truly was; never shown to a system."""
        for i in self.incidents:
            lon, lat = to_lonlat(i.x, i.y, self.city.middle)
            yield {
                "incident": i.id,
                "kind": i.kind.code,
                "group": i.kind.group,
                "site": i.site.name[0],
                "district": self.city.districts[i.site.district][0],
                "building": i.building,
                "lon": round(lon, 6),
                "lat": round(lat, 6),
                "radius_m": i.kind.radius_m,
                "start_s": round(i.start_s, 3),
                "end_s": round(min(i.start_s + 5 * i.tau_s, self.parameters["volume.hours"] * 3600), 3),
                "size": i.size,
                "life_critical": i.life,
                "facts": i.facts,
                "facts_later": i.later,
                "changes_s": round(i.changes_at, 3),
                "related": i.related,
            }


def generate(
    seed: int, regime: str = "same", scale: float = 1.0, changes: Mapping[str, Any] | None = None
) -> Storm:
    """A storm from a seed. `changes` sets parameters for a curve, such as {"place.unusable": 0.5}."""
    if not 0 < scale <= 1:
        raise ValueError("scale lies above 0 and at most at 1")
    return Storm(seed, regime, scale, read_parameters(regime, changes))


def write(storm: Storm, folder: Path) -> int:
    """Write what may be seen (reports, registry) and what may not (truth, incidents), a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "registry.csv").open("w", encoding="utf-8", newline="") as file:
        rows = storm.registry()
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    with (folder / "incidents.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(_line(row) for row in storm.incident_truth())
    count = 0
    with (
        (folder / "reports.jsonl").open("w", encoding="utf-8") as seen,
        (folder / "truth.jsonl").open("w", encoding="utf-8") as truth,
    ):
        for item in storm:
            count += 1
            seen.write(_line({"at": item.at, "report": item.report}))
            truth.write(_line(item.truth))
    return count


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
