"""Lengths and areas on the Earth taken as a sphere: good to half a percent. Pure."""

import math
from collections.abc import Sequence
from itertools import pairwise

from jingwei.kernel.lonlat import EARTH_RADIUS_M, distance_m

Point = tuple[float, float]


def length_m(points: Sequence[Point]) -> float:
    """Length of a line through the points, along great circles, metres."""
    return sum(distance_m(*a, *b) for a, b in pairwise(points))


def area_m2(points: Sequence[Point]) -> float:
    """Area inside a ring of points, closed or not, square metres; of one that crosses itself a difference.

    Between two points an edge follows the cylinder's straight line, which at the size of a county differs
    from the great circle by nothing one could measure.
    """
    if len(points) < 3:
        return 0.0
    total = 0.0
    for (lon1, lat1), (lon2, lat2) in zip(points, [*points[1:], points[0]], strict=True):
        turn = math.radians((lon2 - lon1 + 540) % 360 - 180)
        total += turn * (2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2)))
    return abs(total) * EARTH_RADIUS_M**2 / 2
