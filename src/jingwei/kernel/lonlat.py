"""Points on Earth: longitude, latitude, always in that order, WGS 84."""

import math

#: Mean Earth radius in metres. Source: IUGG mean radius R1, 6371.0088 km.
EARTH_RADIUS_M = 6_371_008.8

#: Side of a grid cell in degrees; about one kilometre. Source: our estimate, a village's size, 2026-11-22.
GRID_DEG = 0.01


def is_lonlat(lon: float, lat: float) -> bool:
    return math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90


def grid_key(lon: float, lat: float) -> int:
    """One integer per 0.01 degree cell: neighbours in longitude differ by one.

    Raises ValueError for a point that is not on Earth.
    """
    if not is_lonlat(lon, lat):
        raise ValueError(f"no such point: {lon}, {lat}")
    return math.floor((lat + 90) / GRID_DEG) * 36_000 + math.floor((lon + 180) / GRID_DEG) % 36_000


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance in metres (haversine)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = (
        math.sin((p2 - p1) / 2) ** 2
        + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(a))
