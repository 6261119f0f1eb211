"""Outlines as rings of whole micro-degrees: packed, simplified so that neighbors still fit, asked. Pure.

A shape is a list of rings; what lies in an odd number of them is inside, so holes and islands need no order.
Two shapes that share a border share its vertices; everything here asks of a vertex or an edge alone, so
that both sides get the same answer.
"""

import math
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from jingwei.kernel.lonlat import EARTH_RADIUS_M

Point = tuple[float, float]
Box = tuple[float, float, float, float]
#: Longitudes and latitudes by turns, the last vertex joined to the first.
Ring = list[tuple[int, int]]
Edge = tuple[tuple[int, int], tuple[int, int]]

#: Parts of a degree that are kept: a tenth of a metre. Source: the six decimals in which outlines come.
PARTS = 1_000_000
#: The point that is asked for is kept ten times finer. Source: our estimate, a centimetre, 2026-11-29.
FINER = 10


def ring_of(points: Iterable[Point]) -> Ring:
    """A ring of degrees in whole parts; repeated vertices and the closing one are left out."""
    ring: Ring = []
    for lon, lat in points:
        vertex = (round(lon * PARTS), round(lat * PARTS))
        if not ring or vertex != ring[-1]:
            ring.append(vertex)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return ring


def pack(rings: Sequence[Ring]) -> bytes:
    """Rings as bytes: differences from vertex to vertex, packed."""
    numbers = array("i", [len(rings), *map(len, rings)])
    for axis in (0, 1):
        last = 0
        for ring in rings:
            for vertex in ring:
                numbers.append(vertex[axis] - last)
                last = vertex[axis]
    if sys.byteorder == "big":
        numbers.byteswap()
    return zlib.compress(numbers.tobytes(), 6)


def unpack(packed: bytes) -> list[Ring]:
    """The rings that `pack` made bytes of."""
    numbers = array("i")
    numbers.frombytes(zlib.decompress(packed))
    if sys.byteorder == "big":
        numbers.byteswap()
    count = numbers[0]
    lengths, body = numbers[1 : 1 + count], numbers[1 + count :]
    half = len(body) // 2
    vertices = list(zip(accumulate(body[:half]), accumulate(body[half:]), strict=True))
    ends = list(accumulate(lengths, initial=0))
    return [vertices[start:end] for start, end in pairwise(ends)]


def covers(rings: Sequence[Ring], lon: float, lat: float) -> bool:
    """Whether the point lies inside. On a border that two shapes share it lies in exactly one of them."""
    x, y = round(lon * PARTS * FINER), round(lat * PARTS * FINER)
    low = y / FINER
    inside = False
    for ring in rings:
        x0, y0 = ring[-1]
        for x1, y1 in ring:
            if (y0 <= low) != (y1 <= low):
                # in whole numbers, the edge always taken upward: both sides of a border get the same answer
                ax, ay, bx, by = (x0, y0, x1, y1) if y0 < y1 else (x1, y1, x0, y0)
                if (bx - ax) * (y - ay * FINER) - (x - ax * FINER) * (by - ay) > 0:
                    inside = not inside
            x0, y0 = x1, y1
    return inside


def box_of(rings: Sequence[Ring]) -> Box:
    """West, south, east, north in degrees."""
    xs = [v[0] for ring in rings for v in ring]
    ys = [v[1] for ring in rings for v in ring]
    return min(xs) / PARTS, min(ys) / PARTS, max(xs) / PARTS, max(ys) / PARTS


def snapped(rings: Sequence[Ring], cell: float) -> list[Ring]:
    """The rings on a grid of cells of so many degrees; what falls together is left out."""
    step = max(1, round(cell * PARTS))
    found = []
    for ring in rings:
        thin: Ring = []
        for x, y in ring:
            vertex = (round(x / step) * step, round(y / step) * step)
            if not thin or vertex != thin[-1]:
                if len(thin) > 1 and thin[-2] == vertex:
                    thin.pop()  # out and back: a needle without width
                else:
                    thin.append(vertex)
        if len(thin) > 1 and thin[0] == thin[-1]:
            thin.pop()
        if len(thin) > 2:
            found.append(thin)
    return found


def edges(rings: Sequence[Ring]) -> Iterator[Edge]:
    """All edges, each in the same order whichever side it is seen from."""
    for ring in rings:
        last = ring[-1]
        for vertex in ring:
            yield (last, vertex) if last < vertex else (vertex, last)
            last = vertex


def edge_m(edge: Edge) -> float:
    """Length of an edge in metres, on a sphere: the short way over flat ground."""
    (x0, y0), (x1, y1) = edge
    degree_m = math.radians(1) * EARTH_RADIUS_M
    north = (y1 - y0) / PARTS * degree_m
    east = (x1 - x0) / PARTS * degree_m * math.cos(math.radians((y0 + y1) / 2 / PARTS))
    return math.hypot(north, east)


def middle(rings: Sequence[Ring]) -> Point:
    """A point inside, near the middle: half way along the longest stretch inside at some heights."""
    _, south, _, north = box_of(rings)
    best, found = 0.0, rings[0][0]
    for n in range(1, 8):
        y = (south + (north - south) * n / 8) * PARTS + 0.5
        crossed = sorted(_crossings(rings, y))
        for left, right in zip(crossed[::2], crossed[1::2], strict=False):
            wide = (right - left) * (1 - abs(n - 4) / 8)  # nearer to the middle height counts more
            if wide > best:
                best, found = wide, (round((left + right) / 2), round(y))
    return found[0] / PARTS, found[1] / PARTS


def _crossings(rings: Sequence[Ring], y: float) -> Iterator[float]:
    for ring in rings:
        x0, y0 = ring[-1]
        for x1, y1 in ring:
            if (y0 <= y) != (y1 <= y):
                yield x0 + (y - y0) * (x1 - x0) / (y1 - y0)
            x0, y0 = x1, y1


def lines_of(shapes: Iterable[Sequence[Ring]], box: Box) -> list[Ring]:
    """The borders of all shapes as lines, each border once, without what lies wholly beside the box."""
    west, south, east, north = (round(value * PARTS) for value in box)
    drawn: set[Edge] = set()
    lines: list[Ring] = []
    for rings in shapes:
        for ring in rings:
            open_line = False
            for a, b in pairwise([*ring, ring[0]]):
                edge = (a, b) if a < b else (b, a)
                beside = (
                    max(a[0], b[0]) < west
                    or min(a[0], b[0]) > east
                    or max(a[1], b[1]) < south
                    or min(a[1], b[1]) > north
                )
                if beside or edge in drawn:
                    open_line = False
                    continue
                drawn.add(edge)
                if open_line:
                    lines[-1].append(b)
                else:
                    lines.append([a, b])
                    open_line = True
    return lines


def moved(rings: Sequence[Sequence[Point]], move: Callable[[float, float], Point]) -> list[Ring]:
    """Rings of degrees with every vertex moved, for another datum; what is no ring is left out."""
    found = (ring_of([move(*point) for point in ring]) for ring in rings)
    return [ring for ring in found if len(ring) > 2]


def dissolved(rings: Sequence[Ring]) -> list[Ring]:
    """The outer borders of shapes that adjoin: an edge that two of them share is none of these.

    No ring passes through a vertex twice; where borders meet in one, rings touch there.
    """
    ways: dict[tuple[int, int], list[tuple[int, int]]] = {}
    shared = Counter(edges(rings))
    for (a, b), count in shared.items():
        if count % 2:
            ways.setdefault(a, []).append(b)
            ways.setdefault(b, []).append(a)
    found = []
    for start in list(ways):
        while ways[start]:
            way, at = [start], {start: 0}
            while ways[way[-1]]:
                here = way[-1]
                there = ways[here].pop()
                ways[there].remove(here)
                if there in at:  # closed: what was walked since is a ring
                    found.append(way[at[there] :])
                    for passed in way[at[there] + 1 :]:
                        del at[passed]
                    del way[at[there] + 1 :]
                else:
                    at[there] = len(way)
                    way.append(there)
    return [ring for ring in found if len(ring) > 2]


def nested(rings: Sequence[Ring]) -> list[list[Ring]]:
    """Rings as polygons for who wants them in order: each outer ring with the holes right inside it."""
    boxes = [box_of([ring]) for ring in rings]
    around = [
        [m for m, other in enumerate(rings) if m != n and _in(boxes[m], point) and covers([other], *point)]
        for n, point in enumerate(map(_first, rings))
    ]
    found = {n: [ring] for n, ring in enumerate(rings) if len(around[n]) % 2 == 0}
    for n, ring in enumerate(rings):
        if n not in found:
            # of the rings around it the innermost one is its own
            found[max(around[n], key=lambda m: len(around[m]))].append(ring)
    return list(found.values())


def _in(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _first(ring: Ring) -> Point:
    """A point just inside the ring, at the middle of its first edge: rings may touch at their vertices."""
    (ax, ay), (bx, by) = ring[0], ring[1]
    long = math.hypot(bx - ax, by - ay)
    east, north = (by - ay) / long, (ax - bx) / long
    points = [(((ax + bx) / 2 + s * east) / PARTS, ((ay + by) / 2 + s * north) / PARTS) for s in (1, -1)]
    return next((point for point in points if covers([ring], *point)), points[0])
