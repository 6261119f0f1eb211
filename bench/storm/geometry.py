"""Metres around a city's middle, degrees, and the shifted datum of Chinese web maps."""

import math

#: Semi-major axis and squared eccentricity of the published GCJ-02 shift (Krasovsky 1940). Source: gcj02.
_A, _E2 = 6378245.0, 0.00669342162296594323
_M_PER_DEGREE = 111_320.0


def to_lonlat(x_m: float, y_m: float, middle: tuple[float, float]) -> tuple[float, float]:
    """Metres east and north of the middle as WGS 84 degrees."""
    lon, lat = middle
    return lon + x_m / (_M_PER_DEGREE * math.cos(math.radians(lat))), lat + y_m / _M_PER_DEGREE


def to_metres(lon: float, lat: float, middle: tuple[float, float]) -> tuple[float, float]:
    """WGS 84 degrees as metres east and north of the middle."""
    east = (lon - middle[0]) * _M_PER_DEGREE * math.cos(math.radians(middle[1]))
    return east, (lat - middle[1]) * _M_PER_DEGREE


def _wave(value: float, pairs: tuple[tuple[float, float], ...]) -> float:
    return sum(a * math.sin(value * b * math.pi) for a, b in pairs) * 2.0 / 3.0


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The point as a Chinese web map has it, 300 to 500 m off. Source: gcj02."""
    x, y = lon - 105.0, lat - 35.0
    both = _wave(x, ((20.0, 6.0), (20.0, 2.0)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + both
    north += _wave(y, ((20.0, 1.0), (40.0, 1.0 / 3.0))) + _wave(y, ((160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + both
    east += _wave(x, ((20.0, 1.0), (40.0, 1.0 / 3.0))) + _wave(x, ((150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)))
    radians = math.radians(lat)
    magic = 1 - _E2 * math.sin(radians) ** 2
    root = math.sqrt(magic)
    lat += north * 180.0 / ((_A * (1 - _E2)) / (magic * root) * math.pi)
    lon += east * 180.0 / (_A / root * math.cos(radians) * math.pi)
    return lon, lat
