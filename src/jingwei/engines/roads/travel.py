"""How long it takes: from many to many, one route, what is reached within so long. Seconds.

Dijkstra's algorithm over the directed stretches, anew for every question: a road that closes or slows is
another weight, with effect at once, and nothing has to be prepared. Source: [SRC-DIJKSTRA1959].
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from jingwei.engines.roads.closures import Closure, slowness
from jingwei.engines.roads.net import Floats, Ints, RoadNet
from jingwei.kernel.lonlat import distance_m

Point = tuple[float, float]

#: Off the roads one moves straight at this speed, km/h. Source: our estimate, yards and field tracks.
OFF_ROAD_KM_H = 10.0
#: Farther from any road a point does not meet the net, metres. Source: our estimate, an hour on foot.
FARTHEST_M = 5_000.0
#: Without a net: road distance over straight distance, and speed. Source: [SRC-CIRCUITY2002] gives 1.33 for
#: China, 1.23 for Brazil, 1.20 for the USA (recalled, to be checked); the speed is our estimate.
DETOUR, STRAIGHT_KM_H = 1.33, 40.0


#: A stretch takes this at least, seconds: a weight of nothing would be no edge. Source: our estimate.
LEAST_S = 1e-3


class Route(msgspec.Struct, frozen=True):
    """One way from here to there. `line`: (lon, lat) along the roads; `streets` in order, each once."""

    travel_s: float
    length_m: float
    line: tuple[Point, ...]
    streets: tuple[str, ...]


def straight_s(
    one: Point, other: Point, *, detour: float = DETOUR, speed_km_h: float = STRAIGHT_KM_H
) -> float:
    """Without road data: great-circle distance times a detour factor, at one speed."""
    return distance_m(*one, *other) * detour / (speed_km_h / 3.6)


class _Met(msgspec.Struct, frozen=True):
    """Where points meet the net: line and share of it, and the way there, seconds; line -1: nowhere."""

    line: Ints
    share: Floats
    off_s: Floats


class Travel:
    """A net under the closures of one moment."""

    def __init__(self, net: RoadNet, closures: Sequence[Closure] = ()) -> None:
        self.net = net
        took = net.length_m / (net.speed_km_h / 3.6)
        with np.errstate(invalid="ignore"):
            self.took_s: Floats = took * slowness(net, closures) if closures else took

    # ------------------------------------------------------------------ questions
    def matrix(self, sources: Sequence[Point], targets: Sequence[Point]) -> Floats:
        """(sources, targets) seconds; inf where there is no way."""
        begin, end = self._meet(sources), self._meet(targets)
        if not len(sources) or not len(targets):
            return np.zeros((len(sources), len(targets)))
        found = self._dijkstra(begin, end)[0][:, len(self.net.nodes) + len(sources) :]
        found = np.minimum(found, self._along(begin, end))
        return np.asarray(found + begin.off_s[:, None] + end.off_s[None, :])

    def reach(self, source: Point) -> Floats:
        """Seconds to each node of the net; inf where it is not reached."""
        begin = self._meet([source])
        found = self._dijkstra(begin, self._meet([]))[0][0, : len(self.net.nodes)]
        return np.asarray(found + begin.off_s[0])

    def within(self, source: Point, limit_s: float) -> Floats:
        """Points of the roads reached within so long, (n, 2) degrees: what an isochrone is drawn round."""
        return self._degrees(self._came(source) <= limit_s)

    def bands(self, source: Point, limits_s: Sequence[float]) -> list[Floats]:
        """The same for several times, the shortest first: what is reached in each and in none before."""
        came, before, found = self._came(source), -math.inf, []
        for limit in limits_s:
            found.append(self._degrees((came <= limit) & (came > before)))
            before = limit
        return found

    def _degrees(self, marked: NDArray[np.bool_]) -> Floats:
        return self.net.plane.degrees(self.net.marks.xy[marked])

    def _came(self, source: Point) -> Floats:
        """Seconds to each point along the lines; inf where it is not reached."""
        net, marks = self.net, self.net.marks
        begin = self._meet([source])
        at_s = self.reach(source)
        found = np.full(len(marks.line), np.inf)
        for stretches, share, home in (
            (marks.along, marks.share, begin.share),
            (marks.against, 1 - marks.share, 1 - begin.share),
        ):
            driven = stretches[marks.line]
            some = driven >= 0
            took = np.where(some, self.took_s[driven], np.inf)
            open_ = np.isfinite(took)
            came = np.full(len(took), np.inf)
            came[open_] = at_s[net.tail[driven[open_]]] + share[open_] * took[open_]
            own = (
                open_ & (marks.line == begin.line[0]) & (share >= home[0])
            )  # from here along its own stretch
            came[own] = np.minimum(came[own], (share[own] - home[0]) * took[own] + begin.off_s[0])
            found = np.minimum(found, came)
        return found

    def route(self, source: Point, target: Point) -> Route | None:
        """The quickest way; None where there is none."""
        begin, end = self._meet([source]), self._meet([target])
        first = len(self.net.nodes)
        came_s, before = self._dijkstra(begin, end, before=True)
        total, direct = float(came_s[0, first + 1]), float(self._along(begin, end)[0, 0])
        if not math.isfinite(min(total, direct)):
            return None
        off_s = float(begin.off_s[0] + end.off_s[0])
        share, goal = float(begin.share[0]), float(end.share[0])
        if direct <= total:
            return self._told(direct + off_s, [(self._between(begin, end), share, goal)])
        nodes: list[int] = []
        at = int(before[0, first + 1])
        while at != first:
            nodes.append(at)
            at = int(before[0, at])
        nodes.reverse()
        parts = [
            *self._end_of(begin, nodes[0], leaving=True),
            *(self._stretch(a, b) for a, b in pairwise(nodes)),
            *self._end_of(end, nodes[-1], leaving=False),
        ]
        return self._told(total + off_s, parts)

    # ------------------------------------------------------------------ inside
    def _meet(self, points: Sequence[Point]) -> _Met:
        net, marks = self.net, self.net.marks
        if not len(points):
            return _Met(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
        distance, number = marks.joined_tree.query(net.plane.metres(np.array(points, dtype=float)))
        nearest = marks.joined_at[number]
        line = np.where(distance <= FARTHEST_M, marks.line[nearest], -1)
        off_s = np.where(line >= 0, distance / (OFF_ROAD_KM_H / 3.6), np.inf)
        return _Met(line.astype(np.int64), marks.share[nearest], off_s)

    def _ways(self, met: _Met) -> Iterator[tuple[Ints, Floats, Floats]]:
        """Both ways along the lines that are met: stretch, share of it behind the point, its whole time."""
        marks = self.net.marks
        for stretches, share in ((marks.along, met.share), (marks.against, 1 - met.share)):
            driven = np.where(met.line >= 0, stretches[met.line], -1)
            yield driven, share, np.where(driven >= 0, self.took_s[driven], np.inf)

    def _dijkstra(self, begin: _Met, end: _Met, *, before: bool = False) -> tuple[Floats, Ints]:
        """Seconds from each point one leaves to all nodes and points; and the node before each.

        Points are nodes of their own behind those of the net: first those one leaves, then those one goes to.
        """
        net = self.net
        first, leave, count = (
            len(net.nodes),
            len(begin.line),
            len(net.nodes) + len(begin.line) + len(end.line),
        )
        tails, heads, times = [net.tail], [net.head], [self.took_s]
        for driven, share, whole in self._ways(begin):
            open_ = np.isfinite(whole)
            tails.append(first + np.flatnonzero(open_))
            heads.append(net.head[driven[open_]])
            times.append((1 - share[open_]) * whole[open_])
        for driven, share, whole in self._ways(end):
            open_ = np.isfinite(whole)
            tails.append(net.tail[driven[open_]])
            heads.append(first + leave + np.flatnonzero(open_))
            times.append(share[open_] * whole[open_])
        for met, number, leaving in ((begin, first, True), (end, first + leave, False)):
            for side in (0, 1):  # at a crossing one takes any of its roads
                here = np.flatnonzero((met.line >= 0) & (met.share == float(side)))
                crossing = net.marks.ends[met.line[here], side]
                tails.append(number + here if leaving else crossing)
                heads.append(crossing if leaving else number + here)
                times.append(np.full(len(here), LEAST_S))
        tail, head, took = np.concatenate(tails), np.concatenate(heads), np.concatenate(times)
        open_ = np.isfinite(took)
        tail, head, took = tail[open_], head[open_], np.maximum(took[open_], LEAST_S)
        order = np.lexsort((took, head, tail))  # of two stretches between the same crossings the quicker
        tail, head, took = tail[order], head[order], took[order]
        kept = np.ones(len(tail), dtype=bool)
        kept[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        graph = csr_matrix((took[kept], (tail[kept], head[kept])), shape=(count, count))
        asked = np.arange(first, first + leave)
        if before:
            found, earlier = dijkstra(graph, indices=asked, return_predecessors=True)
            return found, earlier
        return dijkstra(graph, indices=asked), np.zeros((0, 0), dtype=np.int64)

    def _along(self, begin: _Met, end: _Met) -> Floats:
        """(sources, targets) seconds straight along one stretch, where both lie on it as it is driven."""
        found = np.full((len(begin.line), len(end.line)), np.inf)
        same = (begin.line[:, None] == end.line[None, :]) & (begin.line[:, None] >= 0)
        ways = zip(self._ways(begin), self._ways(end), strict=True)
        for (_, here, whole), (_, there, _) in ways:
            ahead = there[None, :] - here[:, None]
            some = same & (ahead >= 0) & np.isfinite(whole)[:, None]
            time = np.where(some, ahead * np.where(np.isfinite(whole), whole, 0.0)[:, None], np.inf)
            found = np.minimum(found, time)
        return found

    def _between(self, begin: _Met, end: _Met) -> int:
        """The stretch along which both points lie in order."""
        marks, line = self.net.marks, int(begin.line[0])
        along = int(marks.along[line])
        if end.share[0] >= begin.share[0] and along >= 0 and math.isfinite(self.took_s[along]):
            return along
        return int(marks.against[line])

    def _end_of(self, met: _Met, node: int, *, leaving: bool) -> list[tuple[int, float, float]]:
        """The part of the point's own stretch that leads to this node or from it; none at the node itself."""
        at = float(met.share[0])
        if at in (0.0, 1.0) and int(self.net.marks.ends[int(met.line[0]), int(at)]) == node:
            return []
        best: tuple[float, int] | None = None
        for driven, behind, whole in self._ways(met):
            stretch = int(driven[0])
            ends = self.net.head if leaving else self.net.tail
            if stretch < 0 or not math.isfinite(whole[0]) or int(ends[stretch]) != node:
                continue
            time = float((1 - behind[0] if leaving else behind[0]) * whole[0])
            if best is None or time < best[0]:
                best = (time, stretch)
        assert best is not None  # noqa: S101 - the way went through it
        return [(best[1], at, math.nan) if leaving else (best[1], math.nan, at)]

    def _stretch(self, tail: int, head: int) -> tuple[int, float, float]:
        """The quickest stretch between two crossings, whole."""
        some = np.flatnonzero((self.net.tail == tail) & (self.net.head == head))
        return int(some[np.argmin(self.took_s[some])]), math.nan, math.nan

    def _told(self, travel_s: float, parts: Sequence[tuple[int, float, float]]) -> Route:
        """The route of these stretches; nan: from its beginning, to its end. Shares are those of the line."""
        net = self.net
        line: list[Point] = []
        streets: dict[str, None] = {}
        length = 0.0
        for stretch, start, stop in parts:
            flipped = bool(net.flipped[stretch])
            a = (1.0 if flipped else 0.0) if math.isnan(start) else start
            b = (0.0 if flipped else 1.0) if math.isnan(stop) else stop
            piece = net.piece(int(net.line[stretch]), a, b)
            line += piece[1:] if line and piece and line[-1] == piece[0] else piece
            length += abs(b - a) * float(net.length_m[stretch])
            if name := net.names[int(net.name[stretch])]:
                streets[name] = None
        return Route(travel_s, length, tuple(line), tuple(streets))
