"""Blocking: which open incidents a report is compared with. By name, square, street, voice, kind."""

import math
from collections import defaultdict

from jingwei.engines.matching.ground import Sight
from jingwei.engines.matching.kinds import KindModel
from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.profile import Profile
from jingwei.engines.matching.values import Clue
from jingwei.engines.reading.places import Gazetteer

#: Side of the squares in which points are looked up, metres. Source: our estimate, a block, 2026-11-22.
CELL_M = 300.0
#: Incidents of one name or street that are looked at, the latest ones. Source: our estimate, 2026-11-22.
MOST_NAMED = 24
#: Incidents looked at where a report says no place. Source: our estimate, cost, 2026-11-22.
MOST_OF_KIND = 24
#: Guesses about the place of an incident under which it is looked up, natural logarithm below all of them;
#: from which chance on that a name is in no register incidents are looked up by kind, too.
#: Source: our estimate, cost, 2026-11-30.
WORTH, LOST = 4.0, 0.4


class Candidates:
    """Indexes from what a report says to incidents that said it, too."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        self.by_key: dict[str, dict[int, None]] = defaultdict(dict)
        self.by_cell: dict[tuple[int, int], dict[int, None]] = defaultdict(dict)
        self.by_kind: dict[int, dict[int, None]] = defaultdict(dict)
        self.callers: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.chunks: dict[str, str] = {}
        self.places: dict[int, list[dict[int, None]]] = defaultdict(list)
        self.streets: dict[str, set[tuple[int, int]]] = {}

    def add(self, clue: Clue, profile: Profile, kinds: KindModel) -> None:
        number = profile.id
        told = clue.mention
        if told is not None:
            for key in (told.key, told.street):
                if key:
                    self._touch(self.by_key[key], number)
        trace = profile.trace
        for track in trace.tracks:
            if track.axis is None and track.log > trace.log - WORTH:
                self._touch(self.by_cell[_cell(track.x, track.y)], number)
        if profile.tops:
            top = max(profile.tops, key=lambda t: t[1])[0]
            self._touch(self.by_kind[top], number)
        if clue.caller:
            self.callers[clue.caller].append((clue.at_s, clue.id))
        if len(clue.flat) >= self.p["voice.chunk"] * 1.4:
            for chunk in clue.chunks[:6]:
                self.chunks.setdefault(chunk, clue.id)

    def _touch(self, held: dict[int, None], number: int) -> None:
        """Put the incident last: the latest are looked at first."""
        if number in held:
            del held[number]
        else:
            self.places[number].append(held)
        held[number] = None

    def drop(self, profile: Profile) -> None:
        """Forget an incident; what it said is found through `add` of its reports again."""
        for held in self.places.pop(profile.id, ()):
            held.pop(profile.id, None)

    def voices(self, clue: Clue, where: dict[str, int], clues: dict[str, Clue]
               ) -> dict[int, tuple[float, str]]:  # fmt: skip
        """Incidents of which the same caller, or the same words, have spoken; with their weight."""
        p = self.p
        found: dict[int, tuple[float, str]] = {}
        if clue.caller:
            for at_s, report in self.callers.get(clue.caller, ())[-6:]:
                if abs(clue.at_s - at_s) < p["voice.caller_h"] * 3600 and report != clue.id:
                    found[where[report]] = (p["voice.same_caller"], "same caller")
        root = self._quoted(clue, clues)
        if root:
            number = where[root]
            before = found.get(number, (0.0, ""))
            found[number] = (p["voice.same_words"] + before[0], "same words")
        return found

    def _quoted(self, clue: Clue, clues: dict[str, Clue]) -> str:
        """An earlier report whose words stand in this one."""
        flat, size = clue.flat, int(self.p["voice.chunk"])
        for n in range(0, min(len(flat) - size + 1, 60)):
            known = self.chunks.get(flat[n : n + size])
            if known and known != clue.id and known in clues and clues[known].flat in flat:
                return known
        return ""

    def near(self, clue: Clue, sight: Sight, profiles: dict[int, Profile],
             voices: dict[int, tuple[float, str]], gazetteer: Gazetteer) -> list[int]:  # fmt: skip
        told = clue.mention
        found: dict[int, None] = dict.fromkeys(voices)
        placed = False
        if told is not None and told.level != "district":
            for key in (told.key, told.street):
                if key:
                    found.update(dict.fromkeys(list(self.by_key.get(key, ()))[-MOST_NAMED:]))
            for x, y, _ in sight.named:
                self._ring(x, y, 1, found)
            if told.street and not clue.points:
                self._along(told.street, gazetteer, found)
            placed = bool(told.street) or sight.lost < LOST
        for x, y, _ in clue.points:
            self._ring(x, y, 3 if clue.coarse and not placed else 1, found)
        if not placed and not clue.points and clue.kind_known:
            self._of_kind(clue, profiles, found)
        oldest = clue.at_s - 3600 * self.p["time.open_h"]
        return [n for n in found if n in profiles and profiles[n].last_s >= oldest]

    def _along(self, street: str, gazetteer: Gazetteer, found: dict[int, None]) -> None:
        cells = self.streets.get(street)
        if cells is None:
            cells = set()
            for axis in gazetteer.axes_of(street):
                steps = int(axis.half_m // 150) + 1
                for n in range(-steps, steps + 1):
                    for side in (-120, 120):
                        x = axis.x + n * 150 * axis.ux - side * axis.uy
                        cells.add(_cell(x, axis.y + n * 150 * axis.uy + side * axis.ux))
            self.streets[street] = cells
        for cell in sorted(cells):
            held = self.by_cell.get(cell)
            if held:
                found.update(held)

    def _ring(self, x: float, y: float, reach: int, found: dict[int, None]) -> None:
        cx, cy = _cell(x, y)
        for i in range(cx - reach, cx + reach + 1):
            for j in range(cy - reach, cy + reach + 1):
                held = self.by_cell.get((i, j))
                if held:
                    found.update(held)

    def _of_kind(self, clue: Clue, profiles: dict[int, Profile], found: dict[int, None]) -> None:
        best = max(clue.kinds)
        likely = [n for n, chance in enumerate(clue.kinds) if chance > 0.3 * best]
        if len(likely) > 6:
            return
        for kind in likely:
            found.update(dict.fromkeys(list(self.by_kind.get(kind, ()))[-MOST_OF_KIND:]))


def _cell(x: float, y: float) -> tuple[int, int]:
    return math.floor(x / CELL_M), math.floor(y / CELL_M)
