"""Names and points of many kinds and places, asked for together."""

from collections.abc import Collection

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.places import queries as places

#: Digits of a code at each level. Source: [SRC-GB2260], [SRC-GB10114].
LEVELS = (2, 4, 6, 9, 12)


class Atlas:
    """What new incidents are called and where they are drawn; three questions, however many they are."""

    def __init__(self, *, kinds: Collection[str], places_: Collection[str], sites: Collection[str]) -> None:
        self._kinds = hazards.list_kinds_by_code({k for k in kinds if k})
        self._sites = places.list_sites_by_id({s for s in sites if s})
        codes = {p[:n] for p in places_ for n in LEVELS if p and n <= len(p)}
        self._divisions = places.list_divisions_by_code(codes)

    def title(self, kind: str, place: str, site: str) -> tuple[str, str]:
        """Made of place and kind until a person names it."""
        found, at = self._kinds.get(kind), self._sites.get(site)
        kind_zh, kind_en = (found.name_zh, found.name_en) if found else (kind, kind)
        division = self._divisions.get(place)
        where_zh = at.name_zh if at else division.name if division else site or place
        where_en = at.name_en if at else (division.name_en or division.name) if division else site or place
        return f"{where_zh} {kind_zh}"[:200], f"{kind_en}, {where_en}"[:200]

    def point(self, place: str, site: str) -> tuple[float | None, float | None]:
        """The site's own point, or that of the smallest division with one."""
        at = self._sites.get(site)
        if at is not None:
            return at.lon, at.lat
        above = [
            self._divisions[place[:n]] for n in LEVELS if n <= len(place) and place[:n] in self._divisions
        ]
        drawn = [d for d in above if d.lon is not None]
        return (drawn[-1].lon, drawn[-1].lat) if drawn else (None, None)
