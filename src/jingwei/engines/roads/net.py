"""A road net as arrays, kept in one file; where a point meets it."""

import io
import zipfile
import zlib
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from jingwei.kernel.lonlat import EARTH_RADIUS_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Points along a stretch stand no farther apart, metres: where one joins it is known to a quarter of this.
#: Source: our estimate, the length of a block, 2026-11-29.
STEP_M = 60.0


#: A part of the net counts from so many crossings on, and from this share of all.
#: Source: our estimate, a village has some dozens of crossings, 2026-11-29.
LEAST_PART, LEAST_SHARE = 50, 0.01


class BadNet(ValueError):
    """The bytes are no road net of this form."""


class RoadNet(msgspec.Struct, frozen=True, dict=True):
    """Nodes (lon, lat); directed stretches by array: from `tail` to `head`, along line number `line`.

    `flipped`: against the line's own order. Lines are pieces of `shape` (lon, lat) between `cuts`.
    """

    nodes: Any  # (n, 2) degrees
    tail: Any
    head: Any
    length_m: Any
    speed_km_h: Any
    kind: Any
    way: Any
    line: Any
    flipped: Any
    name: Any
    names: tuple[str, ...]
    cuts: Any
    shape: Any  # (p, 2) degrees

    @property
    def size(self) -> int:
        """How many directed stretches."""
        return len(self.tail)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        (west, south), (east, north) = self.shape.min(axis=0), self.shape.max(axis=0)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def plane(self) -> "Plane":
        west, south, east, north = self.box
        return Plane((west + east) / 2, (south + north) / 2)

    @cached_property
    def marks(self) -> "Marks":
        return _marks(self)

    def piece(self, line: int, start: float, stop: float) -> list[tuple[float, float]]:
        """Points (lon, lat) of a line from one share of its length to another, in that order."""
        points = self.shape[int(self.cuts[line]) : int(self.cuts[line + 1])]
        run = np.concatenate(([0.0], np.cumsum(metres_of(points))))
        low, high = sorted((start, stop))
        a, b = low * run[-1], high * run[-1]
        between = points[(run > a) & (run < b)].tolist()
        ends = [[float(np.interp(at, run, points[:, n])) for n in (0, 1)] for at in (a, b)]
        found = [tuple(p) for p in (ends[0], *between, ends[1])]
        return found[::-1] if start > stop else found

    def to_bytes(self) -> bytes:
        """The net as one compressed file."""
        out = io.BytesIO()
        arrays = {f: getattr(self, f) for f in self.__struct_fields__ if f != "names"}
        np.savez_compressed(out, names=np.array(self.names, dtype=np.str_), **arrays)
        return out.getvalue()


def net_of(content: bytes) -> RoadNet:
    """The net of `to_bytes`. Raises `BadNet`."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            arrays = {f: kept[f] for f in RoadNet.__struct_fields__ if f != "names"}
            names = tuple(str(one) for one in kept["names"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BadNet(str(error)) from error
    return RoadNet(names=names, **arrays)


class Plane:
    """Metres east and north of a middle: true to a thousandth within the extent of a city."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        self.north_m = np.pi * EARTH_RADIUS_M / 180
        self.east_m = self.north_m * np.cos(np.radians(lat))
        self._middle, self._scale = np.array([lon, lat]), np.array([self.east_m, self.north_m])

    def metres(self, points: Floats) -> Floats:
        """(n, 2) degrees to (n, 2) metres."""
        return np.asarray((np.asarray(points, dtype=float) - self._middle) * self._scale)

    def degrees(self, points: Floats) -> Floats:
        """(n, 2) metres to (n, 2) degrees."""
        return np.asarray(points / self._scale + self._middle)


def metres_of(line: Floats) -> Floats:
    """Lengths of the pieces of a line of (lon, lat), on the sphere."""
    lon, lat = np.radians(line[:, 0]), np.radians(line[:, 1])
    half = np.sin(np.diff(lat) / 2) ** 2
    half = half + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))


class Marks(msgspec.Struct, frozen=True, dict=True):
    """Points along all lines: `xy` in metres, of which line, and how far along it (share of its length)."""

    xy: Any
    line: Any
    share: Any
    #: Directed stretches of each line: with it, against it; -1 where it is not driven that way.
    along: Any
    against: Any

    #: Which of the points stand on a line from which one gets on, and back.
    joined: Any
    #: The crossings at both ends of each line.
    ends: Any

    @cached_property
    def tree(self) -> Any:
        """All points, to be looked up by place."""
        return cKDTree(self.xy)

    @cached_property
    def joined_tree(self) -> Any:
        """Those where one enters the net; numbers of `joined_at`."""
        return cKDTree(self.xy[self.joined])

    @cached_property
    def joined_at(self) -> Ints:
        return np.flatnonzero(self.joined)


def _marks(net: RoadNet) -> Marks:
    xy = net.plane.metres(net.shape)
    points, lines, shares = [], [], []
    for n in range(len(net.cuts) - 1):
        line = xy[net.cuts[n] : net.cuts[n + 1]]
        steps = np.hypot(*np.diff(line, axis=0).T)
        run = np.concatenate(([0.0], np.cumsum(steps)))
        whole = run[-1]
        count = max(2, int(whole // STEP_M) + 2)
        at = np.linspace(0.0, whole, count)
        points.append(np.column_stack((np.interp(at, run, line[:, 0]), np.interp(at, run, line[:, 1]))))
        lines.append(np.full(count, n, dtype=np.int32))
        shares.append(at / whole if whole else np.zeros(count))
    along = np.full(len(net.cuts) - 1, -1, dtype=np.int64)
    against = along.copy()
    numbers = np.arange(net.size)
    along[net.line[~net.flipped]] = numbers[~net.flipped]
    against[net.line[net.flipped]] = numbers[net.flipped]
    ends = np.zeros((len(along), 2), dtype=np.int64)
    for driven, (begin, end) in ((~net.flipped, (net.tail, net.head)), (net.flipped, (net.head, net.tail))):
        ends[net.line[driven]] = np.column_stack((begin[driven], end[driven]))
    of = np.concatenate(lines)
    joined = _joined(net)[of]
    return Marks(np.concatenate(points), of, np.concatenate(shares), along, against, joined, ends)


def _joined(net: RoadNet) -> Floats:
    """Which lines lie between crossings that reach each other, in a part of the net large enough to matter.

    What an extract cuts off at its edge, a way out without a way back, is no place to start from.
    """
    count = len(net.nodes)
    graph = coo_matrix((np.ones(net.size), (net.tail, net.head)), shape=(count, count))
    _, part = connected_components(graph, connection="strong")
    sizes = np.bincount(part)
    large = (sizes >= max(LEAST_PART, LEAST_SHARE * count)) | (sizes == sizes.max())
    found = np.zeros(len(net.cuts) - 1, dtype=bool)
    within = large[part[net.tail]] & (part[net.tail] == part[net.head])
    found[net.line[within]] = True
    return found if found.any() else ~found
