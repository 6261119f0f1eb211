"""From the datums of Chinese web maps to WGS 84 and back.

GCJ-02 displaces points in China by 100 to 700 m; BD-09 moves them again. The displacement has no
closed inverse, so the way back is iterated. Outside the published rectangle nothing is moved; within
it the published formula also moves points of neighbouring countries, which is a limit of the formula.
"""

import math
from collections.abc import Callable
from typing import Literal

from jingwei.kernel.lonlat import is_lonlat

Point = tuple[float, float]
Datum = Literal["wgs84", "gcj02", "bd09"]

DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")

#: Semi-major axis in metres and squared eccentricity of the ellipsoid. Source: [SRC-GCJ02], Krasovsky 1940.
AXIS_M, ECCENTRICITY_2 = 6_378_245.0, 0.006_693_421_622_965_943

#: Origin of the displacement's polynomial, degrees. Source: [SRC-GCJ02].
ORIGIN_LON, ORIGIN_LAT = 105.0, 35.0

#: Rectangle in which the displacement applies: west, south, east, north. Source: [SRC-GCJ02].
RECTANGLE = (72.004, 0.8293, 137.8347, 55.8271)

#: BD-09's own displacement: shift in degrees, ripple in radius and angle, wave number. Source: [SRC-BD09].
BD_LON, BD_LAT, BD_RADIUS, BD_ANGLE, BD_WAVE = 0.0065, 0.006, 0.000_02, 0.000_003, math.pi * 3000 / 180

#: The inverse stops when one step moves less than this, degrees; about a tenth of a millimetre.
#: Source: our estimate, far below any reading of a map, 2026-11-22.
CLOSE_DEG = 1e-9

#: Steps after which the inverse stops in any case. Source: our estimate, five are needed, 2026-11-22.
MOST_STEPS = 30


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """The point in WGS 84. Raises ValueError for a point not on Earth or a datum we do not know."""
    _check(lon, lat, datum)
    if datum == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if datum == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    return lon, lat


def from_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """The WGS 84 point in another datum. Raises ValueError like `to_wgs84`."""
    _check(lon, lat, datum)
    if datum == "gcj02":
        return wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    return lon, lat


def is_displaced(lon: float, lat: float) -> bool:
    """Whether the formula moves the point at all."""
    west, south, east, north = RECTANGLE
    return west <= lon <= east and south <= lat <= north


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Source: [SRC-GCJ02]."""
    if not is_displaced(lon, lat):
        return lon, lat
    x, y = lon - ORIGIN_LON, lat - ORIGIN_LAT
    north_m, east_m = _displacement_m(x, y)
    phi = math.radians(lat)
    bulge = 1 - ECCENTRICITY_2 * math.sin(phi) ** 2
    meridian_m = AXIS_M * (1 - ECCENTRICITY_2) / bulge**1.5
    parallel_m = AXIS_M / math.sqrt(bulge) * math.cos(phi)
    return lon + math.degrees(east_m / parallel_m), lat + math.degrees(north_m / meridian_m)


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """Undo `wgs84_to_gcj02`, to well below a metre."""
    return _undo(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """Source: [SRC-BD09]."""
    if not is_displaced(lon, lat):
        return lon, lat
    radius = math.hypot(lon, lat) + BD_RADIUS * math.sin(lat * BD_WAVE)
    angle = math.atan2(lat, lon) + BD_ANGLE * math.cos(lon * BD_WAVE)
    return radius * math.cos(angle) + BD_LON, radius * math.sin(angle) + BD_LAT


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """Undo `gcj02_to_bd09`, to well below a metre."""
    return _undo(gcj02_to_bd09, lon, lat)


def _displacement_m(x: float, y: float) -> tuple[float, float]:
    """Metres to the north and to the east, from degrees off the origin. Source: [SRC-GCJ02]."""
    root, sin, pi = math.sqrt(abs(x)), math.sin, math.pi
    ripple = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    # written out: a third of the time of a loop over waves, and a disaster brings many points
    along_y = 20 * sin(pi * y) + 40 * sin(pi / 3 * y) + 160 * sin(pi / 12 * y) + 320 * sin(pi / 30 * y)
    along_x = 20 * sin(pi * x) + 40 * sin(pi / 3 * x) + 150 * sin(pi / 12 * x) + 300 * sin(pi / 30 * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + (ripple + along_y) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + (ripple + along_x) * 2 / 3
    return north, east


def _undo(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """Fixed point: correct the guess by how far its image misses."""
    guess_lon, guess_lat = lon, lat
    for _ in range(MOST_STEPS):
        image_lon, image_lat = forward(guess_lon, guess_lat)
        step_lon, step_lat = lon - image_lon, lat - image_lat
        guess_lon, guess_lat = guess_lon + step_lon, guess_lat + step_lat
        if max(abs(step_lon), abs(step_lat)) < CLOSE_DEG:
            break
    return guess_lon, guess_lat


def _check(lon: float, lat: float, datum: str) -> None:
    if not is_lonlat(lon, lat):
        raise ValueError(f"no such point: {lon}, {lat}")
    if datum not in DATUMS:
        raise ValueError(f"no such datum: {datum}")
