"""What a place's code and name say. Decides, never fetches."""

import re
import unicodedata
from collections.abc import Iterable

from jingwei.kernel.codes import is_place_code
from jingwei.kernel.lonlat import is_lonlat
from jingwei.kernel.refusals import Refused

from .facts import PRECISIONS, SITE_LEVEL, DivisionRow, PlaceFound, SiteRow

#: Digits of a code at each level: province, prefecture, county, township, village.
#: Source: [SRC-GB2260] two digits a level to the county; [SRC-GB10114] three each for township and village.
LEVEL_DIGITS = (2, 4, 6, 9, 12)

#: Names of levels that only hold counties together; people do not say them.
#: Source: [SRC-DIVISIONS2023] prefecture level of counties directly under a province.
UNSAID = frozenset({"省直辖县级行政区划", "自治区直辖县级行政区划", "市辖区", "县"})

_UNSPOKEN = re.compile(r"[\s,，、·•/>\-]+")


class PlaceRefused(Refused):
    """`place_unknown`, `site_unknown`, `places_table_bad`."""


def level_of(code: str) -> int:
    """Administrative level, 1 the province to 5 the village. Raises ValueError for another code."""
    return LEVEL_DIGITS.index(len(code)) + 1


def ancestors(code: str) -> list[str]:
    """The codes above this one, the highest first; unknown lengths are cut like any other."""
    return [code[:digits] for digits in LEVEL_DIGITS if digits < len(code)]


def parent_of(code: str) -> str:
    return (["", *ancestors(code)])[-1]


def search_key(text: str) -> str:
    """A name or query as it is compared: one width of characters, no capitals, no spaces or dots."""
    return _UNSPOKEN.sub("", unicodedata.normalize("NFKC", text).lower())


def words(query: str) -> list[str]:
    """The query's words, each as a search key; the last one names the place, earlier ones what holds it."""
    found = (search_key(word) for word in _UNSPOKEN.split(unicodedata.normalize("NFKC", query)))
    return [word for word in found if word]


def path_text(names: Iterable[str]) -> str:
    """The names from province down, as people say them."""
    return " ".join(name for name in names if name not in UNSAID)


def rank(found: PlaceFound, word: str) -> tuple[float, int, int, str, str]:
    """Order of search hits: higher levels first, named sites after the counties, then the closer name."""
    names = (search_key(found.name), search_key(found.name_en))
    starts = 0 if any(name.startswith(word) for name in names) else 1
    level = 3.5 if found.level == SITE_LEVEL else found.level
    return level, starts, len(found.name), found.code, found.site


def check_division(row: DivisionRow) -> None:
    if not row.code or not is_place_code(row.code) or not row.name.strip():
        raise PlaceRefused("places_table_bad", row=row.code or row.name, what="code")
    _check_point(row.code, row.lon, row.lat, row.precision)


def check_site(row: SiteRow) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{2,63}", row.id) or not row.name_zh.strip() or not row.source:
        raise PlaceRefused("places_table_bad", row=row.id or row.name_zh, what="site")
    if not row.place or not is_place_code(row.place):
        raise PlaceRefused("places_table_bad", row=row.id, what="place")
    _check_point(row.id, row.lon, row.lat, row.precision)


def _check_point(of: str, lon: float | None, lat: float | None, precision: str) -> None:
    if precision not in PRECISIONS or (lon is None) != (precision == "none"):
        raise PlaceRefused("places_table_bad", row=of, what="precision")
    if (lon is None) != (lat is None):
        raise PlaceRefused("places_table_bad", row=of, what="point")
    if lon is not None and lat is not None and not is_lonlat(lon, lat):
        raise PlaceRefused("places_table_bad", row=of, what="point")
