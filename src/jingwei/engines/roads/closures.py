"""What closes or slows roads: a place with a radius, a line, an area; and what that does to each stretch."""

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from jingwei.engines.roads.net import Floats, RoadNet

Shape = Literal["point", "line", "area"]


class Closure(msgspec.Struct, frozen=True):
    """Roads within `radius_m` of a point or line, or in an area. `factor`: of the usual speed, 0 is closed.

    `points`: (lon, lat); an area's ring need not be closed. `radius_m` of an area widens nothing.
    """

    shape: Shape
    points: tuple[tuple[float, float], ...]
    radius_m: float = 0.0
    factor: float = 0.0


def slowness(net: RoadNet, closures: Sequence[Closure]) -> Floats:
    """How many times longer each directed stretch takes; inf where it is closed anywhere along it."""
    marks = net.marks
    counts = np.bincount(marks.line, minlength=len(net.cuts) - 1)
    lines = np.ones(len(counts))
    for one in closures:
        hit = np.bincount(marks.line[_touched(net, one)], minlength=len(counts))
        share = hit / counts
        if one.factor <= 0:
            lines[hit > 0] = np.inf
        else:
            lines = lines + share * (1 / one.factor - 1)
    return np.asarray(np.maximum(lines, 0.0)[net.line])


def _touched(net: RoadNet, one: Closure) -> Floats:
    """Which points along the lines it covers; of a small one, the nearest within a step counts as covered."""
    marks, xy = net.marks, net.plane.metres(np.array(one.points))
    if one.shape == "area":
        return inside(marks.xy, xy)
    if one.shape == "line" and len(xy) > 1:
        xy = _walked(xy, max(5.0, one.radius_m / 2))
    near = marks.tree.query_ball_point(xy, max(one.radius_m, 1.0))
    found = np.zeros(len(marks.xy), dtype=bool)
    for hits in near:
        found[hits] = True
    if not found.any():  # between two points of a line
        distance, nearest = marks.tree.query(xy[len(xy) // 2])
        if distance <= one.radius_m + 30.0:  # half the step between points
            found[nearest] = True
    return found


def _walked(line: Floats, step_m: float) -> Floats:
    """Points of a line no farther apart than so."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    run = np.concatenate(([0.0], np.cumsum(steps)))
    at = np.linspace(0.0, run[-1], max(2, int(run[-1] // step_m) + 2))
    return np.column_stack((np.interp(at, run, line[:, 0]), np.interp(at, run, line[:, 1])))


def inside(points: Floats, ring: Floats) -> Floats:
    """Which points lie in the ring, by the even-odd rule; (n, 2) and (k, 2) in one plane."""
    found = np.zeros(len(points), dtype=bool)
    x, y = points[:, 0], points[:, 1]
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if ay == by:
            continue
        crosses = (ay > y) != (by > y)
        found ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return found
