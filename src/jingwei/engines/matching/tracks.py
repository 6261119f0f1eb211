"""Where an incident may be: several guesses held at once, each weighed by every report.

A guess is a point with its spread, a street, or "somewhere not known". A report bears each guess out or
speaks against it; what it names or sends may begin new guesses. So a name of several places, a point far
from all others and a name that is in no register are settled by all reports together, not by the first.
Source: [SRC-REID1979], several hypotheses kept of one target, each a Gaussian updated by its sightings.
"""

import math

from jingwei.engines.matching.ground import Ground, Said, Sight, Track

#: Guesses held of one incident. Source: our estimate, a name has at most some six places, 2026-11-30.
MOST_TRACKS = 8
#: Guesses this much less likely than the best are dropped, logarithm. Source: our estimate, 2026-11-30.
DROPPED = 9.0
#: A street or point that a name bears out no better than this is no guess. Source: our estimate, 2026-11-30.
FAINT = 0.02


class Trace:
    """The guesses about one incident. `log`: how much better they explain its reports than chance."""

    __slots__ = ("else_log", "log", "tracks")

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.else_log = 0.0
        self.log = 0.0

    def copy(self) -> "Trace":
        other = Trace()
        other.else_log, other.log = self.else_log, self.log
        other.tracks = [Track(t.x, t.y, t.variance, t.log, t.axis) for t in self.tracks]
        return other

    def weigh(self, sight: Sight, ground: Ground, spread2: float, said: Said, alone: float) -> float:
        """How much better the report's place fits this incident than a new one, logarithm."""
        if sight.empty:
            return math.log(said.rest)
        log, total = self.log, 0.0
        for track in self.tracks:
            weight = math.exp(track.log - log)
            if weight > 1e-7:
                total += weight * ground.fit(track, sight, spread2, said)
        fresh = math.exp(alone)
        if said.again:
            fresh += said.again
        total += math.exp(self.else_log - log) * fresh
        return math.log(total * said.rest) - alone

    def take(self, sight: Sight, ground: Ground, spread2: float, said: Said) -> None:
        """Bear every guess out or not, and begin new ones."""
        if sight.empty:
            return
        held = self.tracks
        before = self.else_log
        for track in held:
            ground.update(track, sight, spread2, said)
        self.else_log = self._spawn(sight, ground, before, said, held)
        self._settle()

    def _spawn(self, sight: Sight, ground: Ground, log: float, said: Said, near: list[Track]) -> float:
        """New guesses out of "somewhere", whose logarithm is `log`; what remains of it."""
        p, begun = ground.p, []
        wrong = p["place.wrong_share"]
        streets: list[Track] = [t for t in near if t.axis is not None]
        if sight.named:
            lost = sight.lost
            for x, y, share in sight.named:
                track = Track(x, y, ground.named2, log + math.log((1 - lost) * share))
                if sight.sent:
                    ground.sent(track, sight, 0.0)
                begun.append(track)
            back = math.log(lost * (wrong if sight.sent else 1.0))
            for street in streets:
                for x, y, share in sight.named:
                    dense = ground.beside(street, x, y) * (1 - lost) * share
                    if dense > FAINT:
                        track = Track(x, y, ground.named2, street.log - back + math.log(dense))
                        if sight.sent:
                            ground.sent(track, sight, 0.0)
                        begun.append(track)
            log += math.log(max(lost, said.again))
        elif said.again:
            log += math.log(said.again)
        if sight.axes:
            wrong_words = p["place.wrong_words"]
            share = (1 - wrong_words) / len(sight.axes)
            begun_axes = [Track(a.x, a.y, 0.0, log + math.log(share), a) for a in sight.axes]
            log += math.log(wrong_words)
            for street in begun_axes:
                if sight.sent and not any(t.axis is street.axis for t in streets):
                    begun += ground.off(street, sight)
                    street.log += math.log(wrong)
            begun += begun_axes
        if sight.sent and not sight.named:
            for street in streets:
                begun += ground.off(street, sight, math.log(wrong))
        if sight.sent:
            for x, y, variance, share in sight.sent:
                if share > 0.05:
                    begun.append(Track(x, y, variance, log + math.log((1 - wrong) * share)))
            log += math.log(wrong)
        for track in begun:
            if not any(_same(track, t) for t in self.tracks):
                self.tracks = [*self.tracks, track]
        return log

    def _settle(self) -> None:
        tracks = self.tracks
        top = max([self.else_log, *(t.log for t in tracks)])
        if len(tracks) > 1:
            tracks = [t for t in tracks if t.log > top - DROPPED]
            if len(tracks) > MOST_TRACKS:
                tracks.sort(key=lambda t: -t.log)
                del tracks[MOST_TRACKS:]
            self.tracks = tracks
        self.else_log = max(self.else_log, top - 14.0)
        self.log = top + math.log(sum(math.exp(t.log - top) for t in tracks) + math.exp(self.else_log - top))

    def best(self) -> Track | None:
        """The likeliest point; None where "somewhere" is likelier, or only streets are known."""
        points = [t for t in self.tracks if t.axis is None]
        if not points:
            return None
        top = max(points, key=lambda t: t.log)
        return top if top.log > self.else_log - 1.0 else None


def _same(one: Track, other: Track) -> bool:
    if one.axis is not None or other.axis is not None:
        return one.axis is other.axis
    square = (one.x - other.x) ** 2 + (one.y - other.y) ** 2
    return square < 4 * (one.variance + other.variance) and other.log > one.log - 3.0
