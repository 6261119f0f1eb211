"""Where a point lies, as far as named points say: by the nearest one, approximately. No boundary is held."""

import math

import msgspec
from django.db.models import Q

from jingwei.kernel.lonlat import distance_m, is_lonlat

from ..models import Division, Site
from .divisions import path_of

#: Farther away than this a named point says nothing of where one is.
#: Source: our estimate, half the width of a county, 2026-11-29.
FARTHEST_M = 30_000
#: Metres of a degree of latitude. Source: the meridian's quarter is 10,002 km over 90 degrees.
DEGREE_M = 111_132


class PlaceAt(msgspec.Struct, frozen=True):
    """The division a point probably lies in: that of the nearest named point, and how far that is.

    `site` is that point when it is no division's own; `precision` is approximate, whatever the point's.
    """

    code: str
    site: str
    name: str
    name_en: str
    path: str
    distance_m: float
    precision: str = "approximate"


def find_place_at(lon: float, lat: float) -> PlaceAt | None:
    """The place of a WGS 84 point by the nearest named point; None when none lies near enough.

    Raises ValueError for a point that is not on Earth.
    """
    if not is_lonlat(lon, lat):
        raise ValueError(f"no such point: {lon}, {lat}")
    high = FARTHEST_M / DEGREE_M
    wide = high / max(0.01, math.cos(math.radians(lat)))
    near = Q(lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high))
    found = [
        (distance_m(lon, lat, row.lon, row.lat), row.code, "", row.name, row.name_en)
        for row in Division.objects.filter(near, lon__isnull=False, valid_to="")
        if row.lon is not None and row.lat is not None
    ]
    found += [
        (distance_m(lon, lat, row.lon, row.lat), row.place, row.pk, row.name_zh, row.name_en)
        for row in Site.objects.filter(near)
    ]
    away, code, site, name, name_en = min(found, default=(math.inf, "", "", "", ""))
    if away > FARTHEST_M:
        return None
    return PlaceAt(code=code, site=site, name=name, name_en=name_en, path=path_of(code), distance_m=away)
