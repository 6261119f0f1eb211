"""How much likelier a report speaks of an incident than of something new: a sum of logarithms by feature.

Fellegi and Sunter's weights [SRC-FELLEGI1969]: each feature adds the logarithm of its chance given the
incident over its chance given a new one. The prior follows a marked cluster process [SRC-OGATA1988]: how
many calls an incident heard so often, that long ago, still brings, against how many new ones begin.
"""

import math

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.profile import Profile, normal
from jingwei.engines.matching.values import Clue, Part
from jingwei.engines.reading.facts import COUNTS, Fact
from jingwei.engines.reading.places import Axis, Gazetteer, Mention, stem


class Scorer:
    """Compares clues with profiles under one set of parameters."""

    def __init__(self, p: Parameters, gazetteer: Gazetteer, spread_m: list[float]) -> None:
        self.p, self.gazetteer = p, gazetteer
        self.spread_m = spread_m
        self.cell = gazetteer.area_m2 / gazetteer.count
        self.features = {"place", "kind", "time", "facts", "words"}
        self._names: set[str] = set()
        self._cells: set[tuple[int, int]] = set()
        self._streets: set[str] = set()
        self._measure()

    def note(self, clue: Clue) -> None:
        """Learn how much ground the reports cover: what a new thing's place is drawn from."""
        before = len(self._names) + len(self._cells) + len(self._streets)
        told = clue.mention
        if told is not None and told.level in ("site", "beside"):
            self._names.add(told.key)
        if told is not None and told.street:
            self._streets.add(told.street)
        for x, y, weight in clue.points:
            if weight > 0.5:
                self._cells.add((int(x // 500), int(y // 500)))
        if len(self._names) + len(self._cells) + len(self._streets) != before:
            self._measure()

    def _measure(self) -> None:
        g = self.gazetteer
        self.names = min(1.5 * g.count, 1.3 * len(self._names) + 20.0)
        self.area = min(g.area_m2, (len(self._cells) + 20) * 250_000.0)
        self.streets = min(float(g.street_count), 1.3 * len(self._streets) + 10.0)

    # ------------------------------------------------------------------ of the report alone
    def alone(self, clue: Clue, shares: list[float]) -> tuple[float, float]:
        """Chances of the report's kind and point when it tells something new: what a join is held against."""
        kind = sum(s * c for s, c in zip(shares, clue.kinds, strict=True)) if clue.kind_known else 1.0
        if not clue.points:
            return kind, 1.0
        told = clue.mention
        wrong = self.p["place.wrong_share"]
        base = 1 / self.area
        if told is None or (not told.at and not told.street):
            return kind, base
        if told.at and told.level in ("site", "beside"):
            sigma = self.p["place.site_m"] if told.level == "site" else self.p["place.beside_m"]
            dense = sum(self._point_density(clue, x, y, sigma**2) for x, y in told.at) / len(told.at)
            return kind, (1 - wrong) * dense + wrong * base
        axes = self.gazetteer.axes_of(told.street)
        x, y, _ = clue.points[0]
        near = max((self._street_density(a, x, y) for a in axes), default=0.0) / max(1, len(axes))
        return kind, (1 - wrong) * near + wrong * base + 0.1 * base

    def _street_density(self, axis: Axis, x: float, y: float) -> float:
        across, beyond = axis.foot(x, y)
        sigma = self.p["place.street_m"]
        fall = math.exp(-((across + beyond) ** 2) / (2 * sigma * sigma))
        return fall / (2 * axis.half_m * sigma * math.sqrt(2 * math.pi))

    def _point_density(self, clue: Clue, x: float, y: float, variance: float) -> float:
        p, coarse = self.p, clue.coarse
        fine2, wide2 = p["place.fine_m"] ** 2 + variance, p["place.coarse_m"] ** 2 + variance
        dense = 0.0
        for px, py, weight in clue.points:
            square = (px - x) ** 2 + (py - y) ** 2
            if square < 12 * fine2:
                dense += weight * (1 - coarse) * normal(square, fine2)
            if coarse and square < 12 * wide2:
                dense += weight * coarse * normal(square, wide2)
        return dense

    # ------------------------------------------------------------------ against an incident
    def spread2(self, profile: Profile) -> float:
        """Square of how far apart the incident's places may lie, by its kind."""
        tops = profile.tops
        if not profile.spread2:
            spread = self.spread_m
            profile.spread2 = sum(share * spread[n] ** 2 for n, share in tops) if tops else 60.0**2
        return profile.spread2

    def place(self, clue: Clue, profile: Profile, alone: float) -> float:
        told, value = clue.mention, 0.0
        spread2 = self.spread2(profile)
        if told is not None:
            value = self._named(told, profile, spread2)
        if clue.points:
            wrong = self.p["place.wrong_share"]
            if profile.precision:
                variance = spread2 + 1 / profile.precision
                dense = (1 - wrong) * self._point_density(clue, profile.x, profile.y, variance)
            elif profile.streets:
                dense = (1 - wrong) * self._on_street(clue, profile)
            else:
                dense = (1 - wrong) / self.area
            value += math.log((dense + wrong / self.area) / alone)
        return value

    def _on_street(self, clue: Clue, profile: Profile) -> float:
        x, y, _ = clue.points[0]
        axes = [a for s in profile.streets for a in self.gazetteer.axes_of(s)]
        dense = max((self._street_density(a, x, y) for a in axes), default=1 / self.area)
        return dense

    def _named(self, told: Mention, profile: Profile, spread2: float) -> float:
        p = self.p
        value = 0.0
        if told.district and profile.districts:
            total = sum(profile.districts.values())
            same = (profile.districts.get(told.district, 0.0) + 0.1) / (total + 0.5)
            value += math.log((same + 0.02) * 8) if told.level == "district" else 0.0
            if told.level != "district" and same < 0.2:
                value -= 2.0
        if told.level == "district":
            return value
        if told.level == "street":
            return value + self._street(told, profile)
        names = self.names
        named, novelty = profile.named, p["place.novelty"] * (1 + spread2 / p["place.wide_m"] ** 2)
        same = profile.keys.get(told.key, 0.0) / (named + novelty)
        new = (novelty + 0.15 * len(profile.keys)) / (named + novelty + 0.15 * len(profile.keys))
        spatial = self._near_name(told, profile, spread2)
        if not same and not told.at:
            spatial *= p["place.same_stem"] if stem(told.key) in profile.stems else p["place.other_stem"]
        chance = (1 - p["place.wrong_words"]) * (same + new * spatial) + p["place.wrong_words"] / names
        value += math.log(chance * names / max(1, len(told.at)))
        if told.building and same and profile.buildings:
            value += self._building(told, profile, spread2)
        return value

    def _near_name(self, told: Mention, profile: Profile, spread2: float) -> float:
        """Chance that one of the incident names just this place, by how near it lies."""
        p, names = self.p, self.names
        if told.level == "address":
            axes = self.gazetteer.axes_of(told.street)
            if not profile.precision or not axes:
                return (4.0 if told.street in profile.streets else 0.5) / names
            near = max(self._street_density(a, profile.x, profile.y) for a in axes)
            return min(0.2, near * self.cell * 0.5)
        at = told.at or tuple(self.gazetteer.at.get(told.key, ()))
        if at and profile.maybe and not profile.precision:
            square = min((x - a) ** 2 + (y - b) ** 2 for x, y in at for a, b in profile.maybe)
            variance = 2 * p["place.beside_m"] ** 2 + spread2
            return min(0.35, normal(square, variance) * self.cell / len(profile.maybe))
        if not at or not profile.precision:
            return 0.7 / names
        sigma = p["place.site_m"] if told.level == "site" else p["place.beside_m"]
        variance = spread2 + 1 / profile.precision + sigma * sigma
        square = min((x - profile.x) ** 2 + (y - profile.y) ** 2 for x, y in at)
        if square > 16 * variance:
            return 0.0
        other = 1.0
        if told.level == "site" and profile.sited and told.key not in profile.keys:
            other = min(1.0, max(p["place.other_site"], spread2 / p["place.wide_m"] ** 2))
        return min(0.35, normal(square, variance) * self.cell) * other

    def _street(self, told: Mention, profile: Profile) -> float:
        count = self.streets
        known = profile.streets.get(told.street, 0.0)
        if known:
            return math.log(0.5 * count * min(1.0, 0.5 + known / (profile.named + 2)))
        axes = self.gazetteer.axes_of(told.street)
        if not profile.precision or not axes:
            return -0.7
        across = min(sum(a.foot(profile.x, profile.y)) for a in axes)
        sigma2 = self.p["place.street_m"] ** 2 + 1 / profile.precision
        near = math.exp(-across * across / (2 * sigma2))
        return math.log(0.25 * count * near + 0.02)

    def _building(self, told: Mention, profile: Profile, spread2: float) -> float:
        p, total = self.p, sum(profile.buildings.values())
        slip = p["place.wrong_building"] + min(0.5, spread2 / 25_000.0)
        share = profile.buildings.get(told.building, 0.0) / total
        chance = (1 - slip) * (share * total + 0.1) / (total + 0.2) + slip / p["place.buildings"]
        return math.log(chance * p["place.buildings"])

    def kind(self, clue: Clue, profile: Profile, alone: float) -> float:
        if not clue.kind_known or not profile.tops:
            return 0.0
        kinds, left = clue.kinds, 1.0
        chance = 0.0
        for n, share in profile.tops:
            chance += share * kinds[n]
            left -= share
        return math.log((chance + max(left, 0.0) * self.p["kind.floor"]) / alone)

    def time(self, clue: Clue, profile: Profile, rate_s: float) -> float:
        """Prior and moment: calls still to come about the incident against new things told, per second."""
        p = self.p
        age = clue.at_s - profile.start_s
        count = profile.count
        tau = 60 * p["time.tau_min"] * (1 + 0.12 * math.log1p(count))
        tail, slow = p["time.tail_share"], p["time.tail_factor"] * tau
        late = age if age > 0 else 0.0
        quick, long = math.exp(-late / tau), math.exp(-late / slow)
        density = (1 - tail) / tau * quick + tail / slow * long
        heard = 1 - (1 - tail) * quick - tail * long
        rate = (count + p["time.more"]) * density / (heard + p["time.begun"])
        value = math.log(rate + 1e-9) - math.log(p["time.new_share"] * rate_s)
        if age < 0:
            value -= min(6.0, -age / (60 * p["time.early_min"]) * min(3.0, 1 + 0.3 * count))
        silent = clue.at_s - profile.last_s - 60 * p["time.silence_min"]
        if silent > 0:
            value -= silent / (60 * p["time.fading_min"])
        if clue.occurred_s is not None:
            value += self._occurred(clue.occurred_s - profile.start_s, count)
        return value

    def _occurred(self, off_s: float, count: int) -> float:
        sigma = 60 * self.p["time.occurred_min"]
        if off_s >= 0:
            return max(0.8 - (off_s / sigma) ** 2 / 2, -2.0)
        return 0.8 - min(3.0, -off_s / sigma * min(3.0, 1 + 0.3 * count))

    def facts(self, clue: Clue, profile: Profile) -> float:
        p, total = self.p, 0.0
        for fact in clue.facts:
            if fact.negated:
                continue
            held = profile.facts.get(fact.measure)
            if not held:
                continue
            total += self._fact(fact, held)
        most = p["fact.most"]
        return max(-most, min(most, p["fact.weight"] * total))

    def _fact(self, fact: Fact, held: list[Fact]) -> float:
        p = self.p
        if fact.measure == "depth" and fact.low:
            logs = [math.log(h.low) for h in held[-12:] if h.low]
            if not logs:
                return 0.0
            within, between = p["fact.depth_within"], p["fact.depth_between"]
            mean = sum(logs) / len(logs)
            off = math.log(fact.low) - mean
            spread2 = within**2 * (1 + 1 / len(logs))
            base = math.log(fact.low / p["fact.depth_median_m"])
            value = math.log(between / math.sqrt(spread2)) - off * off / (2 * spread2)
            return max(-2.0, min(1.5, value + base * base / (2 * between**2)))
        if fact.measure in COUNTS and fact.low is not None:
            return self._count(fact, [h for h in held[-16:] if h.low is not None])
        if fact.label:
            labels = [h.label for h in held]
            if fact.label in labels:
                return 0.7
            return -1.2 if len(labels) > 3 else -0.5
        return 0.2

    def _count(self, fact: Fact, held: list[Fact]) -> float:
        if not held or fact.low is None or fact.high is None:
            return 0.0
        p, low, high = self.p, fact.low, fact.high
        base = min(0.3, 0.7 / (1 + low))
        equal = near = 0
        for other in held:
            if other.low is None or other.high is None:
                continue
            if low == other.low and high == other.high:
                equal += 1
            elif low <= other.high * 1.25 + 0.6 and other.low <= high * 1.25 + 0.6:
                near += 1
        n = len(held)
        width = 1 + 0.5 * low
        chance = p["fact.equal"] * (equal / n) + p["fact.near"] * (equal + near) / n / width
        chance += (1 - p["fact.equal"] - p["fact.near"]) * base + 0.003
        return math.log(chance / base)

    # ------------------------------------------------------------------ all of it
    def parts(self, clue: Clue, profile: Profile, alone: tuple[float, float], rate_s: float,
              said: tuple[float, str]) -> tuple[Part, ...]:  # fmt: skip
        """The same sum, feature by feature, with what was compared."""
        found = []
        if "place" in self.features:
            found.append(
                Part("place", round(self.place(clue, profile, alone[1]), 2), self._where(clue, profile))
            )
        if "kind" in self.features:
            found.append(
                Part("kind", round(self.kind(clue, profile, alone[0]), 2), self._codes(clue, profile))
            )
        if "time" in self.features:
            off = round((clue.at_s - profile.start_s) / 60, 1)
            told: dict[str, str | float] = {"minutes_after_start": off, "reports": float(profile.count)}
            found.append(Part("time", round(self.time(clue, profile, rate_s), 2), told))
        if "facts" in self.features:
            found.append(Part("facts", round(self.facts(clue, profile), 2), self._told(clue, profile)))
        if said[0]:
            found.append(Part("voice", round(said[0], 2), {"because": said[1]}))
        return tuple(found)

    def _codes(self, clue: Clue, profile: Profile) -> dict[str, str | float]:
        """Codes filed by the channel, where both sides have one."""
        if not clue.code or not profile.codes:
            return {}
        return {
            "report": clue.code,
            "incident": clue.code if clue.code in profile.codes else min(profile.codes),
        }

    def _told(self, clue: Clue, profile: Profile) -> dict[str, str | float]:
        """The words of facts that both sides speak of."""
        both = [f for f in clue.facts if not f.negated and f.measure in profile.facts]
        return {"words": ", ".join(clue.flat[f.begin : f.end] for f in both)[:80]} if both else {}

    def _where(self, clue: Clue, profile: Profile) -> dict[str, str | float]:
        told: dict[str, str | float] = {}
        if clue.mention is not None:
            told["named"] = clue.flat[clue.mention.begin : clue.mention.end] or clue.mention.key
            told["named_before"] = profile.keys.get(clue.mention.key, 0.0)
        if clue.points and profile.precision:
            x, y, _ = clue.points[0]
            told["distance_m"] = round(math.hypot(x - profile.x, y - profile.y))
        return told
