"""What a place's code and name say. Decides, never fetches."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from jingwei.engines.mercator import WORLD_PX
from jingwei.engines.outlines import PARTS
from jingwei.kernel.codes import is_place_code
from jingwei.kernel.lonlat import is_lonlat
from jingwei.kernel.refusals import Refused

from .facts import (
    CHANGES,
    PRECISIONS,
    SITE_LEVEL,
    ChangeRow,
    DivisionRow,
    NeighborRow,
    OutlineRow,
    PlaceFound,
    SiteRow,
)

#: Digits of a code at each level: province, prefecture, county, township, village.
#: Source: [SRC-GB2260] two digits a level to the county; [SRC-GB10114] three each for township and village.
LEVEL_DIGITS = (2, 4, 6, 9, 12)

#: Names of levels that only hold counties together; people do not say them.
#: Source: [SRC-DIVISIONS2023] prefecture level of counties directly under a province.
UNSAID = frozenset({"省直辖县级行政区划", "自治区直辖县级行政区划", "市辖区", "县"})

#: The zooms for which outlines of a level are thinned out, the farthest first; the exact ones serve closer.
#: Source: our estimate, a division is some tens of pixels wide when its level appears, 2026-11-29.
BANDS = {1: (2, 3, 4, 5), 2: (6, 7), 3: (8, 9)}
#: The band of outlines as exact as they came. Source: our own mark, beyond every zoom, 2026-11-29.
EXACT = 99
#: Vertices of a ring at least. Source: a triangle.
LEAST_RING = 3
#: Side of the grid on which they are thinned out, pixels at its zoom. Source: our estimate, the width of a
#: line, 2026-11-29.
CELL_PX = 1

#: A year, month or day, as well as it is known.
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

#: What follows the name proper of a village, and is in half a million names.
GENERIC = ("社区居委会", "村民委员会", "居民委员会", "村委会", "居委会", "社区", "街道", "村")

#: Most letters of a name that are kept. Source: our estimate, nobody types more, 2026-11-29.
INITIALS = 20

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
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        return text.lower()  # nearly every name: there is nothing to leave out
    return _UNSPOKEN.sub("", unicodedata.normalize("NFKC", text).lower())


def initials_of(name: str, letters: Mapping[int, str], whole: Mapping[str, str]) -> str:
    """First letters of the name's syllables; `whole` are names that are read otherwise."""
    return whole.get(name) or name.translate(letters)[:INITIALS]


def _plain(key: str) -> str:
    return next((key.removesuffix(ending) for ending in GENERIC if key.endswith(ending)), key)


def grams_of(key: str) -> set[str]:
    """Pairs of characters inside a search key: behind its first, and before what every village is called."""
    plain = _plain(key)
    return {plain[n : n + 2] for n in range(1, len(plain) - 1)}


def pairs_of(word: str) -> list[str]:
    """Pairs of characters of a word that are looked for inside names."""
    plain = _plain(word)
    return [plain[n : n + 2] for n in range(len(plain) - 1)]


def after_letters(word: str) -> str:
    """The first text behind all that begin with these small Latin letters; '' where there is none."""
    plain = word.rstrip("z")
    return f"{plain[:-1]}{chr(ord(plain[-1]) + 1)}" if plain else ""


def words(query: str) -> list[str]:
    """The query's words, each as a search key; the last one names the place, earlier ones what holds it."""
    found = (search_key(word) for word in _UNSPOKEN.split(unicodedata.normalize("NFKC", query)))
    return [word for word in found if word]


def cell_of(band: int) -> float:
    """Side of a band's grid, degrees."""
    return CELL_PX * 360 / WORLD_PX / float(2**band)


def band_at(zoom: float) -> tuple[int, int]:
    """Level and band of the outlines that a map of this zoom shows."""
    for level, bands in BANDS.items():
        for band in bands:
            if zoom < band + 1:
                return level, band
    return 3, EXACT


def check_neighbor(row: NeighborRow) -> None:
    """Both are codes of one level, to the county, and not the same."""
    codes = (row.code, row.neighbor)
    if not all(code and is_place_code(code) for code in codes) or not row.source.strip():
        raise PlaceRefused("places_table_bad", row=row.code, what="code,neighbor")
    if row.code == row.neighbor or len(row.code) != len(row.neighbor):
        raise PlaceRefused("places_table_bad", row=row.code, what="neighbor")


def check_outline(row: OutlineRow) -> None:
    if len(row.code) not in LEVEL_DIGITS[:3] or not is_place_code(row.code) or not row.source.strip():
        raise PlaceRefused("places_table_bad", row=row.code, what="code")
    if not row.rings or any(len(ring) < LEAST_RING for ring in row.rings):
        raise PlaceRefused("places_table_bad", row=row.code, what="outline")
    if not all(is_lonlat(x / PARTS, y / PARTS) for ring in row.rings for x, y in ring):
        raise PlaceRefused("places_table_bad", row=row.code, what="point")


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


def check_change(row: ChangeRow) -> None:
    """The columns of a change agree: what gives up its code does not name itself as successor."""
    if not row.code or not is_place_code(row.code) or not row.name.strip() or not row.source.strip():
        raise PlaceRefused("places_table_bad", row=row.code or row.name, what="code")
    if row.kind not in CHANGES or not _DAY.fullmatch(row.on):
        raise PlaceRefused("places_table_bad", row=row.code, what="kind" if _DAY.fullmatch(row.on) else "on")
    if not is_place_code(row.successor) or (row.kind == "renamed") != (row.successor == row.code):
        raise PlaceRefused("places_table_bad", row=row.code, what="successor")
    if row.kind in ("recoded", "merged", "split") and not row.successor:
        raise PlaceRefused("places_table_bad", row=row.code, what="successor")


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


def differences(
    before: Mapping[str, str], after: Mapping[str, str], known: Mapping[str, str], *, on: str, source: str
) -> list[ChangeRow]:
    """What a newer table of the whole area changes: other names, codes that are gone and where they went.

    `known` leads from codes to successors that are recorded already. A successor is only taken where one
    place alone bears the same name: under the successor of what is above with the same last digits, or
    under the same parent. Else the division has ended, and what it became is left open.
    """
    led = dict(known)
    new = after.keys() - before.keys()
    named: dict[tuple[str, str], list[str]] = {}
    for code in new:
        named.setdefault((parent_of(code), after[code]), []).append(code)
    rows = []
    for code in sorted(before, key=lambda c: (len(c), c)):
        name = before[code]
        if code in after:
            if after[code] != name:
                rows.append(ChangeRow(code, name, "renamed", code, on, source))
            continue
        if code in known:
            continue
        to = _follows(code, name, after, led, named)
        led[code] = to
        rows.append(ChangeRow(code, name, "recoded" if to else "ended", to, on, source))
    return rows


def _follows(
    code: str,
    name: str,
    after: Mapping[str, str],
    led: Mapping[str, str],
    named: Mapping[tuple[str, str], Collection[str]],
) -> str:
    parent = parent_of(code)
    above = led.get(parent, parent)
    same = f"{above}{code[len(parent) :]}" if above and len(above) == len(parent) else ""
    if same != code and after.get(same) == name:
        return same
    alone = list(named.get((above, name), ()))
    return alone[0] if len(alone) == 1 else ""
