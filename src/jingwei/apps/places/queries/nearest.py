"""Where a point lies: by outlines to the county where they are held, then by the nearest named point."""

import math

import msgspec
from django.db.models import Q

from jingwei.kernel.lonlat import distance_m, is_lonlat

from ..models import Division, Site
from .divisions import find_division, path_of
from .outlines import find_division_over, list_outlined

#: Farther away than this a named point says nothing of where one is.
#: Source: our estimate, half the width of a county, 2026-11-29.
FARTHEST_M = 30_000
#: Named points as near as this many times the nearest one, and so many metres more, may be the point's own.
#: Source: our estimate, a county's seat may stand at its edge, and its point a kilometre off, 2026-11-30.
AS_NEAR, ASTRAY_M = 2.0, 1_000
#: Metres of a degree of latitude. Source: the meridian's quarter is 10,002 km over 90 degrees.
DEGREE_M = 111_132
#: Digits of a county's code.
COUNTY = 6

#: Distance, division, site, both names.
_Named = tuple[float, str, str, str, str]


class PlaceAt(msgspec.Struct, frozen=True):
    """The division a point lies in.

    `within` is what an outline says, `source` whose outline it is; '' where none is held. `precision` is
    exact where `code` is that division, approximate where the nearest named point names it: then `site` is
    that point when it is no division's own, and `distance_m` how far it is.
    """

    code: str
    site: str
    name: str
    name_en: str
    path: str
    distance_m: float | None
    precision: str = "approximate"
    within: str = ""
    within_path: str = ""
    source: str = ""


def find_place_at(lon: float, lat: float) -> PlaceAt | None:
    """The place of a WGS 84 point; None when no outline holds it and no named point lies near enough.

    Raises ValueError for a point that is not on Earth.
    """
    if not is_lonlat(lon, lat):
        raise ValueError(f"no such point: {lon}, {lat}")
    over, named = find_division_over(lon, lat), _list_named_near(lon, lat)
    if over is None:
        # outlines that do not hold the point speak too: it is in none of their divisions
        held = list_outlined({one[1][:COUNTY] for one in named})
        return _by_point([one for one in named if one[1][:COUNTY] not in held])
    code, source = over
    inside = _by_point([one for one in named if one[1].startswith(code) and (one[2] or one[1] != code)])
    path = path_of(code)
    if inside is not None and inside.code != code:
        return msgspec.structs.replace(inside, within=code, within_path=path, source=source)
    card = find_division(code)
    return PlaceAt(
        code=code,
        site=inside.site if inside else "",
        name=card.name if card else code,
        name_en=card.name_en if card else "",
        path=path,
        distance_m=inside.distance_m if inside else None,
        precision="exact",
        within=code,
        within_path=path,
        source=source,
    )


class Around(msgspec.Struct, frozen=True):
    """The division a point surely lies in. `by`: outline, or named where the named points near it say so."""

    code: str
    by: str


def find_division_around(lon: float, lat: float) -> Around | None:
    """The county whose outline holds a WGS 84 point; without outlines the smallest division, county or
    wider, of all named points about as near as the nearest. None when neither says anything.

    Raises ValueError for a point that is not on Earth.
    """
    if not is_lonlat(lon, lat):
        raise ValueError(f"no such point: {lon}, {lat}")
    if (over := find_division_over(lon, lat)) is not None:
        return Around(over[0], "outline")
    named = _list_named_near(lon, lat)
    held = list_outlined({one[1][:COUNTY] for one in named})
    near = sorted((one[0], one[1][:COUNTY]) for one in named if one[1][:COUNTY] not in held)
    if not near or near[0][0] > FARTHEST_M:
        return None
    as_near = {code for away, code in near if away <= near[0][0] * AS_NEAR + ASTRAY_M}
    for length in (COUNTY, 4, 2):
        over_all = {code[:length] for code in as_near}
        if len(over_all) == 1 and find_division(code := over_all.pop()):
            return Around(code, "named")
    return None


def _by_point(named: list[_Named]) -> PlaceAt | None:
    away, code, site, name, name_en = min(named, default=(math.inf, "", "", "", ""))
    if away > FARTHEST_M:
        return None
    return PlaceAt(code=code, site=site, name=name, name_en=name_en, path=path_of(code), distance_m=away)


def _list_named_near(lon: float, lat: float) -> list[_Named]:
    high = FARTHEST_M / DEGREE_M
    wide = high / max(0.01, math.cos(math.radians(lat)))
    near = Q(lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high))
    found = [
        (distance_m(lon, lat, row.lon, row.lat), row.code, "", row.name, row.name_en)
        for row in Division.objects.filter(near, lon__isnull=False, valid_to="")
        if row.lon is not None and row.lat is not None
    ]
    return found + [
        (distance_m(lon, lat, row.lon, row.lat), row.place, row.pk, row.name_zh, row.name_en)
        for row in Site.objects.filter(near)
    ]
