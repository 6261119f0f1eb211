"""What is told: reports of many events in many places, and among them some that are marked.

The same seed, beginning and number make the same report, so that nobody has to keep what was sent.
"""

import gzip
import json
import random
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bench.soak.telling import CHANNELS, EVENTS, PLACES

#: Events told at once, and how many reports until the next of them begins in place of another.
#: Source: our estimate, a city's storm: 100 events at once, each told for some 3 min at 300/s, 2026-11-22.
AT_ONCE, REPORTS_AN_EVENT = 100, 540
#: Shares of reports with a point, in the Chinese datum, with a figure, with the caller's number.
#: Source: our estimate, 2026-11-22.
POINTED, SHIFTED, FIGURED, CALLED = 0.8, 0.4, 0.1, 0.3
#: One report in so many is marked: the desk shows it in a row of its own. Of these one in so many is grave.
#: Source: our estimate, one a second at 300/s; the desk has room for 12 that wait, 24 graded, 2026-11-22.
MARKED, GRAVE = 300, 4
#: Kinds of grave events: accidents, which are graded by deaths. Source: [SRC-REG493] art. 3.
_GRAVE_KINDS = ("12P04", "12P01", "12P03")
#: Deaths told of a grave event: the second mildest grade. Source: [SRC-REG493] art. 3.
_DEATHS = (3, 9)
_DIVISIONS = Path(__file__).resolve().parents[2] / "src/jingwei/data/places/henan.csv.gz"
#: Grave events lie this far from each other, degrees, south of all others: none is taken for another.
#: Source: the matcher joins within 3,000 m (engines/fusion.py); a hundredth of a degree is about a kilometre.
_APART, _ACROSS, _WEST, _SOUTH = 0.05, 16, 112.8, 33.4


@cache
def townships() -> dict[str, list[str]]:
    """Codes of the townships of each county that is told of."""
    counties = {place for place, _, _ in PLACES}
    found: dict[str, list[str]] = {one: [] for one in sorted(counties)}
    with gzip.open(_DIVISIONS, "rt", encoding="utf-8") as file:
        for line in file:
            code = line.partition(",")[0]
            if len(code) == 9 and code[:6] in counties:
                found[code[:6]].append(code)
    return found


class Teller:
    """Tells reports by number. `begun_at`: when the first of them is told."""

    def __init__(
        self, name: str, *, seed: int, begun_at: datetime, per_s: float, marked: bool = False
    ) -> None:
        self.name, self.seed, self.begun_at = name, seed, begun_at
        self.per_s, self.marked = per_s, marked

    def mark_of(self, number: int) -> str:
        """'' of an ordinary report; else what becomes of it: 'waits' for a person, or 'grave'."""
        if not self.marked or number % MARKED != MARKED // 2:
            return ""
        return "grave" if number // MARKED % GRAVE == 0 else "waits"

    def key(self, number: int) -> str:
        return f"{self.name}-{self.seed}-{number:07d}"

    def tell(self, number: int) -> dict[str, object]:
        """The report of this number, as JSON takes it."""
        chance = random.Random(f"{self.seed} {self.name} {number}")
        mark = self.mark_of(number)
        told = self._grave(number) if mark == "grave" else self._ordinary(number, chance)
        if mark == "waits":  # nobody knows where: a person has to ask
            told = {k: v for k, v in told.items() if k not in ("place", "lon", "lat", "datum")}
        at = self.begun_at + timedelta(seconds=number / self.per_s - chance.uniform(0, 120))
        told |= {"key": self.key(number), "channel": chance.choice(CHANNELS), "occurred_at": at.isoformat()}
        if chance.random() < CALLED:
            told["caller_phone"] = f"139{chance.randint(0, 99_999_999):08d}"
        return told

    def body(self, number: int) -> bytes:
        return json.dumps(self.tell(number), ensure_ascii=False).encode()

    def bodies(self, numbers: range) -> bytes:
        """A batch of them."""
        return json.dumps([self.tell(n) for n in numbers], ensure_ascii=False).encode()

    def _ordinary(self, number: int, chance: random.Random) -> dict[str, object]:
        slot = chance.randrange(AT_ONCE)
        # each slot's events follow one another; the slots change in turn
        turn = (number + slot * REPORTS_AN_EVENT) // (AT_ONCE * REPORTS_AN_EVENT)
        event = random.Random(f"{self.seed} event {slot} {turn}")
        kind, zh, en = event.choice(EVENTS)
        county, lon, lat = event.choice(PLACES)
        lon, lat = lon + event.uniform(-0.08, 0.08), lat + event.uniform(-0.08, 0.08)
        words = zh if chance.random() < 0.9 else en
        told: dict[str, object] = {
            "words": f"{words} {self.key(number)}", "kind": kind, "place": event.choice(townships()[county]),
        }  # fmt: skip
        if chance.random() < POINTED:
            told |= {
                "lon": round(lon + chance.gauss(0, 0.001), 5),
                "lat": round(lat + chance.gauss(0, 0.001), 5),
            }
            told["datum"] = "gcj02" if chance.random() < SHIFTED else "wgs84"
        if chance.random() < FIGURED:
            told["figures"] = [{"measure": "trapped", "value": chance.randint(1, 4), "unit": "person"}]
        return told

    def _grave(self, number: int) -> dict[str, object]:
        nth = number // (MARKED * GRAVE)
        chance = random.Random(f"{self.seed} grave {nth}")
        return {
            "words": f"有人遇难 {self.key(number)}",
            "kind": chance.choice(_GRAVE_KINDS),
            "place": chance.choice(townships()["410183"]),
            "lon": round(_WEST + _APART * (nth % _ACROSS), 5),
            "lat": round(_SOUTH + _APART * (nth // _ACROSS), 5),
            "datum": "wgs84",
            "figures": [{"measure": "deaths", "value": chance.randint(*_DEATHS), "unit": "person"}],
        }
