"""The matcher: each report read, weighed, placed, with reasons; what is doubtful becomes a question."""

import heapq
import math
from collections import deque
from collections.abc import Iterable

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.profile import Profile
from jingwei.engines.matching.revision import LOOKS_S, Revision
from jingwei.engines.matching.values import Clue, Link, Part, Question, Report
from jingwei.engines.matching.weighing import Scored
from jingwei.engines.reading.places import Gazetteer

#: The most probable choice: score, incident, its chance among all choices, what the voice adds.
Best = tuple[float, Profile, float, tuple[float, str]]


class Matcher(Revision):
    """Places reports one by one. Never reads a clock: time is what reports say.

    A link names the incident at that moment; `current` follows what was merged since. What the machine
    revises by itself stands in `changes`, to be told and undone.
    """

    def __init__(
        self, gazetteer: Gazetteer, p: Parameters | None = None, *, without: Iterable[str] = ()
    ) -> None:
        super().__init__(gazetteer, p, without=without)
        self.questions: list[Question] = []
        self._recent: deque[float] = deque()
        self._bar, self._credit = 1.0, 1.0

    def place(self, report: Report) -> Link:
        """Read the report and put it where it belongs."""
        return self.place_clue(self.reducer.reduce(report), report.arrived_s)

    def place_clue(self, clue: Clue, arrived_s: float) -> Link:
        """The same for a report that was read before."""
        self.now_s = max(self.now_s, arrived_s)
        rate_s = self._rate()
        self._look_again(rate_s)
        mark = "idle" if clue.idle else "hearsay" if clue.hearsay else ""
        if mark:
            self.marks[clue.id] = mark
        link, rival = self._note(clue, rate_s, mark) if mark else self._decide(clue, rate_s)
        profile = self.profiles[link.incident]
        self._take(profile, clue)
        self.scorer.note(clue)
        if not mark:
            heapq.heappush(self._looks, (self.now_s + LOOKS_S[0], 1, clue.id))
        if rival is not None and self._try_merge(profile, rival, rate_s):
            return link
        profile = self.profiles[self.where[clue.id]]  # sharing out may have built it anew
        if len(profile.members) >= profile.split_at:
            profile.split_at = int(1.35 * len(profile.members)) + 1
            self._try_split(profile, rate_s)
        return link

    def most_valuable(self, count: int) -> list[Question]:
        """Open questions, the most valuable first."""
        return sorted(self.questions, key=lambda q: (-q.value, q.report))[:count]

    def _rate(self) -> float:
        """Reports a second over the last ten minutes, at least one a minute."""
        recent = self._recent
        recent.append(self.now_s)
        while recent and recent[0] < self.now_s - 600:
            recent.popleft()
        span = max(120.0, min(600.0, self.now_s - recent[0]))
        return max(len(recent) / span, 1 / 60)

    def _decide(self, clue: Clue, rate_s: float) -> tuple[Link, Profile | None]:
        """Join the most probable incident if it is probable enough, else open one."""
        scored = self._scored(clue, rate_s)
        best = _best(scored)
        if best is None:
            return Link(clue.id, self._open().id, True, 0.0, 1.0, ()), None
        score, near, chance, said = best
        self._ask(clue, near, chance)
        parts = self._parts(clue, near, rate_s, said)
        if chance >= self._least(clue, near):
            other = scored[1] if len(scored) > 1 else None
            rival = other[1] if other and other[0] > max(0.0, score - 4.0) else None
            link = Link(clue.id, near.id, False, round(score, 2), round(chance, 4), parts,
                        other[1].id if other else None)  # fmt: skip
            return link, rival
        opened = self._open().id
        link = Link(clue.id, opened, True, round(score, 2), round(1 - chance, 4), parts, near.id,
                    round(chance, 4))  # fmt: skip
        return link, None

    def _note(self, clue: Clue, rate_s: float, mark: str) -> tuple[Link, Profile | None]:
        """Hearsay and idle talk are kept apart from reports; the same voice or words stay together."""
        best = _best([s for s in self._scored(clue, rate_s) if s[2][0]])
        if best is not None and best[2] >= 0.9 and all(c.id in self.marks for c in best[1].members):
            link = Link(clue.id, best[1].id, False, round(best[0], 2), round(best[2], 4), (), mark=mark)
            return link, None
        return Link(clue.id, self._open().id, True, 0.0, 1.0, (), mark=mark), None

    def _parts(self, clue: Clue, profile: Profile, rate_s: float, said: tuple[float, str]
               ) -> tuple[Part, ...]:  # fmt: skip
        return self.scorer.parts(clue, profile, self._alone(clue), rate_s, said)

    def _ask(self, clue: Clue, near: Profile, chance: float) -> None:
        """Ask a person where the answer is worth most, within the budget; the bar follows the stream.

        Source: [SRC-ROBBINS1951] for the bar, a quantile followed step by step.
        """
        budget = self.p["join.questions"]
        self._credit = min(20.0, self._credit + budget)
        life = clue.grave or near.grave > 0
        value = min(chance, 1 - chance) * (1 + math.log1p(near.count)) * (2.0 if life else 1.0)
        wanted = value > self._bar
        self._bar *= 1 + 0.05 * ((1.0 if wanted else 0.0) - budget)
        if wanted and self._credit >= 1 and chance >= self.p["join.ask_from"]:
            self._credit -= 1
            self.questions.append(Question(clue.id, near.id, round(chance, 3), round(value, 3), life))


def _best(scored: list[Scored]) -> Best | None:
    if not scored:
        return None
    top, profile, said = scored[0]
    whole = 1.0 + sum(math.exp(min(50.0, s)) for s, _, _ in scored if s > top - 20)
    return top, profile, math.exp(min(50.0, top)) / whole, said
