"""What is held of one incident: kinds, place, times, facts, voices. Built from its clues, nothing else."""

import math
from bisect import insort
from heapq import nlargest

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.values import Clue
from jingwei.engines.reading.facts import Fact
from jingwei.engines.reading.places import Mention, stem

#: One sight of the place: x, y, spread if it is fine, spread if it is coarse, chance that it is coarse.
Sight = tuple[float, float, float, float, float]
#: Kinds held likely of one incident. Source: our estimate, a family has six at most, 2026-11-29.
MOST_KINDS = 8
#: Sights kept of one incident. Source: our estimate, more do not move the mean, 2026-11-22.
MOST_SIGHTS = 16


class Profile:
    """One incident in memory. Positions in metres, times in seconds; `precision` is 1 / m²."""

    __slots__ = (
        "_tops", "box", "buildings", "callers", "count", "devices", "districts", "facts",
        "first_s", "grave", "id", "keys", "kind_logs", "last_s", "maybe", "members",
        "named", "precision", "sights", "sited", "split_at", "spread2", "start_s",
        "starts", "stems", "streets", "x", "y",
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
        self.sights: list[Sight] = []
        self.keys: dict[str, float] = {}
        self.named = 0.0
        self.starts: list[float] = []
        self.sited = 0
        self.maybe: tuple[tuple[float, float], ...] = ()
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

    def take(self, clue: Clue, p: Parameters) -> None:
        """Take a report in. A repeated caller is one voice: it does not count again."""
        self.members.append(clue)
        again = bool(clue.caller) and clue.caller in self.callers
        if clue.caller:
            self.callers.add(clue.caller)
        self.count += not again
        self.first_s = min(self.first_s, clue.at_s)
        self.last_s = max(self.last_s, clue.at_s)
        began = clue.at_s if clue.occurred_s is None else min(clue.at_s, clue.occurred_s)
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
        self._take_place(clue, p)

    def copy(self) -> "Profile":
        """The same knowledge, free to grow on its own; members are left out."""
        other = Profile.__new__(Profile)
        for name in Profile.__slots__:
            held = getattr(self, name)
            if isinstance(held, dict):
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

    def _take_place(self, clue: Clue, p: Parameters) -> None:
        told = clue.mention
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
            if told.level in ("site", "beside") and len(told.at) > 1:
                self._take_shared(told, p)
            elif told.level in ("site", "beside") and told.at:
                sigma = p["place.site_m"] if told.level == "site" else p["place.beside_m"]
                self.sited += told.level == "site"
                if self.keys[told.key] <= 2:  # a name said often is no better known for it
                    self._see((*told.at[0], sigma, sigma, 0.0), p)
        for x, y, weight in clue.points:
            if weight > 0.5:
                self._see((x, y, p["place.fine_m"], p["place.coarse_m"], clue.coarse), p)

    def _take_shared(self, told: Mention, p: Parameters) -> None:
        """A name of several places: the one near what is known already, or all of them for the time being."""
        if not self.precision:
            self.maybe = told.at if not self.maybe else self.maybe
            return
        x, y = min(told.at, key=lambda at: (at[0] - self.x) ** 2 + (at[1] - self.y) ** 2)
        if self.keys[told.key] <= 2 and math.hypot(x - self.x, y - self.y) < 1000:
            sigma = p["place.beside_m"]
            self._see((x, y, sigma, sigma, 0.0), p)

    def _see(self, sight: Sight, p: Parameters) -> None:
        """Weigh a sight of the place by how well it agrees with the others; some are plainly wrong."""
        sights = self.sights
        held2 = p["place.position_m"] ** 2
        new = len(sights) < MOST_SIGHTS
        if new:
            sights.append(sight)
        if len(sights) == 1 or not self.precision:
            self._settle((sight[0], sight[1]), held2)
            return
        square = (sight[0] - self.x) ** 2 + (sight[1] - self.y) ** 2
        if square <= 9 * (held2 + 1 / self.precision + sight[2] ** 2):
            self._lean(sight, square, held2)
        elif new:
            centre = max(((s[0], s[1]) for s in sights), key=lambda at: self._agreement(at, held2))
            self._settle(centre, held2)

    def _lean(self, sight: Sight, square: float, held2: float) -> None:
        """Move towards one more sight that agrees."""
        x, y, fine, wide, coarse = sight
        near = (1 - coarse) * normal(square, fine * fine + held2)
        far = coarse * normal(square, wide * wide + held2) if coarse else 0.0
        weight = (near / (fine * fine) + far / (wide * wide)) / (near + far + 1e-10)
        whole = self.precision + weight
        self.x += (x - self.x) * weight / whole
        self.y += (y - self.y) * weight / whole
        self.precision = min(whole, 0.01)
        if weight > 1e-5:
            box = self.box or [x, y, x, y]
            self.box = [min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)]

    def _agreement(self, at: tuple[float, float], held2: float) -> float:
        """How well all sights agree with a place."""
        total = 0.0
        for x, y, fine, wide, coarse in self.sights:
            square = (x - at[0]) ** 2 + (y - at[1]) ** 2
            near = (1 - coarse) * normal(square, fine * fine + held2)
            if coarse:
                near += coarse * normal(square, wide * wide + held2)
            total += math.log(near + 1e-10)
        return total

    def _settle(self, centre: tuple[float, float], held2: float) -> None:
        cx, cy = centre
        sx = sy = whole = 0.0
        self.box = []
        for x, y, fine, wide, coarse in self.sights:
            square = (x - cx) ** 2 + (y - cy) ** 2
            near = (1 - coarse) * normal(square, fine * fine + held2)
            far = coarse * normal(square, wide * wide + held2) if coarse else 0.0
            weight = near / (near + far + 1e-10) / (fine * fine) + far / (near + far + 1e-10) / (wide * wide)
            if weight < 1e-8:
                continue
            sx, sy, whole = sx + weight * x, sy + weight * y, whole + weight
            if weight > 1e-5:
                box = self.box or [x, y, x, y]
                self.box = [min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)]
        if whole:
            self.x, self.y, self.precision = sx / whole, sy / whole, min(whole, 0.01)


def normal(square: float, variance: float) -> float:
    """Density of a round normal distribution, per square metre."""
    return math.exp(-square / (2 * variance)) / (2 * math.pi * variance)
