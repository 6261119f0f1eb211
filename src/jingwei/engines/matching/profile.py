"""What is held of one incident: kinds, place, times, facts, voices. Built from its clues, nothing else."""

import math
from bisect import insort
from heapq import nlargest

from jingwei.engines.matching.ground import NOTHING, Ground, Said
from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.tracks import Trace
from jingwei.engines.matching.values import Clue
from jingwei.engines.reading.facts import Fact
from jingwei.engines.reading.places import Mention, stem

#: Kinds held likely of one incident. Source: our estimate, a family has six at most, 2026-11-29.
MOST_KINDS = 8


class Profile:
    """One incident in memory. Positions in metres, times in seconds; `precision` is 1 / m²."""

    __slots__ = (
        "_tops", "box", "buildings", "callers", "count", "devices", "districts", "facts",
        "first_s", "grave", "id", "keys", "kind_logs", "last_s", "members",
        "named", "precision", "sited", "split_at", "spread2", "start_s",
        "starts", "stems", "streets", "times", "trace", "x", "y",
    )  # fmt: skip

    def __init__(self, number: int, kinds: int) -> None:
        self.id = number
        self.members: list[Clue] = []
        self.count = 0
        self.kind_logs = [0.0] * kinds
        self._tops: list[tuple[int, float]] | None = []
        self.spread2 = 0.0
        self.x = self.y = self.precision = 0.0
        self.box: list[float] = []
        self.keys: dict[str, float] = {}
        self.named = 0.0
        self.starts: list[float] = []
        self.times: list[float] = []
        self.sited = 0
        self.trace = Trace()
        self.stems: set[str] = set()
        self.split_at = 4
        self.buildings: dict[int, float] = {}
        self.streets: dict[str, float] = {}
        self.districts: dict[str, float] = {}
        self.first_s = self.start_s = math.inf
        self.last_s = -math.inf
        self.facts: dict[str, list[Fact]] = {}
        self.grave = 0
        self.devices = 0
        self.callers: set[str] = set()

    def take(self, clue: Clue, ground: Ground) -> None:
        """Take a report in. A repeated caller is one voice: it does not count again."""
        self.members.append(clue)
        again = bool(clue.caller) and clue.caller in self.callers
        if clue.caller:
            self.callers.add(clue.caller)
        self.count += not again
        self.first_s = min(self.first_s, clue.at_s)
        self.last_s = max(self.last_s, clue.at_s)
        began = clue.at_s if clue.occurred_s is None else min(clue.at_s, clue.occurred_s)
        insort(self.times, clue.at_s)
        insort(self.starts, began)
        del self.starts[16:]
        # the earliest of many may be another thing's: the second of six, the third of fifteen
        self.start_s = self.starts[(len(self.starts) >= 6) + (len(self.starts) >= 15)]
        self.grave += clue.grave
        self.devices += clue.device
        for fact in clue.facts:
            if not fact.negated:
                self.facts.setdefault(fact.measure, []).append(fact)
        if not again:
            self._take_kind(clue)
        self._take_place(clue, ground, self.wide2(ground))

    def copy(self) -> "Profile":
        """The same knowledge, free to grow on its own; members are left out."""
        other = Profile.__new__(Profile)
        for name in Profile.__slots__:
            held = getattr(self, name)
            if isinstance(held, Trace):
                held = held.copy()
            elif isinstance(held, dict):
                held = {k: list(v) if isinstance(v, list) else v for k, v in held.items()}
            elif isinstance(held, list | set) and name != "members":
                held = held.copy()
            setattr(other, name, [] if name == "members" else held)
        return other

    def _take_kind(self, clue: Clue) -> None:
        if clue.kind_logs:
            self.kind_logs = [a + b for a, b in zip(self.kind_logs, clue.kind_logs, strict=True)]
            self._tops = None

    @property
    def tops(self) -> list[tuple[int, float]]:
        """The likely kinds with their shares; empty where nothing is known."""
        if self._tops is None:
            logs = self.kind_logs
            least = max(logs) - 5
            likely = [(x, n) for n, x in enumerate(logs) if x > least]
            if len(likely) > MOST_KINDS:
                likely = nlargest(MOST_KINDS, likely)
            weights = [(n, math.exp(x - least)) for x, n in likely]
            whole = sum(w for _, w in weights)
            self._tops = [(n, w / whole) for n, w in weights]
            self.spread2 = 0.0
        return self._tops

    def said(self, clue: Clue, ground: Ground, spread2: float) -> Said:
        """How the report's names stand to those told of this incident before."""
        told = clue.mention
        if told is None or told.level == "district":
            return NOTHING
        p, again, other, rest = ground.p, 0.0, 1.0, 1.0
        if told.level in ("site", "beside"):
            novelty = p["place.novelty"] * (1 + spread2 / p["place.wide_m"] ** 2)
            held = self.keys.get(told.key, 0.0)
            if held:
                again = held / (self.named + novelty) * ground.names / max(1.0, ground.sight(clue).places)
                again *= p["place.again"]
            elif not told.at:
                new = (novelty + 0.15 * len(self.keys)) / (self.named + novelty + 0.15 * len(self.keys))
                if self.named:
                    new *= p["place.same_stem"] if stem(told.key) in self.stems else p["place.other_stem"]
                again = new + 1e-3
            elif told.level == "site" and self.sited:
                other = min(1.0, max(p["place.other_site"], spread2 / p["place.wide_m"] ** 2))
            if told.building and held and self.buildings:
                rest *= self._building(told.building, p, spread2)
        elif told.street:
            rest = self._number(told, ground, spread2)
        return Said(again, other, rest)

    def _building(self, building: int, p: Parameters, spread2: float) -> float:
        total = sum(self.buildings.values())
        slip = p["place.wrong_building"] + min(0.5, spread2 / 25_000.0)
        chance = (1 - slip) * (self.buildings.get(building, 0.0) + 0.1) / (total + 0.2)
        return (chance + slip / p["place.buildings"]) * p["place.buildings"]

    def _number(self, told: Mention, ground: Ground, spread2: float) -> float:
        """House numbers of one street: the same again, or another."""
        rest = 1.0
        if not ground.gazetteer.axes_of(told.street) and self.streets:
            rest = 0.5 * ground.streets if told.street in self.streets else 0.3
        if told.level == "address":
            same = self.keys.get(told.key, 0.0)
            others = sum(n for key, n in self.keys.items() if key.startswith(f"{told.street}#")) - same
            if same or others:
                slip = ground.p["place.other_number"] + min(0.5, spread2 / 25_000.0)
                rest *= ((1 - slip) * (same + 0.1) / (same + others + 0.2) + slip / 20.0) * 20.0
        return rest

    def wide2(self, ground: Ground) -> float:
        """Square of how far apart its places may lie, by its kind."""
        tops = self.tops
        if not self.spread2:
            self.spread2 = sum(share * ground.spreads2[n] for n, share in tops) if tops else ground.unknown2
        return self.spread2

    @property
    def top(self) -> int:
        """The likeliest kind; -1 where nothing is known."""
        return max(self.tops, key=lambda t: t[1])[0] if self.tops else -1

    def _take_place(self, clue: Clue, ground: Ground, spread2: float) -> None:
        told = clue.mention
        self.trace.take(ground.sight(clue), ground, spread2, self.said(clue, ground, spread2))
        if told is not None:
            if told.level in ("site", "beside", "address"):
                self.keys[told.key] = self.keys.get(told.key, 0.0) + 1
                self.named += 1
                self.stems.add(stem(told.key))
                if told.building and told.level == "site":
                    self.buildings[told.building] = self.buildings.get(told.building, 0.0) + 1
            if told.street:
                self.streets[told.street] = self.streets.get(told.street, 0.0) + 1
            if told.district:
                self.districts[told.district] = self.districts.get(told.district, 0.0) + 1
            self.sited += told.level == "site" and bool(told.at)
        best = self.trace.best()
        if best is None:
            self.precision = 0.0
            return
        self.x, self.y, self.precision = best.x, best.y, 1 / best.variance
        self._widen(clue, spread2)

    def agreed(self, clue: Clue, spread2: float) -> tuple[float, float] | None:
        """What the report names or sends that lies at the incident's likeliest point; None: nothing does."""
        spots = [at[:2] for at in clue.points]
        if clue.mention is not None:
            spots += clue.mention.at
        if not spots:
            return None
        x, y = min(spots, key=lambda at: (at[0] - self.x) ** 2 + (at[1] - self.y) ** 2)
        reach2 = 9 * (spread2 + 1 / self.precision + 3600.0)
        return (x, y) if (x - self.x) ** 2 + (y - self.y) ** 2 < reach2 else None

    def _widen(self, clue: Clue, spread2: float) -> None:
        """The box of what agrees with the likeliest point."""
        near = self.agreed(clue, spread2)
        if near is not None:
            x, y = near
            box = self.box or [x, y, x, y]
            self.box = [min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)]


def normal(square: float, variance: float) -> float:
    """Density of a round normal distribution, per square metre."""
    return math.exp(-square / (2 * variance)) / (2 * math.pi * variance)
