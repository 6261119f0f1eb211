"""What a closure may be. Pure."""

import math

from jingwei.kernel.lonlat import is_lonlat
from jingwei.kernel.refusals import Refused

from .facts import SHAPES, NewClosure

#: Points of one closure, and its widest reach, metres. Source: our estimate, a flooded valley, 2026-11-29.
MOST_POINTS, WIDEST_M = 500, 20_000
#: The least reach of a point or line, metres. Source: our estimate, the width of a road with its verges.
LEAST_M = 20.0
#: The largest net kept, bytes. Source: our estimate, a province; a city's is some megabytes, 2026-11-29.
MOST_BYTES = 256 * 1024 * 1024
#: Points that a shape has at least. Source: geometry.
_NEEDS = {"point": 1, "line": 2, "area": 3}


class RoadsRefused(Refused):
    """`closure_unknown`, `closure_over`, `closure_shape_impossible`, `closure_factor_impossible`,

    `closure_reason_missing`, `closure_until_past`, `roads_too_large`, `roads_unreadable`.
    """


def check(new: NewClosure) -> NewClosure:
    """The closure, if it can be one."""
    enough = len(new.points) >= _NEEDS.get(new.shape, MOST_POINTS + 1)
    if new.shape not in SHAPES or not enough or len(new.points) > MOST_POINTS:
        raise RoadsRefused("closure_shape_impossible")
    if not all(is_lonlat(lon, lat) for lon, lat in new.points) or not 0 <= new.radius_m <= WIDEST_M:
        raise RoadsRefused("closure_shape_impossible")
    if not math.isfinite(new.factor) or not 0 <= new.factor < 1:
        raise RoadsRefused("closure_factor_impossible")
    if not new.reason.strip():
        raise RoadsRefused("closure_reason_missing")
    return new
