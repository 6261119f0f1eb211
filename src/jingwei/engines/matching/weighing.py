"""Weighing a report against what is held: candidates scored, what is forbidden, how sure is sure enough."""

import math
from collections.abc import Iterable

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.profile import COUNTY, Profile, spots
from jingwei.engines.matching.state import State
from jingwei.engines.matching.values import Clue
from jingwei.engines.reading.places import Gazetteer
from jingwei.kernel.codes import kind_within

#: Candidate, its score, and what the same caller or the same words add, with the reason.
Scored = tuple[float, Profile, tuple[float, str]]

#: Characters of a code that kinds of one family share. Source: [SRC-CODES], the third level.
FAMILY = 3
#: Incidents weighed in full for one report. Source: our estimate, 20 ms at p99, 2026-11-22.
MOST_WEIGHED = 32


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
        near = self.candidates.near(clue, self.profiles, voices, self.gazetteer)
        for number in near if len(near) <= MOST_WEIGHED else self._likely(clue, near, voices):
            profile = self.profiles[number]
            if self._forbidden(clue, profile):
                continue
            said = voices.get(number, (0.0, "")) if "words" in self.scorer.features else (0.0, "")
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
        total = said
        if "time" in on:
            total += s.time(clue, profile, rate_s)
        if "kind" in on:
            total += s.kind(clue, profile, alone[0])
        if "place" in on:
            total += s.place(clue, profile, alone[1])
        if "facts" in on:
            total += s.facts(clue, profile)
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
        if clue.id in self.barred.get(profile.id, ()) or self._filed_elsewhere(clue, profile):
            return True
        return self._too_wide(clue, profile) or self._too_far(clue, profile)

    def _filed_elsewhere(self, clue: Clue, profile: Profile) -> bool:
        """Another registered place, a kind akin to none of its own, or another county and nothing near."""
        if self._filed_as_another(clue, profile):
            return True
        if clue.site and profile.sites and clue.site not in profile.sites:
            return True
        if len(clue.area) < COUNTY or not profile.areas or clue.area[:COUNTY] in profile.areas:
            return False
        at = spots(clue)
        if not at or not profile.precision:
            return True
        off = min(math.hypot(x - profile.x, y - profile.y) for x, y in at)
        return off > self.p["join.border_m"]

    def _filed_as_another(self, clue: Clue, profile: Profile) -> bool:
        """A code akin to none of the incident's, while the report's own words do not speak for its kinds."""
        code, codes = clue.code, profile.codes
        if not code or not codes or any(self._akin(code, c) for c in codes):
            return False
        known = self.kinds.index
        if code not in known or not any(c in known for c in codes):
            return True
        return max((clue.kinds[n] for n, _ in profile.tops), default=0.0) < self.p["kind.contrary"]

    def _akin(self, code: str, other: str) -> bool:
        """One kind, one within the other, or kinds that callers take for each other."""
        if code == other or kind_within(code, other) or kind_within(other, code):
            return True
        one, two = self.kinds.index.get(code), self.kinds.index.get(other)
        if one is None or two is None:
            return code[:FAMILY] == other[:FAMILY]
        return two in self.kinds.families[one]

    def _too_far(self, clue: Clue, profile: Profile) -> bool:
        """Whether the join would carry the incident on and on: no chain of joins swallows a city."""
        if not profile.reach or (clue.mention is not None and clue.mention.key in profile.keys):
            return False
        if clue.caller and clue.caller in profile.callers:
            return False
        box, most = profile.reach, self.p["join.reach_m"]
        return any(
            math.hypot(max(box[2], x) - min(box[0], x), max(box[3], y) - min(box[1], y)) > most
            for x, y in spots(clue)
            if not _inside(x, y, box)
        )

    def _too_wide(self, clue: Clue, profile: Profile) -> bool:
        """Whether the join would stretch the incident beyond what one incident covers."""
        if not profile.box or clue.mention is None or len(clue.mention.at) != 1:
            return False
        if clue.mention.key in profile.keys:
            return False  # named so before: a person may have merged what lies far apart
        x, y = clue.mention.at[0]
        box = profile.box
        if _inside(x, y, box):
            return False
        wide = max(box[2], x) - min(box[0], x), max(box[3], y) - min(box[1], y)
        most = self.p["join.cap_m"] + 3 * math.sqrt(self.scorer.spread2(profile))
        return math.hypot(*wide) > most

    def _tie(self, clue: Clue, profile: Profile) -> float:
        """The same caller holds reports together."""
        return self.p["voice.same_caller"] if clue.caller and clue.caller in profile.callers else 0.0


def _inside(x: float, y: float, box: list[float]) -> bool:
    """Whether the place stretches nothing."""
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1
