"""How much likelier a report speaks of an incident than of something new: a sum of logarithms by feature.

Fellegi and Sunter's weights [SRC-FELLEGI1969]: each feature adds the logarithm of its chance given the
incident over its chance given a new one. The prior follows a marked cluster process [SRC-OGATA1988]: how
many calls an incident heard so often, that long ago, still brings, against how many new ones begin.
"""

import math
from bisect import bisect
from collections.abc import Callable
from heapq import merge

from jingwei.engines.matching.ground import NOTHING, Ground
from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.profile import Profile
from jingwei.engines.matching.tracks import Trace
from jingwei.engines.matching.values import Clue, Part
from jingwei.engines.reading.facts import COUNTS, Fact
from jingwei.engines.reading.places import Gazetteer


class Usual:
    """Which share of the reports of a kind tell each measure; few reports lean on those of all kinds."""

    def __init__(self) -> None:
        self._all: dict[str, float] = {}
        self._count = 0.0
        self._by_kind: dict[int, tuple[list[float], dict[str, float]]] = {}
        self._known: dict[int, tuple[float, dict[str, float]]] = {}

    def note(self, clue: Clue) -> None:
        if clue.idle or clue.hearsay:
            return
        told = {f.measure for f in clue.facts if not f.negated}
        self._count += 1
        kind = clue.kinds.index(max(clue.kinds)) if clue.kind_known else -1
        count, held = self._by_kind.setdefault(kind, ([0.0], {}))
        count[0] += 1
        for measure in sorted(told):
            self._all[measure] = self._all.get(measure, 0.0) + 1
            held[measure] = held.get(measure, 0.0) + 1

    def shares(self, kind: int) -> Callable[[str], float]:
        """The share of each measure; reckoned anew as its reports grow by a tenth."""
        count, held = self._by_kind.get(kind, ([0.0], {}))
        at, known = self._known.get(kind, (0.0, {}))
        if count[0] > 1.1 * at or len(known) < len(self._all):
            known = {m: self._share(m, count[0], held) for m in self._all}
            self._known[kind] = (count[0], known)
        fallback = 0.5 / (self._count + 10.0)
        return lambda measure: known.get(measure, fallback)

    def _share(self, measure: str, count: float, held: dict[str, float]) -> float:
        every = (self._all[measure] + 0.5) / (self._count + 10.0)
        return min(0.9, (held.get(measure, 0.0) + 5.0 * every) / (count + 5.0))


class Scorer:
    """Compares clues with profiles under one set of parameters."""

    def __init__(self, p: Parameters, gazetteer: Gazetteer, spread_m: list[float]) -> None:
        self.p, self.gazetteer = p, gazetteer
        self.ground = Ground(p, gazetteer, spread_m)
        self.usual = Usual()
        self.features = {"place", "kind", "time", "facts", "words"}

    def note(self, clue: Clue) -> None:
        """Learn from one more report: the ground covered, and which facts are told of its kind."""
        self.ground.note(clue)
        self.usual.note(clue)

    def alone(self, clue: Clue, shares: list[float]) -> tuple[float, float]:
        """Chance of the report's kind, and how well its place holds together, when it tells something new."""
        kind = sum(s * c for s, c in zip(shares, clue.kinds, strict=True)) if clue.kind_known else 1.0
        trace = Trace()
        trace.take(self.ground.sight(clue), self.ground, 0.0, NOTHING)
        return kind, trace.log

    def place(self, clue: Clue, profile: Profile, alone: float) -> float:
        ground = self.ground
        spread2 = profile.wide2(ground)
        said = profile.said(clue, ground, spread2)
        value = profile.trace.weigh(ground.sight(clue), ground, spread2, said, alone)
        told = clue.mention
        if told is not None and told.level == "district" and not profile.precision and profile.districts:
            total = sum(profile.districts.values())
            same = (profile.districts.get(told.district, 0.0) + 0.1) / (total + 0.5)
            value += math.log((same + 0.02) * 8)
        return value

    def kind(self, clue: Clue, profile: Profile, alone: float) -> float:
        if not clue.kind_known or not profile.tops:
            return 0.0
        kinds, left = clue.kinds, 1.0
        chance = 0.0
        for n, share in profile.tops:
            chance += share * kinds[n]
            left -= share
        return math.log((chance + max(left, 0.0) * self.p["kind.floor"]) / alone)

    def time(self, clue: Clue, profile: Profile, rate_s: float, now_s: float = 0.0) -> float:
        """Prior and moment: calls still to come about the incident against new things told, per second."""
        p, count = self.p, profile.count
        start = profile.start_s
        density, heard = self._pace(clue.at_s - start, max(clue.at_s, now_s) - start, count)
        value = math.log((count + p["time.more"]) * density / (heard + p["time.begun"]) + 1e-9)
        value -= math.log(p["time.new_share"] * rate_s)
        age = clue.at_s - start
        if age < 0:
            value -= min(6.0, -age / (60 * p["time.early_min"]) * min(3.0, 1 + 0.3 * count))
        silent = _gap(clue.at_s, profile.times) - 60 * p["time.silence_min"]
        if silent > 0:
            value -= silent / (60 * p["time.fading_min"])
        if clue.occurred_s is not None:
            value += self._occurred(clue.occurred_s - start, count)
        return value

    def _pace(self, age_s: float, now_s: float, count: int) -> tuple[float, float]:
        """Density of a call so long after the start, and the share of all calls heard by now."""
        p = self.p
        tau = 60 * p["time.tau_min"] * (1 + 0.12 * math.log1p(count))
        tail, slow = p["time.tail_share"], p["time.tail_factor"] * tau
        late, now = max(0.0, age_s), max(0.0, now_s)
        density = (1 - tail) / tau * math.exp(-late / tau) + tail / slow * math.exp(-late / slow)
        return density, 1 - (1 - tail) * math.exp(-now / tau) - tail * math.exp(-now / slow)

    def story(self, times: list[float], count: int, rate_s: float, now_s: float) -> float:
        """How probable it is that just these calls were heard of one incident, logarithm.

        A gamma number of calls, Poisson heard so far: negative binomial; each call at its moment.
        """
        p, start = self.p, times[(len(times) >= 6) + (len(times) >= 15)]
        more, begun = p["time.more"], p["time.begun"]
        _, heard = self._pace(0.0, now_s - start, count)
        total = math.log(p["time.new_share"] * rate_s) + math.lgamma(count + more) - math.lgamma(more)
        total += more * math.log(begun) - (count + more) * math.log(begun + heard)
        each, before = 0.0, times[0]
        for at in times:
            each += math.log(self._pace(at - start, at - start, count)[0] + 1e-9)
            if at < start:
                each -= min(6.0, (start - at) / (60 * p["time.early_min"]))
            silent = at - before - 60 * p["time.silence_min"]
            if silent > 0:
                each -= silent / (60 * p["time.fading_min"])
            before = at
        # the start itself is not known: all moments within a mean delay by the number of calls
        return total + each * count / len(times) - math.log(count * self._pace(0.0, 0.0, count)[0])

    def one_story(self, one: Profile, other: Profile, rate_s: float, now_s: float) -> float:
        """How much better the calls of two incidents fit one than two, by their moments."""
        both = list(merge(one.times, other.times))
        apart = sum(self.story(i.times, i.count, rate_s, now_s) for i in (one, other))
        return self.story(both, one.count + other.count, rate_s, now_s) - apart

    def one_kind(self, one: Profile, other: Profile, shares: list[float]) -> float:
        """How much better their words and codes fit one kind than two."""
        if not one.tops or not other.tops:
            return 0.0
        both = [a + b for a, b in zip(one.kind_logs, other.kind_logs, strict=True)]
        return _mixed(both, shares) - _mixed(one.kind_logs, shares) - _mixed(other.kind_logs, shares)

    def _occurred(self, off_s: float, count: int) -> float:
        sigma = 60 * self.p["time.occurred_min"]
        if off_s >= 0:
            return max(0.8 - (off_s / sigma) ** 2 / 2, -2.0)
        return 0.8 - min(3.0, -off_s / sigma * min(3.0, 1 + 0.3 * count))

    def facts(self, clue: Clue, profile: Profile) -> float:
        p, total = self.p, self._told(clue, profile)
        for fact in clue.facts:
            if fact.negated:
                continue
            held = profile.facts.get(fact.measure)
            if not held:
                continue
            total += self._fact(fact, held)
        most = p["fact.most"]
        return max(-most, min(most, p["fact.weight"] * total))

    def _told(self, clue: Clue, profile: Profile) -> float:
        """Whether reports of this incident tell such facts at all, against reports of its kind.

        Shares with a beta prior around the kind's; what is not told counts, too.
        """
        told = {f.measure for f in clue.facts if not f.negated}
        if not told and not profile.facts:
            return 0.0
        n, prior, total = len(profile.members), self.p["fact.prior"], 0.0
        usual, held = self.usual.shares(profile.top), profile.facts
        for measure in sorted(told):
            base = usual(measure)
            said = len(held[measure]) if measure in held else 0
            total += math.log(((said if said < n else n) / base + prior) / (n + prior))
        for measure, facts in held.items():
            if measure not in told:
                base = usual(measure)
                here = (min(n, len(facts)) + prior * base) / (n + prior)
                total += math.log((1 - here) / (1 - base))
        return total

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
        return 0.0

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
            found.append(Part("kind", round(self.kind(clue, profile, alone[0]), 2)))
        if "time" in self.features:
            off = round((clue.at_s - profile.start_s) / 60, 1)
            told: dict[str, str | float] = {"minutes_after_start": off, "reports": float(profile.count)}
            found.append(Part("time", round(self.time(clue, profile, rate_s), 2), told))
        if "facts" in self.features:
            found.append(Part("facts", round(self.facts(clue, profile), 2)))
        if said[0]:
            found.append(Part("voice", round(said[0], 2), {"because": said[1]}))
        return tuple(found)

    def _where(self, clue: Clue, profile: Profile) -> dict[str, str | float]:
        told: dict[str, str | float] = {}
        if clue.mention is not None:
            told["named"] = clue.mention.key
            told["named_before"] = profile.keys.get(clue.mention.key, 0.0)
        if clue.points and profile.precision:
            x, y, _ = clue.points[0]
            told["distance_m"] = round(math.hypot(x - profile.x, y - profile.y))
        return told


def _gap(at_s: float, times: list[float]) -> float:
    """Seconds to the nearest of the calls heard."""
    n = bisect(times, at_s)
    near = times[max(0, n - 1) : n + 1]
    return min(abs(at_s - t) for t in near) if near else 0.0


def _mixed(logs: list[float], shares: list[float]) -> float:
    top = max(logs)
    total = sum(s * math.exp(x - top) for x, s in zip(logs, shares, strict=True) if x > top - 20)
    return top + math.log(total)
