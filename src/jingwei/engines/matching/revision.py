"""Second looks: doubtful reports weighed again, incidents made one or parted where their reports say so."""

import heapq
import math
from collections.abc import Iterable

from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.profile import Profile
from jingwei.engines.matching.values import Change, Clue
from jingwei.engines.matching.weighing import Weighing
from jingwei.engines.reading.places import Gazetteer

#: Waits between second looks, seconds. Source: our estimate, an hour tells most of it, 2026-11-22.
LOOKS_S = (180.0, 720.0, 2700.0)

#: The second look at which an incident's kind is taken as a lesson. Source: our estimate, by then most
#: have spoken, 2026-11-30.
LEARNED_AT = 2

#: A report that fits so much better than any other choice is left where it is, natural logarithm.
#: Source: our estimate, what its own words may add to its incident, 2026-11-30.
SURE = 4.0

#: The largest incident the machine splits by itself. Source: our estimate, 20 ms at p99, 2026-11-22.
MOST_SPLIT = 100


class Revision(Weighing):
    """Changes the machine makes by itself: what a person parted stays apart, a merge may be parted again."""

    def __init__(
        self, gazetteer: Gazetteer, p: Parameters | None = None, *, without: Iterable[str] = ()
    ) -> None:
        super().__init__(gazetteer, p, without=without)
        self._looks: list[tuple[float, int, str]] = []
        self._tried: set[tuple[int, int, int, int]] = set()

    def _look_again(self, rate_s: float) -> None:
        """Doubtful reports are weighed again after 3, 15 and 60 minutes, when more is known."""
        looks = self._looks
        while looks and looks[0][0] <= self.now_s:
            _, turn, report = heapq.heappop(looks)
            self._weigh_again(self.clues[report], rate_s)
            if turn == LEARNED_AT:
                self._learn(self.clues[report])
            if turn < len(LOOKS_S):
                heapq.heappush(looks, (self.now_s + LOOKS_S[turn], turn + 1, report))

    def _weigh_again(self, clue: Clue, rate_s: float) -> None:
        """Move a report to an incident it fits better, or out of one it does not fit; try to make two one."""
        here = self.profiles[self.where[clue.id]]
        scored = [s for s in self._scored(clue, rate_s) if s[1].id != here.id]
        top = scored[0][0] if scored else -math.inf
        single = len(here.members) == 1
        if single and top <= 0:
            return
        stay = 0.0
        if not single:
            stay = self._fits(clue, here, rate_s)
            if stay > max(top, self.p["join.leave"]) + SURE:
                return
            rest = self._without(here, clue)
            stay = self._fits(clue, rest, rate_s) if rest is not None else stay
        if not scored or top < stay + 1.0:
            if stay < self.p["join.leave"] and not single:
                self._leave(clue)
            elif scored and top > max(0.0, stay - 4.0):
                self._try_merge(here, scored[0][1], rate_s)
            return
        near = scored[0][1]
        whole = math.exp(min(50.0, stay)) + sum(math.exp(min(50.0, s)) for s, _, _ in scored)
        whole += 0.0 if single else 1.0
        if math.exp(min(50.0, top)) / whole < self._least(clue, near):
            if stay < self.p["join.leave"] and not single:
                self._leave(clue)
            return
        self.move(clue.id, near.id)

    def _learn(self, clue: Clue) -> None:
        """A report without a code teaches its words by the kind that its incident's other voices agree on.

        Source: [SRC-YAROWSKY1995], what is sure labels what is not.
        """
        profile = self.profiles[self.where[clue.id]]
        if clue.coded or profile.count < 4 or clue.id in self.marks or not profile.tops:
            return
        kind, share = max(profile.tops, key=lambda t: t[1])
        if share > self.p["kind.agreed"]:
            told = clue.mention
            inside = (told.begin, told.end) if told and told.end <= len(clue.flat) else (0, 0)
            self.kinds.learn(clue.flat, self.kinds.codes[kind], inside)

    def _fits(self, clue: Clue, profile: Profile, rate_s: float) -> float:
        said = self.candidates.voices(clue, self.where, self.clues).get(profile.id, (0.0, ""))[0]
        if "words" not in self.scorer.features:
            said = 0.0
        return self.score(clue, profile, self._alone(clue), rate_s, said)

    def _leave(self, clue: Clue) -> None:
        """Open an incident of its own for a report that turns out not to fit."""
        self.move(clue.id, self._open().id)

    def _without(self, profile: Profile, clue: Clue) -> Profile | None:
        """The incident as it would be without the report; None if nothing would be left."""
        if len(profile.members) == 1:
            return None
        if len(profile.members) > 24:
            return profile
        rest = self._new(profile.id)
        for other in profile.members:
            if other.id != clue.id:
                rest.take(other, self.scorer.ground)
        return rest

    def _try_merge(self, one: Profile, other: Profile, rate_s: float) -> bool:
        """Make two incidents one if the smaller one's reports, taken together, belong to the larger."""
        small, large = (one, other) if len(one.members) <= len(other.members) else (other, one)
        if small.id == large.id or len(small.members) > 40:
            return False
        pair = (small.id, large.id, len(small.members) // 2, len(large.members) // 8)
        if pair in self._tried:
            return False
        self._tried.add(pair)
        if any(c.id in self.marks for c in small.members):
            return False
        if any(self._forbidden(c, large) for c in small.members):
            return False
        total = self._together(small, large, rate_s)
        least = self.p["join.merge"]
        if small.grave and large.grave:
            least = max(least, self.p["join.merge_life"])
        if total < math.log(least / (1 - least)):
            self._share_out(small, large, rate_s)
            return False
        self.merge(large.id, small.id)
        return True

    def _together(self, small: Profile, large: Profile, rate_s: float) -> float:
        """How much likelier two incidents are one: calls, kinds, places and facts of all reports at once."""
        s, on = self.scorer, self.scorer.features
        total = s.one_story(small, large, rate_s, self.now_s) if "time" in on else 0.0
        if "kind" in on:
            total += s.one_kind(small, large, self.kinds.shares)
        return total + self._bound(small.members, large.copy()) - self._bound(small.members, self._new())

    def _bound(self, clues: list[Clue], grown: Profile) -> float:
        """How well places, facts and voices of reports follow from each other and from what is held."""
        s, on, total = self.scorer, self.scorer.features, 0.0
        for clue in clues:
            if grown.count:
                if "place" in on:
                    total += s.place(clue, grown, self._alone(clue)[1])
                if "facts" in on:
                    total += s.facts(clue, grown)
                total += self._tie(clue, grown)
            grown.take(clue, s.ground)
        return total

    def _share_out(self, one: Profile, other: Profile, rate_s: float) -> None:
        """Two incidents side by side: each report goes to the one it fits clearly better."""
        if len(one.members) + len(other.members) > MOST_SPLIT:
            return
        stay: list[Clue] = []
        go: list[Clue] = []
        changed = False
        for home, away in ((one, other), (other, one)):
            for clue in home.members:
                alone = self._alone(clue)
                here = self.score(clue, home, alone, rate_s, self._tie(clue, home))
                there = self.score(clue, away, alone, rate_s, self._tie(clue, away))
                moves = there > here + 2.0 and not self._forbidden(clue, away)
                changed |= moves
                (go if (home is one) == moves else stay).append(clue)
        if not changed or not stay or not go:
            return
        for profile in (one, other):
            self.candidates.drop(profile)
        moved = tuple(sorted({c.id for c in stay} - {c.id for c in one.members}
                             | {c.id for c in go} - {c.id for c in other.members}))  # fmt: skip
        self.changes.append(Change("shared", one.id, other.id, moved))
        by_time = sorted(stay, key=lambda c: (c.at_s, c.id))
        self._rebuild(one.id, by_time)
        self._rebuild(other.id, sorted(go, key=lambda c: (c.at_s, c.id)))

    def _chain(self, clues: list[Clue], grown: Profile | None, rate_s: float) -> float:
        """How well reports follow from each other, or from what is held before them: scores one by one."""
        total = 0.0
        if grown is None:
            grown = self._new()
        for clue in clues:
            if grown.count:
                alone = self._alone(clue)
                total += self.score(clue, grown, alone, rate_s, self._tie(clue, grown))
            grown.take(clue, self.scorer.ground)
        return total

    def _try_split(self, profile: Profile, rate_s: float) -> bool:
        """Part an incident in two where its reports say so: seeds apart, the rest allocated one by one.

        Source: [SRC-DAHL2005], sequentially allocated merge and split, here only uphill.
        """
        members = profile.members
        if not 3 <= len(members) <= MOST_SPLIT:
            return False
        if self._part_by_name(profile, rate_s):
            return True
        rest = []
        for clue in members:
            alone = self._alone(clue)
            rest.append((self.score(clue, profile, alone, rate_s, 0.0), clue))
        worst = min(rest, key=lambda r: (r[0], r[1].id))[1]
        late = max(members, key=lambda c: (c.at_s, c.id))
        together = self._chain(members, None, rate_s)
        best: tuple[float, list[Clue]] | None = None
        for seed in {worst.id: worst, late.id: late}.values():
            gain, out = self._allocate(members, seed, rate_s)
            if out and (best is None or gain > best[0]):
                best = (gain, out)
        if best is None or best[0] - together < self.p["join.split"]:
            return False
        self._part(profile, best[1])
        return True

    def _part(self, profile: Profile, out: list[Clue]) -> None:
        gone = {c.id for c in out}
        stay = [c for c in profile.members if c.id not in gone]
        self.candidates.drop(profile)
        self._rebuild(profile.id, stay)
        new = self._open()
        for clue in out:
            self._take(new, clue)
        self.changes.append(Change("split", profile.id, new.id, tuple(sorted(gone))))

    def _part_by_name(self, profile: Profile, rate_s: float) -> bool:
        """Part an incident told by two names: all that name one against all that name the other.

        The rest go where they fit better; they are two if so they are likelier, taken together. Only where
        lives are at risk in both: elsewhere a place told by two names would be parted too often.
        """
        names = sorted(profile.keys.items(), key=lambda k: (-k[1], k[0]))[:2]
        if len(names) < 2 or names[1][1] < 2 or profile.grave < 2:
            return False
        one, two, out = self._new(), self._new(), []
        rest = []
        for clue in profile.members:
            key = clue.mention.key if clue.mention is not None else ""
            if key == names[0][0]:
                one.take(clue, self.scorer.ground)
            elif key == names[1][0]:
                two.take(clue, self.scorer.ground)
                out.append(clue)
            else:
                rest.append(clue)
        for clue in rest:
            alone = self._alone(clue)
            a = self.score(clue, one, alone, rate_s, self._tie(clue, one))
            b = self.score(clue, two, alone, rate_s, self._tie(clue, two))
            (one if a >= b else two).take(clue, self.scorer.ground)
            if a < b:
                out.append(clue)
        small, large = (one, two) if len(one.members) <= len(two.members) else (two, one)
        if not (one.grave and two.grave) or self._together(small, large, rate_s) >= -self.p["join.part_life"]:
            return False
        self._part(profile, out)
        return True

    def _allocate(self, members: list[Clue], seed: Clue, rate_s: float) -> tuple[float, list[Clue]]:
        """The better of two incidents for each report, given the seeds; scores and the second part."""
        first = next(c for c in (members[0], members[-1]) if c.id != seed.id)
        one, two = self._new(), self._new()
        one.take(first, self.scorer.ground)
        two.take(seed, self.scorer.ground)
        total, out = 0.0, [seed]
        for clue in members:
            if clue.id in (first.id, seed.id):
                continue
            alone = self._alone(clue)
            a = self.score(clue, one, alone, rate_s, self._tie(clue, one))
            b = self.score(clue, two, alone, rate_s, self._tie(clue, two))
            if a >= b:
                one.take(clue, self.scorer.ground)
                total += a
            else:
                two.take(clue, self.scorer.ground)
                out.append(clue)
                total += b
        return total, out
