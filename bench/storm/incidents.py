"""What truly happened: incidents with kind, place, time, size and facts, and how they relate."""

import math
import random
from dataclasses import dataclass, field

from bench.storm.city import City, Site
from bench.storm.parameters import Kind, Parameters, kinds, labels

#: Facts that are counts of people.
COUNTS = ("trapped", "injured", "missing", "deaths", "evacuated")
#: Facts about life.
GRAVE = ("trapped", "injured", "missing", "deaths", "vulnerable")


@dataclass(slots=True)
class Incident:
    """One thing that happened. Times in seconds from the beginning; `x`, `y` in metres from the middle.

    `facts` maps a measure to its true value; `later` holds the counts from `changes_at` on.
    """

    id: int
    kind: Kind
    site: Site
    building: int
    x: float
    y: float
    start_s: float
    life: bool
    facts: dict[str, object]
    later: dict[str, object]
    changes_at: float
    size: int = 1
    tau_s: float = 600.0
    around: tuple[Site, ...] = ()
    related: list[tuple[str, int]] = field(default_factory=list)

    def fact(self, measure: str, at_s: float) -> object:
        return (self.later if at_s >= self.changes_at else self.facts).get(measure)


def zipf_sizes(shares: list[float], total: int, p: Parameters) -> list[int]:
    """Sizes by rank, at least one each, that add up to the total: zipf with a flattened head."""
    if not shares:
        return []
    weights = [
        s / (n + 1 + p["volume.zipf_shift"]) ** p["volume.zipf_exponent"] for n, s in enumerate(shares)
    ]
    low, high = 0.0, total / max(min(weights), 1e-12)
    for _ in range(80):
        middle = (low + high) / 2
        if sum(max(1, round(middle * w)) for w in weights) < total:
            low = middle
        else:
            high = middle
    sizes = [max(1, round(low * w)) for w in weights]
    short = total - sum(sizes)
    for n in range(max(0, short)):
        sizes[n % len(sizes)] += 1
    return sizes


def active_sites(city: City, rng: random.Random, scale: float) -> dict[str, list[Site]]:
    """Where incidents may happen: at a small scale the middles of few districts, as dense as the whole."""
    count = max(1, round(city.county * math.sqrt(scale)))
    shares = dict.fromkeys(rng.sample(range(city.county), count), scale * city.county / count)
    shares[city.county] = scale
    found: dict[str, list[Site]] = {}
    for kind, sites in city.by_type.items():
        for district, share in sorted(shares.items()):
            cx, cy = city.centres[district]
            mine = sorted((math.hypot(s.x - cx, s.y - cy), s.id) for s in sites if s.district == district)
            found.setdefault(kind, []).extend(
                city.sites[n] for _, n in mine[: max(1, round(share * len(mine)))]
            )
    return found


def _facts(
    kind: Kind, life: bool, rng: random.Random, p: Parameters
) -> tuple[dict[str, object], dict[str, object]]:
    facts: dict[str, object] = {}
    for measure in kind.facts:
        grave = measure in GRAVE
        if grave and rng.random() >= p["fact.grave_if_life" if life else "fact.grave_otherwise"]:
            continue
        if measure in COUNTS:
            median, spread = p[f"fact.{measure}_median"], p[f"fact.{measure}_spread"]
            facts[measure] = max(1, round(median * kind.people * math.exp(rng.gauss(0, spread))))
        elif measure == "depth":
            facts[measure] = round(
                min(4.0, p["fact.depth_median"] * math.exp(rng.gauss(0, p["fact.depth_spread"]))), 2
            )
        elif measure in ("vulnerable", "need", "hazmat"):
            known = labels(measure, kind)
            facts[measure] = tuple(
                sorted(rng.sample(known, 1 if measure == "hazmat" else rng.choice((1, 2))))
            )
        elif rng.random() < p["fact.plain"]:
            facts[measure] = True
    if life and not any(m in facts for m in GRAVE):
        first = next((m for m in kind.facts if m in GRAVE), "trapped")
        facts[first] = (
            rng.choice((("elderly",), ("children",))) if first == "vulnerable" else rng.randint(1, 6)
        )
    later = dict(facts)
    for measure, value in facts.items():
        if measure in ("trapped", "injured", "missing", "deaths") and rng.random() < p["fact.changes"]:
            later[measure] = max(1, round(value * rng.choice((0.5, 1.5, 2.0)))) + (measure == "injured")
    return facts, later


class Planner:
    """Draws the incidents of one storm, one after the other, some of them related to earlier ones."""

    def __init__(self, city: City, rng: random.Random, p: Parameters, scale: float) -> None:
        self.city, self.rng, self.p = city, rng, p
        self.sites = active_sites(city, rng, scale)
        self.end_s = p["volume.hours"] * 3600
        self.weights = [k.weight for k in kinds()]
        self.made: list[Incident] = []
        self.taken: dict[tuple[str, int, int], list[float]] = {}

    def plan(self, count: int, reports: int) -> list[Incident]:
        for _ in range(count):
            self._next()
        rng = self.rng
        quiet = set(rng.sample(range(self.city.county), self.p["county.quiet_districts"]))
        order = list(self.made)
        rng.shuffle(order)
        shares = [self.p["county.quiet_factor"] if i.site.district in quiet else 1.0 for i in order]
        for incident, size in zip(order, zipf_sizes(shares, reports, self.p), strict=True):
            incident.size = size
            incident.tau_s = 60 * self.p["incident.tau_min"] * size ** self.p["incident.tau_growth"]
            if incident.kind.radius_m >= 100:
                incident.around = tuple(self.city.within(incident.site, incident.kind.radius_m)[:12])
        return self.made

    def _next(self) -> None:
        rng, p = self.rng, self.p
        draw = rng.random()
        earlier = rng.choice(self.made) if self.made else None
        for relation, share in (("near", "near_share"), ("caused", "caused_share"), ("again", "again_share")):
            draw -= p[f"incident.{share}"]
            if earlier and draw < 0 and getattr(self, f"_{relation}")(earlier):
                return
            if draw < 0:
                break
        for _ in range(30):
            kind, site, building, start = self._fresh()
            if self._is_free(kind, site, building, start):
                break
        self._add(kind, site, start, building=building)

    def _fresh(self) -> tuple[Kind, Site, int, float]:
        rng, p = self.rng, self.p
        kind = rng.choices(kinds(), self.weights)[0]
        sites = [s for t in kind.sites for s in self.sites.get(t, ())]
        in_county = rng.random() < p["county.incident_share"]
        fitting = [s for s in sites if (s.district == self.city.county) == in_county] or sites
        site = rng.choice(fitting)
        return kind, site, rng.randint(1, site.buildings), self.end_s * rng.betavariate(*kind.phase)

    def _is_free(self, kind: Kind, site: Site, building: int, start: float) -> bool:
        """The same kind in the same building within the time of "again" would be the same incident."""
        apart = 60 * self.p["incident.again_min"]
        told = self.taken.get((kind.code, site.id, building), ())
        return all(abs(start - other) >= apart for other in told)

    def _near(self, earlier: Incident) -> bool:
        """Same kind, close by, about the same time: what a matcher must not join."""
        rng, p, home = self.rng, self.p, earlier.site
        near = [s for s in self.city.within(home, p["incident.near_m"]) if s.type in earlier.kind.sites]
        if rng.random() < p["incident.same_street_part"]:
            near = [s for s in near if s.street == home.street] or near
        if not near and home.buildings < 2:
            return False
        start = earlier.start_s + 60 * rng.uniform(-1, 1) * p["incident.near_min"]
        site = rng.choice(near) if near else home
        building = rng.randint(1, site.buildings)
        if site.id == home.id and building == earlier.building:
            building = building % site.buildings + 1
        if not self._is_free(earlier.kind, site, building, start):
            return False
        self._add(earlier.kind, site, start, ("near", earlier), building=building)
        return True

    def _caused(self, earlier: Incident) -> bool:
        others = [k for k in kinds() if k.code != earlier.kind.code and earlier.site.type in k.sites]
        if not others:
            return False
        kind = self.rng.choices(others, [k.weight for k in others])[0]
        start = earlier.start_s + 60 * self.rng.uniform(5, 60)
        if not self._is_free(kind, earlier.site, earlier.building, start):
            return False
        self._add(kind, earlier.site, start, ("caused_by", earlier), building=earlier.building)
        return True

    def _again(self, earlier: Incident) -> bool:
        start = earlier.start_s + 60 * (self.p["incident.again_min"] + self.rng.uniform(0, 60))
        spot = (earlier.kind, earlier.site, earlier.building)
        if start > self.end_s - 600 or not self._is_free(*spot, start):
            return False
        self._add(earlier.kind, earlier.site, start, ("again", earlier), building=earlier.building)
        return True

    def _add(
        self, kind: Kind, site: Site, start: float, relation: tuple | None = None, *, building: int
    ) -> None:
        rng = self.rng
        start = min(max(start, 0.0), self.end_s - 300)
        self.taken.setdefault((kind.code, site.id, building), []).append(start)
        turn = 2.4 * building
        out = 0.0 if site.buildings == 1 else 25.0 + 12.0 * building
        x = site.x + out * math.cos(turn) + rng.gauss(0, 8)
        y = site.y + out * math.sin(turn) + rng.gauss(0, 8)
        life = rng.random() < kind.life
        facts, later = _facts(kind, life, rng, self.p)
        made = Incident(len(self.made), kind, site, building, x, y, start, life, facts, later,
                        start + 60 * rng.uniform(15, 60))  # fmt: skip
        if relation:
            made.related.append((relation[0], relation[1].id))
            relation[1].related.append((relation[0], made.id))
        self.made.append(made)
