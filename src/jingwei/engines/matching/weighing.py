"""Weighing a report against what is held: candidates scored, what is forbidden, how sure is sure enough."""

import math
from collections.abc import Iterable

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.profile import Profile
from jingwei.engines.matching.state import State
from jingwei.engines.matching.values import Clue
from jingwei.engines.reading.places import Gazetteer

#: Candidate, its score, and what the same caller or the same words add, with the reason.
Scored = tuple[float, Profile, tuple[float, str]]

#: Incidents weighed in full for one report. Source: our estimate, 20 ms at p99, 2026-11-22.
MOST_WEIGHED = 32
#: Moment and kind this bad are not weighed further, natural logarithm. Source: our estimate, place and facts
#: seldom add as much, 2026-11-30.
HOPELESS = -8.0


class Weighing(State):
    """Scores of reports against incidents; nothing is changed here."""

    def __init__(
        self, gazetteer: Gazetteer, p: Parameters | None = None, *, without: Iterable[str] = ()
    ) -> None:
        super().__init__(gazetteer, p, without=without)
        self._alones: dict[str, tuple[float, float]] = {}

    def _scored(self, clue: Clue, rate_s: float) -> list[Scored]:
        """Candidates by score, best first."""
        alone = self._alone(clue)
        voices = self.candidates.voices(clue, self.where, self.clues)
        found = []
        near = self.candidates.near(
            clue, self.scorer.ground.sight(clue), self.profiles, voices, self.gazetteer
        )
        for number in near if len(near) <= MOST_WEIGHED else self._likely(clue, near, voices):
            profile = self.profiles[number]
            said = voices.get(number, (0.0, "")) if "words" in self.scorer.features else (0.0, "")
            if said[0] + self._quick(clue, profile, alone, rate_s) < HOPELESS:
                continue
            if self._forbidden(clue, profile):
                continue
            score = self.score(clue, profile, alone, rate_s, said[0])
            found.append((score, profile, said))
        found.sort(key=lambda s: (-s[0], s[1].id))
        return found

    def _likely(self, clue: Clue, near: list[int], voices: dict[int, tuple[float, str]]) -> list[int]:
        """The few worth weighing, by kind, distance and shared name; those of the same voice always."""
        kinds, told = clue.kinds, clue.mention
        at = clue.points[0][:2] if clue.points else told.at[0] if told is not None and told.at else None
        key = told.key if told is not None else ""
        ranked = []
        for number in near:
            profile = self.profiles[number]
            tops = profile.tops
            fit = max(kinds[n] * share for n, share in tops) if tops else 0.1
            if key and key in profile.keys:
                fit *= 20.0
            if at is not None and profile.precision:
                fit /= 1 + ((at[0] - profile.x) ** 2 + (at[1] - profile.y) ** 2) / 40_000.0
            ranked.append((number not in voices, -fit, number))
        ranked.sort()
        return [number for _, _, number in ranked[:MOST_WEIGHED]]

    def score(self, clue: Clue, profile: Profile, alone: tuple[float, float], rate_s: float,
              said: float) -> float:  # fmt: skip
        s, on = self.scorer, self.scorer.features
        total = said + self._quick(clue, profile, alone, rate_s)
        if "place" in on:
            total += s.place(clue, profile, alone[1])
        if "facts" in on:
            total += s.facts(clue, profile)
        return total

    def _quick(self, clue: Clue, profile: Profile, alone: tuple[float, float], rate_s: float) -> float:
        """What moment and kind say: cheap, and without them the best place makes no join."""
        s, on, total = self.scorer, self.scorer.features, 0.0
        if "time" in on:
            total += s.time(clue, profile, rate_s, self.now_s)
        if "kind" in on:
            total += s.kind(clue, profile, alone[0])
        return total

    def _alone(self, clue: Clue) -> tuple[float, float]:
        known = self._alones.get(clue.id)
        if known is None:
            known = self._alones[clue.id] = self.scorer.alone(clue, self.kinds.shares)
        return known

    def _least(self, clue: Clue, profile: Profile) -> float:
        if clue.grave and profile.grave:
            return self.p["join.least_life"]
        return self.p["join.least"]

    def _forbidden(self, clue: Clue, profile: Profile) -> bool:
        away = self.apart.get(clue.id)
        if away and any(c.id in away for c in profile.members):
            return True
        return self._too_wide(clue, profile)

    def _too_wide(self, clue: Clue, profile: Profile) -> bool:
        """Whether the join would stretch the incident beyond what one incident covers."""
        box = profile.box
        if not box or not profile.precision:
            return False
        spread2 = profile.wide2(self.scorer.ground)
        near = profile.agreed(clue, spread2)
        if near is None:
            return False
        x, y = near
        wide = max(box[2], x) - min(box[0], x), max(box[3], y) - min(box[1], y)
        return math.hypot(*wide) > self.p["join.cap_m"] + 3 * math.sqrt(spread2)

    def _tie(self, clue: Clue, profile: Profile) -> float:
        """The same caller holds reports together."""
        return self.p["voice.same_caller"] if clue.caller and clue.caller in profile.callers else 0.0
