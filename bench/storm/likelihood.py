"""The generator's own likelihood: how probable a source of reports makes a report."""

import math
from collections.abc import Hashable
from typing import Any, NamedTuple

from bench.storm.city import City, Site
from bench.storm.incidents import COUNTS, Incident
from bench.storm.parameters import CALLS, Kind, Parameters, kinds
from bench.storm.places import point_chance
from bench.storm.telling import same_group

#: What cannot happen but for noise no model holds.
NEVER = math.log(1e-7)
#: A uniform point anywhere among the sites, per square metre: the district grid and the way to the county.
ANYWHERE = 1 / (40_000.0 * 20_000.0)


class Source(NamedTuple):
    """Something reports stem from; a spoofed one has no facts."""

    label: Hashable
    kind: Kind
    site: Site
    building: int
    x: float
    y: float
    start_s: float
    tau_s: float
    size: int
    life: bool
    around: tuple[Site, ...]
    incident: Incident | None


class Clue(NamedTuple):
    """One report, reduced to what the likelihood reads."""

    n: int
    about: str
    style: str
    level: str
    ref: str
    building: int
    points: tuple[tuple[float, float, float], ...]
    channel: str
    kind: str
    sent_s: float | None
    arrived_s: float
    occurred_s: float | None
    facts: tuple[dict[str, Any], ...]


class Likelihood:
    """Logarithms of the chance of each part of a report, given its source."""

    def __init__(self, p: Parameters, city: City) -> None:
        self.p, self.city = p, city
        self.end_s = p["volume.hours"] * 3600

    def log_all(self, source: Source, clue: Clue) -> float:
        """The whole report."""
        log = self.log_time(source, clue) + self.log_words(source, clue)
        return log + self.log_place(source, clue) + self.log_facts(source, clue)

    def log_time(self, source: Source, clue: Clue) -> float:
        """Density of the moment it was sent, and of the moment it says it happened."""
        p = self.p
        at = clue.arrived_s if clue.sent_s is None else clue.sent_s
        delay, room = at - source.start_s, self.end_s - source.start_s
        if source.incident is None:
            return -math.log(source.tau_s) if -60 < delay < source.tau_s + 60 else NEVER
        clock = max(1.0, p["time.skew_s"])
        tail, tau = p["incident.tail_share"], source.tau_s
        late = max(0.0, delay)
        density = (1 - tail) / tau * math.exp(-late / tau) + tail / (4 * tau) * math.exp(-late / (4 * tau))
        log = math.log(density + 1e-12) - (min(0.0, delay) / clock) ** 2 / 2
        if clue.sent_s is None:
            log = math.log(math.exp(max(log, NEVER)) + 0.05 / room)
        if clue.occurred_s is not None:
            spread = 60 * p["time.occurred_sigma_min"] + 1e-9
            off = clue.occurred_s + 30 - source.start_s
            log += -((off / spread) ** 2) / 2 if off > 0 else -((off / (clock + 30)) ** 2) / 2
        return max(log, 3 * NEVER)

    def log_words(self, source: Source, clue: Clue) -> float:
        """Chance of what the words are about, and of the code in the field."""
        p, kind = self.p, source.kind
        fellows = same_group(kind)
        if clue.about == "sensor":
            chance = 1.0 if kind.sensor else 0.0
        elif clue.about in (kind.code, kind.group, "any"):
            chance = p[
                "kind.text_"
                + ("kind" if clue.about == kind.code else "any" if clue.about == "any" else "group")
            ]
        else:
            chance = (
                p["kind.text_other"] / len(fellows) if any(k.code == clue.about for k in fellows) else 0.0
            )
        log = math.log(chance) if chance else NEVER
        if (clue.style == "life" and not source.life) or (clue.style == "mild" and source.life):
            log += NEVER
        if clue.kind:
            wrong = 1 - p["kind.field_right"] - p["kind.field_parent"] - p["kind.field_group"]
            field = max(0.0, wrong) / len(kinds())
            field += p["kind.field_right"] * (clue.kind == kind.code)
            field += p["kind.field_parent"] * (clue.kind == kind.code[:3] + "00")
            field += p["kind.field_group"] / len(fellows) * any(k.code == clue.kind for k in fellows)
            log += math.log(field) if field > 0 else NEVER
        return log

    def log_place(self, source: Source, clue: Clue) -> float:
        """Words and point together, over the sites a caller of this source may speak of."""
        share = 1 - self.p["place.names_own_site"] if source.around else 1.0
        spots = [(share, source.site, source.x, source.y)]
        spots += [((1 - share) / len(source.around), s, s.x, s.y) for s in source.around]
        total = 0.0
        for weight, site, x, y in spots:
            total += weight * self._words_at(source, site, clue) * self._point_at(source, x, y, clue)
        return math.log(total) if total > 0 else 3 * NEVER

    def _words_at(self, source: Source, site: Site, clue: Clue) -> float:
        level, ref = clue.level, clue.ref
        if level == "vague":
            return 1.0
        if level == "district":
            return 1.0 if self.city.districts[site.district][0] == ref else 1e-9
        match = 0.0
        if level == "beside":
            near = self.city.nearest(site)
            match = sum(s.name[0] == ref for s in near) / (len(near) or 1)
        elif level == "alias":
            match = sum(a[0] == ref for a in site.aliases) / (len(site.aliases) or 1)
        elif (level, ref) in self._keys_of(site):
            match = 1.0
        if level == "exact" and match:
            slip = self.p["place.wrong_building"]
            right = (clue.building == source.building) if site.id == source.site.id else None
            match *= 1 / site.buildings if right is None else (1 - slip) * right + slip / site.buildings
        return (1 - self.p["place.wrong_words"]) * match + self.p["place.wrong_words"] / len(self.city.sites)

    def _keys_of(self, site: Site) -> tuple[tuple[str, str], ...]:
        street = self.city.streets[site.street].name[0]
        name = site.name[0]
        return (("exact", name), ("site", name), ("street", street), ("address", f"{street}{site.number}"))

    def _point_at(self, source: Source, x: float, y: float, clue: Clue) -> float:
        if not clue.points:
            return 1.0
        p = self.p
        spread = (min(source.kind.radius_m, 60.0) / 2) ** 2
        coarse = p["place.coarse_share"] if clue.channel in CALLS else 0.0
        fine = 0.0 if clue.channel == "sensor" else p["place.fine_m"]
        wrong = 0.0 if clue.channel == "sensor" or clue.level == "vague" else p["place.wrong_point"]
        density = 0.0
        for px, py, weight in clue.points:
            square = (px - x) ** 2 + (py - y) ** 2
            density += weight * (1 - coarse) * _normal(square, fine**2 + spread + 1.0)
            density += weight * coarse * _normal(square, p["place.coarse_m"] ** 2 + spread) if coarse else 0.0
        return point_chance(clue.channel, p) * ((1 - wrong) * density + wrong * ANYWHERE) + 1e-30

    def log_facts(self, source: Source, clue: Clue) -> float:
        """Chance of the figures told, each for itself."""
        if source.incident is None or clue.about == "sensor":
            return 0.0
        log, true = 0.0, source.incident
        told = {f["measure"] for f in clue.facts if not f["negated"]}
        tell = min(max(self.p["fact.tell"], 1e-4), 1 - 1e-4)
        for measure in true.facts:
            log += math.log(tell if measure in told else 1 - tell)
        for fact in clue.facts:
            measure = fact["measure"]
            if fact["negated"]:
                log += math.log(0.02 if measure in true.facts else 0.1)
            elif measure not in true.facts:
                log += math.log(0.02)
            elif measure in ("need", "vulnerable", "hazmat"):
                labels = true.facts[measure]
                fits = isinstance(labels, tuple) and fact["value"] in labels
                log += -math.log(len(labels)) if fits else math.log(0.02)  # type: ignore[arg-type]
            elif fact["low"] is not None:
                values = (true.facts[measure], true.later[measure])
                log += max(self._log_figure(measure, float(v), fact) for v in values)  # type: ignore[arg-type]
        return log

    def _log_figure(self, measure: str, value: float, fact: dict[str, Any]) -> float:
        low, high = fact["low"], fact["high"]
        if measure not in COUNTS:
            spread = self.p["fact.depth_sigma"] + 0.05
            return (
                max(math.log(0.01), -((math.log(low / value) / spread) ** 2) / 2)
                if low > 0
                else math.log(0.01)
            )
        near = max(1, round(value * 0.2))
        if low < high:
            return math.log(0.15) if low <= value <= high else math.log(0.003)
        if low == value:
            return math.log(self.p["fact.count_exact"])
        off = self.p["fact.count_near"] / (2 * near + 1)
        return math.log(max(off, 0.003)) if abs(low - value) <= near else math.log(0.003)


def _normal(square: float, variance: float) -> float:
    return math.exp(-square / (2 * variance)) / (2 * math.pi * variance)
