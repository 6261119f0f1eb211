"""A road net from an OpenStreetMap extract: crossings as nodes, the ways between them as stretches."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import osmium

from jingwei.engines.roads.classes import Drivable, drivable
from jingwei.engines.roads.net import RoadNet, metres_of


class BadExtract(ValueError):
    """The file is no OpenStreetMap extract, or no road in it has its points."""


class _Way(NamedTuple):
    number: int
    how: Drivable
    nodes: list[int]
    name: str


def read_extract(path: Path, tell: Callable[[str, int], None] = lambda *_: None) -> RoadNet:
    """Read `.osm.pbf`, `.osm` or `.osm.bz2`. `tell(step, count)` reports progress.

    Ways whose points are not in the file end where they leave it. Raises `BadExtract`.
    """
    try:
        ways = list(_ways(path))
    except (RuntimeError, OSError) as error:
        raise BadExtract(str(error)) from error
    tell("ways", len(ways))
    used = Counter(node for way in ways for node in way.nodes)
    at = _points(path, used)
    tell("points", len(at))
    stretches = [s for way in ways for s in _cut(way, used, at)]
    if not stretches:
        raise BadExtract("no road in it can be driven")
    tell("stretches", len(stretches))
    return _net(stretches, at)


def _ways(path: Path) -> Iterator[_Way]:
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway")
    ):
        how = drivable({tag.k: tag.v for tag in way.tags})
        if how is not None and len(way.nodes) > 1:
            yield _Way(way.id, how, [n.ref for n in way.nodes], way.tags.get("name", ""))


def _points(path: Path, used: Counter[int]) -> dict[int, tuple[float, float]]:
    found = {}
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
        if node.id in used and node.location.valid():
            found[node.id] = (node.location.lon, node.location.lat)
    return found


def _cut(way: _Way, used: Counter[int], at: dict[int, Any]) -> Iterator[tuple[_Way, list[int]]]:
    """The way in pieces from crossing to crossing; what lies outside the extract is left out."""
    piece: list[int] = []
    last = len(way.nodes) - 1
    for n, node in enumerate(way.nodes):
        if node not in at:
            if len(piece) > 1:
                yield way, piece
            piece = []
            continue
        piece.append(node)
        if len(piece) > 1 and (used[node] > 1 or n == last or node in piece[:-1]):
            yield way, piece
            piece = [node]
    if len(piece) > 1:
        yield way, piece


def _net(stretches: list[tuple[_Way, list[int]]], at: dict[int, tuple[float, float]]) -> RoadNet:
    nodes: dict[int, int] = {}
    tails, heads, lengths, speeds, kinds, ways, starts, flipped = [], [], [], [], [], [], [], []
    shape: list[tuple[float, float]] = []
    cuts = [0]
    names: dict[str, int] = {"": 0}
    named = []
    for way, piece in stretches:
        first = nodes.setdefault(piece[0], len(nodes))
        last = nodes.setdefault(piece[-1], len(nodes))
        line = [at[node] for node in piece]
        shape += line
        cuts.append(len(shape))
        length = float(np.sum(metres_of(np.array(line))))
        for forward in (True, False):
            if way.how.forward if forward else way.how.backward:
                tails.append(first if forward else last)
                heads.append(last if forward else first)
                lengths.append(length)
                speeds.append(way.how.speed_km_h)
                kinds.append(way.how.kind)
                ways.append(way.number)
                starts.append(len(cuts) - 2)
                flipped.append(not forward)
                named.append(names.setdefault(way.name, len(names)))
    back = {number: node for node, number in nodes.items()}
    points = np.array([at[back[n]] for n in range(len(nodes))])
    return RoadNet(
        nodes=points,
        tail=np.array(tails, dtype=np.int32),
        head=np.array(heads, dtype=np.int32),
        length_m=np.array(lengths),
        speed_km_h=np.array(speeds),
        kind=np.array(kinds, dtype=np.int16),
        way=np.array(ways, dtype=np.int64),
        line=np.array(starts, dtype=np.int32),
        flipped=np.array(flipped, dtype=bool),
        name=np.array(named, dtype=np.int32),
        names=tuple(names),
        cuts=np.array(cuts, dtype=np.int64),
        shape=np.array(shape),
    )
