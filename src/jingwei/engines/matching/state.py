"""The state: open incidents in memory, where each report stands, and the commands people give."""

import math
from collections.abc import Iterable, Mapping

from jingwei.engines.matching.candidates import Candidates
from jingwei.engines.matching.kinds import KindModel
from jingwei.engines.matching.parameters import Parameters, parameters
from jingwei.engines.matching.profile import Profile
from jingwei.engines.matching.reduce import Reducer
from jingwei.engines.matching.score import Scorer
from jingwei.engines.matching.values import Change, Clue
from jingwei.engines.reading.places import Gazetteer


class State:
    """Incidents, their reports, what must stay apart. Everything can be rebuilt from clues and numbers."""

    def __init__(
        self, gazetteer: Gazetteer, p: Parameters | None = None, *, without: Iterable[str] = ()
    ) -> None:
        """`without`: features left out of the score (place, kind, time, facts, words), for ablations."""
        self.p = p or parameters()
        self.gazetteer = gazetteer
        self.kinds = KindModel(self.p)
        self.reducer = Reducer(self.p, gazetteer, self.kinds)
        self.scorer = Scorer(self.p, gazetteer, self.kinds.spread_m)
        self.scorer.features -= set(without)
        self.candidates = Candidates(self.p)
        self.profiles: dict[int, Profile] = {}
        self.where: dict[str, int] = {}
        self.clues: dict[str, Clue] = {}
        self.apart: dict[str, set[str]] = {}
        self.marks: dict[str, str] = {}
        self.merged: dict[int, int] = {}
        self.changes: list[Change] = []
        self.now_s = -math.inf
        self._next = 1

    def current(self, incident: int) -> int:
        """The incident's number today: what it was merged into since, or its own."""
        while incident in self.merged:
            incident = self.merged[incident]
        return incident

    def partition(self) -> Mapping[str, int]:
        """Report to incident."""
        return dict(self.where)

    def _new(self, number: int = 0) -> Profile:
        return Profile(number, len(self.kinds.codes))

    def _open(self) -> Profile:
        profile = self._new(self._next)
        self._next += 1
        self.profiles[profile.id] = profile
        return profile

    def _take(self, profile: Profile, clue: Clue) -> None:
        profile.take(clue, self.scorer.ground)
        self.where[clue.id] = profile.id
        self.clues[clue.id] = clue
        self.candidates.add(clue, profile, self.kinds)

    def _rebuild(self, incident: int, members: list[Clue]) -> None:
        profile = self.profiles[incident] = self._new(incident)
        for clue in members:
            self._take(profile, clue)

    def merge(self, kept: int, gone: int) -> None:
        """Two incidents are one."""
        into, old = self.profiles[kept], self.profiles.pop(gone)
        self.candidates.drop(old)
        self.merged[gone] = kept
        self.changes.append(Change("merged", kept, gone, tuple(c.id for c in old.members)))
        for clue in old.members:
            self._take(into, clue)

    def move(self, report: str, incident: int) -> None:
        """Take one report out of its incident and put it into another."""
        clue, old = self.clues[report], self.profiles[self.where[report]]
        rest = [c for c in old.members if c.id != report]
        self.candidates.drop(old)
        if rest:
            self._rebuild(old.id, rest)
        else:
            del self.profiles[old.id]
            self.merged[old.id] = incident
        self._take(self.profiles[incident], clue)
        self.changes.append(Change("moved", incident, old.id, (report,)))

    def split(self, incident: int, reports: Iterable[str]) -> int:
        """Take these reports out into an incident of their own; they stay apart from the rest."""
        old = self.profiles[incident]
        out = set(reports)
        moved = [c for c in old.members if c.id in out]
        rest = [c for c in old.members if c.id not in out]
        if not moved or not rest:
            raise ValueError("a split leaves something on both sides")
        self.candidates.drop(old)
        self._rebuild(incident, rest)
        new = self._open()
        for clue in moved:
            self._take(new, clue)
        self.changes.append(Change("split", incident, new.id, tuple(c.id for c in moved)))
        for clue in moved:
            for other in rest:
                self.part(clue.id, other.id)
        return new.id

    def part(self, report: str, other: str) -> None:
        """These two reports never stand in one incident again, unless a person merges them."""
        self.apart.setdefault(report, set()).add(other)
        self.apart.setdefault(other, set()).add(report)

    def restore(self, rows: Iterable[tuple[Clue, int]], apart: Iterable[tuple[str, str]] = ()) -> None:
        """Rebuild an empty state from stored clues and the incident of each, in order of arrival."""
        for clue, incident in rows:
            profile = self.profiles.get(incident)
            if profile is None:
                profile = self.profiles[incident] = self._new(incident)
                self._next = max(self._next, incident + 1)
            self._take(profile, clue)
            self.now_s = max(self.now_s, clue.at_s)
        for one, other in apart:
            self.part(one, other)
