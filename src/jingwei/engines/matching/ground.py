"""The ground of incidents: what a report says of the place, and how well a guess about it agrees.

How much rather a name means a place where reports come from than its namesake elsewhere, and how likely it
is in no register, is learned from the stream.
"""

import math
from typing import NamedTuple

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.values import Clue
from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.places import Axis, Gazetteer

#: Side of the squares in which is noted where reports come from, metres. Source: our estimate, 2026-11-30.
ACTIVE_M = 1000.0
#: Places looked at of those a name may mean. Source: our estimate, cost, 2026-11-30.
MOST_PLACES = 6
#: No guess is held more exactly than this, metres. Source: our estimate, a building's width, 2026-11-30.
SURE_M = 10.0

#: One thing a report may mean: x, y, variance in m², share.
Spot = tuple[float, float, float, float]


class Sight(NamedTuple):
    """What one report says of the place. `named`, `sent`: spots whose shares sum to 1, or empty."""

    named: tuple[tuple[float, float, float], ...]
    sent: tuple[Spot, ...]
    axes: tuple[Axis, ...]
    own: float  # chance that the place named is the place meant, not one near it
    lost: float  # chance that the name means a place in no register
    places: float  # how many places of that name there may be where reports come from
    key: str
    district: str

    @property
    def empty(self) -> bool:
        return not (self.named or self.sent or self.axes or self.key or self.district)


class Track:
    """One guess: a point with variance, or a street."""

    __slots__ = ("axis", "log", "variance", "x", "y")

    def __init__(self, x: float, y: float, variance: float, log: float, axis: Axis | None = None) -> None:
        self.x, self.y, self.variance, self.log, self.axis = x, y, variance, log, axis


class Said(NamedTuple):
    """How a report's names stand to those told of one incident before.

    `again`: how much likelier the name is here than by chance, where it was told here before, else 0.
    `other`: factor for a registered name other than the one told. `rest`: factor of street and number.
    """

    again: float = 0.0
    other: float = 1.0
    rest: float = 1.0


NOTHING = Said()


class Ground:
    """What is known of the ground: the gazetteer, and over how much of it reports come."""

    def __init__(self, p: Parameters, gazetteer: Gazetteer, spread_m: list[float]) -> None:
        self.p, self.gazetteer = p, gazetteer
        most, share = p["place.spread_most_m"], p["place.spread_share"]
        self.unknown2 = (0.5 * p["place.site_m"]) ** 2
        self.spreads2 = [min(most, share * m) ** 2 for m in spread_m]
        self._names: set[str] = set()
        self._cells: set[tuple[int, int]] = set()
        self._streets: set[str] = set()
        self.own2, self.near2 = p["place.site_m"] ** 2, p["place.beside_m"] ** 2
        self.named2 = self.own2
        self._district_of: dict[tuple[int, int], str] = {}
        for site in gazetteer.sites:
            if site.districts:
                x, y = gazetteer.metres(site.lon, site.lat)
                at = (math.floor(x / ACTIVE_M), math.floor(y / ACTIVE_M))
                self._district_of.setdefault(at, flatten(site.districts[0]))
        self.districts = float(max(2, len(set(self._district_of.values()))))
        self._warmth = 0.0
        self._active: dict[tuple[int, int], float] = {}
        self._sights: dict[str, Sight] = {}
        self._alone: dict[str, float] = {}
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
                self._warm(x, y)
        if len(self._names) + len(self._cells) + len(self._streets) != before:
            self._measure()

    def _warm(self, x: float, y: float) -> None:
        i, j = math.floor(x / ACTIVE_M), math.floor(y / ACTIVE_M)
        active = self._active
        for a in (i - 1, i, i + 1):
            for b in (j - 1, j, j + 1):
                active[a, b] = active.get((a, b), 0.0) + 1
        self._warmth += 9

    def _measure(self) -> None:
        g = self.gazetteer
        self.names = min(1.5 * g.count, 1.3 * len(self._names) + 20.0)
        self.area = min(g.area_m2, (len(self._cells) + 20) * 250_000.0)
        self.streets = min(float(g.street_count), 1.3 * len(self._streets) + 10.0)

    def activity(self, x: float, y: float) -> float:
        """How much rather something happens here than where most reports come from, at most 1."""
        seen = self._active.get((math.floor(x / ACTIVE_M), math.floor(y / ACTIVE_M)), 0.0)
        some = self.p["place.active"]
        return min(1.0, (seen + some) / (self._warmth / max(1, len(self._active)) + some))

    # ------------------------------------------------------------------ of one report
    def sight(self, clue: Clue) -> Sight:
        """What the report says of the place, read once."""
        known = self._sights.get(clue.id)
        if known is None:
            known = self._sights[clue.id] = self._sight(clue)
        return known

    def _sight(self, clue: Clue) -> Sight:
        p, told = self.p, clue.mention
        named: tuple[tuple[float, float, float], ...] = ()
        axes: tuple[Axis, ...] = ()
        own, lost, places, key = 1.0, 1.0, 1.0, ""
        if told is not None and told.level in ("site", "beside"):
            key = told.key
            own = p["place.own_beside"] if told.level == "beside" else p["place.own_site"]
            rated = [(x, y, self.activity(x, y)) for x, y in told.at]
            whole = sum(r[2] for r in rated)
            if rated:
                lost = p["place.unlisted"] / (p["place.unlisted"] + whole)
                places = p["place.unlisted"] + whole
                rated = sorted(rated, key=lambda r: -r[2])[:MOST_PLACES]
                whole = sum(r[2] for r in rated)
                named = tuple((x, y, rate / whole) for x, y, rate in rated)
        elif told is not None and told.street:
            axes = tuple(self.gazetteer.axes_of(told.street))
        return Sight(named, self._sent(clue), axes, own, lost, places, key, told.district if told else "")

    def _sent(self, clue: Clue) -> tuple[Spot, ...]:
        fine2, wide2 = self.p["place.fine_m"] ** 2, self.p["place.coarse_m"] ** 2
        spots = []
        for x, y, weight in clue.points:
            spots.append((x, y, fine2, weight * (1 - clue.coarse)))
            if clue.coarse:
                spots.append((x, y, wide2, weight * clue.coarse))
        return tuple(spots)

    # ------------------------------------------------------------------ against a guess
    def fit(self, track: Track, sight: Sight, spread2: float, said: Said) -> float:
        """How much likelier the report's place is under one guess than by chance."""
        value = 1.0
        if sight.key:
            value = self._name(track, sight, spread2, said)
        elif sight.axes:
            value = self._street(track, sight)
        if sight.sent:
            value *= self._point(track, sight, spread2)
        if sight.district:
            value *= self._district(track, sight)
        return value

    def _name(self, track: Track, sight: Sight, spread2: float, said: Said) -> float:
        value = said.again or sight.lost
        dense = 0.0
        if track.axis is not None:
            for x, y, share in sight.named:
                dense += share * along(track.axis, x, y, self.p["place.street_m"])
            return value + (1 - sight.lost) * dense * self.area
        own2, near2 = self.own2 + spread2 + track.variance, self.near2 + spread2 + track.variance
        for x, y, share in sight.named:
            square = (x - track.x) ** 2 + (y - track.y) ** 2
            if square < 18 * near2:
                near = (1 - sight.own) * math.exp(-square / (2 * near2)) / near2
                if square < 18 * own2:
                    near += sight.own * said.other * math.exp(-square / (2 * own2)) / own2
                dense += share * near
        return value + (1 - sight.lost) * dense * self.area / (2 * math.pi)

    def _street(self, track: Track, sight: Sight) -> float:
        p = self.p
        wrong = p["place.wrong_words"]
        if track.axis is not None:
            fall = 1.0 if track.axis in sight.axes else 0.02
        else:
            sigma2 = p["place.street_m"] ** 2 + track.variance
            across = min(sum(a.foot(track.x, track.y)) for a in sight.axes)
            fall = math.exp(-across * across / (2 * sigma2))
        return (1 - wrong) * fall * self.streets / len(sight.axes) + wrong

    def _point(self, track: Track, sight: Sight, spread2: float) -> float:
        wrong, dense = self.p["place.wrong_share"], 0.0
        if track.axis is not None:
            for x, y, _, share in sight.sent:
                dense += share * along(track.axis, x, y, self.p["place.street_m"])
            return (1 - wrong) * dense * self.area + wrong
        for x, y, variance, share in sight.sent:
            whole = variance + spread2 + track.variance
            square = (x - track.x) ** 2 + (y - track.y) ** 2
            if square < 18 * whole:
                dense += share * math.exp(-square / (2 * whole)) / whole
        return (1 - wrong) * dense * self.area / (2 * math.pi) + wrong

    def _district(self, track: Track, sight: Sight) -> float:
        here = self.district_at(track.x, track.y)
        if not here:
            return 1.0
        right = self.p["place.district_right"]
        return right * self.districts if here == sight.district else (1 - right)

    def district_at(self, x: float, y: float) -> str:
        return self._district_of.get((math.floor(x / ACTIVE_M), math.floor(y / ACTIVE_M)), "")

    def update(self, track: Track, sight: Sight, spread2: float, said: Said) -> None:
        """Weigh one guess, and move it to where the report's place agrees with it."""
        if track.axis is not None:  # points along it become guesses of their own: here they count as wrong
            value = self.p["place.wrong_share"] if sight.sent else 1.0
            value *= self._street(track, sight) if sight.axes else sight.lost if sight.named else 1.0
            track.log += math.log(value)
            return
        if sight.key:
            value = self._name(track, sight, spread2, said)
            track.log += math.log(value)
            right = 1 - (said.again or sight.lost) / value
            if right > 0.01:
                x, y, _ = min(sight.named, key=lambda s: (s[0] - track.x) ** 2 + (s[1] - track.y) ** 2)
                self._move(track, (x, y), self.named2 + spread2, right)
        elif sight.axes:
            track.log += math.log(self._street(track, sight))
        if sight.district:
            track.log += math.log(self._district(track, sight))
        if sight.sent:
            self.sent(track, sight, spread2)

    def sent(self, track: Track, sight: Sight, spread2: float) -> None:
        """Weigh a guess by the point sent along, and move it there as far as the point is taken for right."""
        value = self._point(track, sight, spread2)
        track.log += math.log(value)
        right = 1 - self.p["place.wrong_share"] / value
        if right > 0.01:
            rated = []
            for x, y, variance, share in sight.sent:
                whole = variance + spread2 + track.variance
                square = (x - track.x) ** 2 + (y - track.y) ** 2
                rated.append((share * math.exp(-min(50.0, square / (2 * whole))) / whole, x, y, variance))
            top, x, y, variance = max(rated)
            right *= top / (sum(r[0] for r in rated) + 1e-30)
            self._move(track, (x, y), variance + spread2, right)

    def _move(self, track: Track, to: tuple[float, float], variance: float, agreed: float) -> None:
        gained, held = agreed / variance, 1 / track.variance
        track.x += (to[0] - track.x) * gained / (held + gained)
        track.y += (to[1] - track.y) * gained / (held + gained)
        track.variance = max(1 / (held + gained), SURE_M**2)

    def beside(self, street: Track, x: float, y: float) -> float:
        """How much likelier a point is along this street than anywhere."""
        return along(street.axis, x, y, self.p["place.street_m"]) * self.area if street.axis else 0.0

    def off(self, street: Track, sight: Sight, back: float = 0.0) -> list[Track]:
        """Points along a street where the report was sent from."""
        found = []
        wrong = self.p["place.wrong_share"]
        for x, y, variance, share in sight.sent:
            dense = self.beside(street, x, y) * (1 - wrong) * share
            if dense > 0.02:
                found.append(Track(x, y, variance, street.log - back + math.log(dense)))
        return found


def along(axis: Axis, x: float, y: float, sigma: float) -> float:
    """Density of a point that belongs to the street, per square metre."""
    across, beyond = axis.foot(x, y)
    whole = 2 * axis.half_m * sigma * math.sqrt(2 * math.pi)
    return math.exp(-((across + beyond) ** 2) / (2 * sigma * sigma)) / whole
